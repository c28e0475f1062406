//! Orders: Magento → Acumatica.
//!
//! - **Direction**: Magento to Acumatica. **System of record**: Magento.
//! - **Key**: `<link>/order/<entity_id>`; people say the increment id. Our reference `<link>-<increment id>` is in `ExternalRef`.
//! - **Ordering**: by `updated_at`; a lower revision than the bound one is skipped, an equal one is decided by the fingerprint.
//! - **Skipped**: the entity is off; older than `earliest_order`; cancelled or closed before it was ever written; a payment method
//!   whose import rule is *never*.
//! - **Waits**: payment pending or in review, on hold in Magento, import rule not met; the customer being made by another order.
//! - **Money**: the ERP's `OrderTotal` equals the order value to the cent, or the order is on hold there with the difference named.
//! - **Told in Magento**, by setting: the ERP's number in `ext_order_id`, the outcome as a comment. Its echo ends *unchanged*.
//!
//! What is absent: nothing here sends `Authorize` or `Capture`, changes an existing customer, or sends lines twice.

mod adopt;
pub mod document;
pub mod dry_run;
pub mod facts;
pub mod fingerprint;
pub mod gather;
pub mod plan;
mod slip;
mod sync;
mod tell;

pub use slip::slip;
pub use sync::sync;

/// The entity's word in record keys, queues, logs and metrics.
pub const ENTITY: &str = "order";

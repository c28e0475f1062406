//! Order types.

use super::{Duplicate, NumberingError};

/// One order type (form SO201000).
#[derive(Clone, Debug)]
pub struct OrderType {
    /// An inactive type refuses orders: `Order Type is inactive.`
    pub active: bool,
    /// Whether the numbering sequence is *Manual Numbering*: the client gives `OrderNbr`, automatic numbers are not drawn.
    pub manual_numbering: bool,
    /// Why a number cannot be drawn, if it cannot.
    pub numbering_error: Option<NumberingError>,
    /// The numbering sequence (form CS201010), as error texts name it.
    pub numbering_id: String,
    /// Whether only stock items may be sold, as on transfer orders.
    pub stock_items_only: bool,
    /// *Require Control Total*: an order that is not on hold is saved only when `ControlTotal` equals `OrderTotal`.
    pub require_control_total: bool,
    /// *Hold Orders on Entry*: the default of `Hold`; recorded 2023: true.
    pub hold_on_entry: bool,
    /// *Calculate Freight*: the ship via's calculated freight is added unless it is overridden.
    pub calculate_freight: bool,
    /// *Customer Order Nbr. Validation*: what happens when the customer already has an order of this type with the same
    /// `CustomerOrder`. The product checks only where the number is also required.
    pub duplicate_customer_order: Duplicate,
    /// *Require Customer Order Nbr.*
    pub require_customer_order: bool,
    /// *Hold Document on Failed Credit Check*: such an order is saved with status Credit Hold.
    pub hold_on_failed_credit_check: bool,
    /// Whether orders of this type wait for approval once they leave hold.
    pub approval: bool,
}

impl Default for OrderType {
    fn default() -> Self {
        Self {
            active: true,
            manual_numbering: false,
            numbering_error: None,
            numbering_id: "SOORDER".to_owned(),
            stock_items_only: false,
            require_control_total: false,
            hold_on_entry: true,
            calculate_freight: false,
            duplicate_customer_order: Duplicate::Allow,
            require_customer_order: false,
            hold_on_failed_credit_check: true,
            approval: false,
        }
    }
}

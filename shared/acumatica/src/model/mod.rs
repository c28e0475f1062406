//! The entities as they stand on the wire, as far as they are used. Names and types are those of endpoint Default/24.200.001.

pub mod contact;
pub mod customer;
pub mod limits;
pub mod location;
pub mod payment;
pub mod sales_order;
pub mod value;

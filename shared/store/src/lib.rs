//! DynamoDB behind six verbs, and the items that are kept in it: one file per item type, its keys at its top.
//!
//! [`table`] is the seam: six verbs over plain items. [`memory`] and [`dynamo`] implement it, and one contract suite runs against
//! both. [`record`] is the heart: the state machine of one synced record, pure; [`records`] writes it, one conditional write per
//! transition. Nothing here knows a platform.

mod doubt;
pub mod dynamo;
mod limits;
pub mod log;
pub mod memory;
pub mod record;
pub mod records;
pub mod settings;
pub mod table;

pub use record::Record;
pub use records::Records;
pub use table::{Item, Key, Table, TableError};

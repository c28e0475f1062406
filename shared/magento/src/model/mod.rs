//! The documents as they stand on the wire, as far as they are used. Unknown fields are ignored; *missing* and *null* mean the same.

pub mod customer;
pub mod directory;
pub mod order;
pub mod store;
pub mod wire;

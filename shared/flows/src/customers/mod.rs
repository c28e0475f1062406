//! Customers, as far as orders need them: found by e-mail, or made once.
//!
//! - **Key** of the guard: `<link>/customer-email/<hmac of the e-mail>`: two first orders of one new shopper make one customer.
//! - **Existing customers** are never changed by an order. Any single hit by e-mail is adopted; two hits are a named conflict.

pub mod guard;

//! The two lowest seams: HTTP and the clock, and the six classes of failure.
//!
//! Every outside effect of the product goes through one of four narrow seams, so that one fault injector can stand at each and
//! production and tests run the same code above them. [`http::Transport`] and [`clock::Clock`] are here because both typed
//! clients need them; `store::Table` and `queue::Queue` live beside what they carry.
//!
//! Nothing here knows a platform, an entity or AWS.

pub mod base_url;
pub mod class;
pub mod clock;
pub mod http;
pub mod quote;
pub mod secret;

pub use base_url::BaseUrl;
pub use class::Class;
pub use secret::Secret;

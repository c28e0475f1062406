//! Switches of customers, their locations and contacts: what is not established, or differs between tenants.

use std::time::Duration;

/// How customers, locations and contacts behave.
#[derive(Clone, Debug)]
pub struct CustomerRules {
    /// Which changes move a customer's `LastModifiedDateTime`.
    pub stamp: CustomerStamp,
    /// How much older than the commit a stamp is: it is taken inside the transaction, and a long save commits later (inferred).
    pub stamp_lag: Duration,
    /// Whether a contact or address that becomes the customer's own starts as a copy of the main one, so that what is not sent stays
    /// the main one's. Suggested by an official sample that empties the job title of a billing contact; otherwise it starts empty.
    pub override_copies: bool,
    /// Whether a sent `Status` is taken; otherwise it is left out silently, and statuses change by actions. Not established.
    pub status_written: bool,
    /// Whether a new class resets what classes supply (terms, tax zone, ship via, statement cycle) where it is not sent with it. Not
    /// established: the form asks its user.
    pub class_change_resets: bool,
    /// What becomes of `PrimaryContact` in a PUT of a customer. Not established.
    pub primary_contact: PrimaryContactRule,
    /// Whether an empty string is stored as null. Not established.
    pub empty_text_is_null: bool,
    /// Whether `LocationID` is numbered automatically; then a supplied id that names no location is replaced. Not established: the key
    /// is segmented, and tenants number segments as they please.
    pub location_auto_numbering: bool,
}

impl Default for CustomerRules {
    fn default() -> Self {
        Self {
            stamp: CustomerStamp::AnyChange,
            stamp_lag: Duration::ZERO,
            override_copies: true,
            status_written: true,
            class_change_resets: false,
            primary_contact: PrimaryContactRule::Refused,
            empty_text_is_null: false,
            location_auto_numbering: false,
        }
    }
}

/// Which changes move a customer's `LastModifiedDateTime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerStamp {
    /// Every change that is saved on its form: fields, main, billing and shipping contact, attributes.
    AnyChange,
    /// Fields of the customer itself; changes of its contacts, addresses and attributes stay unseen.
    OwnFields,
    /// Only settings of the default location. The endpoint's own models say of this field that it is the location's
    /// (`PX.Objects.CR.Standalone.Location`); whether another change of the customer writes the location as well is not established.
    DefaultLocation,
}

/// What becomes of `PrimaryContact` in a PUT of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrimaryContactRule {
    /// 501: no client may rely on it.
    Refused,
    /// Left out silently.
    Ignored,
    /// The primary contact is changed; a customer without one gets a new contact.
    Written,
}

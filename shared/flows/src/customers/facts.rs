//! What `plan` may know of a customer: both sides as they were read, and the state in which they were last in step.

use std::collections::BTreeMap;

use acumatica::model::customer::Customer;
use acumatica::model::location::CustomerLocation;
use jiff::Timestamp;
use magento::model::customer::{AddressId, Customer as Account};
use magento::model::directory::Region;

use crate::address::same;
use crate::merge::{Base, Hashes, Side};
use crate::settings::{self, Settings, Store};

/// Everything that decides what is written.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The link.
    pub link: &'a str,
    /// Its settings.
    pub settings: &'a Settings,
    /// Magento's account; none where there is none.
    pub account: Option<&'a Account>,
    /// Acumatica's customer; none where there is none.
    pub customer: Option<&'a Customer>,
    /// The two were one before: where one is missing it is gone, and not yet to be made.
    pub paired: bool,
    /// The state in which both were last in step; none for two that have just met.
    pub base: Option<&'a Base>,
    /// Which side was changed last.
    pub newer: Side,
    /// Hashes of this record.
    pub hashes: Hashes<'a>,
    /// Magento's regions of the countries that an address is to be written in; empty where none is.
    pub regions: &'a Regions,
    /// The customer's locations; none where they are not synced, or not read.
    pub further: Option<Further<'a>>,
}

/// Addresses beyond the default ones, as Acumatica has them.
#[derive(Clone, Copy)]
pub struct Further<'a> {
    /// All locations of the customer.
    pub locations: &'a [CustomerLocation],
    /// Addresses that this turn has made of locations.
    pub made: &'a [(AddressId, String)],
}

/// Magento's regions by country.
pub type Regions = BTreeMap<String, Vec<Region>>;

impl<'a> Facts<'a> {
    /// The store view of the account, or of the one that is to be made.
    #[must_use]
    pub fn store(&self) -> Option<&'a Store> {
        let of_account = self.account.and_then(|account| account.store_id).and_then(|id| self.settings.store(id.0));
        of_account.or_else(|| self.store_of_new())
    }

    /// The store view that accounts are made in; the first that has the customer's class.
    #[must_use]
    pub fn store_of_new(&self) -> Option<&'a Store> {
        let accounts = self.accounts()?;
        self.settings.stores.iter().find(|store| store.code == accounts.store_view)
    }

    /// How Acumatica's customer becomes an account; none where its class is not synced.
    #[must_use]
    pub fn accounts(&self) -> Option<&'a settings::Accounts> {
        let class = self.customer?.customer_class.as_ref()?.0.trim();
        let customers = &self.settings.customers;
        let scopes = customers.websites.values().chain([&customers.default]);
        scopes
            .filter_map(|scope| scope.accounts.as_ref())
            .find(|accounts| accounts.classes.iter().any(|own| same(own, class)))
    }

    /// What holds for this customer.
    #[must_use]
    pub fn scope(&self) -> settings::Customer<'a> {
        self.settings.customers.of(self.store())
    }
}

/// When the account was saved last.
#[must_use]
pub fn changed_at(account: &Account) -> Option<Timestamp> {
    format!("{}Z", account.updated_at.as_deref()?.replacen(' ', "T", 1)).parse().ok()
}

//! Saving a customer: `POST /customers` (module-customer `AccountManagement::createAccount`) and `PUT /customers/:id`
//! (`ResourceModel/CustomerRepository::save`, `ResourceModel/Customer::_beforeSave`; Magento 2.4.6).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::super::config::{Config, StoreView, Website};
use super::super::error::ApiError;
use super::super::state::stamp;
use super::account::{self, DEFAULTS, default_of, set_default};
use super::fields::{Sent, SentAddress};
use super::values::refused;
use super::{Book, address, no_such};

impl Book {
    /// Makes an account. All its addresses are looked at before anything is saved, and each gets a new id, whatever id was sent. Only a
    /// caller who may manage customers chooses the group.
    pub(super) fn create(
        &mut self,
        mut sent: Sent,
        manager: bool,
        config: &Config,
        now: Timestamp,
    ) -> Result<Value, ApiError> {
        if sent.fields.remove("id").is_some_and(|id| id != 0) {
            return Err(ApiError::not_simulated("POST of a customer with an id"));
        }
        if DEFAULTS.iter().any(|which| sent.fields.contains_key(*which)) {
            return Err(ApiError::not_simulated("POST of a customer with the id of a default address"));
        }
        if sent.text("email").is_none_or(str::is_empty) {
            return Err(missing_email());
        }
        let (website, store) = place(&sent, config)?;
        let addresses = sent.addresses.take().unwrap_or_default();
        for sent in &addresses {
            let mut written = json!({});
            address::write(&mut written, sent.fields.clone(), config);
            refused(address::validate(&written, config))?;
        }
        if !manager || sent.number("group_id").is_none() {
            sent.fields.insert("group_id".into(), json!(config.default_customer_group));
        }
        self.judge(&sent, None, website, config)?;
        let id = self.next_account();
        sent.fields.extend(fixed(id, website, store, config, now));
        sent.fields.entry("disable_auto_group_change").or_insert(json!(0));
        let mut document = json!({"addresses": [], "extension_attributes": {"is_subscribed": false}});
        write(&mut document, &sent);
        self.accounts.insert(id, document);
        self.tell("customer.created", id);
        for mut sent in addresses {
            sent.id = None;
            self.save_address(id, sent, config)?;
        }
        self.change(id, now, |_| {});
        self.accounts.get(&id).cloned().ok_or_else(|| no_such("customerId", id))
    }

    /// Saves an account that is there. Members that were not sent are kept. A list of addresses is the complete list: those that it lacks
    /// are deleted, after all others were saved. The account's row is saved before them and stays so when one of them is refused.
    pub(super) fn save(&mut self, id: u64, mut sent: Sent, config: &Config, now: Timestamp) -> Result<Value, ApiError> {
        let existing = self.account(id).ok_or_else(|| no_such("customerId", id))?;
        for which in DEFAULTS {
            known_default(existing, &sent, which)?;
        }
        // What becomes of an account that is saved without its website is not established.
        let to = given(&sent, "website_id")
            .ok_or_else(|| ApiError::not_simulated("PUT of a customer without website_id"))?;
        let website = website(config, to)?.id;
        given(&sent, "store_id").map(|id| store_view(config, id)).transpose()?;
        if sent.number("group_id").is_none() && config.omitted_group_is_reset {
            sent.fields.insert("group_id".into(), json!(config.default_customer_group));
        }
        if sent.text("email").is_none_or(str::is_empty) {
            return Err(missing_email());
        }
        self.judge(&sent, Some(id), website, config)?;
        // The path names the account, the shop keeps the times.
        for name in ["id", "created_at", "updated_at"] {
            sent.fields.remove(name);
        }
        let addresses = sent.addresses.take();
        self.change(id, now, |account| write(account, &sent));
        if let Some(addresses) = addresses {
            self.replace_addresses(id, addresses, config)?;
        }
        self.tell("customer.updated", id);
        self.account(id).cloned().ok_or_else(|| no_such("customerId", id))
    }

    /// What is wrong with the account's own row.
    fn judge(&self, sent: &Sent, id: Option<u64>, website: u32, config: &Config) -> Result<(), ApiError> {
        let group = sent.number("group_id").unwrap_or_default();
        if group != 0 && !config.customer_groups.iter().any(|known| i64::from(known.id) == group) {
            return Err(ApiError::new(400, "The specified customer group id does not exist."));
        }
        let email = sent.text("email").unwrap_or_default();
        let taken = |other: &&Value| {
            other["id"].as_u64() != id
                && other["email"].as_str().is_some_and(|taken| taken.to_lowercase() == email.to_lowercase())
                && (config.accounts_are_global || other["website_id"] == website)
        };
        if self.documents().find(taken).is_some() {
            let message = "A customer with the same email address already exists in an associated website.";
            return Err(ApiError::new(400, message));
        }
        let missing = |name: &&str| sent.text(name).is_none_or(|text| text.trim().is_empty());
        refused(["firstname", "lastname"].into_iter().filter(missing).map(ApiError::required).collect())?;
        looks_like_an_email(email)
    }

    fn replace_addresses(&mut self, id: u64, sent: Vec<SentAddress>, config: &Config) -> Result<(), ApiError> {
        let before: Vec<u64> = self.address_ids(id);
        let mut saved = Vec::new();
        for address in sent {
            saved.push(self.save_address(id, address, config)?);
        }
        for gone in before.into_iter().filter(|id| !saved.contains(id)) {
            self.drop_address(gone);
        }
        Ok(())
    }

    pub(super) fn address_ids(&self, id: u64) -> Vec<u64> {
        let addresses = self.account(id).and_then(|account| account["addresses"].as_array()).into_iter().flatten();
        addresses.filter_map(|address| address["id"].as_u64()).collect()
    }

    /// Saves one address and returns its id. One with an id is that address, whosever it was: it moves to this account, because its
    /// owner is written like any other column.
    fn save_address(&mut self, customer: u64, sent: SentAddress, config: &Config) -> Result<u64, ApiError> {
        let existing = match sent.id {
            None => None,
            Some(id) => Some(self.address(id).cloned().ok_or_else(|| no_such("addressId", id))?),
        };
        let is_new = existing.is_none();
        let mut written = existing.unwrap_or_else(|| json!({}));
        address::write(&mut written, sent.fields, config);
        refused(address::validate(&written, config))?;
        let id = sent.id.unwrap_or_else(|| self.next_address());
        written["id"] = json!(id);
        written["customer_id"] = json!(customer);
        self.put_address(customer, id, written);
        let account = self.accounts.get_mut(&customer).ok_or_else(|| no_such("customerId", customer))?;
        for (which, flag) in DEFAULTS.into_iter().zip([sent.default_billing, sent.default_shipping]) {
            match flag {
                Some(true) => set_default(account, which, Some(id)),
                Some(false) if default_of(account, which) == Some(id) => set_default(account, which, None),
                // An absent flag says nothing (`ResourceModel/Address/Relation`).
                Some(false) | None => {}
            }
        }
        account::flag_defaults(account);
        self.tell(if is_new { "customer.address.created" } else { "customer.address.updated" }, id);
        Ok(id)
    }

    /// Puts the address where it belongs, and out of another account that has it.
    pub(super) fn put_address(&mut self, customer: u64, id: u64, written: Value) {
        let before = self.owners.insert(id, customer);
        if before.is_some_and(|before| before != customer) {
            self.cut(before.unwrap_or_default(), id);
        }
        let Some(account) = self.accounts.get_mut(&customer) else { return };
        let Some(list) = account["addresses"].as_array_mut() else { return };
        match list.iter_mut().find(|address| address["id"] == id) {
            Some(address) => *address = written,
            None => list.push(written),
        }
    }

    /// Deletes an address. A default that it was is none afterwards.
    pub(super) fn drop_address(&mut self, id: u64) -> Option<u64> {
        let owner = self.owners.remove(&id)?;
        self.cut(owner, id);
        Some(owner)
    }

    fn cut(&mut self, owner: u64, id: u64) {
        let Some(account) = self.accounts.get_mut(&owner) else { return };
        if let Some(list) = account["addresses"].as_array_mut() {
            list.retain(|address| address["id"] != id);
        }
        account::flag_defaults(account);
    }
}

/// Members that the shop sets itself.
fn fixed(id: u64, website: u32, store: u32, config: &Config, now: Timestamp) -> Map<String, Value> {
    let name = config.store_views.iter().find(|view| view.id == store).map(|view| view.name.as_str());
    [
        ("id", json!(id)),
        ("website_id", json!(website)),
        ("store_id", json!(store)),
        ("created_in", json!(name)),
        ("created_at", json!(stamp(now))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect()
}

/// The columns, the attributes and the extensions.
fn write(account: &mut Value, sent: &Sent) {
    let mut fields = sent.fields.clone();
    let defaults = DEFAULTS.map(|which| fields.remove(which));
    account::write(account, fields);
    for (which, sent) in DEFAULTS.into_iter().zip(defaults) {
        if let Some(id) = sent.as_ref().and_then(Value::as_str).and_then(|id| id.parse().ok()) {
            set_default(account, which, Some(id));
        }
    }
    for (code, value) in &sent.attributes {
        account::write_attribute(account, code, value);
    }
    if let Some(subscribed) = sent.subscribed {
        account::subscribe(account, subscribed);
    }
    if let Some(membership) = &sent.membership {
        let mut membership = membership.clone();
        membership.insert("customer_id".into(), account["id"].clone());
        account["extension_attributes"]["company_attributes"] = Value::Object(membership);
    }
}

fn given(sent: &Sent, name: &str) -> Option<u32> {
    sent.number(name).map(|id| u32::try_from(id).unwrap_or(u32::MAX))
}

fn website(config: &Config, id: u32) -> Result<&Website, ApiError> {
    let missing = || ApiError::not_simulated(&format!("a customer of website {id}, which is not there"));
    config.websites.iter().find(|website| website.id == id).ok_or_else(missing)
}

fn store_view(config: &Config, id: u32) -> Result<&StoreView, ApiError> {
    let missing = || ApiError::not_simulated(&format!("a customer of store view {id}, which is not there"));
    config.store_views.iter().find(|view| view.id == id).ok_or_else(missing)
}

/// Website and store view of a new account. One follows from the other: the view's website, the website's default view.
fn place(sent: &Sent, config: &Config) -> Result<(u32, u32), ApiError> {
    let store = given(sent, "store_id").map(|id| store_view(config, id)).transpose()?;
    let (website, store) = match (given(sent, "website_id"), store) {
        (Some(id), Some(store)) => (website(config, id)?.id, store),
        (Some(id), None) => {
            let group = website(config, id)?.default_group_id;
            let group = config.store_groups.iter().find(|it| it.id == group);
            (id, store_view(config, group.map_or(0, |group| group.default_store_id))?)
        }
        (None, store) => {
            let first = config.store_views.first().map_or(0, |view| view.id);
            let store = store.map_or_else(|| store_view(config, first), Ok)?;
            (store.website_id, store)
        }
    };
    if config.accounts_are_global || store.website_id == website {
        return Ok((website, store.id));
    }
    Err(ApiError::new(400, "The store view is not in the associated website."))
}

/// A default must be an address that the account had, and one of those sent with it: versions differ in which of the two they look at.
fn known_default(existing: &Value, sent: &Sent, which: &str) -> Result<(), ApiError> {
    let Some(id) = sent.text(which).filter(|id| !id.is_empty() && *id != "0") else { return Ok(()) };
    let had: Vec<u64> =
        existing["addresses"].as_array().into_iter().flatten().filter_map(|it| it["id"].as_u64()).collect();
    let brought: Vec<u64> = sent.addresses.iter().flatten().filter_map(|address| address.id).collect();
    let id = id.parse::<u64>().unwrap_or_default();
    let unknown = |list: &[u64], looked_at: bool| looked_at && !list.contains(&id);
    let sends_addresses = sent.addresses.as_ref().is_some_and(|list| !list.is_empty());
    if unknown(&had, !had.is_empty()) || unknown(&brought, sends_addresses) {
        let message = "The %fieldName value is invalid. Set the correct value and try again.";
        return Err(ApiError::new(400, message).with(json!({"fieldName": which})));
    }
    Ok(())
}

fn missing_email() -> ApiError {
    ApiError::new(400, "The customer email is missing. Enter and try again.")
}

fn looks_like_an_email(email: &str) -> Result<(), ApiError> {
    let (local, domain) = email.rsplit_once('@').unwrap_or_default();
    if local.chars().count() > 64 || email.chars().count() > 255 {
        return Err(ApiError::not_simulated("an e-mail that is longer than its column"));
    }
    let dotted = domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
    let plain =
        !email.contains(|character: char| character.is_whitespace() || character == ',') && !local.contains('@');
    if local.is_empty() || !dotted || !plain {
        return Err(ApiError::new(400, "\"Email\" is not a valid email address."));
    }
    Ok(())
}

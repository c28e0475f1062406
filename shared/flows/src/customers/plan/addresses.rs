//! The list of addresses of an account as it shall be: all that are there, with the default ones brought into step. None is ever left out, for
//! Magento deletes what a list leaves out.

use std::collections::BTreeSet;

use acumatica::model::customer::Customer;
use magento::model::customer::{Address, AddressId, Customer as Account};
use serde_json::{Value as Json, json};

use magento::model::directory::Region;

use super::super::facts::Facts;
use super::cells::{self, ShopAddress};
use super::{locations, shown, to_magento};
use crate::merge::{Cells, Field};
use crate::plan::Finding;

/// Whether a field stands in an address of the account.
#[must_use]
pub fn concerns(field: &Field) -> bool {
    is_billings(field.name()) || is_shippings(field.name())
}

fn is_billings(name: &str) -> bool {
    matches!(name, cells::BILLING | cells::COMPANY | cells::PHONE)
}

fn is_shippings(name: &str) -> bool {
    matches!(name, cells::SHIPPING | cells::SHIPPING_NAME | cells::SHIPPING_PHONE)
}

/// Which default address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Billing,
    Shipping,
}

impl Which {
    fn flag(self) -> &'static str {
        match self {
            Which::Billing => "default_billing",
            Which::Shipping => "default_shipping",
        }
    }
}

/// A list of addresses.
pub(super) struct Addresses {
    list: Vec<Json>,
}

impl Addresses {
    /// The addresses of a new account: one for both where parcels go where bills go.
    ///
    /// # Errors
    /// What an address lacks.
    pub(super) fn of_new(facts: &Facts<'_>, customer: &Customer, there: &Cells) -> Result<Self, Finding> {
        let mut addresses = Self { list: Vec::new() };
        let billing = cells::billing_address(customer).filter(|_| is(there, cells::BILLING));
        let shipping = cells::shipping_address(customer).filter(|_| is(there, cells::SHIPPING));
        let one = is_of_one(there);
        if let Some(billing) = billing {
            let mut entry = json!({ "default_billing": true, "default_shipping": one });
            addresses.fill(facts, customer, there, Which::Billing, &cells::to_shop(facts, billing), &mut entry)?;
            addresses.list.push(entry);
        }
        if let Some(shipping) = shipping.filter(|_| !one || billing.is_none()) {
            let mut entry = json!({ "default_billing": false, "default_shipping": true });
            addresses.fill(facts, customer, there, Which::Shipping, &cells::to_shop(facts, shipping), &mut entry)?;
            addresses.list.push(entry);
        }
        Ok(addresses)
    }

    /// The addresses of an account with `fields` brought into step.
    ///
    /// # Errors
    /// What an address lacks.
    pub(super) fn of_account(
        facts: &Facts<'_>,
        account: &Account,
        customer: &Customer,
        there: &Cells,
        fields: &BTreeSet<Field>,
    ) -> Result<Self, Finding> {
        let list = account.document.get("addresses").and_then(Json::as_array).cloned().unwrap_or_default();
        let mut addresses = Self { list };
        let (billing, shipping) = (cells::billing(account), cells::shipping(account));
        let shared = billing.zip(shipping).is_some_and(|(billing, shipping)| billing.id == shipping.id);
        let asked = |is: fn(&str) -> bool| fields.iter().any(|field| is(field.name()));
        // An address that serves both is changed for both where both are to be the same; otherwise one of them gets an address of its own.
        let together = shared && is_of_one(there);
        let bills = asked(is_billings) || (together && asked(is_shippings));
        let parcels = asked(is_shippings) && !together;
        let bills = bills && !addresses.is_standing(facts, account, there, Which::Billing, together);
        let parcels = parcels && !addresses.is_standing(facts, account, there, Which::Shipping, false);
        if bills {
            let own = billing.filter(|_| !shared || together);
            addresses.change(facts, customer, there, Which::Billing, own, billing)?;
        }
        if parcels {
            let own = shipping.filter(|_| !shared || asked(is_billings));
            addresses.change(facts, customer, there, Which::Shipping, own, shipping)?;
        }
        Ok(addresses)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The list, to be added to.
    pub(super) fn entries(&mut self) -> &mut Vec<Json> {
        &mut self.list
    }

    /// Whether another address says what the default one shall say; it becomes the default one then.
    fn is_standing(&mut self, facts: &Facts<'_>, account: &Account, there: &Cells, which: Which, both: bool) -> bool {
        let Some(id) = locations::standing(facts, account, there, which == Which::Billing) else { return false };
        for entry in &mut self.list {
            entry[which.flag()] = json!(is_of(entry, id));
            if both {
                entry[Which::Shipping.flag()] = json!(is_of(entry, id));
            }
        }
        true
    }

    pub(super) fn list(self) -> Json {
        Json::Array(self.list)
    }

    /// Changes an address of the list, or adds one that starts as a copy of `like`.
    fn change(
        &mut self,
        facts: &Facts<'_>,
        customer: &Customer,
        there: &Cells,
        which: Which,
        own: Option<&Address>,
        like: Option<&Address>,
    ) -> Result<(), Finding> {
        let place = |id: &Address| self.list.iter().position(|entry| is_id(entry, id));
        let address = match which {
            Which::Billing => cells::billing_address(customer),
            Which::Shipping => cells::shipping_address(customer),
        };
        let wanted = cells::to_shop(facts, &address.cloned().unwrap_or_default());
        let at = own.and_then(place);
        let mut entry = match (at, like.and_then(place)) {
            (Some(at), _) => self.list[at].clone(),
            (None, Some(like)) => copy(&self.list[like]),
            (None, None) => json!({}),
        };
        self.fill(facts, customer, there, which, &wanted, &mut entry)?;
        entry[which.flag()] = json!(true);
        match at {
            Some(at) => self.list[at] = entry,
            None => {
                for other in &mut self.list {
                    if other.get(which.flag()).is_some() {
                        other[which.flag()] = json!(false);
                    }
                }
                self.list.push(entry);
            }
        }
        Ok(())
    }

    fn fill(
        &self,
        facts: &Facts<'_>,
        customer: &Customer,
        there: &Cells,
        which: Which,
        wanted: &ShopAddress,
        entry: &mut Json,
    ) -> Result<(), Finding> {
        let value = |name: &str| there.get(&Field::new(name)).and_then(|cell| cell.is.clone());
        let whose = match which {
            Which::Billing => None,
            Which::Shipping => value(cells::SHIPPING_NAME),
        };
        let is_new = entry.get("firstname").is_none();
        if is_new || whose.is_some() {
            let whole = whose.or_else(|| cells::person(customer));
            let (first, last) = to_magento::name_of(facts, whole.as_deref())?;
            (entry["firstname"], entry["lastname"]) = (json!(first), json!(last));
        }
        let phone = value(if which == Which::Billing { cells::PHONE } else { cells::SHIPPING_PHONE });
        if let Some(phone) = phone.or_else(|| value(cells::PHONE).filter(|_| is_new)) {
            entry["telephone"] = json!(phone);
        }
        if which == Which::Billing && (!is_new || cells::company(customer).is_some()) {
            entry["company"] = json!(cells::company(customer));
        }
        place(facts, wanted, entry)?;
        complete(entry, &format!("An address of {}", shown(facts)))
    }
}

/// Whether an address has what Magento asks for.
///
/// # Errors
/// What it lacks.
pub(super) fn complete(entry: &Json, whose: &str) -> Result<(), Finding> {
    let empty = |name: &str| entry.get(name).is_none_or(|value| value.is_null() || value == "" || *value == json!([]));
    let missing: Vec<&str> =
        ["street", "city", "country_id", "telephone"].into_iter().filter(|name| empty(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("{whose} has no {}, which Magento asks for.", missing.join(", no "));
    Err(Finding::new("customers.rejected.address_incomplete", message))
}

/// Street to country of an address.
pub(super) fn place(facts: &Facts<'_>, wanted: &ShopAddress, entry: &mut Json) -> Result<(), Finding> {
    entry["street"] = json!(wanted.street);
    entry["city"] = json!(wanted.city);
    entry["postcode"] = json!(wanted.postcode);
    entry["country_id"] = json!(wanted.country);
    let regions =
        wanted.country.as_ref().and_then(|country| facts.regions.get(country)).map(Vec::as_slice).unwrap_or_default();
    let Some(region) = wanted.region.as_deref() else {
        entry["region"] = json!({ "region": null, "region_code": null, "region_id": 0 });
        entry["region_id"] = json!(0);
        return Ok(());
    };
    let known = regions.iter().find(|own| to_magento::same(&own.code, region) || to_magento::same(&own.name, region));
    match known {
        Some(Region { id, code, name }) => {
            entry["region"] = json!({ "region": name, "region_code": code, "region_id": id.0 });
            entry["region_id"] = json!(id.0);
        }
        None if regions.is_empty() => {
            entry["region"] = json!({ "region": region, "region_code": null, "region_id": 0 });
            entry["region_id"] = json!(0);
        }
        None => {
            let country = wanted.country.as_deref().unwrap_or_default();
            let message = format!("Magento has no region `{region}` of country `{country}`, of {}.", shown(facts));
            return Err(Finding::new("customers.rejected.region_unknown", message));
        }
    }
    Ok(())
}

/// An address of its own that starts as another one does.
fn copy(entry: &Json) -> Json {
    let mut copy = entry.clone();
    if let Some(members) = copy.as_object_mut() {
        for name in ["id", "default_billing", "default_shipping"] {
            members.remove(name);
        }
    }
    copy
}

fn is_id(entry: &Json, address: &Address) -> bool {
    address.id.is_some_and(|id| is_of(entry, id))
}

/// Whether an entry of the list is the address with this id.
pub(super) fn is_of(entry: &Json, id: AddressId) -> bool {
    let own = entry.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    own.as_deref() == Some(id.to_string().as_str())
}

fn is(cells: &Cells, name: &str) -> bool {
    cells.get(&Field::new(name)).is_some_and(|cell| cell.is.is_some())
}

/// Whether parcels go where bills go, to the same person.
fn is_of_one(there: &Cells) -> bool {
    let value = |name: &str| there.get(&Field::new(name)).and_then(|cell| cell.is.as_ref());
    value(cells::BILLING) == value(cells::SHIPPING)
        && value(cells::PHONE) == value(cells::SHIPPING_PHONE)
        && value(cells::NAME) == value(cells::SHIPPING_NAME)
}

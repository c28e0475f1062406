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

/// What is to become of an address.
#[derive(Clone, Copy)]
struct Change<'a> {
    facts: &'a Facts<'a>,
    customer: &'a Customer,
    there: &'a Cells,
    /// What is brought into step: the rest of an address that is there stays as it is.
    fields: &'a BTreeSet<Field>,
    which: Which,
    /// The billing address is that for parcels, too.
    both: bool,
}

impl Addresses {
    /// The addresses of a new account: one for both where parcels go where bills go.
    ///
    /// # Errors
    /// What an address lacks.
    pub(super) fn of_new(facts: &Facts<'_>, customer: &Customer, there: &Cells) -> Result<Self, Finding> {
        let mut addresses = Self { list: Vec::new() };
        let is = |name: &str| there.get(&Field::new(name)).is_some_and(|cell| cell.is.is_some());
        let (billing, shipping, both) = (is(cells::BILLING), is(cells::SHIPPING), is_of_one(there));
        let fields = there.keys().cloned().collect();
        let change = Change { facts, customer, there, fields: &fields, which: Which::Billing, both };
        if billing {
            let mut entry = json!({ "default_billing": true, "default_shipping": both });
            change.fill(&mut entry)?;
            addresses.list.push(entry);
        }
        if shipping && (!both || !billing) {
            let mut entry = json!({ "default_billing": false, "default_shipping": true });
            Change { which: Which::Shipping, both: false, ..change }.fill(&mut entry)?;
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
        // Where there is none yet, one is made for both as for a new account.
        let is_first = billing.is_none() && shipping.is_none();
        let whole = [cells::BILLING, cells::SHIPPING].iter().all(|name| fields.contains(&Field::new(*name)));
        let both = (shared && stays_one(there, fields)) || (is_first && whole && is_of_one(there));
        let change = Change { facts, customer, there, fields, which: Which::Billing, both };
        let bills = asked(is_billings) || (both && asked(is_shippings));
        let parcels = asked(is_shippings) && !both;
        let bills = bills && !addresses.is_standing(facts, account, there, Which::Billing, both);
        let parcels = parcels && !addresses.is_standing(facts, account, there, Which::Shipping, false);
        if bills {
            addresses.change(change, billing.filter(|_| !shared || both), billing)?;
        }
        if parcels {
            let change = Change { which: Which::Shipping, ..change };
            addresses.change(change, shipping.filter(|_| !shared || asked(is_billings)), shipping)?;
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
    fn change(&mut self, change: Change<'_>, own: Option<&Address>, like: Option<&Address>) -> Result<(), Finding> {
        let place = |id: &Address| self.list.iter().position(|entry| is_id(entry, id));
        let (at, flag) = (own.and_then(place), change.which.flag());
        let mut entry = match (at, like.and_then(place)) {
            (Some(at), _) => self.list[at].clone(),
            (None, Some(like)) => copy(&self.list[like]),
            (None, None) => json!({}),
        };
        change.fill(&mut entry)?;
        entry[flag] = json!(true);
        if change.both {
            entry[Which::Shipping.flag()] = json!(true);
        }
        match at {
            Some(at) => self.list[at] = entry,
            None => {
                for other in self.list.iter_mut().filter(|other| other.get(flag).is_some()) {
                    other[flag] = json!(false);
                }
                self.list.push(entry);
            }
        }
        Ok(())
    }
}

impl Change<'_> {
    fn fill(&self, entry: &mut Json) -> Result<(), Finding> {
        let Change { facts, customer, there, .. } = *self;
        let value = |name: &str| there.get(&Field::new(name)).and_then(|cell| cell.is.clone());
        let is_new = entry.get("firstname").is_none();
        let writes = |name: &str| is_new || self.fields.contains(&Field::new(name));
        let of_parcels = self.both || self.which == Which::Shipping;
        let receives = of_parcels && writes(cells::SHIPPING_NAME) && value(cells::SHIPPING_NAME).is_some();
        if is_new || receives {
            let whose = Field::new(if receives { cells::SHIPPING_NAME } else { cells::NAME });
            let name = there.get(&whose).map(|cell| cell.means.clone()).transpose()?.flatten();
            to_magento::write_name(facts, name.as_deref(), entry)?;
        }
        let phone = if self.which == Which::Billing { cells::PHONE } else { cells::SHIPPING_PHONE };
        if writes(phone) {
            let phone = value(phone).or_else(|| value(cells::PHONE).filter(|_| is_new));
            entry["telephone"] = json!(phone.unwrap_or_default());
        }
        let company = value(cells::COMPANY);
        if self.which == Which::Billing && writes(cells::COMPANY) && !(is_new && company.is_none()) {
            entry["company"] = json!(company.unwrap_or_default());
        }
        let account = facts.account;
        let (name, from, like) = match self.which {
            Which::Billing => (cells::BILLING, cells::billing_address(customer), account.and_then(cells::billing)),
            Which::Shipping => (cells::SHIPPING, cells::shipping_address(customer), account.and_then(cells::shipping)),
        };
        if writes(name) {
            place(facts, &cells::to_shop(facts, &from.cloned().unwrap_or_default(), like), entry)?;
        }
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
    // A member that is null counts as one that was not sent; an empty text clears it.
    entry["city"] = json!(wanted.city.as_deref().unwrap_or_default());
    entry["postcode"] = json!(wanted.postcode.as_deref().unwrap_or_default());
    entry["country_id"] = json!(wanted.country.as_deref().unwrap_or_default());
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
            // What stands there is a person's text.
            let message =
                format!("The state of an address of {} is no region of `{country}` in Magento.", shown(facts));
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

/// Whether parcels go where bills go.
fn is_of_one(there: &Cells) -> bool {
    let value = |name: &str| there.get(&Field::new(name)).and_then(|cell| cell.is.as_ref());
    let same = |one: &str, other: &str| value(one) == value(other);
    same(cells::BILLING, cells::SHIPPING)
        && same(cells::PHONE, cells::SHIPPING_PHONE)
        && same(cells::NAME, cells::SHIPPING_NAME)
}

/// Whether an address that serves both does so with `fields` in step, too.
fn stays_one(there: &Cells, fields: &BTreeSet<Field>) -> bool {
    let value = |field: &Field| there.get(field).and_then(|cell| cell.is.clone());
    [(cells::BILLING, cells::SHIPPING), (cells::PHONE, cells::SHIPPING_PHONE)].into_iter().all(|(bills, parcels)| {
        let (bills, parcels) = (Field::new(bills), Field::new(parcels));
        fields.contains(&bills) == fields.contains(&parcels)
            && (!fields.contains(&bills) || value(&bills) == value(&parcels))
    })
}

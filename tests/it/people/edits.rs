//! Edits that people make on either side, drawn by chance.

use flows::settings::FurtherAddresses;
use queue::Cause;
use serde_json::{Value, json};
use simulators::acumatica::Change;
use simulators::magento::Address;

use super::locations::locations;
use super::world::{People, text};

/// Chance with a seed: the same in every run (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).expect("a small number")).expect("a small number")
    }

    /// True so often in a hundred times.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const FIRST: [&str; 4] = ["Ada", "Grace", "Mary Ann", "Joan"];
const LAST: [&str; 4] = ["Byron", "Hopper", "Lovelace", "Clarke"];
const EMAILS: [&str; 4] = ["ada@example.com", "ada@new.example", "Ada@Work.example", "byron@example.com"];
const CITIES: [&str; 4] = ["Calder", "Detroit", "Lansing", "Flint"];
const STREETS: [&[&str]; 4] =
    [&["100 Sample Street"], &["2 Main Street", "Flat 3"], &["3 Oak", "Rear", "Left"], &["4 Elm"]];
const PHONES: [&str; 3] = ["555-0100", "555-0122", "555-0133"];
const NUMBERS: [&str; 4] = ["DE-1", "DE-2", "DE-3", ""];
const COMPANIES: [&str; 3] = ["Analytical Engines", "Difference & Sons", ""];
const REGIONS: [(&str, &str, u64); 3] = [("MI", "Michigan", 33), ("NY", "New York", 43), ("TX", "Texas", 57)];

/// Ids of the account's addresses.
fn addresses(account: &Value) -> Vec<u64> {
    account["addresses"].as_array().into_iter().flatten().filter_map(|own| own["id"].as_u64()).collect()
}

fn default(account: &Value, which: &str) -> Option<u64> {
    account[which].as_str().and_then(|id| id.parse().ok())
}

/// The attribute of the ERP's customers in which the newsletter stands.
pub(crate) const NEWS: &str = "NEWS";

/// What may be edited where the settings sync it.
#[derive(Clone, Copy)]
enum Extra {
    Newsletter,
    NewLocation,
    Location,
}

/// One kind of edit for each thing that is synced besides the fields of every pair.
fn extras(people: &People) -> Vec<Extra> {
    let customers = &people.shop.settings.customers;
    let mut extras = Vec::new();
    if customers.default.newsletter.is_some() {
        extras.push(Extra::Newsletter);
    }
    if customers.further_addresses == FurtherAddresses::Locations {
        extras.extend([Extra::NewLocation, Extra::Location]);
    }
    extras
}

/// A shopper or an administrator edits the account; says what, and which address is gone.
pub(crate) fn in_shop(people: &People, chance: &mut Chance, id: u64) -> String {
    let (account, now) = (people.account(id), people.shop.now());
    let all = addresses(&account);
    let extras = extras(people);
    let kind = chance.below(11 + extras.len());
    let magento = &people.shop.magento;
    let shown = match kind {
        0 => edit(people, id, "email", json!(chance.of(&EMAILS))),
        1 => edit(people, id, "firstname", json!(chance.of(&FIRST))),
        2 => edit(people, id, "lastname", json!(chance.of(&LAST))),
        3 => edit(people, id, "taxvat", json!(chance.of(&NUMBERS))),
        4 => edit(people, id, "group_id", json!(chance.of(&[1, 2]))),
        5 => {
            let value = json!(chance.of(&NUMBERS));
            magento.with(|magento| magento.set_customer_attribute(now, id, "account_ref", &value));
            format!("account_ref {value}")
        }
        6 => {
            let address =
                Address { city: chance.of(&CITIES).to_owned(), ..Address::us(chance.of(&FIRST), chance.of(&LAST)) };
            let added = magento.with(|magento| magento.add_address(now, id, &address.street(chance.of(&STREETS))));
            format!("address {added} added")
        }
        7 if !all.is_empty() => {
            let (billing, shipping) = (chance.of(&all), chance.of(&all));
            magento.with(|magento| magento.set_defaults(now, id, Some(billing), Some(shipping)));
            format!("defaults {billing} {shipping}")
        }
        8 if all.len() > 1 => {
            let gone = chance.of(&all);
            let is_default =
                ["default_billing", "default_shipping"].iter().any(|which| default(&account, which) == Some(gone));
            if !is_default {
                magento.with(|magento| magento.remove_address(now, gone));
            }
            format!("address {gone} removed, unless it is a default: {is_default}")
        }
        11.. => match extras[kind - 11] {
            Extra::Newsletter => subscribe(people, chance, id),
            Extra::NewLocation | Extra::Location => edit_further(people, chance, &account, &all),
        },
        _ if !all.is_empty() => edit_address(people, chance, &account, &all),
        _ => edit(people, id, "taxvat", json!(chance.of(&NUMBERS))),
    };
    format!("shop: {shown}")
}

fn edit(people: &People, id: u64, field: &str, value: Value) -> String {
    let shown = format!("{field} {value}");
    people.edit(id, field, value);
    shown
}

/// The newsletter's page saves the account, too.
fn subscribe(people: &People, chance: &mut Chance, id: u64) -> String {
    let (subscribed, now) = (chance.percent(50), people.shop.now());
    people.shop.magento.with(|magento| magento.subscribe_customer(now, id, subscribed));
    people.send(&id.to_string(), Cause::Webhook);
    format!("newsletter {subscribed}")
}

/// An address that is not a default one, where there is one.
fn edit_further(people: &People, chance: &mut Chance, account: &Value, all: &[u64]) -> String {
    let defaults = ["default_billing", "default_shipping"].map(|which| default(account, which));
    let further: Vec<u64> = all.iter().copied().filter(|id| !defaults.contains(&Some(*id))).collect();
    if further.is_empty() {
        return "no further address to edit".to_owned();
    }
    let (address, city) = (chance.of(&further), chance.of(&CITIES));
    people.edit_address(address, "city", json!(city));
    format!("further address {address} city {city}")
}

fn edit_address(people: &People, chance: &mut Chance, account: &Value, all: &[u64]) -> String {
    let defaults = ["default_billing", "default_shipping"].map(|which| default(account, which));
    let address = defaults[chance.below(2)].unwrap_or_else(|| chance.of(all));
    let (field, value) = match chance.below(6) {
        0 => ("city", json!(chance.of(&CITIES))),
        1 => ("street", json!(chance.of(&STREETS))),
        2 => ("telephone", json!(chance.of(&PHONES))),
        3 => ("company", json!(chance.of(&COMPANIES))),
        4 => ("firstname", json!(chance.of(&FIRST))),
        _ => {
            let (code, name, id) = chance.of(&REGIONS);
            ("region", json!({"region": name, "region_code": code, "region_id": id}))
        }
    };
    let shown = format!("address {address} {field} {value}");
    people.edit_address(address, field, value);
    shown
}

/// A user of the ERP edits the customer; says what.
pub(crate) fn in_erp(people: &People, chance: &mut Chance, number: &str) -> String {
    let customer = people.customer(number);
    let person = format!("{} {}", chance.of(&FIRST), chance.of(&LAST));
    let own_address = customer.pointer("/ShippingAddressOverride/value") == Some(&json!(true));
    let set = |path: &str, value: &str| {
        if value.is_empty() { Change::clear(path) } else { Change::to(path, value) }
    };
    let extras = extras(people);
    let kind = chance.below(11 + extras.len());
    let changes = match kind {
        11.. => match extras[kind - 11] {
            Extra::Newsletter => vec![set(&format!("Attributes/{NEWS}"), chance.of(&["0", "1"]))],
            Extra::NewLocation => return enter_location(people, chance, number),
            Extra::Location => return edit_location(people, chance, number),
        },
        0 => vec![set("MainContact/Email", chance.of(&EMAILS))],
        1 => vec![set("MainContact/Attention", &person)],
        2 => match chance.of(&COMPANIES) {
            "" => vec![set("CustomerName", text(&customer, "/MainContact/Attention/value"))],
            company => vec![set("CustomerName", company)],
        },
        3 => vec![set("TaxRegistrationID", chance.of(&NUMBERS))],
        4 => vec![set("PriceClassID", chance.of(&["", "WHOLESALE"]))],
        5 => vec![set("AccountRef", chance.of(&NUMBERS))],
        6 => vec![set("MainContact/Phone1", chance.of(&PHONES))],
        7 => vec![set("MainContact/Address/City", chance.of(&CITIES))],
        8 => {
            let (state, _, _) = chance.of(&REGIONS);
            vec![
                set("MainContact/Address/State", state),
                set("MainContact/Address/AddressLine1", chance.of(&STREETS)[0]),
            ]
        }
        9 if own_address && chance.percent(50) => vec![Change::to("ShippingAddressOverride", false)],
        9 => vec![
            Change::to("ShippingAddressOverride", true),
            set("ShippingContact/Address/City", chance.of(&CITIES)),
            set("ShippingContact/Address/AddressLine1", chance.of(&STREETS)[0]),
        ],
        _ => vec![
            Change::to("ShippingContactOverride", true),
            set("ShippingContact/Attention", &person),
            set("ShippingContact/Phone1", chance.of(&PHONES)),
        ],
    };
    people.change_in_erp(number, &changes);
    format!("ERP: {changes:?}")
}

/// A user of the ERP enters a location with an address and a person of its own.
fn enter_location(people: &People, chance: &mut Chance, number: &str) -> String {
    let (taken, now) = (locations(people, number).len(), people.shop.now());
    let (state, _, _) = chance.of(&REGIONS);
    let person = format!("{} {}", chance.of(&FIRST), chance.of(&LAST));
    let changes = [
        Change::to("ContactOverride", true),
        Change::to("AddressOverride", true),
        Change::to("LocationContact/Attention", person.as_str()),
        Change::to("LocationContact/Phone1", chance.of(&PHONES)),
        Change::to("LocationContact/Address/AddressLine1", chance.of(&STREETS)[0]),
        Change::to("LocationContact/Address/City", chance.of(&CITIES)),
        Change::to("LocationContact/Address/State", state),
        Change::to("LocationContact/Address/PostalCode", "49628"),
        Change::to("LocationContact/Address/Country", "US"),
    ];
    let id = format!("DOCK{taken}");
    people.shop.erp.with(|erp| erp.create_location(number, &id, now, &changes)).expect("the form saves it");
    people.push(number);
    format!("ERP: location {id} {changes:?}")
}

/// A user of the ERP edits a location besides the customer's own.
fn edit_location(people: &People, chance: &mut Chance, number: &str) -> String {
    let all: Vec<String> = locations(people, number).into_iter().map(|own| own.0).filter(|id| id != "MAIN").collect();
    if all.is_empty() {
        return "ERP: no location to edit".to_owned();
    }
    let (id, city, now) = (&all[chance.below(all.len())], chance.of(&CITIES), people.shop.now());
    let change = [Change::to("AddressOverride", true), Change::to("LocationContact/Address/City", city)];
    people.shop.erp.with(|erp| erp.edit_location(number, id, now, &change)).expect("the form saves it");
    people.push(number);
    format!("ERP: location {id} city {city}")
}

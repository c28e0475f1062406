//! What is decided about a pair, by tables: both sides now, both sides when they were last in step, and what is written for that.

mod addresses;
mod attributes;
mod codes;
mod contacts;
mod fields;
mod groups;
mod pushes;
mod samples;
mod taken;

use std::collections::{BTreeMap, BTreeSet};

use acumatica::model::customer::Customer;
use flows::customers::facts::{Facts, Regions};
use flows::customers::plan::{Both, Decided, base, plan, told};
use flows::link::EmailKey;
use flows::merge::{Hashes, Side};
use flows::plan::Write;
use flows::settings::{Settings, parse};
use magento::model::customer::Customer as Account;
use magento::model::directory::Region;
use seams::secret::Secret;
use serde_json::{Value, json};

/// A pair at one moment: Magento's account, Acumatica's customer.
pub(super) type Pair = (Option<Value>, Option<Value>);

/// The sample shop's settings with values at JSON pointers replaced.
pub(super) fn settings(changes: &[(&str, Value)]) -> Settings {
    let mut document: Value =
        serde_json::from_str(include_str!("../../../../infra/local/sample/settings.json")).unwrap();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"))[name] = value.clone();
    }
    parse(document.to_string().as_bytes(), true).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// An account of the sample shop: Ada Byron of the group General, without addresses.
pub(super) fn account() -> Value {
    json!({
        "id": 7, "group_id": 1, "email": "ada@example.com", "firstname": "Ada", "lastname": "Byron", "store_id": 1, "website_id": 1,
        "created_at": "2026-01-02 03:04:05", "updated_at": "2026-01-02 03:04:05", "created_in": "Default Store View",
        "disable_auto_group_change": 0, "extension_attributes": {"is_subscribed": false}, "addresses": [],
    })
}

/// The same with one address for bills and parcels.
pub(super) fn with_address() -> Value {
    let mut account = account();
    account["addresses"] = json!([address(70, "1 Mill Lane")]);
    account["addresses"][0]["default_billing"] = json!(true);
    account["addresses"][0]["default_shipping"] = json!(true);
    account["default_billing"] = json!("70");
    account["default_shipping"] = json!("70");
    account
}

/// An address in Calder, Michigan.
pub(super) fn address(id: u64, street: &str) -> Value {
    json!({
        "id": id, "customer_id": 7, "region": {"region_code": "MI", "region": "Michigan", "region_id": 33}, "region_id": 33,
        "country_id": "US", "street": [street], "telephone": "555-0100", "postcode": "49628", "city": "Calder",
        "firstname": "Ada", "lastname": "Byron",
    })
}

/// The same person in Acumatica, with the same address.
pub(super) fn customer() -> Value {
    let text = |value: &str| json!({"value": value});
    json!({
        "id": "6f1e1d52-0000-4000-8000-000000000001", "NoteID": text("6f1e1d52-0000-4000-8000-000000000001"),
        "CustomerID": text("C1"), "CustomerName": text("Ada Byron"), "CustomerClass": text("WEB"), "Status": text("Active"),
        "MainContact": {
            "Attention": text("Ada Byron"), "Email": text("ada@example.com"), "Phone1": text("555-0100"),
            "Address": erp_address("1 Mill Lane"),
        },
    })
}

/// The address of [`address`] as Acumatica has it.
pub(super) fn erp_address(line: &str) -> Value {
    let text = |value: &str| json!({"value": value});
    json!({
        "AddressLine1": text(line), "City": text("Calder"), "State": text("MI"), "PostalCode": text("49628"), "Country": text("US"),
    })
}

/// `document` with values at JSON pointers replaced; a pointer that ends with a dash adds to a list.
pub(super) fn edited(mut document: Value, edits: &[(&str, Value)]) -> Value {
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}")) {
            Value::Array(rows) if name == "-" => rows.push(value.clone()),
            Value::Array(rows) => rows[name.parse::<usize>().unwrap()] = value.clone(),
            other => other[name] = value.clone(),
        }
    }
    document
}

/// A wrapped text.
pub(super) fn text(value: &str) -> Value {
    json!({"value": value})
}

/// Magento's regions of the United States and of Germany, as far as they are needed here.
fn regions() -> Regions {
    let region = |id: u64, code: &str, name: &str| -> Region {
        serde_json::from_value(json!({"id": id.to_string(), "code": code, "name": name})).unwrap()
    };
    Regions::from([
        ("US".to_owned(), vec![region(33, "MI", "Michigan"), region(43, "NY", "New York")]),
        ("DE".to_owned(), vec![region(82, "BER", "Berlin")]),
    ])
}

/// What is done with the facts of a pair that is `now` and was in step `before`.
fn with_facts<R>(
    settings: &Settings,
    now: &Pair,
    before: Option<&Pair>,
    newer: Side,
    ask: impl FnOnce(&Facts<'_>) -> R,
) -> R {
    let (key, regions) = (EmailKey::new(Secret::new("key of the tests")), regions());
    let read = |pair: &Pair| -> (Option<Account>, Option<Customer>) {
        let account = pair.0.clone().map(|document| Account::read(document).unwrap());
        (account, pair.1.clone().map(|document| serde_json::from_value(document).unwrap()))
    };
    let (account, customer) = read(now);
    let last = before.map(read);
    let mut facts = Facts {
        link: "shop0001",
        settings,
        account: None,
        customer: None,
        paired: before.is_some(),
        further: None,
        base: None,
        newer,
        hashes: Hashes::new(&key, "shop0001/customer/7"),
        regions: &regions,
    };
    let kept = last.as_ref().map(|(account, customer)| {
        facts.account = account.as_ref();
        facts.customer = customer.as_ref();
        base(&facts, &Both::of(&facts), &BTreeSet::new())
    });
    facts.account = account.as_ref();
    facts.customer = customer.as_ref();
    facts.base = kept.as_ref();
    ask(&facts)
}

/// What is decided of a pair that is `now` and was in step `before`, and what is told of it.
pub(super) fn decided(
    settings: &Settings,
    now: &Pair,
    before: Option<&Pair>,
    newer: Side,
) -> (Decided, Option<String>) {
    with_facts(settings, now, before, newer, |facts| {
        let decided = plan(facts);
        let said = told(facts, &decided);
        (decided, said.map(|finding| format!("{}: {}", finding.code, finding.message)))
    })
}

/// Whether a side that was read alone is not what it was when the pair was `before`.
fn differs(settings: &Settings, alone: &Pair, before: &Pair, side: Side) -> bool {
    with_facts(settings, alone, Some(before), side, |facts| {
        let cells = Both::of(facts);
        let own = if side == Side::Magento { &cells.account } else { &cells.customer };
        facts.base.is_some_and(|base| base.differs(side, own, &facts.hashes))
    })
}

/// The decision as text: the word, the finding, and each call with what it says. Of a saved account only what differs from the one that was
/// read.
pub(super) fn shown(now: &Pair, decided: &Decided, told: Option<&str>) -> String {
    let mut lines = vec![decided.plan.word().to_owned()];
    lines.extend(decided.plan.finding().map(|finding| format!("{}: {}", finding.code, finding.message)));
    lines.extend(told.map(|told| format!("told {told}")));
    for step in decided.plan.work().map(|work| work.steps.as_slice()).unwrap_or_default() {
        let mut sent = BTreeMap::new();
        match &step.write {
            Write::Acumatica(put) => {
                lines.push(format!("acumatica PUT {}", put.entity));
                flatten("", &put.body, &mut sent);
            }
            Write::Magento(write) => {
                lines.push(
                    format!("magento {:?} {}", write.method, write.route).replace("Post", "POST").replace("Put", "PUT"),
                );
                flatten("", &write.body["customer"], &mut sent);
                let mut read = BTreeMap::new();
                flatten("", now.0.as_ref().unwrap_or(&Value::Null), &mut read);
                sent.retain(|path, value| read.get(path) != Some(value));
            }
        }
        lines.extend(sent.iter().map(|(path, value)| format!("  {path} = {value}")));
    }
    lines.join("\n")
}

/// Every value by its path; a wrapper is its value.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    match value {
        Value::Object(members) if members.len() == 1 && members.contains_key("value") => {
            flatten(path, &members["value"], into);
        }
        Value::Object(members) => members.iter().for_each(|(name, inner)| flatten(&below(name), inner, into)),
        Value::Array(rows) => rows.iter().enumerate().for_each(|(at, row)| flatten(&below(&at.to_string()), row, into)),
        Value::String(text) => {
            drop(into.insert(path.to_owned(), if text.is_empty() { "(empty)".to_owned() } else { text.clone() }))
        }
        Value::Null => drop(into.insert(path.to_owned(), "(empty)".to_owned())),
        other => drop(into.insert(path.to_owned(), other.to_string())),
    }
}

/// Exactly this is decided; lines are compared without the blanks at their ends.
pub(super) fn check(settings: &Settings, before: Option<&Pair>, now: &Pair, expected: &str) {
    let (decided, told) = decided(settings, now, before, Side::Magento);
    let trimmed = |text: &str| text.trim().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&shown(now, &decided, told.as_deref())), trimmed(expected));
}

/// A customer without address and telephone, as an account without addresses is.
pub(super) fn bare(mut customer: Value) -> Value {
    let main = customer["MainContact"].as_object_mut().unwrap();
    main.retain(|name, _| !["Address", "Phone1"].contains(&name.as_str()));
    customer
}

/// A pair that is whole.
pub(super) fn pair(account: Value, customer: Value) -> Pair {
    (Some(account), Some(customer))
}

//! What a customer's sync reads before it writes, as far as it is known from the documents which ones these are.

use acumatica::model::customer::EXPAND;
use magento::client::{CUSTOMERS_SEARCH, by_email};
use serde_json::{Map, Value, json};

use super::super::facts::Facts;
use super::super::plan::{self, cells};
use super::super::{guard, locations};
use crate::merge::Side;

/// The reads but for that of `from`, which is the side that the event is about.
pub(super) fn before(facts: &Facts<'_>, from: Side) -> Vec<Value> {
    if !facts.settings.customers.enabled || (!facts.paired && plan::is_skipped(facts)) {
        return Vec::new();
    }
    let mut reads = match from {
        Side::Magento => of_customer(facts),
        Side::Acumatica => of_account(facts).into_iter().collect(),
    };
    let number = facts.customer.and_then(|customer| cells::plain(customer.customer_id.as_ref()));
    if let Some(number) = number.filter(|_| locations::are_wanted(facts)) {
        reads.push(read("acumatica", "CustomerLocation", locations::query(&number).pairs()));
    }
    let countries = plan::countries(facts).into_iter();
    reads.extend(countries.map(|country| read("magento", &format!("/V1/directory/countries/{country}"), Vec::new())));
    reads
}

/// Acumatica's customer: by e-mail where the two have not met, and then by its number.
fn of_customer(facts: &Facts<'_>) -> Vec<Value> {
    let email = plan::email(facts).filter(|_| !facts.paired);
    let look_up = email.map(|email| {
        let (query, _) = guard::query(email, facts.settings.customers.ambiguous_email);
        read("acumatica", "Customer", query.pairs())
    });
    let number = facts.customer.and_then(|customer| cells::plain(customer.customer_id.as_ref()));
    let whole = number
        .map(|number| read("acumatica", &format!("Customer/{number}"), vec![("$expand".to_owned(), EXPAND.join(","))]));
    look_up.into_iter().chain(whole).collect()
}

/// Magento's account: by e-mail where the two have not met, which answers the whole of it.
fn of_account(facts: &Facts<'_>) -> Option<Value> {
    if facts.paired {
        let account = facts.account?;
        return Some(read("magento", &format!("/V1/customers/{}", account.id), Vec::new()));
    }
    let (email, _) = (plan::email(facts)?, facts.accounts()?);
    Some(read("magento", CUSTOMERS_SEARCH, by_email(email, None).pairs()))
}

fn read(system: &str, path: &str, query: Vec<(String, String)>) -> Value {
    let mut read = json!({ "system": system, "method": "GET", "path": path });
    if !query.is_empty() {
        read["query"] = query.into_iter().map(|(name, value)| (name, json!(value))).collect::<Map<_, _>>().into();
    }
    read
}

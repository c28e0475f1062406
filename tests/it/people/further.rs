//! Further addresses and locations as either side has them, for the convergence test. Like the oracle of the other fields it reads the documents by
//! itself.

use acumatica::client::Query;
use acumatica::filter::Filter;
use acumatica::model::location::{EXPAND, MAIN};
use serde_json::Value;

use super::person::{joined, place, place_in_erp};
use super::world::{People, text};
use crate::flow::seams::Gate;
use crate::flow::world::ready;

/// An address: its id, who is there, their telephone, where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct There {
    pub(crate) id: String,
    pub(crate) person: String,
    pub(crate) phone: String,
    pub(crate) place: String,
}

impl There {
    /// Whether both say the same, whatever they are called.
    fn says(&self, other: &There) -> bool {
        (&self.person, &self.phone, &self.place) == (&other.person, &other.phone, &other.place)
    }
}

/// All addresses of an account; those that are no default ones besides.
pub(crate) fn in_shop(account: &Value) -> (Vec<There>, Vec<There>) {
    let of = |own: &Value| There {
        id: own["id"].to_string(),
        person: joined(&[text(own, "/firstname"), text(own, "/lastname")], " "),
        phone: text(own, "/telephone").to_owned(),
        place: place(own),
    };
    let list = account["addresses"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_further = |own: &&Value| own["default_billing"] != true && own["default_shipping"] != true;
    (list.iter().map(of).collect(), list.iter().filter(is_further).map(of).collect())
}

/// The locations of a customer besides its own.
pub(crate) fn in_erp(people: &People, number: &str) -> Vec<There> {
    let (_, link) = people.shop.worker(&Gate::default(), "");
    let expand = EXPAND.iter().map(|name| (*name).to_owned()).collect();
    let query = Query { filter: Some(Filter::eq("Customer", number)), expand, ..Query::default() };
    let found = ready(link.acumatica.list("CustomerLocation", &query)).expect("the ERP answers");
    let all = found.iter().map(|own| There {
        id: text(own, "/LocationID/value").trim().to_owned(),
        person: text(own, "/LocationContact/Attention/value").to_owned(),
        phone: text(own, "/LocationContact/Phone1/value").to_owned(),
        place: place_in_erp(own, "LocationContact"),
    });
    all.filter(|own| own.id != MAIN).collect()
}

/// Further addresses that no location of their own says.
pub(crate) fn without_a_location(further: &[There], locations: &[There]) -> Vec<String> {
    let mut left: Vec<&There> = locations.iter().collect();
    let mut alone = Vec::new();
    for address in further {
        match left.iter().position(|location| location.says(address)) {
            Some(at) => drop(left.remove(at)),
            None => alone.push(format!("no location says what the shop has: {address:?}; there are {locations:?}")),
        }
    }
    alone
}

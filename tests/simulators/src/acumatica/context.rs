//! What a save may look at, and the checks every screen shares.

use jiff::Timestamp;

use super::config::Config;
use super::facts::Facts;
use super::master::{Master, select};
use super::record::Record;

/// The tenant as one request finds it.
pub(crate) struct Context<'a> {
    pub(crate) config: &'a Config,
    pub(crate) master: &'a Master,
    pub(crate) facts: &'a Facts,
    pub(crate) customers: &'a [Record],
    pub(crate) locations: &'a [Record],
    pub(crate) orders: &'a [Record],
    pub(crate) session: u64,
    pub(crate) now: Timestamp,
    /// Midnight of the business date: `PX-CbApiBusinessDate`, else today.
    pub(crate) business_date: Timestamp,
    /// `PX-CbApiBranch`.
    pub(crate) branch: Option<String>,
}

impl<'a> Context<'a> {
    pub(crate) fn customer(&self, id: &str) -> Option<&'a Record> {
        let same = |customer: &&Record| {
            customer.text("CustomerID").is_some_and(|known| self.config.filter_collation.equal(known, id))
        };
        self.customers.iter().find(same)
    }

    /// The ids of a customer's locations that can be used, which is to say are active (inferred).
    pub(crate) fn location_ids(&self, customer_id: &str) -> Vec<String> {
        let of_customer =
            |location: &&Record| location.text("Customer") == Some(customer_id) && location.flag("Active");
        let ids = self.locations.iter().filter(of_customer).filter_map(|location| location.text("LocationID"));
        ids.map(str::to_owned).collect()
    }

    pub(crate) fn order(&self, order_type: &str, nbr: &str) -> Option<&'a Record> {
        let same = |record: &Record, field: &str, sent: &str| {
            record.text(field).is_some_and(|known| self.config.filter_collation.equal(known, sent))
        };
        self.orders.iter().find(|order| same(order, "OrderType", order_type) && same(order, "OrderNbr", nbr))
    }
}

/// Checks a selector the request changed, and spells it as the master data does. The text is documented for customers
/// (`'Customer' cannot be found in the system.`); that it holds for the other selectors is inferred.
pub(crate) fn selector<'a>(
    record: &mut Record,
    field: &str,
    display: &str,
    known: impl IntoIterator<Item = &'a String>,
) {
    if !record.was_changed(field) {
        return;
    }
    let Some(value) = record.text(field).map(str::to_owned) else { return };
    match select(known, &value) {
        Some(known) => record.set(field, known),
        None => record.fail(field, not_found(display)),
    }
}

pub(crate) fn not_found(display: &str) -> String {
    format!("'{display}' cannot be found in the system.")
}

pub(crate) fn cannot_be_empty(display: &str) -> String {
    format!("'{display}' cannot be empty.")
}

/// A drop-down takes its labels only; that another value is an error on the field is documented, its text is not.
pub(crate) fn drop_down(record: &mut Record, field: &str, labels: &[&str]) {
    let Some(value) = record.text(field).map(str::to_owned) else { return };
    if record.was_changed(field) && !labels.contains(&value.as_str()) {
        record.fail(field, format!("The list value '{value}' is not allowed for the field {field}."));
    }
}

/// Country, state and postal code of an address, checked where the request changed them.
pub(crate) fn address(record: &mut Record, master: &Master) {
    selector(record, "Country", "Country", master.countries.keys());
    let states = record.text("Country").and_then(|country| master.countries.get(country));
    if let Some(states) = states.filter(|states| !states.is_empty()) {
        selector(record, "State", "State", states);
    }
    let masks = record.text("Country").and_then(|country| master.postal_masks.get(country));
    if let (Some(masks), Some(code)) = (masks, record.text("PostalCode"))
        && record.was_changed("PostalCode")
        && !masks.iter().any(|mask| fits(mask, code))
    {
        // The text is not established.
        record.fail("PostalCode", "The postal code does not fit the mask of the country.");
    }
}

/// Whether a code has the form of a mask: `9` a digit, `A` a letter, anything else itself.
fn fits(mask: &str, code: &str) -> bool {
    let fits = |(mask, code): (char, char)| match mask {
        '9' => code.is_ascii_digit(),
        'A' => code.is_ascii_alphabetic(),
        other => other == code,
    };
    mask.chars().count() == code.chars().count() && mask.chars().zip(code.chars()).all(fits)
}

/// Puts the text over a record that has errors: two blanks stand between the verb and the name (official C# client, 422 sample).
pub(crate) fn umbrella(record: &mut Record, inserting: bool, display: &str) {
    if record.has_errors() && record.error.is_none() {
        let verb = if inserting { "Inserting" } else { "Updating" };
        let text = format!("{verb}  '{display}' record raised at least one error. Please review the errors.");
        record.error = Some(text);
    }
}

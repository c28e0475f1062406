//! Addresses and contacts: the customer's, unless an override flag makes them the order's own.

use super::super::context::{Context, address};
use super::super::decode::Patch;
use super::super::record::Record;

/// The four parties: member, its flag, its entity, the customer's contact it is copied from.
const PARTIES: [(&str, &str, &str, &str); 4] = [
    ("BillToAddress", "BillToAddressOverride", "Address", "BillingContact"),
    ("BillToContact", "BillToContactOverride", "DocContact", "BillingContact"),
    ("ShipToAddress", "ShipToAddressOverride", "Address", "ShippingContact"),
    ("ShipToContact", "ShipToContactOverride", "DocContact", "ShippingContact"),
];

/// Without its flag a sent address is ignored. With it the order's own copy starts as the customer's, and only the sent fields change:
/// what is not sent stays the customer's (Integration Development Guide, "Create a Sales Order"; the copy is inferred). A stored order
/// keeps its parties when the customer moves.
pub(super) fn apply(
    context: &Context<'_>,
    customer: &Record,
    prior: Option<&Record>,
    patch: &Patch,
    draft: &mut Record,
) {
    for (member, flag, entity, source) in PARTIES {
        let same_customer = prior.filter(|prior| prior.text("CustomerID") == draft.text("CustomerID"));
        let before = same_customer.filter(|prior| prior.flag(flag) == draft.flag(flag) || draft.flag(flag));
        let mut party = match before.and_then(|prior| prior.linked.get(member)) {
            Some(before) => before.clone(),
            None => from_customer(customer, source, entity, draft.serial),
        };
        if draft.flag(flag)
            && let Some(sent) = patch.linked.get(member)
        {
            for (field, value) in &sent.fields {
                if party.fields.get(field) != value.as_ref() {
                    party.set_or_clear(field, value.clone());
                    party.changed.insert(field.clone());
                }
            }
            party.errors.extend(sent.errors.clone());
            if entity == "Address" {
                address(&mut party, context.master);
            }
        }
        draft.linked.insert(member.to_owned(), party);
    }
}

fn from_customer(customer: &Record, source: &str, entity: &str, serial: u64) -> Record {
    let mut party = Record::new(entity, serial);
    let Some(contact) = customer.linked.get(source).or_else(|| customer.linked.get("MainContact")) else {
        return party;
    };
    if entity == "Address" {
        if let Some(address) = contact.linked.get("Address") {
            party.fields.clone_from(&address.fields);
        }
        return party;
    }
    for field in ["Attention", "Email", "Phone1"] {
        party.set_or_clear(field, contact.fields.get(field).cloned());
    }
    let name = contact.fields.get("CompanyName").or_else(|| customer.fields.get("CustomerName"));
    party.set_or_clear("BusinessName", name.cloned());
    party
}

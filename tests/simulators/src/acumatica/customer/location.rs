//! Form AR303020: the locations of a customer.

use super::super::answer::Refusal;
use super::super::context::{Context, address, cannot_be_empty, drop_down, not_found, selector, umbrella};
use super::super::decode::Patch;
use super::super::merge::{Merge, Numbers};
use super::super::record::Record;
use super::parties::{Own, follow};

/// The id of every customer's first location, which is its default one.
pub(crate) const MAIN: &str = "MAIN";

/// The location as the request wants it, complete with defaults and errors. Nothing is stored yet.
///
/// # Errors
/// When a detail row's id names no row, or the request uses a part of the form that is not simulated.
pub(crate) fn build(
    context: &Context<'_>,
    numbers: &mut Numbers,
    prior: Option<&Record>,
    patch: &Patch,
) -> Result<Record, Refusal> {
    if patch.details.get("RoleAssignments").is_some_and(|rows| !rows.is_empty()) {
        return Err(Refusal::NotSimulated("CustomerLocation.RoleAssignments".to_owned()));
    }
    let mut draft = prior.cloned().unwrap_or_else(|| {
        let mut draft = blank(numbers.serial());
        draft.fresh = true;
        draft
    });
    let (facts, session) = (context.facts, context.session);
    let custom_fields = &context.config.custom_fields;
    Merge { facts, session, numbers: &mut *numbers, custom_fields }.apply(&mut draft, patch)?;
    if context.config.customers.empty_text_is_null {
        draft.empty_texts_to_null();
    }
    if prior.is_none() {
        draft.set("CreatedDateTime", context.now);
        owner(context, patch, &mut draft);
    }
    activity(&mut draft);
    selectors(context, &mut draft);
    parties(context, prior, patch, &mut draft);
    if prior.is_none() {
        number(context, numbers, patch, &mut draft);
    }
    // The name of the record in this text is not established.
    umbrella(&mut draft, prior.is_none(), "Customer Location");
    Ok(draft)
}

/// A location with nothing but its identity and what it is without being told.
pub(crate) fn blank(serial: u64) -> Record {
    let mut draft = Record::new("CustomerLocation", serial);
    draft.note = Some(String::new());
    draft.set("NoteID", draft.id());
    draft.set("LocationID", super::super::order::UNSAVED);
    draft.set("Active", true);
    draft.set("Status", "Active");
    draft.set("Default", false);
    draft.set("AddressOverride", false);
    draft.set("ContactOverride", false);
    draft
}

fn owner(context: &Context<'_>, patch: &Patch, draft: &mut Record) {
    match patch.text("Customer").map(|id| context.customer(id)) {
        None => draft.fail("Customer", cannot_be_empty("Customer")),
        Some(None) => draft.fail("Customer", not_found("Customer")),
        Some(Some(customer)) => draft.set("Customer", customer.text("CustomerID").unwrap_or_default()),
    }
}

/// `Active` and `Status` say the same (inferred: the check box is older than the status). That the default location cannot be inactive
/// is inferred, and its text not established.
fn activity(draft: &mut Record) {
    drop_down(draft, "Status", &["Active", "Inactive"]);
    if draft.was_changed("Status") {
        draft.set("Active", draft.text("Status") == Some("Active"));
    } else if draft.was_changed("Active") {
        let status = if draft.flag("Active") { "Active" } else { "Inactive" };
        draft.set("Status", status);
    }
    if draft.flag("Default") && !draft.flag("Active") {
        draft.fail("Active", "The default location cannot be inactive.");
    }
}

fn selectors(context: &Context<'_>, draft: &mut Record) {
    let master = context.master;
    selector(draft, "PriceClass", "Price Class", master.price_classes.keys());
    selector(draft, "ShipVia", "Ship Via", master.ship_vias.keys());
    selector(draft, "ShippingBranch", "Shipping Branch", &master.branches);
    selector(draft, "ShippingTerms", "Shipping Terms", master.shipping_terms.keys());
    selector(draft, "TaxZone", "Tax Zone", master.tax_zones.keys());
    selector(draft, "Warehouse", "Warehouse", &master.warehouses);
}

/// Contact and address are the customer's main ones unless their override flag is set.
fn parties(context: &Context<'_>, prior: Option<&Record>, patch: &Patch, draft: &mut Record) {
    let copies = context.config.customers.override_copies;
    let own = |flag: &str| Own::of(draft.flag(flag), prior.is_some_and(|prior| prior.flag(flag)), copies);
    let (contact_own, address_own) = (own("ContactOverride"), own("AddressOverride"));
    let customer = draft.text("Customer").and_then(|id| context.customer(id));
    let main = customer.and_then(|customer| customer.linked.get("MainContact")).cloned().unwrap_or_default();
    let sent = patch.linked.get("LocationContact");
    let contact = draft.link("LocationContact", "Contact");
    follow(contact, &main, contact_own, sent);
    let to = contact.link("Address", "Address");
    let from = main.linked.get("Address").cloned().unwrap_or_default();
    follow(to, &from, address_own, sent.and_then(|sent| sent.linked.get("Address")));
    if address_own.is_own() {
        address(to, context.master);
    }
}

fn number(context: &Context<'_>, numbers: &mut Numbers, patch: &Patch, draft: &mut Record) {
    if context.config.customers.location_auto_numbering {
        draft.errors.remove("LocationID");
        if !draft.has_errors() {
            numbers.location += 1;
            draft.set("LocationID", format!("{:06}", numbers.location));
        }
        return;
    }
    match patch.text("LocationID") {
        Some(id) if context.config.keys_upper_case => draft.set("LocationID", id.to_uppercase()),
        Some(id) => draft.set("LocationID", id),
        None => draft.fail("LocationID", cannot_be_empty("Location ID")),
    }
}

//! Form CR302000: contacts, persons who may belong to a customer.

use rust_decimal::Decimal;

use super::super::answer::Refusal;
use super::super::context::{Context, address, cannot_be_empty, drop_down, not_found, umbrella};
use super::super::decode::Patch;
use super::super::merge::{Merge, Numbers};
use super::super::record::Record;
use super::parties::{Own, follow};

/// The contact as the request wants it, complete with defaults and errors. Nothing is stored yet.
///
/// # Errors
/// When a detail row's id names no row, or the request uses a part of the form that is not simulated.
pub(crate) fn build(
    context: &Context<'_>,
    numbers: &mut Numbers,
    prior: Option<&Record>,
    patch: &Patch,
) -> Result<Record, Refusal> {
    for list in ["Attributes", "RoleAssignments"] {
        if patch.details.get(list).is_some_and(|rows| !rows.is_empty()) {
            return Err(Refusal::NotSimulated(format!("Contact.{list}")));
        }
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
    if draft.text("LastName").is_none() {
        draft.fail("LastName", cannot_be_empty("Last Name"));
    }
    name(&mut draft);
    activity(&mut draft);
    account(context, prior, patch, &mut draft);
    // The name of the record in this text is not established.
    umbrella(&mut draft, prior.is_none(), "Contact");
    if prior.is_none() && !draft.has_errors() {
        draft.set("ContactID", numbers.contact());
    }
    Ok(draft)
}

/// A contact with nothing but its identity and what it is without being told: active, as the official sample asserts.
pub(crate) fn blank(serial: u64) -> Record {
    let mut draft = Record::new("Contact", serial);
    draft.note = Some(String::new());
    draft.set("NoteID", draft.id());
    draft.set("Active", true);
    draft.set("Status", "Active");
    draft.set("OverrideAccountAddress", false);
    draft
}

/// First and last name make the name that is displayed; the official samples show them in this order, others are a setting.
pub(crate) fn name(draft: &mut Record) {
    let parts = [draft.text("FirstName"), draft.text("LastName")];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    draft.set("DisplayName", name);
}

fn activity(draft: &mut Record) {
    drop_down(draft, "Status", &["Active", "Inactive"]);
    if draft.was_changed("Status") {
        draft.set("Active", draft.text("Status") == Some("Active"));
    } else if draft.was_changed("Active") {
        let status = if draft.flag("Active") { "Active" } else { "Inactive" };
        draft.set("Status", status);
    }
}

/// The address of a customer's contact is the customer's main one unless `OverrideAccountAddress` is set: so the endpoint's own models
/// say of the flag.
fn account(context: &Context<'_>, prior: Option<&Record>, patch: &Patch, draft: &mut Record) {
    let customer = match draft.text("BusinessAccount").map(|id| context.customer(id)) {
        None => None,
        Some(Some(customer)) => {
            draft.set("BusinessAccount", customer.text("CustomerID").unwrap_or_default());
            Some(customer)
        }
        Some(None) => {
            draft.fail("BusinessAccount", not_found("Business Account"));
            None
        }
    };
    let flag = "OverrideAccountAddress";
    let own = draft.flag(flag) || customer.is_none();
    let was_own = prior.is_some_and(|prior| prior.flag(flag) || prior.text("BusinessAccount").is_none());
    let sent = patch.linked.get("Address");
    let main = customer.and_then(|customer| customer.linked.get("MainContact")?.linked.get("Address"));
    let to = draft.link("Address", "Address");
    if let Some(main) = main {
        follow(to, main, Own::of(own, was_own, context.config.customers.override_copies), sent);
    }
    if own {
        address(to, context.master);
    }
}

impl Numbers {
    /// The next `ContactID`.
    pub(crate) fn contact(&mut self) -> Decimal {
        self.contact += 1;
        Decimal::from(100_000 + self.contact)
    }
}

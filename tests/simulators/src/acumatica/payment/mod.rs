//! Form AR302000: how a payment document is built from what a request sends, and how orders and payments keep up with each other.

mod applications;
pub(crate) mod tender;

use super::answer::Refusal;
use super::config::PeriodField;
use super::context::{Context, cannot_be_empty, drop_down, not_found, selector, umbrella};
use super::decode::Patch;
use super::merge::{Merge, Numbers};
use super::order::UNSAVED;
use super::period;
use super::record::Record;

/// The type a payment has when its type is not sent (inferred: the first of the form's list).
pub(crate) const DEFAULT_TYPE: &str = "Payment";

/// The payment as the request wants it, complete with defaults and errors. Nothing is stored yet.
///
/// # Errors
/// When a detail row's id names no row, or the request uses a part of the form that is not simulated.
pub(crate) fn build(
    context: &Context<'_>,
    numbers: &mut Numbers,
    prior: Option<&Record>,
    patch: &Patch,
) -> Result<Record, Refusal> {
    for list in ["ApplicationHistory", "Charges", "DocumentsToApply"] {
        if patch.details.get(list).is_some_and(|rows| !rows.is_empty()) {
            return Err(Refusal::NotSimulated(format!("Payment.{list}")));
        }
    }
    let mut draft = prior.cloned().unwrap_or_else(|| blank(numbers, patch));
    let (facts, session) = (context.facts, context.session);
    let custom_fields = &context.config.custom_fields;
    Merge { facts, session, numbers: &mut *numbers, custom_fields }.apply(&mut draft, patch)?;
    if prior.is_none() {
        defaults(context, &mut draft);
    }
    screen(context, prior, &mut draft);
    if prior.is_none() {
        // An unusable number does not matter: it is replaced, as other automatic numbers are (recorded 2023 for customers).
        draft.errors.remove("ReferenceNbr");
    }
    // The name of the record in this text is not established.
    umbrella(&mut draft, prior.is_none(), "Payment");
    if prior.is_none() && !draft.has_errors() {
        numbers.payment += 1;
        draft.set("ReferenceNbr", format!("{:06}", numbers.payment));
    }
    Ok(draft)
}

fn blank(numbers: &mut Numbers, patch: &Patch) -> Record {
    let mut draft = Record::new("Payment", numbers.serial());
    draft.note = Some(String::new());
    draft.fresh = true;
    draft.changed.insert("Type".to_owned());
    draft.set("Type", patch.text("Type").unwrap_or(DEFAULT_TYPE));
    draft.set("ReferenceNbr", UNSAVED);
    draft
}

/// Whether payments are on hold on entry is a preference; here they are not, as in the official sample that releases one it has just
/// created (Postman collection).
fn defaults(context: &Context<'_>, draft: &mut Record) {
    draft.default_to("Hold", false);
    draft.default_to("ApplicationDate", context.business_date);
    draft.default_to("CustomerLocationID", "MAIN");
    if let Some(branch) = context.branch.as_ref().or(context.master.branches.first()) {
        draft.default_to("Branch", branch.clone());
    }
    for flag in ["IsNewCard", "SaveCard"] {
        draft.default_to(flag, false);
    }
    draft.set("AppliedToDocuments", rust_decimal::Decimal::ZERO);
    draft.set("NoteID", draft.id());
}

fn screen(context: &Context<'_>, prior: Option<&Record>, draft: &mut Record) {
    drop_down(draft, "Type", &tender::TYPES);
    selector(draft, "Branch", "Branch", &context.master.branches);
    customer(context, draft);
    let locations = context.location_ids(draft.text("CustomerID").unwrap_or_default());
    selector(draft, "CustomerLocationID", "Location", &locations);
    tender::method(context, None, draft);
    period::check(context, draft, "ApplicationDate", PeriodField::ApplicationDate);
    currency(context, draft);
    let places = draft.text("CurrencyID").and_then(|id| context.master.currencies.get(id)).copied().unwrap_or(2);
    let amount = tender::amount(draft, places);
    applications::check(context, prior, amount, places, draft);
    tender::status(draft);
    let method = draft.text("PaymentMethod").and_then(|id| context.master.payment_methods.get(id));
    draft.set("IsCCPayment", method.is_some_and(|method| method.integrated));
}

/// Who paid. That only an inactive customer is refused a payment is inferred; the text is the product's.
fn customer(context: &Context<'_>, draft: &mut Record) {
    let Some(id) = draft.text("CustomerID").map(str::to_owned) else {
        draft.fail("CustomerID", cannot_be_empty("Customer"));
        return;
    };
    let Some(customer) = context.customer(&id) else {
        draft.fail("CustomerID", not_found("Customer"));
        return;
    };
    draft.set("CustomerID", customer.text("CustomerID").unwrap_or_default());
    if draft.fresh && customer.text("Status") == Some("Inactive") {
        draft.fail("CustomerID", "The customer status is 'Inactive'.");
    }
}

/// A payment is in the currency of its cash account. What happens to another one that is sent is not established: refused, so that no
/// client relies on it.
fn currency(context: &Context<'_>, draft: &mut Record) {
    let Some(own) = draft.text("CashAccount").and_then(|account| context.master.cash_accounts.get(account)) else {
        return;
    };
    match draft.text("CurrencyID") {
        Some(sent) if sent != own && draft.was_changed("CurrencyID") => {
            draft.fail("CurrencyID", "The currency differs from the currency of the cash account.");
        }
        _ => draft.set("CurrencyID", own.clone()),
    }
}

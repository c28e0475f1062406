//! Form AR303000: how a customer is built from what a request sends.

pub(crate) mod attributes;
pub(crate) mod contact;
pub(crate) mod location;
mod parties;
pub(crate) mod reflect;

use rust_decimal::Decimal;

use super::answer::Refusal;
use super::config::PrimaryContactRule;
use super::context::{Context, cannot_be_empty, drop_down, not_found, selector, umbrella};
use super::decode::Patch;
use super::master::{CustomerClass, Master, select};
use super::merge::{Merge, Numbers};
use super::record::{Record, Scalar};
use super::screen::USER;

/// The labels of `Status`. That `Credit Hold`, `On Hold` and `Inactive` exist is known from messages; the rest is inferred.
const STATUSES: [&str; 5] = ["Active", "On Hold", "Credit Hold", "Inactive", "One-Time"];

/// The labels of `CustomerCategory`: the endpoint's models name the two kinds, the spelling is inferred.
const CATEGORIES: [&str; 2] = ["Individual", "Organization"];

/// The detail lists of the form that are not simulated when they are sent. `Contacts` shows the customer's contacts; whether it can be
/// written is not established.
const UNSENT_LISTS: [&str; 3] = ["Contacts", "PaymentInstructions", "Salespersons"];

/// The customer as the request wants it, complete with defaults and errors. Nothing is stored yet.
///
/// # Errors
/// When a detail row's id names no row, or the request uses a part of the form that is not simulated.
pub(crate) fn build(
    context: &Context<'_>,
    numbers: &mut Numbers,
    prior: Option<&Record>,
    patch: &Patch,
) -> Result<Record, Refusal> {
    let patch = &simulated(context, patch)?;
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
    class(context, prior, patch, &mut draft);
    if draft.text("CustomerName").is_none() {
        draft.fail("CustomerName", cannot_be_empty("Customer Name"));
    }
    drop_down(&mut draft, "Status", &STATUSES);
    drop_down(&mut draft, "CustomerCategory", &CATEGORIES);
    selectors(context, &mut draft);
    parties::apply(context.master, context.config.customers.override_copies, prior, patch, &mut draft);
    attributes::apply(context.master, numbers, &mut draft);
    credit(&mut draft);
    primary_contact(patch, &mut draft);
    if prior.is_none() {
        number(context, numbers, patch, &mut draft);
    }
    umbrella(&mut draft, prior.is_none(), "Customer");
    Ok(draft)
}

/// A customer with nothing but its identity.
pub(crate) fn blank(serial: u64) -> Record {
    let mut draft = Record::new("Customer", serial);
    draft.note = Some(String::new());
    draft.set("CustomerID", super::order::UNSAVED);
    draft.set("NoteID", draft.id());
    draft.set("BAccountID", Decimal::from(serial));
    draft
}

/// The request as far as the form takes it.
fn simulated(context: &Context<'_>, patch: &Patch) -> Result<Patch, Refusal> {
    if let Some(list) = UNSENT_LISTS.iter().find(|list| patch.details.get(**list).is_some_and(|rows| !rows.is_empty()))
    {
        return Err(Refusal::NotSimulated(format!("Customer.{list}")));
    }
    let rules = &context.config.customers;
    let mut patch = patch.clone();
    attributes::spell(context.master, &mut patch);
    if context.session == USER {
        return Ok(patch);
    }
    match rules.primary_contact {
        PrimaryContactRule::Refused if patch.linked.contains_key("PrimaryContact") => {
            return Err(Refusal::NotSimulated("Customer.PrimaryContact".to_owned()));
        }
        PrimaryContactRule::Refused | PrimaryContactRule::Written => {}
        PrimaryContactRule::Ignored => {
            patch.linked.remove("PrimaryContact");
        }
    }
    if !rules.status_written {
        patch.fields.remove("Status");
    }
    Ok(patch)
}

/// The class supplies the defaults of a new customer; without one sent, the first class is the default of the tenant.
fn class(context: &Context<'_>, prior: Option<&Record>, patch: &Patch, draft: &mut Record) {
    let classes = &context.master.customer_classes;
    let sent = draft.text("CustomerClass").map(str::to_owned);
    let id = match &sent {
        Some(sent) => select(classes.keys(), sent),
        None => classes.keys().next().map(String::as_str),
    };
    let Some(id) = id else {
        draft.fail("CustomerClass", not_found("Customer Class"));
        return;
    };
    draft.set("CustomerClass", id);
    match prior {
        None => {
            defaults(&classes[id], draft);
            draft.set("CreatedDateTime", context.now);
        }
        Some(prior) if prior.text("CustomerClass") != Some(id) && context.config.customers.class_change_resets => {
            for (field, value) in supplied(&classes[id]) {
                if !patch.fields.contains_key(field) {
                    draft.set_or_clear(field, value.clone().map(Scalar::Text));
                }
            }
        }
        Some(_) => {}
    }
}

/// What a class supplies, as far as a customer has it.
fn supplied(class: &CustomerClass) -> [(&'static str, &Option<String>); 4] {
    [
        ("Terms", &class.terms),
        ("TaxZone", &class.tax_zone),
        ("ShipVia", &class.ship_via),
        ("StatementCycleID", &class.statement_cycle),
    ]
}

/// The defaults of a new customer of this class.
pub(crate) fn defaults(class: &CustomerClass, draft: &mut Record) {
    draft.default_to("Status", "Active");
    draft.default_to("CurrencyID", class.currency.clone());
    draft.default_to("EnableCurrencyOverride", class.currency_override);
    draft.default_to("LocationName", "Primary Location");
    for (field, value) in supplied(class) {
        if let Some(value) = value {
            draft.default_to(field, value.clone());
        }
    }
    for flag in [
        "BillingAddressOverride",
        "BillingContactOverride",
        "IsGuestCustomer",
        "ShippingAddressOverride",
        "ShippingContactOverride",
    ] {
        draft.default_to(flag, false);
    }
    let address = draft.link("MainContact", "Contact").link("Address", "Address");
    if let Some(country) = &class.country {
        address.default_to("Country", country.clone());
    }
}

/// The contacts, attributes and credit of a customer that somebody entered before the beginning.
pub(crate) fn complete(master: &Master, numbers: &mut Numbers, draft: &mut Record) {
    parties::apply(master, true, None, &Patch::default(), draft);
    attributes::apply(master, numbers, draft);
    credit(draft);
    draft.settle();
}

fn selectors(context: &Context<'_>, draft: &mut Record) {
    let master = context.master;
    selector(draft, "CurrencyID", "Currency", master.currencies.keys());
    selector(draft, "Terms", "Terms", master.terms.keys());
    selector(draft, "TaxZone", "Tax Zone", master.tax_zones.keys());
    selector(draft, "ShipVia", "Ship Via", master.ship_vias.keys());
    selector(draft, "ShippingTerms", "Shipping Terms", master.shipping_terms.keys());
    selector(draft, "WarehouseID", "Warehouse", &master.warehouses);
    selector(draft, "ShippingBranch", "Shipping Branch", &master.branches);
    selector(draft, "PriceClassID", "Price Class", master.price_classes.keys());
}

/// The credit limit stands on the customer and among its credit verification rules.
fn credit(draft: &mut Record) {
    let header = draft.was_changed("CreditLimit").then(|| draft.fields.get("CreditLimit").cloned());
    let rules = draft.link("CreditVerificationRules", "CreditVerificationRules");
    let labels = ["Days Past Due", "Credit Limit", "Limit and Days Past Due", "Disabled"];
    drop_down(rules, "CreditVerification", &labels);
    rules.default_to("CreditVerification", "Disabled");
    if let Some(limit) = header {
        rules.set_or_clear("CreditLimit", limit);
    }
    rules.default_to("CreditLimit", Decimal::ZERO);
    let limit = rules.number("CreditLimit");
    draft.set("CreditLimit", limit);
}

/// The contact that [`reflect`] writes: a contact needs its last name, wherever it is entered.
fn primary_contact(patch: &Patch, draft: &mut Record) {
    if patch.linked.contains_key("PrimaryContact") {
        let contact = draft.link("PrimaryContact", "Contact");
        if contact.text("LastName").is_none() {
            contact.fail("LastName", cannot_be_empty("Last Name"));
        }
    }
}

/// Numbers a new customer. An automatic number replaces a supplied one (recorded 2023: sent `123`, got `C1165`).
fn number(context: &Context<'_>, numbers: &mut Numbers, patch: &Patch, draft: &mut Record) {
    if context.config.customer_auto_numbering {
        draft.errors.remove("CustomerID");
        if !draft.has_errors() {
            numbers.customer += 1;
            draft.set("CustomerID", format!("C{:06}", numbers.customer));
        }
    } else {
        match patch.text("CustomerID") {
            Some(id) => draft.set("CustomerID", id.to_uppercase()),
            None => draft.fail("CustomerID", cannot_be_empty("Customer ID")),
        }
    }
}

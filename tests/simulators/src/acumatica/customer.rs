//! Form AR303000: how a customer is built from what a request sends.

use rust_decimal::Decimal;

use super::answer::Refusal;
use super::context::{Context, address, cannot_be_empty, drop_down, not_found, selector, umbrella};
use super::decode::Patch;
use super::master::{CustomerClass, select};
use super::merge::{Merge, Numbers};
use super::record::Record;

/// The labels of `Status`. That `Credit Hold`, `On Hold` and `Inactive` exist is known from messages; the rest is inferred.
const STATUSES: [&str; 5] = ["Active", "On Hold", "Credit Hold", "Inactive", "One-Time"];

/// The customer as the request wants it, complete with defaults and errors. Nothing is stored yet.
///
/// # Errors
/// When a detail row's id names no row.
pub(crate) fn build(
    context: &Context<'_>,
    numbers: &mut Numbers,
    prior: Option<&Record>,
    patch: &Patch,
) -> Result<Record, Refusal> {
    let mut draft = prior.cloned().unwrap_or_else(|| {
        let mut draft = Record::new("Customer", numbers.serial());
        draft.note = Some(String::new());
        draft.fresh = true;
        draft.set("CustomerID", super::order::UNSAVED);
        draft
    });
    let (facts, session) = (context.facts, context.session);
    let custom_fields = &context.config.custom_fields;
    Merge { facts, session, numbers: &mut *numbers, custom_fields }.apply(&mut draft, patch)?;
    class(context, prior.is_none(), &mut draft);
    if draft.text("CustomerName").is_none() {
        draft.fail("CustomerName", cannot_be_empty("Customer Name"));
    }
    drop_down(&mut draft, "Status", &STATUSES);
    selectors(context, &mut draft);
    contacts(context, &mut draft);
    credit(&mut draft);
    if prior.is_none() {
        number(context, numbers, patch, &mut draft);
    }
    umbrella(&mut draft, prior.is_none(), "Customer");
    Ok(draft)
}

/// The class supplies the defaults of a new customer; without one sent, the first class is the default of the tenant.
fn class(context: &Context<'_>, new: bool, draft: &mut Record) {
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
    if new {
        defaults(context, &classes[id], draft);
    }
}

fn defaults(context: &Context<'_>, class: &CustomerClass, draft: &mut Record) {
    draft.default_to("Status", "Active");
    draft.default_to("CurrencyID", class.currency.clone());
    draft.default_to("EnableCurrencyOverride", class.currency_override);
    draft.default_to("LocationName", "Primary Location");
    let optional = [
        ("Terms", &class.terms),
        ("TaxZone", &class.tax_zone),
        ("ShipVia", &class.ship_via),
        ("StatementCycleID", &class.statement_cycle),
    ];
    for (field, value) in optional {
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
    draft.set("CreatedDateTime", context.now);
    draft.set("NoteID", draft.id());
    draft.set("BAccountID", Decimal::from(draft.serial));
    let address = draft.link("MainContact", "Contact").link("Address", "Address");
    if let Some(country) = &class.country {
        address.default_to("Country", country.clone());
    }
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
}

/// `Email` is the main contact's. Billing and shipping contact and address are the main ones unless their override flag is set.
fn contacts(context: &Context<'_>, draft: &mut Record) {
    let name = draft.text("CustomerName").unwrap_or_default().to_owned();
    let header_email = draft.was_changed("Email").then(|| draft.fields.get("Email").cloned());
    let main = draft.link("MainContact", "Contact");
    if let Some(email) = header_email {
        main.set_or_clear("Email", email);
    }
    if !main.was_changed("CompanyName") {
        main.set("CompanyName", name.clone());
    }
    main.set("DisplayName", name);
    address(main.link("Address", "Address"), context.master);
    let main = main.clone();
    draft.set_or_clear("Email", main.fields.get("Email").cloned());
    for part in ["Billing", "Shipping"] {
        let own_contact = draft.flag(&format!("{part}ContactOverride"));
        let own_address = draft.flag(&format!("{part}AddressOverride"));
        let contact = draft.link(&format!("{part}Contact"), "Contact");
        if !own_contact {
            contact.fields.clone_from(&main.fields);
            contact.errors.clear();
        }
        let to = contact.link("Address", "Address");
        if own_address {
            address(to, context.master);
        } else if let Some(from) = main.linked.get("Address") {
            to.fields.clone_from(&from.fields);
            to.errors.clear();
        }
    }
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

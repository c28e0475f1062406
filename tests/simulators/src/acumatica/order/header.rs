//! The header: defaults, the customer, and everything that is looked up in master data.

use super::super::config::{Duplicate, OrderType, PeriodField, Unusable};
use super::super::context::{Context, cannot_be_empty, not_found, selector};
use super::super::period;
use super::super::record::{Record, Scalar};

/// Defaults of a new order: LocationID MAIN, Project X, Hold by the order type (recorded 2023, endpoint 20.200.001).
pub(super) fn defaults(context: &Context<'_>, order_type: &OrderType, prior: Option<&Record>, draft: &mut Record) {
    if prior.is_some() {
        return;
    }
    draft.default_to("Date", context.business_date);
    let date = draft.fields.get("Date").cloned();
    if let Some(date) = date {
        draft.default_to("RequestedOn", date);
    }
    draft.default_to("LocationID", "MAIN");
    draft.default_to("Project", "X");
    draft.default_to("Hold", order_type.hold_on_entry);
    if let Some(branch) = context.branch.as_ref().or(context.master.branches.first()) {
        draft.default_to("Branch", branch.clone());
        // A branch that comes from the header is looked up as one from the body is.
        draft.changed.insert("Branch".to_owned());
    }
    draft.default_to("ControlTotal", rust_decimal::Decimal::ZERO);
    draft.default_to("CurrencyRate", rust_decimal::Decimal::ONE);
    draft.default_to("TaxCalcMode", "Tax Settings");
    let flags = [
        "Approved",
        "BillToAddressOverride",
        "BillToContactOverride",
        "CreditHold",
        "DisableAutomaticDiscountUpdate",
        "DisableAutomaticTaxCalculation",
        "IsTaxValid",
        "ShipToAddressOverride",
        "ShipToContactOverride",
        "WillCall",
    ];
    flags.iter().for_each(|flag| draft.default_to(flag, false));
    draft.set("CreatedDate", context.now);
    draft.set("NoteID", draft.id());
}

/// The order's customer, or an error on the field.
pub(super) fn customer<'a>(context: &Context<'a>, prior: Option<&Record>, draft: &mut Record) -> Option<&'a Record> {
    let Some(id) = draft.text("CustomerID").map(str::to_owned) else {
        draft.fail("CustomerID", cannot_be_empty("Customer"));
        return None;
    };
    let Some(customer) = context.customer(&id) else {
        draft.fail("CustomerID", not_found("Customer"));
        return None;
    };
    let canonical = customer.text("CustomerID").unwrap_or_default();
    draft.set("CustomerID", canonical);
    let before = prior.and_then(|prior| prior.text("CustomerID"));
    if before != Some(canonical) {
        // A customer on credit hold is accepted, and its order is put on credit hold.
        let status = customer.text("Status").unwrap_or_default();
        if matches!(status, "On Hold" | "Inactive") {
            draft.fail("CustomerID", format!("The customer status is '{status}'."));
        }
        if prior.is_some_and(|prior| !prior.rows("Payments").is_empty()) {
            draft.fail("CustomerID", "Customer cannot be changed. Payment is applied to the order.");
        }
    }
    Some(customer)
}

/// Everything the header, shipping and financial settings look up.
pub(super) fn selectors(context: &Context<'_>, customer: &Record, draft: &mut Record) {
    let master = context.master;
    currency(context, customer, draft);
    let locations = context.location_ids(draft.text("CustomerID").unwrap_or_default());
    selector(draft, "LocationID", "Location", &locations);
    selector(draft, "Project", "Project", &["X".to_owned()]);
    selector(draft, "Branch", "Branch", &master.branches);
    selector(draft, "PaymentMethod", "Payment Method", master.payment_methods.keys());
    selector(draft, "CashAccount", "Cash Account", master.cash_accounts.keys());
    selector(draft, "PreferredWarehouseID", "Preferred Warehouse ID", &master.warehouses);
    selector(draft, "DestinationWarehouseID", "Destination Warehouse", &master.warehouses);
    period::check(context, draft, "Date", PeriodField::Date);
    let reshipped = shipping(context, customer, draft);
    financial(context, customer, reshipped, draft);
}

/// The currency is the customer's; another one is taken only where the customer allows it, and ignored otherwise.
fn currency(context: &Context<'_>, customer: &Record, draft: &mut Record) {
    selector(draft, "CurrencyID", "Currency", context.master.currencies.keys());
    let own = customer.text("CurrencyID").unwrap_or("USD");
    let other = draft.text("CurrencyID").is_some_and(|sent| sent != own);
    if other && !customer.flag("EnableCurrencyOverride") && context.config.currency_not_allowed == Unusable::Refused {
        // The text is not established.
        draft.fail("CurrencyID", "The currency is not allowed for the customer.");
    } else if draft.text("CurrencyID").is_none() || !customer.flag("EnableCurrencyOverride") {
        draft.set("CurrencyID", own);
    }
    draft.set("BaseCurrencyID", context.master.currencies.keys().find(|id| *id == "USD").map_or(own, String::as_str));
}

/// `ShipVia` stands on the header and in the shipping settings; it is one field of the document. Whether the way of shipping changed.
fn shipping(context: &Context<'_>, customer: &Record, draft: &mut Record) -> bool {
    let master = context.master;
    let new = draft.fresh;
    let before = draft.fields.get("ShipVia").cloned().filter(|_| !draft.was_changed("ShipVia"));
    let settings = draft.link("ShippingSettings", "ShippingSettings");
    selector(settings, "ShippingTerms", "Shipping Terms", master.shipping_terms.keys());
    selector(settings, "FreightTaxCategory", "Freight Tax Category", master.tax_categories.keys());
    selector(settings, "PreferredWarehouseID", "Preferred Warehouse ID", &master.warehouses);
    selector(settings, "ShipVia", "Ship Via", master.ship_vias.keys());
    let nested = settings.was_changed("ShipVia").then(|| settings.fields.get("ShipVia").cloned());
    selector(draft, "ShipVia", "Ship Via", master.ship_vias.keys());
    if let Some(nested) = nested {
        draft.set_or_clear("ShipVia", nested);
    } else if new
        && !draft.was_changed("ShipVia")
        && let Some(own) = customer.text("ShipVia")
    {
        draft.set("ShipVia", own);
    }
    let ship_via = draft.fields.get("ShipVia").cloned();
    let changed = new || ship_via != before;
    let found = draft.text("ShipVia").and_then(|id| master.ship_vias.get(id));
    if changed && !draft.was_changed("WillCall") {
        draft.set("WillCall", found.is_some_and(|via| via.pickup));
    }
    let settings = draft.link("ShippingSettings", "ShippingSettings");
    settings.set_or_clear("ShipVia", ship_via);
    if let Some(category) = found.and_then(|via| via.tax_category.clone()) {
        settings.default_to("FreightTaxCategory", category);
    }
    changed || draft.was_changed("WillCall")
}

/// The customer's terms and tax zone, unless the order says otherwise; a tax zone needs its override flag to stick.
fn financial(context: &Context<'_>, customer: &Record, reshipped: bool, draft: &mut Record) {
    let branch = draft.fields.get("Branch").cloned();
    let other_customer = draft.fresh || draft.was_changed("CustomerID");
    let zone = tax_zone(context, customer, draft);
    let new = draft.fresh;
    let settings = draft.link("FinancialSettings", "FinancialSettings");
    settings.fresh = new;
    settings.set_or_clear("Branch", branch);
    settings.default_to("OverrideTaxZone", false);
    selector(settings, "Terms", "Terms", context.master.terms.keys());
    selector(settings, "CustomerTaxZone", "Customer Tax Zone", context.master.tax_zones.keys());
    period::check(context, settings, "PostPeriod", PeriodField::PostPeriod);
    if let Some(terms) = customer.text("Terms") {
        settings.default_to("Terms", terms);
    }
    let zone_sent = settings.was_changed("OverrideTaxZone") || settings.was_changed("CustomerTaxZone");
    if !settings.flag("OverrideTaxZone") && (zone_sent || other_customer || reshipped) {
        settings.set_or_clear("CustomerTaxZone", zone);
        settings.errors.remove("CustomerTaxZone");
    }
}

/// The zone of an order that does not override it: picked up, the selling branch's; shipped, the ship via's or the customer's (help topic
/// "Sales Taxes on Sales Orders": ship via and pickup move the zone; the order among them is inferred).
fn tax_zone(context: &Context<'_>, customer: &Record, draft: &Record) -> Option<Scalar> {
    let pickup = context.master.pickup_tax_zone.as_ref().filter(|_| draft.flag("WillCall"));
    let ship_via = draft.text("ShipVia").and_then(|id| context.master.ship_vias.get(id)?.tax_zone.as_ref());
    pickup.or(ship_via).map_or_else(|| customer.fields.get("TaxZone").cloned(), |zone| Some(zone.clone().into()))
}

/// The same `CustomerOrder` on another order of this type and customer, whatever its status (messages of the product; the comparison
/// by type and customer is that of public copies of its customer order attribute).
pub(super) fn customer_order(context: &Context<'_>, order_type: &OrderType, draft: &mut Record) {
    let checked = order_type.duplicate_customer_order != Duplicate::Allow;
    let Some(number) = draft.text("CustomerOrder").map(str::to_owned) else {
        if checked || order_type.require_customer_order {
            draft.fail("CustomerOrder", "The customer order number cannot be empty.");
        }
        return;
    };
    let collation = context.config.filter_collation;
    let same = |order: &&Record| {
        order.serial != draft.serial
            && order.text("OrderType") == draft.text("OrderType")
            && order.text("CustomerID") == draft.text("CustomerID")
            && order.text("CustomerOrder").is_some_and(|other| collation.equal(other, &number))
    };
    let other = context.orders.iter().find(same).and_then(|order| order.text("OrderNbr"));
    if let (Duplicate::Forbid, Some(other)) = (order_type.duplicate_customer_order, other) {
        let text = format!(
            "The same customer order number is used in the {other} sales order. Specify another customer order number."
        );
        draft.fail("CustomerOrder", text);
    }
}

//! The parts put together: the sales order to be made, changed or put on hold.

use acumatica::Put;
use acumatica::model::limits;
use acumatica::model::sales_order::{FinancialSettings, SalesOrder, ShippingSettings};
use acumatica::model::value::{Number, set};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::facts::{Customer, Facts};
use super::lines::MoneyLine;
use super::parties::Party;
use super::{Shop, amounts, lines, parties, tenders};
use crate::plan::{Amounts, Fill, Finding, Parts, Plan, Step, StepKey, Work};
use crate::settings::{ControlTotal, DuplicateGuard, FreightMode, Numbering, PurchaseOrderField, TaxMode, matches};

/// The longest reference that `ExternalRef` and `CustomerOrder` hold.
const REFERENCE_LIMIT: usize = 40;
/// The longest number that `OrderNbr` holds.
const NUMBER_LIMIT: usize = 15;
/// What the answer of a write must show so that [`super::check`] can judge it. Expanding costs nothing against the limits.
const EXPAND: &str =
    "BillToAddress,BillToContact,Payments,ShipToAddress,ShipToContact,ShippingSettings,TaxDetails,Totals";

/// Our reference: `<link>-<increment id>`.
#[must_use]
pub fn reference(link: &str, increment_id: &str) -> String {
    format!("{link}-{increment_id}")
}

/// A new sales order, after its customer where there is none.
pub(super) fn create(facts: &Facts<'_>, shop: &Shop<'_>) -> Result<Plan, Plan> {
    tenders::single(shop)?;
    tenders::no_further_amounts(shop)?;
    let (money, unexplained) = lines::money_lines(shop)?;
    let tax = amounts::as_charged(shop, &money)?;
    let freight = amounts::sound_freight(shop)?;
    let reference = own_reference(facts, shop)?;
    let date = date(shop)?;

    let mut document = header(shop, &reference, &date)?;
    parties::set_addresses(shop, &mut document);
    document.shipping_settings = shipping(shop, freight, &mut document)?;
    document.financial_settings = financial(shop, &mut document)?;
    document.details = lines::details(shop, &money);
    document.tax_details = tax.rows;
    document.payments = tenders::payments(shop, tenders::row(shop)?, &reference, &date)?;

    let parts = Parts {
        lines: money.iter().map(|line| line.gross).sum(),
        discount: money.iter().map(|line| line.discount).sum(),
        freight,
        tax: tax.total,
        extra: Decimal::ZERO,
        tenders: document
            .payments
            .iter()
            .filter_map(|payment| payment.applied_to_order.as_ref())
            .map(|amount| amount.0.0)
            .sum(),
        tax_forced: tax.forced,
    };
    let magento = amounts::order_value(shop.order);
    let finding = difference(shop, magento, added_up(&document), unexplained, &money);
    document.hold = set(finding.is_some());
    if shop.scope.first(|scope| scope.control_total) == Some(ControlTotal::Required) {
        document.control_total = set(Number(shop.currency.exact(magento)));
    }
    let steps = steps(facts, shop, document, &reference, &date, magento)?;
    let acumatica = added_up(&sent(&steps));
    let amounts = Some(Amounts { magento, acumatica, parts, decimals: shop.currency.decimals() });
    let work = Box::new(Work { steps, amounts });
    Ok(match finding {
        Some(finding) => Plan::Hold(work, finding),
        None => Plan::Create(work),
    })
}

/// The header of a bound order brought up to date: addresses and shipping, never lines.
pub(super) fn update(facts: &Facts<'_>, shop: &Shop<'_>, target: &str) -> Result<Plan, Plan> {
    let mut document = keyed(target);
    parties::set_addresses(shop, &mut document);
    if let Some(row) = shipping_row(shop)? {
        document.ship_via = set(row.ship_via.as_str());
    }
    let put = put(shop, &document, Vec::new())?;
    let reference = Some(own_reference(facts, shop)?);
    let step = Step { key: StepKey::OrderUpdate, put, fill: None, reference, total: None };
    Ok(Plan::Update(Box::new(Work { steps: vec![step], amounts: None })))
}

/// A bound order put on hold. `total` is what the document was to add up to.
#[must_use]
pub fn hold(target: &str, total: Option<Decimal>) -> Step {
    let mut document = keyed(target);
    document.hold = set(true);
    let put = Put { entity: "SalesOrder", query: expand(), headers: Vec::new(), body: body(&document) };
    Step { key: StepKey::OrderHold, put, fill: None, reference: None, total }
}

/// `SO/000123` as the key fields.
fn keyed(target: &str) -> SalesOrder {
    let (order_type, number) = target.split_once('/').unwrap_or(("", target));
    SalesOrder { order_type: set(order_type), order_nbr: set(number), ..SalesOrder::default() }
}

fn own_reference(facts: &Facts<'_>, shop: &Shop<'_>) -> Result<String, Plan> {
    let reference = reference(facts.link, &shop.order.increment_id);
    if reference.chars().count() > REFERENCE_LIMIT {
        let message =
            format!("Our reference `{reference}` is longer than the {REFERENCE_LIMIT} characters of `ExternalRef`.");
        return Err(shop.reject("orders.rejected.reference_too_long", message));
    }
    Ok(reference)
}

/// The day on which the order was placed, where the store is.
fn date(shop: &Shop<'_>) -> Result<String, Plan> {
    let unreadable = |what: &str| {
        let message = format!("The {what} of order {} cannot be read.", shop.order.increment_id);
        shop.reject("orders.rejected.unreadable_date", message)
    };
    let placed: DateTime =
        shop.order.created_at.replacen(' ', "T", 1).parse().map_err(|_| unreadable("date `created_at`"))?;
    let zone = TimeZone::get(&shop.store.time_zone).map_err(|_| unreadable("store's time zone"))?;
    let placed = placed.to_zoned(TimeZone::UTC).map_err(|_| unreadable("date `created_at`"))?;
    Ok(placed.with_time_zone(zone).date().to_string())
}

fn header(shop: &Shop<'_>, reference: &str, date: &str) -> Result<SalesOrder, Plan> {
    let order = shop.order;
    let order_type = shop.required("order_type", shop.scope.first(|scope| scope.order_type.as_deref()))?;
    let numbering = shop.required("numbering", shop.scope.first(|scope| scope.numbering))?;
    let number = match numbering {
        Numbering::Auto => None,
        Numbering::Manual if order.increment_id.chars().count() > NUMBER_LIMIT => {
            let message = format!(
                "Order number {} is longer than the {NUMBER_LIMIT} characters of `OrderNbr`.",
                order.increment_id
            );
            return Err(shop.reject("orders.rejected.number_too_long", message));
        }
        Numbering::Manual => set(order.increment_id.as_str()),
    };
    let filled = |text: Option<&'_ str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let purchase_order = filled(order.payment.as_ref().and_then(|payment| payment.po_number.as_deref()));
    let guard = shop.scope.first(|scope| scope.duplicate_guard).unwrap_or(DuplicateGuard::ExternalRef);
    let mut description = vec![format!("Magento order {}", order.increment_id)];
    description.extend(filled(order.coupon_code.as_deref()).map(|code| format!("coupon {code}")));
    let customer_order = match (guard, purchase_order) {
        (DuplicateGuard::ExternalRef, po) => po.and_then(set),
        (DuplicateGuard::CustomerOrder, po) => {
            if let Some(po) = po {
                let field = shop.scope.first(|scope| scope.purchase_order_field);
                let PurchaseOrderField::Description = shop.required("purchase_order_field", field)?;
                description.push(format!("PO {po}"));
            }
            set(reference)
        }
    };
    Ok(SalesOrder {
        note: filled(order.customer_note.as_deref()).and_then(set),
        order_type: set(order_type),
        order_nbr: number,
        external_ref: set(reference),
        customer_order,
        date: set(date),
        description: set(description.join("; ")),
        currency_id: set(shop.currency.code()),
        branch: shop.scope.first(|scope| scope.branch.as_deref()).and_then(set),
        disable_automatic_discount_update: set(true),
        ..SalesOrder::default()
    })
}

/// The row of the shipping method's mapping; none for orders without anything to ship.
fn shipping_row<'a>(shop: &Shop<'a>) -> Result<Option<&'a crate::settings::ShippingRow>, Plan> {
    let order = shop.order;
    let Some(method) =
        parties::shipping(shop).and_then(|shipping| shipping.method.as_deref()).filter(|method| !method.is_empty())
    else {
        if order.is_virtual.0 {
            return Ok(None);
        }
        let message = format!("Order {} is to be shipped, but Magento names no shipping method.", order.increment_id);
        return Err(shop.reject("orders.rejected.shipping_method_missing", message));
    };
    let row = shop.scope.row(|scope| &scope.shipping_methods, |row| matches(&row.method, method));
    row.map(Some).ok_or_else(|| {
        let message = format!("Shipping method `{method}` of order {} is not mapped.", order.increment_id);
        shop.reject("orders.rejected.shipping_method_not_mapped", message)
    })
}

fn shipping(shop: &Shop<'_>, freight: Decimal, document: &mut SalesOrder) -> Result<Option<ShippingSettings>, Plan> {
    let row = shipping_row(shop)?;
    document.ship_via = row.and_then(|row| set(row.ship_via.as_str()));
    if row.is_none() && freight.is_zero() {
        return Ok(None);
    }
    let setting = shop.required("freight", shop.scope.first(|scope| scope.freight.as_ref()))?;
    let amount = || set(Number(shop.currency.exact(freight)));
    let mut settings = ShippingSettings {
        shipping_terms: row.and_then(|row| row.terms.as_deref()).and_then(set),
        freight_tax_category: setting.tax_category.as_deref().and_then(set),
        ..ShippingSettings::default()
    };
    match setting.mode {
        FreightMode::Premium => settings.premium_freight = amount(),
        FreightMode::Override => {
            settings.override_freight_price = set(true);
            settings.freight_price = amount();
        }
    }
    Ok(Some(settings))
}

fn financial(shop: &Shop<'_>, document: &mut SalesOrder) -> Result<Option<FinancialSettings>, Plan> {
    let taxes = shop.required("taxes", shop.scope.first(|scope| scope.taxes.as_ref()))?;
    let TaxMode::AsCharged = taxes.mode;
    document.is_tax_valid = set(true);
    document.disable_automatic_tax_calculation = set(true);
    Ok(Some(FinancialSettings {
        override_tax_zone: set(true),
        customer_tax_zone: set(taxes.zone.as_str()),
        terms: tenders::row(shop)?.and_then(|row| row.terms.as_deref()).and_then(set),
    }))
}

fn steps(
    facts: &Facts<'_>,
    shop: &Shop<'_>,
    mut document: SalesOrder,
    reference: &str,
    date: &str,
    total: Decimal,
) -> Result<Vec<Step>, Plan> {
    let mut steps = Vec::new();
    let mut fill = None;
    match (parties::party(shop)?, facts.customer) {
        (Party::Generic(id), _) => document.customer_id = set(id),
        (Party::ByEmail(_), Customer::Known(id)) => document.customer_id = set(id.as_str()),
        (Party::ByEmail(email), Customer::Missing) => {
            let customer = body(&parties::new_customer(shop, email));
            within_limits(shop, "Customer", &customer)?;
            let query = vec![("$expand".to_owned(), "MainContact".to_owned())];
            let put = Put { entity: "Customer", query, headers: Vec::new(), body: customer };
            steps.push(Step { key: StepKey::CustomerCreate, put, fill: None, reference: None, total: None });
            document.customer_id = set("");
            fill = Some(Fill { pointer: "/CustomerID/value", from: StepKey::CustomerCreate, field: "CustomerID" });
        }
    }
    let mut headers = vec![("PX-CbApiBusinessDate".to_owned(), date.to_owned())];
    if document.order_nbr.is_some() {
        headers.push(("If-None-Match".to_owned(), "*".to_owned()));
    }
    let put = put(shop, &document, headers)?;
    steps.push(Step {
        key: StepKey::OrderCreate,
        put,
        fill,
        reference: Some(reference.to_owned()),
        total: Some(total),
    });
    Ok(steps)
}

fn put(shop: &Shop<'_>, document: &SalesOrder, headers: Vec<(String, String)>) -> Result<Put, Plan> {
    let mut body = body(document);
    parties::empty_the_rest(&mut body);
    within_limits(shop, "SalesOrder", &body)?;
    Ok(Put { entity: "SalesOrder", query: expand(), headers, body })
}

/// What every answer about an order must show.
#[must_use]
pub fn expanded() -> Vec<String> {
    EXPAND.split(',').map(str::to_owned).collect()
}

fn expand() -> Vec<(String, String)> {
    vec![("$expand".to_owned(), EXPAND.to_owned())]
}

fn body(document: &impl serde::Serialize) -> Value {
    serde_json::to_value(document).expect("wire models have string keys and plain values")
}

fn within_limits(shop: &Shop<'_>, entity: &str, body: &Value) -> Result<(), Plan> {
    limits::too_long(entity, body).map_or(Ok(()), |long| {
        let message = format!(
            "`{}` of order {} has {} characters; Acumatica's field {}.{} holds {}.",
            long.path, shop.order.increment_id, long.length, entity, long.path, long.limit
        );
        Err(shop.reject("orders.rejected.value_too_long", message))
    })
}

/// The sales order among the steps, read back from what is sent.
fn sent(steps: &[Step]) -> SalesOrder {
    let order = steps.iter().find(|step| step.key == StepKey::OrderCreate).map(|step| step.put.body.clone());
    serde_json::from_value(order.unwrap_or_default()).unwrap_or_default()
}

/// What the document adds up to, from nothing but its own fields: Σ (`ExtendedPrice` − `DiscountAmount`) + freight + Σ `TaxAmount`.
fn added_up(document: &SalesOrder) -> Decimal {
    let amount = |value: &Option<acumatica::model::value::Value<Number>>| {
        value.as_ref().map_or(Decimal::ZERO, |value| value.0.0)
    };
    let lines: Decimal =
        document.details.iter().map(|line| amount(&line.extended_price) - amount(&line.discount_amount)).sum();
    let freight = document
        .shipping_settings
        .as_ref()
        .map_or(Decimal::ZERO, |settings| amount(&settings.premium_freight) + amount(&settings.freight_price));
    let tax: Decimal = document.tax_details.iter().map(|tax| amount(&tax.tax_amount)).sum();
    lines + freight + tax
}

/// Names the difference between the order value and what the document adds up to.
fn difference(
    shop: &Shop<'_>,
    magento: Decimal,
    acumatica: Decimal,
    unexplained: bool,
    lines: &[MoneyLine<'_>],
) -> Option<Finding> {
    let (number, text) = (&shop.order.increment_id, |amount| shop.currency.text(amount));
    if unexplained {
        let rows: Decimal = lines.iter().map(|line| line.gross).sum();
        let message = format!(
            "The lines of order {number} add up to {}, but Magento's subtotal is {}; the order is on hold.",
            text(rows),
            text(shop.order.base_subtotal)
        );
        return Some(Finding::new("orders.held.lines_differ_from_subtotal", message));
    }
    (magento != acumatica).then(|| {
        let message = format!(
            "Order {number} is worth {} in Magento and adds up to {} in Acumatica, a difference of {}; the order is on hold.",
            text(magento),
            text(acumatica),
            text(magento - acumatica)
        );
        Finding::new("orders.held.total_differs", message)
    })
}

//! Which part of a document the ERP has come to another amount of, as far as its totals show it.

use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::{Number, Value as Wrapped};
use rust_decimal::Decimal;
use serde_json::Value;

use super::in_currency;

/// What was sent, added up by part.
struct Sent {
    lines: Decimal,
    freight_price: Decimal,
    premium_freight: Decimal,
    tax: Decimal,
    /// Whether the ERP was told the tax; otherwise it calculates it.
    is_taxed: bool,
}

impl Sent {
    fn of(body: &Value) -> Self {
        let at = |row: &Value, pointer: &str| number(row.pointer(pointer)).unwrap_or_default();
        let rows = |list: &str| body.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let net = |line: &Value| at(line, "/ExtendedPrice/value") - at(line, "/DiscountAmount/value");
        Self {
            lines: rows("Details").iter().map(net).sum(),
            freight_price: at(body, "/ShippingSettings/FreightPrice/value"),
            premium_freight: at(body, "/ShippingSettings/PremiumFreight/value"),
            tax: rows("TaxDetails").iter().map(|row| at(row, "/TaxAmount/value")).sum(),
            is_taxed: body.pointer("/IsTaxValid/value").and_then(Value::as_bool) == Some(true),
        }
    }
}

fn number(value: Option<&Value>) -> Option<Decimal> {
    value.and_then(|value| value.to_string().parse().ok())
}

fn echoed(value: &Option<Wrapped<Number>>) -> Option<Decimal> {
    value.as_ref().map(|value| value.0.0)
}

/// The part by which a document that was to add up to `total` differs. Tax and freight are told by their echoes; what remains is lines and
/// discounts.
pub(super) fn that_differs(document: &SalesOrder, total: Decimal, sent: &Value) -> String {
    let text = |amount| in_currency(document, amount);
    let sent = Sent::of(sent);
    let totals = document.totals.as_ref();
    let freight = totals.and_then(|totals| echoed(&totals.freight));
    let premium = totals.and_then(|totals| echoed(&totals.premium_freight));
    let tax = echoed(&document.tax_total);
    if let Some(tax) = tax.filter(|tax| sent.is_taxed && *tax != sent.tax) {
        return format!(" Tax was sent as {} and is {}.", text(sent.tax), text(tax));
    }
    if let Some(freight) = freight.filter(|freight| sent.freight_price.is_zero() && !freight.is_zero()) {
        return format!(" The ERP calculated freight of {}.", text(freight));
    }
    for (sent, echoed) in [(sent.freight_price, freight), (sent.premium_freight, premium)] {
        if let Some(echoed) = echoed.filter(|echoed| *echoed != sent) {
            return format!(" Freight was sent as {} and is {}.", text(sent), text(echoed));
        }
    }
    let magento = total - sent.lines - sent.freight_price - sent.premium_freight;
    match tax.filter(|_| !sent.is_taxed) {
        // All the difference is between the taxes.
        Some(tax) if echoed(&document.order_total).is_some_and(|order| order - tax == total - magento) => {
            format!(" Magento charged tax of {} and Acumatica calculated {}.", text(magento), text(tax))
        }
        Some(tax) => {
            format!(" Lines or discounts were changed by the ERP, or its tax of {} is not Magento's.", text(tax))
        }
        None => " Lines or discounts were changed by the ERP.".to_owned(),
    }
}

/// Freight that the ERP has calculated beside premium freight.
pub(super) fn calculated_freight(document: &SalesOrder, sent: &Value) -> Option<Decimal> {
    let settings = sent.get("ShippingSettings")?;
    let is_premium = settings.get("PremiumFreight").is_some() && settings.get("FreightPrice").is_none();
    let freight = document.totals.as_ref().and_then(|totals| echoed(&totals.freight));
    let price = document.shipping_settings.as_ref().and_then(|settings| echoed(&settings.freight_price));
    freight.or(price).filter(|freight| is_premium && !freight.is_zero())
}

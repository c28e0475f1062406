//! Why a document is written on hold: it can be written whole, and a person must look at it.

use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::{Number, Value};
use rust_decimal::Decimal;

use super::taxes::Tax;
use super::{Shop, amounts};
use crate::plan::Finding;

/// The first reason, if there is one. `unexplained` is what the lines add up to, where no reading of Magento's row totals adds up to its
/// subtotal.
pub(super) fn first(
    shop: &Shop<'_>,
    document: &SalesOrder,
    tax: &Tax,
    unexplained: Option<Decimal>,
) -> Option<Finding> {
    let finding =
        unexplained.map(|rows| lines_differ(shop, rows)).or_else(|| total_differs(shop, document, tax.by_erp));
    finding
        .or_else(|| tax_differs(shop, tax))
        .or_else(|| finer_than_currency(shop, document))
        .or_else(|| changed_in_part(shop))
}

fn lines_differ(shop: &Shop<'_>, rows: Decimal) -> Finding {
    let message = format!(
        "The lines of order {} add up to {}, but Magento's subtotal is {}; the order is on hold.",
        shop.order.increment_id,
        shop.currency.text(rows),
        shop.currency.text(shop.order.base_subtotal)
    );
    Finding::new("orders.held.lines_differ_from_subtotal", message)
}

/// Names the difference between the order value and what the document adds up to.
fn total_differs(shop: &Shop<'_>, document: &SalesOrder, by_erp: Decimal) -> Option<Finding> {
    let (magento, acumatica) = (amounts::order_value(shop.order), amounts::added_up(document) + by_erp);
    (magento != acumatica).then(|| {
        let text = |amount| shop.currency.text(amount);
        let message = format!(
            "Order {} is worth {} in Magento and adds up to {} in Acumatica, a difference of {}; the order is on hold.",
            shop.order.increment_id,
            text(magento),
            text(acumatica),
            text(magento - acumatica)
        );
        Finding::new("orders.held.total_differs", message)
    })
}

/// Magento's tax and its rates contradict each other: the largest row says more, or less, than was charged by its rate.
fn tax_differs(shop: &Shop<'_>, tax: &Tax) -> Option<Finding> {
    tax.beyond_rounding.then(|| {
        let message = format!(
            "Order {} has {} of tax but the rates that Magento names (`applied_taxes`) add up to {}; the order is on hold.",
            shop.order.increment_id,
            shop.currency.text(tax.total),
            shop.currency.text(tax.total - tax.forced)
        );
        Finding::new("orders.held.tax_differs", message)
    })
}

/// An amount with more decimals than its currency has. Magento rounds to two decimals whatever the currency is; Acumatica rounds each amount
/// by the currency, so that the total may come out otherwise. Amounts are sent as they are.
fn finer_than_currency(shop: &Shop<'_>, document: &SalesOrder) -> Option<Finding> {
    let freight = document.shipping_settings.iter().flat_map(|settings| {
        [("PremiumFreight", &settings.premium_freight), ("FreightPrice", &settings.freight_price)]
    });
    let lines = document
        .details
        .iter()
        .flat_map(|line| [("ExtendedPrice", &line.extended_price), ("DiscountAmount", &line.discount_amount)]);
    let taxes = document.tax_details.iter().map(|tax| ("TaxAmount", &tax.tax_amount));
    let payments = document.payments.iter().map(|payment| ("PaymentAmount", &payment.payment_amount));
    // Tax that Acumatica calculates stands in no field, and is in the total.
    let total = [("OrderTotal", amounts::order_value(shop.order))];
    let decimals = shop.currency.decimals();
    let (field, finer) = lines
        .chain(freight)
        .chain(taxes)
        .chain(payments)
        .map(|(field, value)| (field, amount(value)))
        .chain(total)
        .find(|(_, amount)| amount.normalize().scale() > decimals)?;
    let message = format!(
        "`{field}` of order {} is {}, but {} has {decimals} decimals and Acumatica rounds to them; the order is on hold.",
        shop.order.increment_id,
        shop.currency.text(finer),
        shop.currency.code()
    );
    Some(Finding::new("orders.held.finer_than_currency", message))
}

/// An order of which a part was cancelled or refunded before it was ever written: all of it is written, as it was ordered.
fn changed_in_part(shop: &Shop<'_>) -> Option<Finding> {
    let order = shop.order;
    let changes = [
        (order.base_total_canceled, "orders.held.partly_canceled", "cancelled"),
        (order.base_total_refunded, "orders.held.partly_refunded", "refunded"),
    ];
    changes.into_iter().find_map(|(amount, code, done)| {
        let amount = amount.filter(|amount| !amount.is_zero())?;
        let message = format!(
            "{} of order {} was {done} in Magento before it was written to Acumatica; all of it was written, on hold.",
            shop.currency.text(amount),
            order.increment_id
        );
        Some(Finding::new(code, message))
    })
}

fn amount(value: &Option<Value<Number>>) -> Decimal {
    value.as_ref().map_or(Decimal::ZERO, |value| value.0.0)
}

//! Payment → `Payments`, terms and the shopper's purchase order number; and whether the order may be imported at all.
//!
//! `Authorize` and `Capture` are commands that charge the card in Acumatica: they are never sent. Money is booked here only when
//! Magento has received it.

use acumatica::model::sales_order::Payment;
use acumatica::model::value::{Number, set};
use rust_decimal::Decimal;

use super::Shop;
use super::amounts::order_value;
use crate::plan::{Finding, Plan};
use crate::settings::{ImportRule, PaymentRow};

/// The row of the payment method's mapping.
pub(super) fn row<'a>(shop: &Shop<'a>) -> Result<Option<&'a PaymentRow>, Plan> {
    let number = &shop.order.increment_id;
    let Some(payment) = &shop.order.payment else {
        return Err(
            shop.reject("orders.rejected.payment_missing", format!("Order {number} has no payment in Magento."))
        );
    };
    let card = payment.cc_type.as_deref();
    let fits = |row: &PaymentRow| {
        row.method == payment.method && (row.card_type.is_none() || row.card_type.as_deref() == card)
    };
    match shop.scope.row(|scope| &scope.payment_methods, fits) {
        Some(row) => Ok(Some(row)),
        // Magento's own method for orders that cost nothing needs no mapping.
        None if payment.method == "free" && order_value(shop.order).is_zero() => Ok(None),
        None => {
            let card = card.map(|card| format!(" with card type `{card}`")).unwrap_or_default();
            let message = format!("Payment method `{}`{card} of order {number} is not mapped.", payment.method);
            Err(shop.reject("orders.rejected.payment_method_not_mapped", message))
        }
    }
}

/// Whether the import rule of the payment method is met.
pub(super) fn may_be_imported(shop: &Shop<'_>) -> Result<(), Plan> {
    let Some(row) = row(shop)? else { return Ok(()) };
    let number = &shop.order.increment_id;
    let authorised = shop.order.payment.as_ref().and_then(|payment| payment.base_amount_authorized).unwrap_or_default();
    let due = shop.order.base_grand_total;
    let waits = |code, what: &str| {
        Err(Plan::NotReady(Finding::new(code, format!("The payment of order {number} is not {what} yet."))))
    };
    match row.import {
        ImportRule::Always => Ok(()),
        ImportRule::WhenAuthorised if authorised >= due || paid(shop) >= due => Ok(()),
        ImportRule::WhenAuthorised => waits("orders.not_ready.payment_not_authorised", "authorised"),
        ImportRule::WhenPaid if paid(shop) >= due => Ok(()),
        ImportRule::WhenPaid => waits("orders.not_ready.payment_not_received", "received"),
        ImportRule::Never => {
            let message = format!("Orders paid by `{}` are not imported, by the settings.", row.method);
            Err(Plan::Skipped(Finding::new("orders.skipped.payment_method_excluded", message)))
        }
    }
}

/// Money received.
fn paid(shop: &Shop<'_>) -> Decimal {
    let by_payment = shop.order.payment.as_ref().and_then(|payment| payment.base_amount_paid);
    shop.order.base_total_paid.or(by_payment).unwrap_or_default()
}

/// Amounts that are not written yet: the order is rejected whole.
pub(super) fn no_further_amounts(shop: &Shop<'_>) -> Result<(), Plan> {
    let (order, extension) = (shop.order, &shop.order.extension_attributes);
    let wrap = [extension.gw_base_price, extension.gw_items_base_price, extension.gw_card_base_price];
    let amounts = [
        (wrap.into_iter().flatten().sum(), "orders.rejected.unsupported_gift_wrap", "gift wrapping"),
        (
            order.base_total_canceled.unwrap_or_default(),
            "orders.rejected.unsupported_partial_cancellation",
            "a partial cancellation",
        ),
        (
            order.base_total_refunded.unwrap_or_default(),
            "orders.rejected.unsupported_partial_refund",
            "a partial refund",
        ),
    ];
    amounts.into_iter().find(|(amount, ..): &(Decimal, _, _)| !amount.is_zero()).map_or(
        Ok(()),
        |(amount, code, name)| {
            let (number, amount) = (&order.increment_id, shop.currency.text(amount));
            Err(shop.reject(code, format!("Order {number} has {name} of {amount}, which is not supported.")))
        },
    )
}

/// Second tenders that Magento has deducted from the grand total are not written yet: the order is rejected whole.
pub(super) fn single(shop: &Shop<'_>) -> Result<(), Plan> {
    let extension = &shop.order.extension_attributes;
    let tenders = [
        (extension.base_customer_balance_amount, "orders.rejected.unsupported_store_credit", "store credit"),
        (extension.base_gift_cards_amount, "orders.rejected.unsupported_gift_card_tender", "a gift card"),
        (extension.base_reward_currency_amount, "orders.rejected.unsupported_reward_points", "reward points"),
    ];
    for (amount, code, name) in tenders {
        let amount = amount.unwrap_or_default();
        if !amount.is_zero() {
            let (number, amount) = (&shop.order.increment_id, shop.currency.text(amount));
            let message = format!("Order {number} is paid in part by {name} ({amount}), which is not supported.");
            return Err(shop.reject(code, message));
        }
    }
    Ok(())
}

/// The payment document for money received, if any.
pub(super) fn payments(
    shop: &Shop<'_>,
    row: Option<&PaymentRow>,
    reference: &str,
    date: &str,
) -> Result<Vec<Payment>, Plan> {
    let amount = paid(shop);
    let Some(receive) = row.and_then(|row| row.receive.as_ref()) else { return Ok(Vec::new()) };
    if amount.is_zero() {
        return Ok(Vec::new());
    }
    if amount > order_value(shop.order) {
        let (paid, value) = (shop.currency.text(amount), shop.currency.text(order_value(shop.order)));
        let message = format!("Order {} is worth {value}, but {paid} was paid.", shop.order.increment_id);
        return Err(shop.reject("orders.rejected.overpaid", message));
    }
    let transaction = shop.order.payment.as_ref().and_then(|payment| payment.last_trans_id.as_deref());
    Ok(vec![Payment {
        doc_type: set("Prepayment"),
        payment_method: set(receive.payment_method.as_str()),
        cash_account: set(receive.cash_account.as_str()),
        payment_amount: set(Number(shop.currency.exact(amount))),
        applied_to_order: set(Number(shop.currency.exact(amount))),
        payment_ref: set(transaction
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .unwrap_or(&shop.order.increment_id)),
        external_ref: set(reference),
        application_date: set(date),
        hold: set(false),
        processing_center_id: None,
        credit_card_transaction_info: Vec::new(),
    }])
}

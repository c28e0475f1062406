//! What every payment is checked for, whether it is a document of its own or nested in an order: method, cash account, reference, card.

use rust_decimal::Decimal;

use super::super::context::{Context, cannot_be_empty, drop_down, not_found};
use super::super::master::{PaymentMethod, select};
use super::super::record::Record;

/// The labels of a payment's type that the nested payments document; those of other receivables documents are not established.
pub(crate) const TYPES: [&str; 3] = ["Payment", "Prepayment", "Refund"];

/// Method and cash account: both must exist, the method be active, the account allowed with it and in `currency` where the document
/// has one already. A method that cannot be selected is one that cannot be found (inferred from selectors).
pub(crate) fn method(context: &Context<'_>, currency: Option<&str>, payment: &mut Record) {
    let master = context.master;
    let Some(sent) = payment.text("PaymentMethod").map(str::to_owned) else {
        payment.fail("PaymentMethod", cannot_be_empty("Payment Method"));
        return;
    };
    let Some(id) = select(master.payment_methods.keys(), &sent) else {
        payment.fail("PaymentMethod", not_found("Payment Method"));
        return;
    };
    let method = &master.payment_methods[id];
    if !method.active {
        payment.fail("PaymentMethod", not_found("Payment Method"));
    }
    payment.set("PaymentMethod", id);
    let fits = |account: &&String| {
        master.cash_accounts.get(*account).is_some_and(|own| currency.is_none_or(|currency| own == currency))
    };
    let allowed = method.cash_accounts.iter().filter(fits);
    match payment.text("CashAccount").map(str::to_owned) {
        None => match allowed.clone().next() {
            Some(account) => payment.set("CashAccount", account.clone()),
            None => payment.fail("CashAccount", cannot_be_empty("Cash Account")),
        },
        Some(sent) => match select(allowed, &sent) {
            Some(account) => payment.set("CashAccount", account),
            None => payment.fail("CashAccount", not_found("Cash Account")),
        },
    }
    if context.config.require_payment_ref && payment.text("PaymentRef").is_none() {
        payment.fail("PaymentRef", cannot_be_empty("Payment Ref."));
    }
    card(context, method, payment);
}

/// Card transactions done elsewhere are recorded only for a method with integrated processing and a processing centre of it (help topic
/// "Integrated Card Processing"). The centre's label, and which types of transaction may be imported besides `AUT`, are not
/// established: the latter are master data.
fn card(context: &Context<'_>, method: &PaymentMethod, payment: &mut Record) {
    let centers = method.processing_centers.iter().filter(|_| method.integrated);
    match payment.text("ProcessingCenterID").map(str::to_owned) {
        Some(sent) => match select(centers, &sent) {
            Some(center) => payment.set("ProcessingCenterID", center),
            None => payment.fail("ProcessingCenterID", not_found("Proc. Center ID")),
        },
        None if !payment.rows("CreditCardTransactionInfo").is_empty() => {
            payment.fail("ProcessingCenterID", cannot_be_empty("Proc. Center ID"));
        }
        None => {}
    }
    let types: Vec<&str> = context.master.card_transaction_types.iter().map(String::as_str).collect();
    for transaction in payment.rows_mut("CreditCardTransactionInfo") {
        drop_down(transaction, "TranType", &types);
        for (field, display) in [("TranNbr", "Proc. Center Tran. Nbr."), ("TranType", "Tran. Type")] {
            if transaction.text(field).is_none() {
                transaction.fail(field, cannot_be_empty(display));
            }
        }
    }
}

/// Brings the amount to the currency's precision and refuses a negative one; the text is not established.
pub(crate) fn amount(payment: &mut Record, places: u32) -> Decimal {
    let amount = super::super::order::round(payment.number("PaymentAmount"), places);
    payment.set("PaymentAmount", amount);
    if amount < Decimal::ZERO {
        payment.fail("PaymentAmount", "The payment amount cannot be negative.");
    }
    amount
}

/// The label before release; others than these two are not simulated.
pub(crate) fn status(payment: &mut Record) {
    let status = if payment.flag("Hold") { "On Hold" } else { "Balanced" };
    payment.set("Status", status);
}

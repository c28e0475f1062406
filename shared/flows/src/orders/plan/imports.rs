//! Whether an order may be imported, by the rule of its payment method.

use super::{Shop, tenders};
use crate::plan::{Finding, Plan};
use crate::settings::ImportRule;

/// Whether the import rule of the payment method is met.
pub(super) fn may_be_imported(shop: &Shop<'_>) -> Result<(), Plan> {
    let Some(row) = tenders::row(shop)? else { return Ok(()) };
    let number = &shop.order.increment_id;
    let (paid, authorised) = (tenders::paid(shop.order), tenders::authorised(shop.order));
    let due = shop.order.base_grand_total;
    let waits = |code, what: &str| {
        Err(Plan::NotReady(Finding::new(code, format!("The payment of order {number} is not {what} yet."))))
    };
    match row.import {
        ImportRule::Always => Ok(()),
        ImportRule::WhenAuthorised if authorised >= due || paid >= due => Ok(()),
        ImportRule::WhenAuthorised => waits("orders.not_ready.payment_not_authorised", "authorised"),
        ImportRule::WhenPaid if paid >= due => Ok(()),
        ImportRule::WhenPaid => waits("orders.not_ready.payment_not_received", "received"),
        ImportRule::Never => {
            let message = format!("Orders paid by `{}` are not imported, by the settings.", row.method);
            Err(Plan::Skipped(Finding::new("orders.skipped.payment_method_excluded", message)))
        }
    }
}

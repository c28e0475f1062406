//! An order as a sales order: which Magento field becomes which Acumatica field, one file per part of the document.
//!
//! [`imports`] whether it may be imported; [`header`] identity, day and words; [`lines`] items → `Details`, with `extras` behind them;
//! [`amounts`] order value and freight; [`taxes`] → `TaxDetails` and zone, by Magento's `rates`;
//! [`shipping`] method and freight → ship via and `ShippingSettings`; [`tenders`] payment → `Payments` and terms; [`parties`] shopper
//! and addresses → `Customer`, `BillTo…`, `ShipTo…`; [`document`] puts the parts together; [`steps`] makes requests of them, by [`slices`] of
//! lines and with [`payments`] as documents of their own; [`check`] judges the ERP's receipt; [`period`] moves an order out of a closed one;
//! [`tell`] says what Magento is told.

pub mod amounts;
pub mod check;
pub mod document;
mod extras;
pub mod header;
mod holds;
pub mod imports;
pub mod lines;
pub mod parties;
pub mod payments;
pub mod period;
mod rates;
pub mod shipping;
pub mod slices;
pub mod steps;
pub mod taxes;
pub mod tell;
pub mod tenders;

use jiff::Timestamp;
use jiff::civil::Date;
use magento::model::order::Order;

use super::facts::{Facts, Items, Standing};
use super::fingerprint::{self, Changed};
use crate::plan::{Finding, Plan, Work};
use crate::settings::{ClosedPeriod, Resolved, Store, When, matches};

/// What shall be done about an order.
#[must_use]
pub fn plan(facts: &Facts<'_>) -> Plan {
    decide(facts).unwrap_or_else(|end| end)
}

/// How the order's customer is found; none where the order cannot be planned so far.
#[must_use]
pub fn party<'a>(facts: &Facts<'a>) -> Option<parties::Party<'a>> {
    parties::party(&Shop::of(facts).ok()?).ok()
}

/// What Magento must be asked about the order's products before it is planned for good; none where nothing is to be asked.
#[must_use]
pub fn asked<'a>(facts: &Facts<'a>) -> Option<lines::Asked<'a>> {
    lines::asked(&Shop::of(facts).ok()?)
}

/// The latest day to which the order may be moved when its own lies in a closed period: today, where the store is. None where the settings
/// say that it is parked.
#[must_use]
pub fn moved_until(facts: &Facts<'_>, now: Timestamp) -> Option<Date> {
    let shop = Shop::of(facts).ok()?;
    let rule = shop.scope.first(|scope| scope.closed_period).unwrap_or(ClosedPeriod::Park);
    (rule == ClosedPeriod::NextOpen).then(|| header::local_day(shop.store, now)).flatten()
}

/// `Err` is as good an answer as `Ok`: it is the one that was found first.
fn decide(facts: &Facts<'_>) -> Result<Plan, Plan> {
    by_rule(facts)?;
    match facts.bound {
        None => {
            not_firm(facts.order)?;
            let shop = Shop::of(facts)?;
            imports::may_be_imported(&shop)?;
            document::create(facts, &shop)
        }
        Some(bound) if bound.unfinished => {
            go_on(facts, &bound.target, fingerprint::changed(&bound.fingerprint, facts.fingerprint))
        }
        Some(bound) if bound.fingerprint == *facts.fingerprint => Ok(Plan::Unchanged),
        Some(bound) => {
            let changed = fingerprint::changed(&bound.fingerprint, facts.fingerprint);
            after_binding(facts, &bound.target, changed)
        }
    }
}

/// What is not synced whatever it says.
fn by_rule(facts: &Facts<'_>) -> Result<(), Plan> {
    let (order, orders) = (facts.order, &facts.settings.orders);
    let skip = |code, message: String| Err(Plan::Skipped(Finding::new(code, message)));
    if facts.bound.is_some_and(|bound| bound.unfinished) {
        // What was begun is finished whatever the settings say now: a part of an order is of use to nobody.
        return Ok(());
    }
    if !orders.enabled {
        return skip("orders.skipped.disabled", "Orders are switched off in the settings.".to_owned());
    }
    if facts.bound.is_some() {
        return Ok(());
    }
    let created = day_of(&order.created_at);
    if let Some(earliest) = orders.earliest_order
        && created < earliest.to_string().as_str()
    {
        let message = format!("Order {} of {created} is older than the earliest order {earliest}.", order.increment_id);
        return skip("orders.skipped.older_than_earliest_order", message);
    }
    match Standing::of(order) {
        Standing::Canceled | Standing::Closed => {
            let state = if Standing::of(order) == Standing::Canceled { "cancelled" } else { "closed" };
            let message =
                format!("Order {} was {state} in Magento before it was written to Acumatica.", order.increment_id);
            skip("orders.skipped.canceled_before_sync", message)
        }
        _ => Ok(()),
    }
}

/// States in which an order is not firm yet.
fn not_firm(order: &Order) -> Result<(), Plan> {
    let number = &order.increment_id;
    let (code, message) = match Standing::of(order) {
        Standing::Firm | Standing::Canceled | Standing::Closed => return Ok(()),
        Standing::PendingPayment => {
            ("orders.not_ready.pending_payment", format!("The shopper is still paying order {number}."))
        }
        Standing::PaymentReview => {
            ("orders.not_ready.payment_review", format!("The payment of order {number} is being checked."))
        }
        Standing::OnHold => ("orders.not_ready.on_hold_in_magento", format!("Order {number} is on hold in Magento.")),
        Standing::Unknown => (
            "orders.not_ready.unknown_state",
            format!("Order {number} is in a state that Magento does not document; it is looked at again."),
        ),
    };
    Err(Plan::NotReady(Finding::new(code, message)))
}

/// What a person should know of a bound order that was cancelled.
pub(super) fn canceled(order: &Order, target: &str) -> Option<Finding> {
    (Standing::of(order) == Standing::Canceled).then(|| {
        let message = format!(
            "Order {} was cancelled in Magento after it was written to Acumatica as {target}; it was put on hold there.",
            order.increment_id
        );
        Finding::new("orders.held.canceled_in_magento", message)
    })
}

/// The code of an order whose document in the ERP no longer fits.
pub(super) const CHANGED: &str = "orders.rejected.changed_after_sync";

/// A cancelled order's document is put on hold, and one that no longer fits is a person's; `when` says how far it had come.
fn not_overtaken(order: &Order, target: &str, changed: Changed, when: &str) -> Result<(), Plan> {
    if let Some(finding) = canceled(order, target) {
        let work = Box::new(Work { steps: vec![steps::hold(target, None)], amounts: None });
        return Err(Plan::Hold(work, finding));
    }
    if changed.money {
        let message = format!("Lines or amounts of order {} were changed in Magento {when}.", order.increment_id);
        return Err(Plan::Rejected(Finding::new(CHANGED, message)));
    }
    Ok(())
}

/// The order has a document in the ERP of which a part is missing: the rest is written, unless it would not fit to what is there.
fn go_on(facts: &Facts<'_>, target: &str, changed: Changed) -> Result<Plan, Plan> {
    not_overtaken(
        facts.order,
        target,
        changed,
        &format!("while it was written to Acumatica as {target}, which has only a part of it"),
    )?;
    not_firm(facts.order)?;
    Ok(match document::create(facts, &Shop::of(facts)?)? {
        Plan::Create(work) => Plan::Update(work),
        other => other,
    })
}

/// The order has a document in the ERP and has changed since.
fn after_binding(facts: &Facts<'_>, target: &str, changed: Changed) -> Result<Plan, Plan> {
    not_overtaken(facts.order, target, changed, &format!("after it was written to Acumatica as {target}"))?;
    if changed.parties {
        return steps::update(facts, &Shop::of(facts)?, target);
    }
    Ok(Plan::Unchanged)
}

/// What holds for the order's store view.
#[derive(Clone, Debug)]
pub struct Shop<'a> {
    /// The order.
    pub order: &'a Order,
    /// Its store view.
    pub store: &'a Store,
    /// Its settings.
    pub scope: Resolved<'a>,
    /// The base currency.
    pub currency: crate::money::Currency,
    /// What Magento's products say of their items in Acumatica.
    pub items: Option<&'a Items>,
}

impl<'a> Shop<'a> {
    fn of(facts: &Facts<'a>) -> Result<Self, Plan> {
        let order = facts.order;
        let store = facts.settings.store(order.store_id.0).ok_or_else(|| {
            let message = format!(
                "Store view {} of order {} is not in the settings: run the connection test.",
                order.store_id.0, order.increment_id
            );
            Plan::Rejected(Finding::new("orders.rejected.store_not_mapped", message))
        })?;
        let code = &order.base_currency_code;
        let currency = crate::money::Currency::parse(code).filter(|_| *code == store.currency).ok_or_else(|| {
            let message = format!(
                "Order {} is in {code}, but website `{}` trades in {}.",
                order.increment_id, store.website, store.currency
            );
            Plan::Rejected(Finding::new("orders.rejected.currency_differs", message))
        })?;
        let channel = facts.settings.orders.channels.iter().find(|channel| came_through(order, &channel.when));
        Ok(Self { order, store, scope: facts.settings.orders_through(channel, store), currency, items: facts.items })
    }

    /// A rejection with a sentence.
    pub(super) fn reject(&self, code: &'static str, message: impl Into<String>) -> Plan {
        Plan::Rejected(Finding::new(code, message))
    }

    /// A value without which no order can be written.
    pub(super) fn required<T>(&self, name: &str, value: Option<T>) -> Result<T, Plan> {
        value.ok_or_else(|| {
            let message = format!(
                "The setting `{name}` is needed for order {} of store view `{}` and is not set.",
                self.order.increment_id, self.store.code
            );
            self.reject("orders.rejected.setting_missing", message)
        })
    }
}

/// Whether an order fits a channel.
fn came_through(order: &Order, when: &When) -> bool {
    let text = |pattern: &Option<String>, text: Option<&str>| {
        pattern.as_deref().is_none_or(|pattern| text.is_some_and(|text| matches(pattern, text)))
    };
    let payment = order.payment.as_ref().map(|payment| payment.method.as_str());
    text(&when.payment_method, payment)
        && text(&when.shipping_method, parties::shipping_of(order).and_then(|shipping| shipping.method.as_deref()))
        && text(&when.increment_id, Some(&order.increment_id))
        && when.customer_group.is_none_or(|group| order.customer_group_id.is_some_and(|id| id.0 == group))
}

/// The day of `YYYY-MM-DD HH:MM:SS`.
fn day_of(at: &str) -> &str {
    at.get(..10).unwrap_or(at)
}

#[cfg(test)]
mod tests;

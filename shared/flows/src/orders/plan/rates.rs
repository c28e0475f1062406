//! Magento's tax rates on an order, whichever way its version lists them: `applied_taxes` with `item_applied_taxes`, or else `taxes` with the
//! items' `itemized_taxes` and `additional_itemized_taxes`.

use magento::model::order::{Extension, Order};
use magento::model::wire::Id;
use rust_decimal::Decimal;

/// What a rate is charged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Taxed {
    /// A line, by its `item_id`.
    Item(Id),
    /// Shipping.
    Shipping,
    /// Something else, of which the order says nothing more; told apart by its place in Magento's list.
    Other(usize),
}

/// One rate, and what it has charged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate<'o> {
    /// Magento's code.
    pub code: &'o str,
    /// In percent.
    pub percent: Decimal,
    /// In base currency.
    pub amount: Decimal,
}

/// Whether the order names any rate.
pub(super) fn named(order: &Order) -> bool {
    let extension = &order.extension_attributes;
    !extension.applied_taxes.is_empty() || !extension.taxes.is_empty()
}

/// The rates that have charged something.
pub(super) fn rates(order: &Order) -> Vec<Rate<'_>> {
    let extension = &order.extension_attributes;
    let applied = extension.applied_taxes.iter().map(|tax| (tax.code.as_deref(), tax.percent, tax.base_amount));
    let newer = extension.taxes.iter().map(|tax| (tax.code.as_deref(), tax.percent, tax.base_real_amount));
    let all: Vec<_> = if is_newer(extension) { newer.collect() } else { applied.collect() };
    let rates = all.into_iter().map(|(code, percent, amount)| Rate {
        code: code.unwrap_or_default(),
        percent: percent.unwrap_or_default(),
        amount: amount.unwrap_or_default(),
    });
    rates.filter(|rate| !rate.amount.is_zero()).collect()
}

/// What the rate with this code is charged on.
pub(super) fn charged_on(order: &Order, code: &str) -> Vec<Taxed> {
    let extension = &order.extension_attributes;
    let is = |named: &Option<String>| named.as_deref() == Some(code);
    if !is_newer(extension) {
        let listed = extension.item_applied_taxes.iter().enumerate();
        return listed
            .filter(|(_, of)| of.applied_taxes.iter().any(|tax| is(&tax.code)))
            .map(|(at, of)| match (of.kind.as_deref(), of.item_id) {
                (Some("shipping"), _) => Taxed::Shipping,
                (_, Some(id)) => Taxed::Item(id),
                (_, None) => Taxed::Other(at),
            })
            .collect();
    }
    let of_items = order.items.iter().filter_map(|item| {
        let taxed = item.extension_attributes.itemized_taxes.iter().any(|tax| is(&tax.tax_code));
        taxed.then_some(Taxed::Item(item.item_id))
    });
    let further =
        extension.additional_itemized_taxes.iter().enumerate().filter(|(_, tax)| is(&tax.tax_code)).map(|(at, tax)| {
            match tax.taxable_item_type.as_deref() {
                Some("shipping") => Taxed::Shipping,
                _ => Taxed::Other(at),
            }
        });
    of_items.chain(further).collect()
}

fn is_newer(extension: &Extension) -> bool {
    extension.applied_taxes.is_empty() && !extension.taxes.is_empty()
}

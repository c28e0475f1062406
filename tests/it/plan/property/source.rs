//! Magento's figures, read from the document by themselves. Nothing here is the plan's: neither its types nor its reasoning.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use super::super::decimal;
use super::settings::DEDUCTED;

/// What an order says of its money, in base currency.
#[derive(Debug)]
pub(in super::super) struct Source {
    pub(in super::super) value: Decimal,
    /// Items that carry money, by id.
    pub(in super::super) goods: BTreeMap<u64, Goods>,
    /// What the header takes off and no item does.
    pub(in super::super) rest: Decimal,
    /// The rows add up to the subtotal.
    pub(in super::super) adds_up: bool,
    pub(in super::super) freight: Decimal,
    pub(in super::super) tax: Decimal,
    /// Fixed product tax, wrappings, printed card.
    pub(in super::super) beside: Decimal,
    /// Fixed product tax alone.
    fixed: Decimal,
    /// A module's fee.
    pub(in super::super) fee: Decimal,
    /// Money received by the payment method.
    pub(in super::super) received: Decimal,
    /// Gift cards, store credit, reward points, by Acumatica's payment method.
    pub(in super::super) deducted: BTreeMap<&'static str, Decimal>,
    pub(in super::super) decimals: u32,
}

/// An item that carries money.
#[derive(Debug)]
pub(in super::super) struct Goods {
    pub(in super::super) gross: Decimal,
    /// As Magento has it.
    off: Decimal,
    /// Without the tax hidden in it: below zero where rounding hides tax in no discount.
    pub(in super::super) discount: Decimal,
    /// Ids and quantities of the lines that it may become: itself, or its components.
    pub(in super::super) whole: (u64, Decimal),
    pub(in super::super) components: Vec<(u64, Decimal)>,
}

/// An amount, or nothing. Wrappings are texts.
pub(in super::super) fn amount(document: &Value, field: &str) -> Decimal {
    match document.get(field) {
        Some(Value::Number(number)) => decimal(&number.to_string()),
        Some(Value::String(text)) => decimal(text),
        _ => Decimal::ZERO,
    }
}

fn id(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).expect("an id")
}

impl Source {
    /// `net` says that this shop prints row totals after discount.
    pub(in super::super) fn of(document: &Value, net: bool) -> Self {
        let items = document["items"].as_array().expect("items");
        let extension = &document["extension_attributes"];
        let gross = |item: &Value| {
            let off = if net { amount(item, "base_discount_amount") } else { Decimal::ZERO };
            amount(item, "base_row_total") + off
        };
        let goods = goods(items, &gross);
        let fixed: Decimal = items.iter().map(|item| amount(item, "base_weee_tax_applied_row_amnt")).sum();
        let rows: Decimal = goods.values().map(|goods| goods.gross).sum();
        let subtotal = amount(document, "base_subtotal");
        let deducted: BTreeMap<&str, Decimal> =
            DEDUCTED.iter().map(|(method, field)| (*method, amount(extension, field))).collect();
        let off: Decimal = items.iter().map(|item| amount(item, "base_discount_amount")).sum();
        let wrapped: Decimal = ["gw_base_price", "gw_items_base_price", "gw_card_base_price"]
            .map(|field| amount(extension, field))
            .iter()
            .sum();
        let code = document["base_currency_code"].as_str().unwrap_or_default();
        Self {
            value: amount(document, "base_grand_total") + deducted.values().sum::<Decimal>(),
            rest: -amount(document, "base_discount_amount") - off - amount(document, "base_shipping_discount_amount"),
            adds_up: rows == subtotal || rows + fixed == subtotal,
            freight: amount(document, "base_shipping_amount") - amount(document, "base_shipping_discount_amount")
                + amount(document, "base_shipping_discount_tax_compensation_amnt"),
            tax: amount(document, "base_tax_amount"),
            beside: fixed + wrapped,
            fixed,
            fee: amount(extension, "base_fee"),
            received: amount(document, "base_total_paid"),
            deducted,
            decimals: match code {
                "JPY" => 0,
                "KWD" => 3,
                _ => 2,
            },
            goods,
        }
    }

    /// Every amount that a document for the ERP has.
    fn amounts(&self) -> Vec<Decimal> {
        let goods = self.goods.values().flat_map(|goods| [goods.gross, goods.discount]);
        let others = [self.value, self.freight, self.tax, self.beside, self.fee, self.received, self.rest];
        goods.chain(others).chain(self.deducted.values().copied()).collect()
    }

    /// Whether a fixed product tax is as much as the discounts: nobody can tell then whether the subtotal holds the one or the rows are
    /// without the other.
    pub(in super::super) fn ambiguous(&self) -> bool {
        !self.fixed.is_zero() && self.goods.values().map(|goods| goods.off).sum::<Decimal>() == self.fixed
    }

    /// Codes that are the only sound answers to this order; none where it must be written. Each is seen from the document alone.
    pub(in super::super) fn excuses(&self, document: &Value, fee_mapped: bool) -> Vec<&'static str> {
        let mut codes = Vec::new();
        if self.amounts().iter().any(|amount| amount.normalize().scale() > self.decimals) {
            // Magento rounds every currency to two decimals, and rows of fractional quantities not at all.
            codes.extend(["orders.held.finer_than_currency", "orders.rejected.discount_exceeds_lines"]);
        }
        if !self.adds_up {
            codes.push("orders.held.lines_differ_from_subtotal");
        }
        if !self.fee.is_zero() && !fee_mapped {
            codes.push("orders.held.total_differs");
        }
        // Rounding, or a discount on a price with tax, can take more off than there is.
        if self.freight < Decimal::ZERO || self.goods.values().any(|goods| goods.discount > goods.gross) {
            codes.push("orders.rejected.discount_exceeds_line");
        }
        let net: Decimal = self.goods.values().map(|goods| goods.gross - goods.discount).sum();
        if self.rest > net {
            codes.push("orders.rejected.discount_exceeds_lines");
        }
        for (field, code) in [
            ("base_total_canceled", "orders.held.partly_canceled"),
            ("base_total_refunded", "orders.held.partly_refunded"),
        ] {
            if !amount(document, field).is_zero() {
                codes.push(code);
            }
        }
        codes
    }
}

/// Parents carry the money, but for bundles whose components do: there some component costs something.
fn goods(items: &[Value], gross: &dyn Fn(&Value) -> Decimal) -> BTreeMap<u64, Goods> {
    let mut found = BTreeMap::new();
    let add = |item: &Value, components: Vec<(u64, Decimal)>, found: &mut BTreeMap<u64, Goods>| {
        let hidden = amount(item, "base_discount_tax_compensation_amount");
        let key = id(&item["item_id"]);
        let whole = (key, amount(item, "qty_ordered"));
        let off = amount(item, "base_discount_amount");
        found.insert(key, Goods { gross: gross(item), off, discount: off - hidden, whole, components });
    };
    for parent in items.iter().filter(|item| item["parent_item_id"].is_null()) {
        let of_parent =
            |item: &&Value| !item["parent_item_id"].is_null() && id(&item["parent_item_id"]) == id(&parent["item_id"]);
        let children: Vec<&Value> = match parent["product_type"].as_str() {
            Some("bundle") => items.iter().filter(of_parent).collect(),
            _ => Vec::new(),
        };
        if children.iter().any(|child| gross(child) > Decimal::ZERO) {
            children.iter().for_each(|child| add(child, Vec::new(), &mut found));
        } else {
            let components = children.iter().map(|child| (id(&child["item_id"]), amount(child, "qty_ordered")));
            add(parent, components.collect(), &mut found);
        }
    }
    found
}

/// Magento's own arithmetic: what a document of the simulated shop must keep for anybody to believe it.
pub(in super::super) fn adds_up(document: &Value, in_base: bool) -> Result<(), String> {
    let name = |field: &str| if in_base { format!("base_{field}") } else { field.to_owned() };
    let of = |field: &str| amount(document, &name(field));
    let extension = &document["extension_attributes"];
    let beside = |field: &str| amount(extension, &name(field));
    let items = document["items"].as_array().expect("items");
    let over = |field: &str| items.iter().map(|item| amount(item, &name(field))).sum::<Decimal>();
    let (fixed, hidden_shipping) = if in_base {
        ("base_weee_tax_applied_row_amnt", "base_shipping_discount_tax_compensation_amnt")
    } else {
        ("weee_tax_applied_row_amount", "shipping_discount_tax_compensation_amount")
    };
    let fixed: Decimal = items.iter().map(|item| amount(item, fixed)).sum();
    let wrapped: Decimal =
        ["", "items_", "card_"].map(|which| amount(extension, &format!("gw_{which}{}", name("price")))).iter().sum();
    let tenders = ["customer_balance_amount", "gift_cards_amount", "reward_currency_amount"].map(beside);
    let total = of("subtotal")
        + of("discount_amount")
        + of("shipping_amount")
        + of("tax_amount")
        + of("discount_tax_compensation_amount")
        + amount(document, hidden_shipping)
        + wrapped
        + beside("fee")
        - tenders.iter().sum::<Decimal>();
    let close = |a: Decimal, b: Decimal| (a - b).abs() <= Decimal::new(1, 3);
    let grand_total = of("grand_total");
    if !close(total, grand_total) && !close(total + fixed, grand_total) {
        return Err(format!("{}: {total} (+ {fixed}) is not {grand_total}", name("grand_total")));
    }
    let off = over("discount_amount") + of("shipping_discount_amount");
    if off > -of("discount_amount") + Decimal::new(1, 3) {
        return Err(format!("{}: lines and shipping have {off}", name("discount_amount")));
    }
    let taxed: Decimal = items
        .iter()
        .filter(|item| item["parent_item_id"].is_null())
        .map(|item| amount(item, &name("tax_amount")))
        .sum::<Decimal>();
    if taxed + of("shipping_tax_amount") > of("tax_amount") + Decimal::new(1, 3) {
        return Err(format!("{}: lines and shipping have more", name("tax_amount")));
    }
    Ok(())
}

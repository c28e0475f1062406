//! What holds of the plan of any order within this release.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use flows::orders::facts::Customer;
use flows::plan::{Plan, StepKey};
use flows::settings::Settings;
use magento::model::order::{self, Order};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rust_decimal::Decimal;
use serde_json::Value;
use simulators::magento::{OrderDraft, Payment, RowTotal};

use super::{PLACED, body, decided, decimal, placed, settings};

static SAMPLE: LazyLock<Settings> = LazyLock::new(|| settings(|_| {}));

/// Kind, quantity, unit price in cents, taxed, discounted.
type Item = (u8, Decimal, i64, bool, bool);

fn item() -> impl Strategy<Value = Item> {
    let quantity = prop_oneof![
        8 => (1i64..=9).prop_map(Decimal::from),
        1 => (1i64..=250).prop_map(Decimal::from),
    ];
    let price = prop_oneof![1 => Just(0i64), 8 => 1i64..=20_000, 1 => 1i64..=9_000_000];
    // Rows of a few cents are left out: there, tax hidden in a discount may round beyond the discount itself, which is refused
    // (`lines.rs` has such a row).
    let worth = |cents: i64, quantity: Decimal| cents == 0 || Decimal::from(cents) * quantity >= Decimal::from(50);
    (0u8..5, quantity, price, prop::bool::weighted(0.8), prop::bool::weighted(0.8))
        .prop_filter("a row of a few cents", move |(_, quantity, cents, ..)| worth(*cents, *quantity))
}

fn with_item(draft: OrderDraft, n: usize, (kind, quantity, cents, taxed, discounted): Item) -> OrderDraft {
    let (sku, price) = (format!("SKU-{n}"), Decimal::new(cents, 2));
    let draft = match kind {
        0 => draft.configurable("Parent", &sku, quantity, price),
        1 => draft.virtual_item(&sku, quantity, price),
        2 => draft.grouped(&sku, quantity, price),
        _ => draft.simple(&sku, quantity, price),
    };
    let draft = if taxed { draft } else { draft.untaxed() };
    // A free row is left out of cart rules: of a fixed amount the last row takes the rest, whatever it is worth.
    if discounted && cents > 0 { draft } else { draft.undiscounted() }
}

fn with_discount(draft: OrderDraft, kind: u8, amount: i64) -> OrderDraft {
    match kind {
        0 => draft.discount_percent(Decimal::new(amount % 10_001, 2)),
        1 => draft.discount_percent_with_shipping(Decimal::new(amount % 10_001, 2)),
        2 => draft.discount_fixed(Decimal::new(amount, 2)),
        3 => draft.discount_per_item(Decimal::new(amount % 500, 2)),
        4 => draft.shipping_discount(Decimal::new(amount % 900, 2)),
        _ => draft,
    }
}

const RATES: [(&str, &str); 4] =
    [("US-MI-*-Rate 1", "8.25"), ("US-CA-*-Rate 1", "7.25"), ("US-NY-*-Rate 1", "0.375"), ("FR-VAT-20", "20")];

/// An order within this release, and how its row totals are printed.
pub(super) fn any_order() -> impl Strategy<Value = (OrderDraft, RowTotal)> {
    let shipping = (0i64..=3000, 0usize..RATES.len(), any::<bool>());
    let taxes = (0usize..RATES.len(), 0u8..3, 0u8..3);
    let rest = (0u8..7, 1i64..=15_000, 0u8..4, any::<bool>(), any::<bool>(), 1u32..=3);
    (prop::collection::vec(item(), 1..=4), shipping, taxes, rest).prop_map(
        |(items, (freight, shipping_rate, shipping_taxed), (rate, rates, inclusive), rest)| {
            let (discount, amount, payment, net, registered, store) = rest;
            let email = "shopper@example.com";
            let draft = if registered { OrderDraft::registered(7, email) } else { OrderDraft::guest(email) };
            let mut draft = draft.store(store).shipping("ups_03", Decimal::new(freight, 2));
            // A cart rule per piece is for whole pieces.
            let discount =
                if items.iter().all(|(_, quantity, ..)| quantity.is_integer()) { discount } else { discount % 3 };
            for (n, item) in items.into_iter().enumerate() {
                draft = with_item(draft, n, item);
            }
            draft = with_discount(draft, discount, amount);
            for n in 0..usize::from(rates) {
                let (code, percent) = RATES[(rate + n) % RATES.len()];
                draft = draft.separate_tax(n.try_into().expect("few rates"), code, percent);
            }
            if shipping_taxed {
                draft = draft.shipping_tax(RATES[shipping_rate].0, RATES[shipping_rate].1);
            }
            draft = match inclusive {
                0 => draft,
                1 => draft.tax_inclusive(),
                _ => draft.tax_inclusive().discount_excluding_tax(),
            };
            let (method, transaction) = ("braintree".to_owned(), "t-1".to_owned());
            let draft = draft.payment(match payment {
                0 => Payment::Captured { method, transaction },
                1 => Payment::Authorised { method, transaction },
                2 => Payment::Check,
                _ => Payment::PurchaseOrder("PO-1".into()),
            });
            (draft, if net { RowTotal::NetOfDiscount } else { RowTotal::Gross })
        },
    )
}

/// Every wrapped number of a body, with the name of its field.
fn numbers<'a>(value: &'a Value, name: &'a str, found: &mut Vec<(&'a str, Decimal)>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::Number(number)) = members.get("value") {
                found.push((name, decimal(&number.to_string())));
            }
            members.iter().for_each(|(name, value)| numbers(value, name, found));
        }
        Value::Array(rows) => rows.iter().for_each(|row| numbers(row, name, found)),
        _ => {}
    }
}

/// What holds of every plan that creates.
pub(super) fn sound(plan: &Plan) -> Result<(), TestCaseError> {
    prop_assert_eq!(plan.word(), "create", "{:?}", plan.finding());
    let work = plan.work().expect("a creation has work");
    let amounts = work.amounts.as_ref().expect("a creation has amounts");
    prop_assert_eq!(amounts.magento, amounts.acumatica);
    let parts = &amounts.parts;
    let sum = parts.lines - parts.discount + parts.freight + parts.tax + parts.extra;
    prop_assert_eq!(sum, amounts.magento);
    prop_assert!(parts.tenders <= amounts.magento);
    let document = body(plan, StepKey::OrderCreate);
    let mut references = BTreeSet::new();
    for line in document["Details"].as_array().expect("lines") {
        prop_assert!(references.insert(line["ExternalRef"]["value"].to_string()), "{} twice", line["ExternalRef"]);
        let of = |field: &str| decimal(&line[field]["value"].to_string());
        let (price, discount) = (of("ExtendedPrice"), of("DiscountAmount"));
        prop_assert!(discount >= Decimal::ZERO && discount <= price, "{} off {}", discount, price);
        let rounded = (price / of("OrderQty") - of("UnitPrice")).abs();
        prop_assert!(rounded <= Decimal::new(5, 5), "unit price off by {}", rounded);
    }
    for step in &work.steps {
        let text = step.put.body.to_string();
        prop_assert!(!text.contains("Authorize") && !text.contains("Capture"), "{}", text);
        let mut found = Vec::new();
        numbers(&step.put.body, "", &mut found);
        for (name, amount) in found {
            let exact = ["UnitPrice", "OrderQty", "TaxRate"].contains(&name);
            prop_assert!(exact || amount.scale() <= 2, "{} {}", name, amount);
        }
    }
    Ok(())
}

/// 100 % off a fraction of a piece, a coupon on top: Magento's own rounding can take a cent more off a line than it costs. Such a document is
/// refused by name, and only such a document.
pub(super) fn contradicts_itself(order: &Order, plan: &Plan) -> bool {
    let refused =
        plan.finding().is_some_and(|finding| finding.code.starts_with("orders.rejected.discount_exceeds_line"));
    let off = |item: &order::Item| {
        item.base_discount_amount.unwrap_or_default() - item.base_discount_tax_compensation_amount.unwrap_or_default()
    };
    let cent = Decimal::new(1, 2);
    let freight = order.base_shipping_discount_amount.unwrap_or_default()
        - order.base_shipping_discount_tax_compensation_amnt.unwrap_or_default();
    let beyond = |item: &order::Item| {
        off(item) < Decimal::ZERO || off(item) > item.base_price.unwrap_or_default() * item.qty_ordered - cent
    };
    refused && (freight < Decimal::ZERO || order.items.iter().any(beyond))
}

fn planned_soundly((draft, row_total): (OrderDraft, RowTotal)) -> Result<(), TestCaseError> {
    let order = super::order(&placed(&draft, PLACED, row_total));
    let plan = decided(&order, &SAMPLE, &Customer::Missing);
    if !contradicts_itself(&order, &plan) {
        sound(&plan)?;
    }
    prop_assert_eq!(&plan, &decided(&order, &SAMPLE, &Customer::Missing));
    Ok(())
}

/// Cases from a fixed seed: the same in every run.
pub(super) fn seeded(cases: u32, seed: u64) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..ProptestConfig::default() }
}

// 20,000 orders, in two halves so that two cores share them.
proptest! {
    #![proptest_config(seeded(10_000, 1))]

    #[test]
    fn any_order_is_planned_to_the_cent(order in any_order()) {
        planned_soundly(order)?;
    }
}

proptest! {
    #![proptest_config(seeded(10_000, 2))]

    #[test]
    fn any_other_order_is_planned_to_the_cent(order in any_order()) {
        planned_soundly(order)?;
    }
}

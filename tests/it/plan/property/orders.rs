//! Any order that Magento can produce, in any shop.

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;
use simulators::magento::{Config, OrderDraft, Payment, RowTotal, StoreView, TaxAlgorithm, TaxDetail};

use super::super::PLACED;

/// An order, and the shop it is placed in.
#[derive(Clone, Debug)]
pub(in super::super) struct Case {
    pub(in super::super) draft: OrderDraft,
    pub(in super::super) row_total: RowTotal,
    child_copies_price: bool,
    tax_detail: TaxDetail,
    /// Which of the settings it is planned with.
    pub(in super::super) settings: usize,
}

impl Case {
    /// Magento's document.
    pub(in super::super) fn document(&self) -> Value {
        let mut config = Config::shop()
            .store_view(StoreView::new(2, "de", "Deutschland", "EUR"))
            .store_view(StoreView::new(3, "fr", "France", "USD"))
            .store_view(StoreView::new(4, "jp", "日本", "JPY"))
            .store_view(StoreView::new(5, "kw", "الكويت", "KWD"));
        config.row_total = self.row_total;
        config.child_copies_price = self.child_copies_price;
        config.tax_detail = self.tax_detail;
        self.draft.document(&config, PLACED.parse().expect(PLACED))
    }
}

/// What is put into the cart: its kind, its quantity, unit price in cents, whether taxed and discounted, and what comes with it.
#[derive(Clone, Debug)]
struct Item {
    kind: u8,
    quantity: Decimal,
    cents: i64,
    taxed: bool,
    discounted: bool,
    extra: u8,
}

fn item() -> impl Strategy<Value = Item> {
    let quantity = prop_oneof![
        60 => (1i64..=9).prop_map(Decimal::from),
        5 => (1i64..=250).prop_map(Decimal::from),
        1 => (1i64..=40).prop_map(|quarters| Decimal::new(quarters * 25, 2)),
    ];
    let price = prop_oneof![1 => Just(0i64), 16 => 1i64..=20_000, 2 => 1i64..=9_000_000];
    let flags = (prop::bool::weighted(0.8), prop::bool::weighted(0.8));
    (0u8..16, quantity, price, flags, 0u8..24).prop_map(|(kind, quantity, cents, (taxed, discounted), extra)| {
        // A quarter of a piece has whole cents.
        let cents = if quantity.is_integer() { cents } else { cents / 4 * 4 };
        Item { kind, quantity, cents, taxed, discounted, extra }
    })
}

/// Names that are none of ASCII's, or have what JSON and XML escape.
const NAMES: [&str; 4] = ["Tasse „Größe 3”", "マグカップ 🍵", "Band &trade; <Kit> ", "كوب \"A\\B\""];

fn with_item(draft: OrderDraft, n: usize, item: &Item) -> OrderDraft {
    let Item { kind, quantity, cents, taxed, discounted, extra } = item;
    // The same SKU may stand on two lines.
    let sku = if *extra == 0 { "SKU-0".to_owned() } else { format!("SKU-{n}") };
    let price = Decimal::new(*cents, 2);
    let part = |percent: i64| Decimal::new(cents * percent / 100, 2).to_string();
    let (half, tenth) = (part(50), part(10));
    // Kits are sold whole.
    let kits = if quantity.is_integer() { *quantity } else { Decimal::ONE };
    let draft = match kind {
        0 | 1 => draft.configurable("Parent", &sku, *quantity, price),
        2 => draft.virtual_item(&sku, *quantity, price),
        3 => draft.downloadable(&sku, *quantity, price),
        4 => draft.grouped(&sku, *quantity, price),
        5 => draft.bundle_fixed(&sku, kits, price, &[("PART-1", 1), ("PART-2", 3)]),
        6 => draft.bundle_fixed_of(&sku, kits, price, &[("PART-1", 2, &half), ("PART-2", 1, &tenth)]),
        7 | 8 => {
            draft.bundle_dynamic(&sku, kits, &[("PART-1", 1, &half), ("PART-2", 2, &tenth), ("PART-3", 1, "0.07")])
        }
        9 => draft.gift_card_product(&sku, kits, price, cents % 2 == 0),
        _ => draft.simple(&sku, *quantity, price),
    };
    let draft = if *taxed { draft } else { draft.untaxed() };
    let draft = if *discounted { draft } else { draft.undiscounted() };
    match extra {
        1 if !matches!(kind, 5..=9) => draft.fixed_product_tax("eco", Decimal::new(cents % 500, 2)),
        2 => draft.wrapped(Decimal::new(cents % 700, 2)),
        3 => draft.custom_option("7", "1").custom_option("8", "Ada"),
        4 => draft.line_message("Enjoy"),
        5..=8 => draft.named(NAMES[n % NAMES.len()]),
        _ => draft,
    }
}

const RATES: [(&str, &str); 4] =
    [("US-MI-*-Rate 1", "8.25"), ("US-CA-*-Rate 1", "7.25"), ("US-NY-*-Rate 1", "0.375"), ("FR-VAT-20", "20")];

/// How tax is charged.
#[derive(Clone, Debug)]
struct Tax {
    algorithm: u8,
    before_discount: bool,
    /// Which prices include it: goods, shipping, those of cart rules.
    inclusive: u8,
    first: usize,
    count: usize,
    together: u8,
    /// On shipping, wrappings and fixed product taxes.
    beside: [bool; 4],
}

fn tax() -> impl Strategy<Value = Tax> {
    let beside = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (0u8..5, prop::bool::weighted(0.15), 0u8..12, 0usize..RATES.len(), 0usize..=3, 0u8..3, beside).prop_map(
        |(algorithm, before_discount, inclusive, first, count, together, (a, b, c, d))| Tax {
            algorithm,
            before_discount,
            inclusive,
            first,
            count,
            together,
            beside: [a, b, c, d],
        },
    )
}

fn with_tax(mut draft: OrderDraft, tax: &Tax) -> OrderDraft {
    for n in 0..tax.count {
        let (code, percent) = RATES[(tax.first + n) % RATES.len()];
        let priority = u32::try_from(n).expect("few rates");
        draft = match tax.together {
            0 => draft.tax(code, percent),
            1 => draft.separate_tax(priority, code, percent),
            _ => draft.compound_tax(priority, code, percent),
        };
    }
    let (code, percent) = RATES[tax.first];
    let [shipping, wrapping, fixed, in_subtotal] = tax.beside;
    draft = if shipping { draft.shipping_tax(code, percent) } else { draft };
    draft = if wrapping { draft.wrapping_tax(code, percent) } else { draft };
    draft = if fixed { draft.fixed_tax_taxed() } else { draft };
    draft = if in_subtotal { draft.fixed_tax_in_subtotal() } else { draft };
    draft = if tax.before_discount { draft.tax_before_discount() } else { draft };
    draft = match tax.algorithm {
        0 => draft.tax_algorithm(TaxAlgorithm::UnitBase),
        1 => draft.tax_algorithm(TaxAlgorithm::RowBase),
        _ => draft,
    };
    match tax.inclusive {
        0 => draft.discount_including_tax(),
        1 => draft.shipping_includes_tax(true),
        2 => draft.tax_inclusive().discount_excluding_tax(),
        3 => draft.tax_inclusive().shipping_includes_tax(false),
        4..=6 => draft.tax_inclusive(),
        _ => draft,
    }
}

fn with_discount(draft: OrderDraft, kind: u8, amount: i64) -> OrderDraft {
    let draft = match kind {
        0 | 1 => draft.discount_percent(Decimal::new(amount % 10_001, 2)),
        2 => draft.discount_percent_with_shipping(Decimal::new(amount % 10_001, 2)),
        3 | 4 => draft.discount_fixed(Decimal::new(amount, 2)),
        5 => draft.discount_per_item(Decimal::new(amount % 500, 2)),
        6 => draft.shipping_discount(Decimal::new(amount % 900, 2)),
        7 if amount % 2 == 0 => draft.discount_percent_with_shipping(100),
        7 => draft.discount_percent(100),
        8 => draft.header_discount(Decimal::new(amount % 100, 2)),
        _ => return draft,
    };
    draft.coupon("SAVE")
}

/// Which money was used, and how much of it was taken.
fn with_payment(draft: OrderDraft, payment: u8, tenders: u8, amount: i64) -> OrderDraft {
    let (method, transaction) = ("braintree".to_owned(), "t-1".to_owned());
    let used = Decimal::new(amount % 6_000, 2);
    let draft = if tenders & 1 == 1 { draft.gift_card("CARD-ONE", used).gift_card("CARD-TWO", "1.10") } else { draft };
    let draft = if tenders & 2 == 2 { draft.reward_points(120, "2.40") } else { draft };
    let draft = if tenders & 4 == 4 { draft.store_credit(used) } else { draft };
    match payment {
        0..=4 => draft.payment(Payment::Captured { method, transaction }),
        5 => draft.payment(Payment::Captured { method, transaction }).first_invoiced(1),
        6..=9 => draft.payment(Payment::Authorised { method, transaction }),
        10..=14 => draft.payment(Payment::PurchaseOrder("PO-1".into())),
        _ => draft,
    }
}

/// The rest: freight, what is beside the goods, who and where, and what became of the order since.
type Rest = ((i64, i64, i64), (u8, u8, u8, u8), (u32, u8, bool, u8), (bool, bool, u8, usize));

fn rest() -> impl Strategy<Value = Rest> {
    let amounts = (0i64..=3000, 1i64..=15_000, 0i64..=999);
    let kinds = (0u8..18, 0u8..24, 0u8..16, 0u8..200);
    let place = (
        prop_oneof![30 => Just(1u32), 6 => Just(2), 4 => Just(3), 1 => Just(4), 1 => Just(5)],
        0u8..8,
        any::<bool>(),
        0u8..24,
    );
    let shop = (any::<bool>(), any::<bool>(), 0u8..3, 0usize..super::settings::COUNT);
    (amounts, kinds, place, shop)
}

/// An order within this release, in any shop, with any of the settings.
pub(in super::super) fn any_order() -> impl Strategy<Value = Case> {
    (prop::collection::vec(item(), 1..=5), tax(), rest()).prop_map(|(items, tax, rest)| case(&items, &tax, rest))
}

/// A plain order of many lines, with cart rule and tax.
pub(in super::super) fn of_lines(count: usize) -> impl Strategy<Value = Case> {
    prop::collection::vec(item(), count).prop_map(|items| {
        let plain = |item: &Item| Item {
            quantity: item.quantity.ceil(),
            extra: 23,
            cents: item.cents.max(100),
            ..item.clone()
        };
        let mut draft = OrderDraft::guest("shopper@example.com").shipping("ups_03", "19.90").discount_percent("12.5");
        for (n, item) in items.iter().map(plain).enumerate() {
            draft = with_item(draft, n, &item);
        }
        let draft = draft.tax(RATES[0].0, RATES[0].1).shipping_tax(RATES[0].0, RATES[0].1);
        let (row_total, tax_detail) = (RowTotal::Gross, TaxDetail::Both);
        Case { draft, row_total, child_copies_price: true, tax_detail, settings: 0 }
    })
}

fn case(items: &[Item], tax: &Tax, rest: Rest) -> Case {
    let ((freight, amount, beside), (discount, payment, tenders, progress), place, shop) = rest;
    let ((store, currency, registered, more), (net, copies, detail, settings)) = (place, shop);
    let email = "shopper@example.com";
    let draft = if registered { OrderDraft::registered(7, email) } else { OrderDraft::guest(email) };
    let mut draft = draft.store(store).shipping("ups_03", Decimal::new(whole(store, freight), 2));
    for (n, item) in items.iter().enumerate() {
        let item = Item { cents: whole(store, item.cents), ..item.clone() };
        draft = with_item(draft, n, &item);
    }
    draft = with_discount(with_tax(draft, tax), discount, whole(store, amount));
    draft = with_payment(draft, payment, if tenders < 8 { tenders } else { 0 }, amount);
    let beside = Decimal::new(beside, 2);
    draft = match more {
        0 => draft.wrapping(beside).printed_card("1.50"),
        1 => draft.surcharge(beside),
        2 => draft.message("Happy birthday"),
        _ => draft,
    };
    draft = match currency {
        0 => draft.order_currency("GBP", "0.7931"),
        1 => draft.order_currency("JPY", "151.37"),
        _ => draft,
    };
    draft = match progress {
        0 if items.len() > 1 => draft.last_canceled(1),
        1 if payment <= 4 => draft.first_refunded(1),
        _ => draft,
    };
    let tax_detail = [TaxDetail::Applied, TaxDetail::Both, TaxDetail::Itemized][usize::from(detail)];
    let row_total = if net { RowTotal::NetOfDiscount } else { RowTotal::Gross };
    Case { draft, row_total, child_copies_price: copies, tax_detail, settings }
}

/// Prices in yen are whole, although Magento would take sen.
fn whole(store: u32, cents: i64) -> i64 {
    if store == 4 { cents / 1000 * 1000 } else { cents }
}

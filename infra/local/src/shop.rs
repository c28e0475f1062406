//! The sample shop: its items, its shopper with an account, and the orders of the story.

use std::collections::BTreeSet;

use jiff::Timestamp;
use simulators::acumatica::{Acumatica, Item};
use simulators::magento::{Address, CustomerDraft, Magento, OrderDraft, Payment};

/// The rate of Michigan in Magento, and how high it is in percent. The sample settings map it.
const TAX: (&str, &str) = ("US-MI-*-Rate 1", "6");
/// A carrier that the sample settings do not map, and the ship via to be mapped to it.
pub const UNMAPPED_METHOD: &str = "courier_evening";
/// See [`UNMAPPED_METHOD`].
pub const UNMAPPED_SHIP_VIA: &str = "COURIER";
/// An item that the shop sells and the ERP does not know.
pub const MISSING_ITEM: &str = "LAMP-NEW";

/// The e-mail of the shopper who has an account from the beginning.
pub(crate) const SHOPPER: &str = "ada.sample@example.com";
/// The e-mail of a guest who makes an account later.
pub(crate) const GUEST: &str = "grace.guest@example.com";

/// What an order is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It goes through at once.
    Good,
    /// It goes through once, though its event comes three times at once.
    Repeated,
    /// Its shipping method is mapped only later.
    Unmapped,
    /// Its item comes to the ERP only later.
    Missing,
}

/// An order that was placed in the shop.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Magento's `entity_id`.
    pub id: u64,
    /// What people call it.
    pub number: String,
    /// In a few words.
    pub title: &'static str,
    /// What it is there to show.
    pub part: Part,
}

/// Places the orders of the story.
pub fn place(shop: &mut Magento, now: Timestamp) -> Vec<Placed> {
    let home = Address::us("Ada", "Sample").street(&["12 Mill Lane", "Apartment 3"]);
    let account = shop.add_customer(now, &CustomerDraft::new(SHOPPER, "Ada", "Sample").address(home.clone()));
    let orders = [
        ("a guest, paid by check", Part::Good, guest()),
        ("a registered shopper, card captured", Part::Repeated, registered(account, SHOPPER).billing(home)),
        ("a configurable product", Part::Good, configurable()),
        ("a discount with shipping", Part::Good, discounted()),
        ("30 lines", Part::Good, thirty_lines()),
        ("shipping that is not mapped", Part::Unmapped, unmapped()),
        ("an item the ERP does not have", Part::Missing, missing()),
    ];
    orders
        .into_iter()
        .map(|(title, part, draft)| {
            let id = shop.place(now, &draft);
            let number = shop.order(id).and_then(|order| order["increment_id"].as_str()).unwrap_or_default().to_owned();
            Placed { id, number, title, part }
        })
        .collect()
}

/// Adds every item that the shop sells and the ERP does not have yet, except [`MISSING_ITEM`].
pub fn stock(erp: &mut Acumatica, shop: &Magento) {
    let documents = shop.order_ids().into_iter().filter_map(|id| shop.order(id));
    let items = documents.filter_map(|order| order["items"].as_array()).flatten();
    let sold: BTreeSet<&str> = items.filter_map(|item| item["sku"].as_str()).collect();
    for sku in sold.into_iter().filter(|sku| *sku != MISSING_ITEM) {
        if !erp.master.items.contains_key(sku) {
            add_item(erp, sku);
        }
    }
}

/// Adds one item, kept in every warehouse.
pub fn add_item(erp: &mut Acumatica, sku: &str) {
    let warehouses = erp.master.warehouses.iter().cloned().collect();
    let item = Item {
        description: format!("Item {sku}"),
        tax_category: Some("TAXABLE".to_owned()),
        warehouses,
        ..Item::default()
    };
    erp.add_item(sku, item);
}

fn guest() -> OrderDraft {
    let draft = OrderDraft::guest(GUEST).simple("MUG-BLUE", 2, "12.50").simple("TEA-100", 1, "7.95");
    draft.shipping("flatrate_flatrate", 5).tax(TAX.0, TAX.1).billing(Address::us("Grace", "Guest"))
}

fn registered(account: u64, email: &str) -> OrderDraft {
    let draft = OrderDraft::registered(account, email).simple("KETTLE", 1, "49.99").simple("TEA-100", 3, "7.95");
    let payment = Payment::Captured { method: "braintree".into(), transaction: "ch-7f3a1c".into() };
    draft.shipping("ups_GND", "9.40").tax(TAX.0, TAX.1).payment(payment)
}

fn configurable() -> OrderDraft {
    let draft = OrderDraft::guest("max.muster@example.com").configurable("T-Shirt", "TSHIRT-M-RED", 2, "19.95");
    draft.shipping("freeshipping_freeshipping", 0).tax(TAX.0, TAX.1).billing(Address::us("Max", "Muster"))
}

fn discounted() -> OrderDraft {
    let draft = OrderDraft::guest("dora.deal@example.com").simple("KETTLE", 1, "49.99").simple("MUG-BLUE", 3, "12.50");
    let draft = draft.discount_percent_with_shipping(15).coupon("WELCOME15").billing(Address::us("Dora", "Deal"));
    draft.shipping("fedex_FEDEX_GROUND", "12.30").tax(TAX.0, TAX.1).shipping_tax(TAX.0, TAX.1)
}

/// Thirty different items at prices that leave cents to be rounded.
fn thirty_lines() -> OrderDraft {
    let mut draft = OrderDraft::guest("buyer@example.com").billing(Address::us("Bea", "Bulk").company("Bulk & Sons"));
    for line in 1..=30i32 {
        let (dollars, cents) = (3 + line, 7 * line % 100);
        draft = draft.simple(&format!("PART-{line:02}"), 1 + line % 4, format!("{dollars}.{cents:02}").as_str());
    }
    draft.shipping("tablerate_bestway", "18.75").tax(TAX.0, TAX.1).payment(Payment::PurchaseOrder("PO-4711".into()))
}

fn unmapped() -> OrderDraft {
    let draft = OrderDraft::guest("eve.evening@example.com").simple("MUG-BLUE", 1, "12.50").tax(TAX.0, TAX.1);
    draft.shipping(UNMAPPED_METHOD, "14.90").billing(Address::us("Eve", "Evening"))
}

fn missing() -> OrderDraft {
    let draft = OrderDraft::guest("noah.new@example.com").simple(MISSING_ITEM, 1, "89.00").simple("TEA-100", 1, "7.95");
    draft.shipping("flatrate_flatrate", 5).tax(TAX.0, TAX.1).billing(Address::us("Noah", "New"))
}

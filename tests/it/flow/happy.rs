//! What an order costs and what becomes of it when nothing fails.

use flows::delivery::{Calls, Outcome, Report};
use flows::settings::{Guests, ItemIdentity};
use queue::Cause;
use simulators::magento::{OrderDraft, Payment, ProductDraft};

use super::world::{RATE, Shop, shirts};

fn dec(text: &str) -> rust_decimal::Decimal {
    text.parse().expect("a decimal")
}

/// What one delivery of one order cost: calls, ERP saves, write units of both tables.
fn cost(shop: &Shop, order: u64) -> (Report, u64, u64) {
    let units = || shop.state.write_units() + shop.log.write_units();
    let (saves, before) = (shop.saves(), units());
    let report = shop.deliver(order, Cause::Webhook);
    (report, shop.saves() - saves, units() - before)
}

#[test]
fn an_order_costs_no_more_calls_saves_and_write_units_than_promised() {
    let shop = Shop::new();
    shop.customer("ada@example.com");
    for (what, email, calls, saves, most_units) in [
        ("unbound, existing", "ada@example.com", Calls { magento: 1, acumatica: 2 }, 1, 12),
        ("known", "ada@example.com", Calls { magento: 1, acumatica: 1 }, 1, 8),
        ("known, spelled differently", " Ada@Example.com", Calls { magento: 1, acumatica: 1 }, 1, 8),
        ("new", "eve@example.com", Calls { magento: 1, acumatica: 3 }, 2, 12),
        ("known since its first order", "eve@example.com", Calls { magento: 1, acumatica: 1 }, 1, 8),
    ] {
        let order = shop.place(&shirts(email));
        let (report, saved, units) = cost(&shop, order);
        assert_eq!(report.outcome, Outcome::Applied, "{what}: {report:?}");
        assert_eq!((report.calls, saved), (calls, saves), "{what}");
        assert!(units <= most_units, "{what}: {units} write units");
        let document = shop.orders().pop().expect("an order");
        assert_eq!((document.total, document.hold), (dec("111.00"), false), "{what}");
        assert_eq!(document.status, "Open", "{what}");
        assert_eq!(report.target, Some(format!("SO/{}", document.nbr)), "{what}");
        // Kept, so that what is invoiced later can be compared with it.
        assert_eq!(shop.record(order).total.as_deref().map(dec), Some(document.total), "{what}");
    }
    assert_eq!(shop.erp.with(|erp| erp.customers().len()), 2);
}

/// One call to Magento more, and only where a document is to be written.
#[test]
fn an_attribute_that_names_items_costs_one_call_more() {
    let mut shop = Shop::new();
    shop.customer("ada@example.com");
    let by_attribute = ItemIdentity::Attribute { code: "erp_item".to_owned() };
    shop.change_settings(|all| all.orders.default.items = Some(by_attribute));
    shop.magento.with(|magento| magento.add_product(&ProductDraft::new("shirt").attribute("erp_item", "SHIRT")));
    let order = shop.place(&shirts("ada@example.com"));
    let (report, saves, _) = cost(&shop, order);
    assert_eq!((report.outcome, report.calls, saves), (Outcome::Applied, Calls { magento: 2, acumatica: 2 }, 1));
    shop.magento.with(|magento| magento.touch(shop.now(), order));
    let (report, ..) = cost(&shop, order);
    assert_eq!((report.outcome, report.calls), (Outcome::Unchanged, Calls { magento: 1, acumatica: 0 }));
}

#[test]
fn an_order_that_has_not_changed_is_read_and_not_written() {
    let shop = Shop::new();
    let order = shop.order(&shirts("ada@example.com"));
    shop.drain();
    shop.magento.with(|magento| magento.touch(shop.now(), order));
    let (report, saves, _) = cost(&shop, order);
    assert_eq!((report.outcome, saves), (Outcome::Unchanged, 0));
    assert_eq!(report.calls, Calls { magento: 1, acumatica: 0 });
}

#[test]
fn the_total_in_the_erp_is_the_order_value() {
    let card = Payment::Captured { method: "braintree".to_owned(), transaction: "txn-1".to_owned() };
    for (what, draft, total, lines, unpaid) in [
        ("a guest", shirts("ada@example.com"), "111.00", 1, "111.00"),
        (
            "a registered shopper",
            OrderDraft::registered(7, "ada@example.com").simple("SHIRT", 1, "19.95").shipping("flatrate_flatrate", 5),
            "24.95",
            1,
            "24.95",
        ),
        (
            "a configurable is one line",
            OrderDraft::guest("ada@example.com")
                .configurable("Shirt", "SHIRT", 3, "33.33")
                .shipping("flatrate_flatrate", 0),
            "99.99",
            1,
            "99.99",
        ),
        (
            "a discount, shipping and tax",
            shirts("ada@example.com").discount_percent(10).shipping_tax(RATE, 6),
            // 90.00 + 5.00 + 5.40 + 0.30
            "100.70",
            1,
            "100.70",
        ),
        ("nothing to ship", OrderDraft::guest("ada@example.com").virtual_item("SHIRT", 1, 50), "50.00", 1, "50.00"),
        ("paid by card", shirts("ada@example.com").payment(card), "111.00", 1, "0.00"),
    ] {
        let shop = Shop::new();
        let order = shop.order(&draft);
        let reports = shop.drain();
        assert_eq!(reports.last().map(|report| report.outcome), Some(Outcome::Applied), "{what}: {reports:?}");
        let document = shop.only_order();
        assert_eq!((document.total, document.unpaid), (dec(total), dec(unpaid)), "{what}");
        assert_eq!(document.total, shop.value(order), "{what}");
        assert_eq!(document.lines.len(), lines, "{what}");
    }
}

#[test]
fn guests_go_to_one_customer_where_the_settings_say_so() {
    let mut shop = Shop::new();
    let customer_id = shop.customer("guests@example.com");
    shop.settings.orders.default.guests = Some(Guests::Generic { customer_id: customer_id.clone() });
    for email in ["ada@example.com", "eve@example.com"] {
        let order = shop.place(&shirts(email));
        let (report, saves, _) = cost(&shop, order);
        assert_eq!((report.outcome, saves), (Outcome::Applied, 1), "{report:?}");
        assert_eq!(report.calls, Calls { magento: 1, acumatica: 1 }, "nobody is looked for");
    }
    let orders = shop.orders();
    assert!(orders.len() == 2 && orders.iter().all(|order| order.customer_id == customer_id), "{orders:?}");
    // A registered shopper is a customer all the same.
    let draft = OrderDraft::registered(7, "ada@example.com").simple("SHIRT", 1, 50).shipping("flatrate_flatrate", 5);
    let order = shop.place(&draft);
    assert_eq!(shop.deliver(order, Cause::Webhook).calls, Calls { magento: 1, acumatica: 3 });
}

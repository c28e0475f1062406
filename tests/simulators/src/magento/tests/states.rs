//! What an order looks like when it is placed and as it is changed.

use super::*;

fn order(shop: &Magento, id: u64) -> &Value {
    shop.order(id).unwrap()
}

#[test]
fn guests_and_accounts_differ() {
    let mut shop = shop();
    let guest = placed(&mut shop, &OrderDraft::guest("g@example.com").simple("A", 1, 1));
    let names = [
        "/customer_is_guest",
        "/customer_id",
        "/customer_group_id",
        "/customer_firstname",
        "/billing_address/firstname",
    ];
    assert_eq!(values(&guest, &names), ["1", "null", "0", "null", "\"Jordan\""]);
    let shopper = placed(&mut shop, &OrderDraft::registered(7, "r@example.com").group(2).simple("A", 1, 1));
    assert_eq!(values(&shopper, &names), ["0", "7", "2", "\"Jordan\"", "\"Jordan\""]);
}

#[test]
fn a_virtual_order_has_no_shipping_address() {
    let mut shop = shop();
    let address = "/extension_attributes/shipping_assignments/0/shipping/address/city";
    let goods =
        placed(&mut shop, &OrderDraft::guest("a@example.com").simple("A", 1, 1).ship_to(Address::fr("Ada", "Martin")));
    assert_eq!(values(&goods, &["/is_virtual", address, "/billing_address/city"]), ["0", "\"Lyon\"", "\"Calder\""]);
    let download = placed(&mut shop, &OrderDraft::guest("a@example.com").downloadable("A", 1, 1));
    assert_eq!(values(&download, &["/is_virtual", address, "/shipping_description"]), ["1", "null", "null"]);
}

#[test]
fn numbers_follow_the_store() {
    let mut shop = Magento::new(Config::shop().store_view(StoreView::new(2, "french", "French", "USD")));
    let draft = OrderDraft::guest("a@example.com").simple("A", 1, 1);
    let ids = [
        shop.place(now(), &draft),
        shop.place(now(), &draft.clone().store(2)),
        shop.place(now(), &draft),
        shop.place(now(), &draft.numbered("SEN0815")),
    ];
    let numbers: Vec<&str> = ids.iter().map(|id| order(&shop, *id)["increment_id"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["000000001", "2000000001", "000000002", "SEN0815"]);
    assert_eq!(order(&shop, ids[1])["store_name"], "Main Website\nMain Website Store\nFrench");
    let inserted = shop.insert_document(json!({"entity_id": 90, "increment_id": "X"}));
    assert_eq!((inserted, shop.place(now(), &OrderDraft::guest("a@example.com").simple("A", 1, 1))), (90, 91));
}

#[test]
fn payments_leave_their_traces() {
    let card = |captured: bool| {
        let (method, transaction) = ("braintree".to_owned(), "tx-1".to_owned());
        if captured { Payment::Captured { method, transaction } } else { Payment::Authorised { method, transaction } }
    };
    let names = [
        "/state",
        "/total_due",
        "/total_paid",
        "/payment/method",
        "/payment/po_number",
        "/payment/amount_authorized",
        "/payment/amount_paid",
        "/payment/cc_last4",
    ];
    let table = [
        (Payment::Check, ["\"new\"", "10", "null", "\"checkmo\"", "null", "null", "null", "null"]),
        (
            Payment::PurchaseOrder("PO-7".into()),
            ["\"new\"", "10", "null", "\"purchaseorder\"", "\"PO-7\"", "null", "null", "null"],
        ),
        (card(false), ["\"processing\"", "10", "null", "\"braintree\"", "null", "10", "null", "\"1111\""]),
        (card(true), ["\"processing\"", "0", "10", "\"braintree\"", "null", "null", "10", "\"1111\""]),
    ];
    let mut shop = shop();
    for (payment, expected) in table {
        let document =
            placed(&mut shop, &OrderDraft::guest("a@example.com").simple("A", 1, 10).payment(payment.clone()));
        assert_eq!(values(&document, &names), expected, "{payment:?}");
    }
}

#[test]
fn every_save_moves_updated_at_by_whole_seconds() {
    let mut shop = shop();
    let id = shop.place(now(), &OrderDraft::guest("a@example.com").simple("A", 1, 10));
    assert_eq!(order(&shop, id)["updated_at"], "2024-03-11 09:14:02");
    shop.touch(now() + jiff::SignedDuration::from_millis(999), id);
    assert_eq!(order(&shop, id)["updated_at"], "2024-03-11 09:14:02");
    shop.set_status(after(1), id, "picking");
    assert_eq!(
        values(order(&shop, id), &["/updated_at", "/state", "/status"]),
        ["\"2024-03-11 09:14:03\"", "\"new\"", "\"picking\""]
    );
    shop.edit_address(id, AddressKind::Shipping, "city", json!("Lansing"));
    let city = "/extension_attributes/shipping_assignments/0/shipping/address/city";
    assert_eq!(
        values(order(&shop, id), &["/updated_at", city, "/billing_address/city"]),
        ["\"2024-03-11 09:14:03\"", "\"Lansing\"", "\"Calder\""]
    );
    assert_eq!(order(&shop, id)["created_at"], "2024-03-11 09:14:02");
}

#[test]
fn states_bring_their_status_and_amounts() {
    let mut shop = shop();
    let draft = OrderDraft::guest("a@example.com")
        .configurable("Hoodie", "HOODIE-XS", 2, 69)
        .tax("T", "8.25")
        .shipping("flatrate_flatrate", 5);
    let id = shop.place(now(), &draft);
    shop.set_state(after(1), id, "holded");
    let held = ["/state", "/status", "/hold_before_state", "/hold_before_status"];
    assert_eq!(values(order(&shop, id), &held), ["\"holded\"", "\"holded\"", "\"new\"", "\"pending\""]);
    shop.set_state(after(2), id, "new");
    assert_eq!(values(order(&shop, id), &held), ["\"new\"", "\"pending\"", "null", "null"]);
    shop.set_state(after(3), id, "canceled");
    let canceled = [
        "/state",
        "/total_canceled",
        "/subtotal_canceled",
        "/tax_canceled",
        "/shipping_canceled",
        "/base_total_canceled",
        "/items/0/qty_canceled",
        "/items/1/qty_canceled",
        "/updated_at",
    ];
    let expected = ["\"canceled\"", "154.39", "138", "11.39", "5", "154.39", "2", "0", "\"2024-03-11 09:14:05\""];
    assert_eq!(values(order(&shop, id), &canceled), expected);
    assert!(shop.delete_order(id).is_some());
    assert_eq!(get(&mut shop, &format!("/rest/V1/orders/{id}")).0, 404);
}

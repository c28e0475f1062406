//! Magento's shipping amount as freight.

use serde_json::{Value, json};
use simulators::magento::{Address, OrderDraft};

use super::{amounts, at, created, document, edited, mugs, number, planned, planned_by, settings};

/// Ship via, premium freight and tax category of what is sent.
fn sent(body: &Value) -> [String; 3] {
    ["/ShipVia", "/ShippingSettings/PremiumFreight", "/ShippingSettings/FreightTaxCategory"].map(|at_| at(body, at_))
}

#[test]
fn every_way_of_shipping_has_its_freight() {
    let taxable = settings(|document| {
        document["orders"]["default"]["freight"] = json!({"mode": "premium", "tax_category": "FREIGHT"});
    });
    let ebook = || OrderDraft::guest("jordan@example.com").virtual_item("EBOOK", 1, "9.00");
    // A module that charges for handling what is never shipped.
    let handling = [("/base_shipping_amount", number("2.50")), ("/base_grand_total", number("11.50"))];
    for (order, expected, sums) in [
        (document(&mugs()), ["FLATRATE", "5.00", "FREIGHT"], "24.00 0.00 5.00 0.00 0.00 = 29.00"),
        (
            document(&mugs().shipping("freeshipping_freeshipping", 0)),
            ["FREESHIP", "0.00", "FREIGHT"],
            "24.00 0.00 0.00 0.00 0.00 = 24.00",
        ),
        // Shipping that a cart rule makes cheaper, and free.
        (
            document(&mugs().shipping_discount("1.50")),
            ["FLATRATE", "3.50", "FREIGHT"],
            "24.00 0.00 3.50 0.00 0.00 = 27.50",
        ),
        (
            document(&mugs().shipping_discount("5.00")),
            ["FLATRATE", "0.00", "FREIGHT"],
            "24.00 0.00 0.00 0.00 0.00 = 24.00",
        ),
        // What is fetched is shipped to where it is fetched.
        (
            document(&mugs().shipping("instore_pickup", 0).ship_to(Address::us("Corner", "Store"))),
            ["PICKUP", "0.00", "FREIGHT"],
            "24.00 0.00 0.00 0.00 0.00 = 24.00",
        ),
        (document(&ebook()), ["", "", ""], "9.00 0.00 0.00 0.00 0.00 = 9.00"),
        (edited(&ebook(), &handling), ["", "2.50", "FREIGHT"], "9.00 0.00 2.50 0.00 0.00 = 11.50"),
    ] {
        let plan = planned_by(&order, &taxable);
        assert_eq!(sent(created(&plan)), expected);
        assert_eq!(amounts(&plan), sums);
    }
}

#[test]
fn tax_hidden_in_a_shipping_discount_is_no_discount() {
    // 12.00 with 20 % tax in it is 10.00; half off takes 1.00 of tax along: 10 − (6 − 1) + 1.
    let draft = OrderDraft::guest("jordan@example.com")
        .simple("MUG", 1, "12.00")
        .undiscounted()
        .shipping("flatrate_flatrate", "12.00")
        .tax("FR-VAT-20", 20)
        .shipping_tax("FR-VAT-20", 20)
        .tax_inclusive()
        .shipping_discount("6.00");
    let plan = planned(&document(&draft));
    assert_eq!(at(created(&plan), "/ShippingSettings/PremiumFreight"), "5.00");
    assert_eq!(amounts(&plan), "10.00 0.00 5.00 3.00 0.00 = 18.00");
}

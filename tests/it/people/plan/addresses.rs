//! Addresses both ways: lines, regions, countries, and an account's list of them, of which none is ever lost.

use flows::merge::Side;
use serde_json::{Value, json};

use super::{account, address, check, customer, decided, edited, erp_address, pair, settings, text, with_address};

/// The settings with Germany, which has no states in Acumatica, and with a country and a region of other names.
fn mapped() -> flows::settings::Settings {
    settings(&[
        (
            "/orders/default/countries",
            json!([{"country": "DE", "state": "none"}, {"country": "GB", "acumatica": "UK"}, {"country": "CA", "state": "name"}]),
        ),
        ("/orders/default/regions", json!([{"country": "US", "region": "Armed Forces Europe", "state": "AE"}])),
    ])
}

/// Acumatica's lines, city, state, postal code and country of a new customer's main address.
fn to_erp(shop: &Value) -> [String; 6] {
    let account = edited(with_address(), &[("/addresses/0", shop.clone())]);
    let (decided, _) = decided(&mapped(), &(Some(account), None), None, Side::Magento);
    let body = decided.plan.work().unwrap_or_else(|| panic!("{:?}", decided.plan)).steps[0].body().clone();
    ["AddressLine1", "AddressLine2", "City", "State", "PostalCode", "Country"].map(|name| {
        let value = body["MainContact"]["Address"][name]["value"].as_str();
        value.unwrap_or_default().to_owned()
    })
}

#[test]
fn an_address_of_the_shop_fits_into_the_erp() {
    let of = |edits: &[(&str, Value)]| edited(address(70, "1 Mill Lane"), edits);
    let region = |code: Value, name: &str| json!({"region_code": code, "region": name, "region_id": 1});
    for (shop, expected) in [
        (of(&[]), ["1 Mill Lane", "", "Calder", "MI", "49628", "US"]),
        (
            of(&[("/street", json!([" 1 Mill Lane ", "", "Door 2", "Bell 3"]))]),
            ["1 Mill Lane", "Door 2, Bell 3", "Calder", "MI", "49628", "US"],
        ),
        (
            of(&[("/country_id", json!("DE")), ("/region", region(json!("BER"), "Berlin"))]),
            ["1 Mill Lane", "", "Calder", "", "49628", "DE"],
        ),
        (
            of(&[("/country_id", json!("CA")), ("/region", region(json!("ON"), "Ontario"))]),
            ["1 Mill Lane", "", "Calder", "Ontario", "49628", "CA"],
        ),
        (
            of(&[("/country_id", json!("GB")), ("/region", region(Value::Null, "Kent"))]),
            ["1 Mill Lane", "", "Calder", "Kent", "49628", "UK"],
        ),
        (
            of(&[("/region", region(json!("AE"), "Armed Forces Europe"))]),
            ["1 Mill Lane", "", "Calder", "AE", "49628", "US"],
        ),
        (of(&[("/region", Value::Null), ("/postcode", Value::Null)]), ["1 Mill Lane", "", "Calder", "", "", "US"]),
    ] {
        let shop = edited(shop, &[("/default_billing", json!(true)), ("/default_shipping", json!(true))]);
        assert_eq!(to_erp(&shop), expected.map(str::to_owned));
    }
}

#[test]
fn an_address_of_the_erp_finds_its_region() {
    let settings = mapped();
    let before = pair(with_address(), customer());
    let to = |edits: &[(&str, Value)]| pair(with_address(), edited(customer(), edits));
    let address = "/MainContact/Address";
    let at = |name: &str| format!("{address}/{name}");
    for (edits, expected) in [
        (
            vec![(at("State"), text("NY"))],
            "update\nmagento PUT /V1/customers/7\n addresses/0/region/region = New York\n addresses/0/region/region_code = NY\n \
             addresses/0/region/region_id = 43\n addresses/0/region_id = 43",
        ),
        (
            vec![(at("State"), text("new york"))],
            "update\nmagento PUT /V1/customers/7\n addresses/0/region/region = New York\n addresses/0/region/region_code = NY\n \
             addresses/0/region/region_id = 43\n addresses/0/region_id = 43",
        ),
        (
            vec![(at("State"), text("XX"))],
            "rejected\ncustomers.rejected.region_unknown: The state of an address of Customer C1 of Acumatica is no region of `US` in Magento.",
        ),
        (
            // A country without regions in the shop takes any text.
            vec![(at("State"), text("Kent")), (at("Country"), text("UK"))],
            "update\nmagento PUT /V1/customers/7\n addresses/0/country_id = GB\n addresses/0/region/region = Kent\n \
             addresses/0/region/region_code = (empty)\n addresses/0/region/region_id = 0\n addresses/0/region_id = 0",
        ),
        (
            vec![(at("AddressLine1"), text("2 New Road")), (at("AddressLine2"), text("Door 2"))],
            "update\nmagento PUT /V1/customers/7\n addresses/0/street/0 = 2 New Road\n addresses/0/street/1 = Door 2",
        ),
        (
            vec![(at("City"), Value::Null)],
            "rejected\ncustomers.rejected.address_incomplete: An address of Customer C1 of Acumatica has no city, which Magento asks for.",
        ),
        (vec![(at("PostalCode"), json!({}))], "update\nmagento PUT /V1/customers/7\n addresses/0/postcode = (empty)"),
    ] {
        let edits: Vec<(&str, Value)> = edits.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        check(&settings, Some(&before), &to(&edits), expected);
    }
}

#[test]
fn what_the_erp_cannot_say_stays_in_the_shop() {
    let settings = mapped();
    let berlin = json!({"region_code": "BER", "region": "Berlin", "region_id": 82});
    let german = edited(
        with_address(),
        &[
            ("/addresses/0/country_id", json!("DE")),
            ("/addresses/0/region", berlin),
            ("/addresses/0/region_id", json!(82)),
            ("/addresses/0/street", json!(["Hof 1", "Treppe 2", "Klingel 3"])),
        ],
    );
    let there = edited(
        customer(),
        &[(
            "/MainContact/Address",
            json!({
                "AddressLine1": text("Hof 1"), "AddressLine2": text("Treppe 2, Klingel 3"), "City": text("Calder"),
                "PostalCode": text("49628"), "Country": text("DE"),
            }),
        )],
    );
    let before = pair(german.clone(), there.clone());
    check(&settings, Some(&before), &before, "unchanged");
    let now = pair(german, edited(there, &[("/MainContact/Address/City", text("Neustadt"))]));
    check(&settings, Some(&before), &now, "update\nmagento PUT /V1/customers/7\n addresses/0/city = Neustadt");
}

#[test]
fn changes_of_one_address_on_both_sides_do_not_undo_each_other() {
    let settings = settings(&[]);
    let before = pair(with_address(), customer());
    // The shopper moves while the ERP corrects the telephone.
    let now = pair(
        edited(with_address(), &[("/addresses/0/street", json!(["2 New Road"]))]),
        edited(customer(), &[("/MainContact/Phone1", text("555-0199"))]),
    );
    check(
        &settings,
        Some(&before),
        &now,
        "update\nacumatica PUT Customer\n CustomerID = C1\n MainContact/Address/AddressLine1 = 2 New Road\n \
         MainContact/Address/AddressLine2 = (empty)\n MainContact/Address/City = Calder\n MainContact/Address/Country = US\n \
         MainContact/Address/PostalCode = 49628\n MainContact/Address/State = MI\n\
         magento PUT /V1/customers/7\n addresses/0/telephone = 555-0199",
    );
}

#[test]
fn an_address_that_serves_both_is_split_only_where_parcels_go_elsewhere() {
    let settings = settings(&[]);
    let third = edited(with_address(), &[("/addresses/-", address(72, "9 Far Away"))]);
    let before = pair(third.clone(), customer());
    let own = |line: &str| {
        edited(
            customer(),
            &[
                ("/ShippingAddressOverride", json!({"value": true})),
                ("/ShippingContact", json!({"Address": erp_address(line)})),
            ],
        )
    };
    // Parcels get an address of their own, which starts as a copy; the third one is sent along as it is.
    check(
        &settings,
        Some(&before),
        &pair(third.clone(), own("3 Dock Street")),
        "update\nmagento PUT /V1/customers/7\n addresses/0/default_shipping = false\n addresses/2/city = Calder\n \
         addresses/2/country_id = US\n addresses/2/customer_id = 7\n addresses/2/default_shipping = true\n addresses/2/firstname = Ada\n \
         addresses/2/lastname = Byron\n addresses/2/postcode = 49628\n addresses/2/region/region = Michigan\n \
         addresses/2/region/region_code = MI\n addresses/2/region/region_id = 33\n addresses/2/region_id = 33\n \
         addresses/2/street/0 = 3 Dock Street\n addresses/2/telephone = 555-0100",
    );
    // Both move: one address stays one.
    let moved = edited(customer(), &[("/MainContact/Address/AddressLine1", text("2 New Road"))]);
    check(
        &settings,
        Some(&before),
        &pair(third.clone(), moved.clone()),
        "update\nmagento PUT /V1/customers/7\n addresses/0/street/0 = 2 New Road",
    );
    // Bills move, and parcels are the shop's by their owner, who has changed them too.
    let by_owner = super::settings(&[("/customers/owners", json!({"shipping.address": "magento"}))]);
    let shopper = edited(third, &[("/addresses/0/street", json!(["4 Shop Street"]))]);
    let (decided, told) = decided(&by_owner, &pair(shopper.clone(), moved.clone()), Some(&before), Side::Magento);
    let shown = super::shown(&pair(shopper, moved), &decided, told.as_deref());
    for line in [
        "  ShippingContact/Address/AddressLine1 = 4 Shop Street",
        "  addresses/0/default_billing = false",
        "  addresses/2/default_billing = true",
        "  addresses/2/street/0 = 2 New Road",
    ] {
        assert!(shown.lines().any(|own| own == line), "{line}\n{shown}");
    }
    assert!(!shown.contains("addresses/0/street"), "{shown}");
}

#[test]
fn an_account_without_addresses_gets_those_of_the_erp() {
    let settings = settings(&[]);
    check(
        &settings,
        None,
        &pair(account(), customer()),
        "update\nmagento PUT /V1/customers/7\n addresses/0/city = Calder\n addresses/0/country_id = US\n \
         addresses/0/default_billing = true\n addresses/0/default_shipping = true\n addresses/0/firstname = Ada\n \
         addresses/0/lastname = Byron\n addresses/0/postcode = 49628\n addresses/0/region/region = Michigan\n \
         addresses/0/region/region_code = MI\n addresses/0/region/region_id = 33\n addresses/0/region_id = 33\n \
         addresses/0/street/0 = 1 Mill Lane\n addresses/0/telephone = 555-0100",
    );
    // A telephone alone makes no address.
    let mut bare = customer();
    bare["MainContact"].as_object_mut().unwrap().remove("Address");
    check(&settings, None, &pair(account(), bare), "unchanged");
}

/// Magento asks for more than Acumatica does: an address that has become less than that there is left to a person, and nothing is written.
#[test]
fn an_address_that_was_emptied_in_the_erp_is_named() {
    let settings = settings(&[]);
    let before = pair(with_address(), customer());
    let mut bare = customer();
    bare["MainContact"].as_object_mut().unwrap().retain(|name, _| !["Address", "Phone1"].contains(&name.as_str()));
    let phone = edited(customer(), &[("/MainContact/Phone1", json!({}))]);
    for (there, lacks) in [(bare, "no street, no city, no country_id, no telephone"), (phone, "no telephone")] {
        let sentence = format!("An address of Customer C1 of Acumatica has {lacks}, which Magento asks for.");
        let expected = format!("rejected\ncustomers.rejected.address_incomplete: {sentence}");
        check(&settings, Some(&before), &pair(with_address(), there), &expected);
    }
}

/// Magento has telephone and company in the address: they go with it there, and with it they stay in the ERP.
#[test]
fn an_address_that_is_no_default_one_any_more_stays_in_the_erp() {
    let shop = settings(&[("/customers/system_of_record", json!("magento"))]);
    let before = pair(with_address(), customer());
    let no_default = [("/default_billing", Value::Null), ("/default_shipping", Value::Null)];
    let no_flags = [("/addresses/0/default_billing", json!(false)), ("/addresses/0/default_shipping", json!(false))];
    for (what, edits) in [
        ("no default one", [&no_default[..], &no_flags].concat()),
        ("deleted", [&no_default[..], &[("/addresses", json!([]))]].concat()),
    ] {
        let now = pair(edited(with_address(), &edits), customer());
        let (decided, told) = decided(&shop, &now, Some(&before), Side::Magento);
        assert!(matches!(decided.plan, flows::plan::Plan::Unchanged), "{what}: {:?}", decided.plan);
        assert_eq!(told, None, "{what}");
        // What is news besides still goes there.
        let now = pair(edited(with_address(), &[&edits[..], &[("/taxvat", json!("US-1"))]].concat()), customer());
        let (decided, _) = self::decided(&shop, &now, Some(&before), Side::Magento);
        let body = decided.plan.work().expect("a save").steps[0].body().clone();
        assert_eq!(body["TaxRegistrationID"]["value"], "US-1", "{what}");
        assert_eq!(body.get("MainContact"), None, "{what}");
        assert_eq!(body.get("ShippingContact"), None, "{what}");
    }
}

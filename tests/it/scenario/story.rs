//! The story of the local run, from signed events to a redrive by SQS, and customers who follow each other from both doors to both sides.

use local::cloud::PARAMETERS;
use local::report::{Customer, Parked};
use local::stage::Stage;
use simulators::acumatica::{Record, Scalar};

use super::{said, settings, stage};

#[tokio::test]
async fn every_order_arrives_once_and_customers_are_the_same_on_both_sides() {
    let stage = stage(settings(), &PARAMETERS).await;
    let report = local::story::play(&stage).await.unwrap_or_else(|problem| panic!("{problem}\n{}", said(&stage)));

    let numbers: Vec<&str> = report.orders.iter().map(|order| order.magento.as_str()).collect();
    let expected: Vec<String> = (1..=7).map(|number| format!("{number:09}")).collect();
    assert_eq!(numbers, expected);
    // Added up by hand from the sample shop: lines, less discount, and shipping, and 6 % of what is taxed.
    let values = ["39.93", "87.67", "42.29", "89.91", "1520.69", "28.15", "107.77"];
    for (order, value) in report.orders.iter().zip(values) {
        assert_eq!((order.magento_total.as_str(), order.acumatica_total.as_str()), (value, value), "{order:?}");
        assert_eq!(order.outcome, "applied", "{order:?}");
    }
    // A new shopper's order needs one request to Magento and three to Acumatica, however often its event came; where the shopper has an account, that
    // is read, too.
    for (order, magento) in report.orders[..5].iter().zip([1, 2, 1, 1, 1]) {
        assert_eq!((order.calls.magento, order.calls.acumatica), (magento, 3), "{order:?}");
    }
    let parked = |magento: &str, code: &str, message: &str| Parked {
        magento: magento.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
    };
    assert_eq!(
        report.parked,
        [
            parked(
                "000000006",
                "orders.rejected.shipping_method_not_mapped",
                "Shipping method `courier_evening` of order 000000006 is not mapped."
            ),
            parked(
                "000000007",
                "acumatica.rejected.item_not_found",
                "Acumatica refused item `LAMP-NEW` of order 000000007: The specified inventory ID or alternate ID \"LAMP-NEW\" cannot be \
                 found in the system."
            ),
        ]
    );
    assert_eq!(report.redriven, ["000000007"]);
    assert_eq!(report.duplicates, 0);
    let erp = stage.platforms.erp.as_ref().unwrap();
    assert_eq!(erp.with(|erp| erp.orders().len()), 7);
    customers(&stage, &report.customers).await;
    super::canaries::nobody_is_named(&stage).await;
}

/// What the story says of customers, by the platforms and the sync log.
async fn customers(stage: &Stage, customers: &[Customer]) {
    let erp = stage.platforms.erp.as_ref().unwrap();
    let numbers = erp.with(|erp| {
        let number = |email: &str| {
            let with_email = |own: &&Record| own.at("MainContact/Email") == Some(&Scalar::Text(email.to_owned()));
            let mut found = erp.customers().iter().filter(with_email);
            let number = found.next().and_then(|customer| customer.text("CustomerID")).unwrap_or_default().to_owned();
            assert!(found.next().is_none(), "one customer for {email}");
            number
        };
        ["lena.login", "ada.sample", "grace.guest", "omar.office"].map(|name| number(&format!("{name}@example.com")))
    });
    assert_eq!(erp.with(|erp| erp.customers().len()), 9, "seven shoppers, one account without an order, one entered");
    let told: Vec<_> = customers.iter().map(|own| (own.magento.as_str(), own.acumatica.as_str())).collect();
    let expected: Vec<_> = ["2", "1", "3", "4"].into_iter().zip(numbers.iter().map(String::as_str)).collect();
    assert_eq!(told, expected);
    // A new account: one read of it, one look-up and one save in the ERP. A conflict that the ERP wins: the account, the regions of its
    // country, the account again before it is saved, the save; one read in the ERP. A group: one read each, one save. A customer of the ERP:
    // one look-up, the regions, one save in the shop; one read in the ERP. The regions are asked for once by each instance of the function.
    let calls: Vec<_> = customers.iter().map(|own| (own.calls.magento, own.calls.acumatica)).collect();
    for (calls, least, most) in
        [(calls[0], (1, 2), (1, 2)), (calls[1], (3, 1), (4, 1)), (calls[2], (1, 2), (1, 2)), (calls[3], (2, 1), (3, 1))]
    {
        assert!((least..=most).contains(&calls) && calls.1 == least.1, "{calls:?} of {customers:?}");
    }
    assert!(customers.iter().all(|own| own.outcome == "applied"), "{customers:?}");

    let admin = stage.admin();
    for (customer, code) in customers.iter().zip([None, Some("customers.resolved.conflict"), None]) {
        let record = format!("{}/customer/{}", stage.link, customer.magento);
        let entries = admin.log_of(&stage.link, &record).await.unwrap();
        let coded: Vec<&str> = entries.iter().filter_map(|entry| entry["code"].as_str()).collect();
        assert_eq!(coded, Vec::from_iter(code), "{entries:?}");
        assert!(entries.iter().any(|entry| entry["trigger"] == "push"), "the ERP's push was an echo: {entries:?}");
    }
    // The guard of the e-mail has the same hash: whoever reads the tables finds the person by it, and nobody else does.
    let (state, _) = super::canaries::dump(stage, "StateTableName").await;
    for customer in customers {
        assert_eq!(customer.email_hash.len(), 64);
        assert!(state.contains(&format!("{}/customer-email/{}", stage.link, customer.email_hash)), "{customer:?}");
    }
}

//! The story of the local run, from signed events to a redrive by SQS.

use local::cloud::PARAMETERS;
use local::report::Parked;

use super::{said, settings, stage};

#[tokio::test]
async fn every_order_arrives_once_and_equal_to_the_cent() {
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
    // A new shopper's order needs one request to Magento and three to Acumatica, however often its event came.
    for order in &report.orders[..5] {
        assert_eq!((order.calls.magento, order.calls.acumatica), (1, 3), "{order:?}");
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
    super::canaries::nobody_is_named(&stage).await;
}

//! Whoever is gone from a platform is erased all the same.

use serde_json::json;

use super::Scene;

#[test]
fn erasing_works_when_the_person_is_gone_from_either_platform_or_from_both() {
    for (in_shop, in_erp) in [(false, true), (true, false), (false, false)] {
        for name in 0..4 {
            let scene = Scene::without_orders();
            let (traces, counts) = (scene.traces(), scene.counts());
            let now = scene.people.shop.now();
            if !in_shop {
                scene
                    .people
                    .shop
                    .magento
                    .with(|magento| magento.delete_customer(scene.account))
                    .expect("she was there");
            }
            if !in_erp {
                scene
                    .people
                    .shop
                    .erp
                    .with(|erp| erp.delete_customer(&scene.number, now))
                    .expect("nothing refers to her");
            }
            let name = &scene.names()[name];
            let what = format!("{name}, in the shop: {in_shop}, in the ERP: {in_erp}");
            let erased = scene.erase(name);
            assert_eq!(
                (&erased["records"], &erased["guards"], &erased["aliases"]),
                (&json!(1), &json!(1), &json!(2)),
                "{what}"
            );
            scene.assert_gone(&traces, &what);
            assert_eq!(scene.counts(), counts, "{what}");
        }
    }
}

/// A number that the ERP does not have is looked for in the log, which may be longer than an answer may take.
#[test]
fn a_number_that_only_a_long_log_may_know_is_not_looked_for_without_end() {
    let mut scene = Scene::erased_in_erp();
    scene.people.shop.change_settings(|settings| settings.log.retention_days = 3650);
    scene.people.store_settings();
    let unknown = json!({ "customer_id": "C999999" });
    let refusal = scene.erase_mortal(&unknown, u64::MAX).expect("nobody dies").expect_err("too much to look through");
    assert!(refusal.status == 409 && refusal.detail.contains("`C999999`"), "{refusal:?}");
    assert_eq!(scene.erase(&scene.names()[2])["records"], 1, "a newer entry is found");
}

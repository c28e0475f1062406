//! Bearer tokens and ACL resources.

use super::*;

const VIEW: &str = "Magento_Sales::actions_view";

fn denied(resource: &str) -> Value {
    json!({"message": "The consumer isn't authorized to access %resources.", "parameters": {"resources": resource}})
}

#[test]
fn a_dead_token_and_a_missing_right_look_the_same() {
    let integration = Integration::new("erp", [VIEW]);
    let as_bearer = format!("Bearer {}", integration.access_token);
    let config = Config::shop()
        .integration(integration)
        .admin_token("orders", [VIEW])
        .admin_token("store", ["Magento_Backend::store"]);
    let table = [
        ("Bearer orders", 200),
        ("bearer orders", 200),
        ("Bearer store", 401),
        ("Bearer unknown", 401),
        ("Bearer", 401),
        ("Basic orders", 401),
        ("Bearer orders twice", 401),
        ("", 401),
        // Switched off by default since 2.4.4.
        (as_bearer.as_str(), 401),
    ];
    for (authorization, expected) in table {
        let mut shop = Magento::new(config.clone());
        let (status, body) = send(&mut shop, &request("GET", "/rest/V1/orders?searchCriteria=", authorization));
        assert_eq!(status, expected, "{authorization}");
        if expected == 401 {
            assert_eq!(body, denied(VIEW), "{authorization}");
        }
    }
    let mut shop = Magento::new(config.allow_integration_bearer());
    assert_eq!(send(&mut shop, &request("GET", "/rest/V1/orders?searchCriteria=", &as_bearer)).0, 200);
}

#[test]
fn tokens_are_revoked_and_rights_taken_away() {
    let mut shop = shop();
    assert_eq!(get(&mut shop, "/rest/V1/orders?searchCriteria=").0, 200);
    shop.remove_resource(VIEW);
    assert_eq!(get(&mut shop, "/rest/V1/orders?searchCriteria="), (401, denied(VIEW)));
    assert_eq!(get(&mut shop, "/rest/V1/store/websites").0, 200);
    shop.revoke("admin");
    assert_eq!(get(&mut shop, "/rest/V1/store/websites"), (401, denied("Magento_Backend::store")));
}

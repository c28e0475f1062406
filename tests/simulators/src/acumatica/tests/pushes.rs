//! Push notifications.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Config, Shop};
use crate::acumatica::{Change, Definition, Notification, Push, Split};

/// A tenant whose customers' number, status and e-mail are told.
fn told(push: Push) -> Shop {
    let customers = Definition::of("Customers", "Customer", &["CustomerID", "Status", "MainContact/Email"]);
    Shop::with(Config { push: Push { definitions: vec![customers], ..push }, ..Config::default() })
}

fn parsed(notification: &Notification) -> Value {
    serde_json::from_str(&notification.body).unwrap()
}

fn taken(shop: &mut Shop) -> Vec<Value> {
    shop.erp.outbox.take(shop.now).iter().map(parsed).collect()
}

fn row(id: &str, status: &str, email: &str) -> Value {
    json!({"CustomerID": id, "Status": status, "MainContact/Email": email})
}

#[test]
fn a_notification_has_the_documented_form() {
    let mut shop = Shop::with(Config {
        push: Push {
            definitions: vec![Definition::of(
                "Customers",
                "Customer",
                &["CustomerID", "IsGuestCustomer", "CreditLimit", "LastModifiedDateTime", "PriceClassID"],
            )],
            ..Push::default()
        },
        ..Config::default()
    });
    shop.now = "2017-05-05T15:16:23.100Z".parse().unwrap();
    shop.erp.edit_customer("C000001", shop.now, &[Change::to("IsGuestCustomer", true)]).unwrap();
    let [sent] = &shop.erp.outbox.take(shop.now)[..] else { panic!("one notification") };
    // 636295941831000000: .NET ticks of that instant, on the scale of the documented sample 636295833829493672 (12:16:22 of that day).
    let expected = format!(
        r#"{{"Inserted":[{{"CustomerID":"C000001","IsGuestCustomer":true,"CreditLimit":0,"LastModifiedDateTime":"2017-05-05T15:16:23.1","PriceClassID":null}}],"Deleted":[{{"CustomerID":"C000001","IsGuestCustomer":false,"CreditLimit":0,"LastModifiedDateTime":"2020-01-01T00:00:00","PriceClassID":null}}],"Query":"Customers","CompanyId":"Company","Id":"{}","TimeStamp":636295941831000000,"AdditionalInfo":{{}}}}"#,
        sent.id
    );
    assert_eq!(sent.body, expected);
    let request = sent.request("http://door/acumatica/customer", &shop.erp.config.push.header);
    assert_eq!(
        (request.method().as_str(), &request.headers()["x-push-secret"]),
        ("POST", &"push-header-secret".parse().unwrap())
    );
}

#[test]
fn moments_are_in_the_tenants_own_time() {
    let offset = jiff::tz::offset(3);
    let definitions = vec![Definition::of("Customers", "Customer", &["LastModifiedDateTime"])];
    let mut shop = Shop::with(Config { push: Push { definitions, offset, ..Push::default() }, ..Config::default() });
    shop.erp.deactivate_customer("C000001", shop.now).unwrap();
    let sent = taken(&mut shop);
    assert_eq!(sent[0]["Inserted"][0]["LastModifiedDateTime"], "2026-03-02T13:00:00");
    // 2026-03-02T10:00:00Z.
    assert_eq!(sent[0]["TimeStamp"], 639_080_424_000_000_000_i64);
}

#[test]
fn an_insert_a_delete_and_an_update_are_told_apart() {
    let mut shop = told(Push::default());
    let (old, new) = (row("C000001", "Active", "jane@example.com"), row("C000001", "Active", "roe@example.com"));
    let john = row("C000002", "Active", "john@example.com");
    let now = shop.now;
    let named = [Change::to("CustomerName", "John"), Change::to("MainContact/Email", "john@example.com")];
    shop.erp.create_customer(now, &named).unwrap();
    shop.erp.edit_customer("C000001", now, &[Change::to("MainContact/Email", "roe@example.com")]).unwrap();
    // Not tracked, so not told; a value that stays is no change.
    shop.erp.edit_customer("C000001", now, &[Change::to("Terms", "PREPAY")]).unwrap();
    shop.erp.edit_customer("C000001", now, &[Change::to("Status", "Active")]).unwrap();
    shop.erp.delete_customer("C000002", now).unwrap();
    let sent = taken(&mut shop);
    let rows: Vec<_> = sent.iter().map(|sent| (sent["Inserted"].clone(), sent["Deleted"].clone())).collect();
    let expected = [(json!([john.clone()]), json!([])), (json!([new]), json!([old])), (json!([]), json!([john]))];
    assert_eq!(rows, expected);
    let stamps: Vec<_> = sent.iter().map(|sent| sent["TimeStamp"].as_i64().unwrap()).collect();
    assert!(stamps.is_sorted_by(|left, right| left < right), "{stamps:?}");
}

#[test]
fn what_a_client_saves_is_told_like_what_users_save() {
    let mut shop = told(Push::default());
    let changed = r#"{"CustomerID":{"value":"C000001"},"MainContact":{"Email":{"value":"roe@example.com"}}}"#;
    shop.put("Customer", changed);
    assert_eq!(taken(&mut shop)[0]["Inserted"], json!([row("C000001", "Active", "roe@example.com")]));
    // An equal PUT saves nothing, a refused one neither.
    shop.put("Customer", changed);
    shop.put("Customer", r#"{"CustomerID":{"value":"C000001"},"Status":{"value":"Asleep"}}"#);
    assert!(taken(&mut shop).is_empty());
}

#[test]
fn one_transaction_is_one_notification_of_each_definition() {
    let mut shop = told(Push::default());
    shop.erp.add_customer("John", "john@example.com");
    let names = Definition::of("Names", "Customer", &["CustomerID"]);
    let addresses = Definition { tracked: Some(["MainContact/Address/City".to_owned()].into()), ..names };
    shop.erp.config.push.definitions.push(addresses);
    let both = ["C000001", "C000002"];
    let changes = [Change::to("Status", "On Hold"), Change::to("MainContact/Address/City", "Ventura")];
    shop.erp.edit_customers(&both, shop.now, &changes).unwrap();
    let sent = taken(&mut shop);
    let ids: Vec<_> =
        sent.iter().map(|sent| (sent["Query"].as_str().unwrap(), sent["Inserted"].as_array().unwrap().len())).collect();
    assert_eq!(ids, [("Customers", 2), ("Names", 2)]);
    assert_eq!(sent[0]["Id"], sent[1]["Id"]);
}

#[test]
fn a_joined_list_gives_a_row_for_each_of_its_rows() {
    let contacts = Definition {
        each: Some("Contacts".to_owned()),
        ..Definition::of("Contacts", "Customer", &["CustomerID", "Contacts/Contact/LastName"])
    };
    let mut shop =
        Shop::with(Config { push: Push { definitions: vec![contacts], ..Push::default() }, ..Config::default() });
    let pair = |last: Option<&str>| json!({"CustomerID": "C000001", "Contacts/Contact/LastName": last});
    let id = shop.erp.create_contact(Some("C000001"), shop.now, &[Change::to("LastName", "Roe")]).unwrap();
    shop.erp.create_contact(Some("C000001"), shop.now, &[Change::to("LastName", "Poe")]).unwrap();
    shop.erp.edit_contact(id, shop.now, &[Change::to("LastName", "Doe")]).unwrap();
    let rows: Vec<_> =
        taken(&mut shop).iter().map(|sent| (sent["Inserted"].clone(), sent["Deleted"].clone())).collect();
    let expected = [
        // The row of the customer without contacts goes: a left join.
        (json!([pair(Some("Roe"))]), json!([pair(None)])),
        (json!([pair(Some("Poe"))]), json!([])),
        (json!([pair(Some("Doe"))]), json!([pair(Some("Roe"))])),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn the_rows_of_an_update_may_travel_apart() {
    for (split, requests, ids) in [(Split::Never, 1, 1), (Split::SameId, 2, 1), (Split::OwnIds, 2, 2)] {
        let mut shop = told(Push { split, ..Push::default() });
        shop.erp.deactivate_customer("C000001", shop.now).unwrap();
        let sent = taken(&mut shop);
        let mut distinct: Vec<_> = sent.iter().map(|sent| sent["Id"].to_string()).collect();
        distinct.dedup();
        assert_eq!((sent.len(), distinct.len()), (requests, ids), "{split:?}");
        let deleted = sent.first().map(|first| first["Deleted"].clone());
        let inserted = sent.last().map(|last| last["Inserted"].clone());
        assert_eq!(deleted, Some(json!([row("C000001", "Active", "jane@example.com")])), "{split:?}");
        assert_eq!(inserted, Some(json!([row("C000001", "Inactive", "jane@example.com")])), "{split:?}");
    }
}

#[test]
fn five_attempts_then_two_days_for_a_resend_by_hand() {
    let mut shop = told(Push::default());
    let (retry_after, mut now) = (Duration::from_secs(60), shop.now);
    shop.erp.deactivate_customer("C000001", now).unwrap();
    let outbox = &mut shop.erp.outbox;
    let first = outbox.waiting[0].clone();
    for (attempt, status) in (1..).zip([Some(500), None, Some(302), Some(404), Some(503)]) {
        let [sent] = &outbox.take(now)[..] else { panic!("attempt {attempt}") };
        assert_eq!((&sent.id, &sent.body), (&first.id, &first.body), "attempt {attempt}");
        outbox.answered(now, sent.clone(), status, retry_after);
        assert!(outbox.take(now).is_empty(), "before its time");
        now += retry_after;
    }
    assert!(outbox.take(now).is_empty(), "given up");
    assert_eq!(outbox.given_up(now).len(), 1);
    assert_eq!(outbox.resend(now), 1);
    let again = outbox.take(now).remove(0);
    assert_eq!((&again.id, &again.body), (&first.id, &first.body));
    outbox.answered(now, again.clone(), Some(204), retry_after);
    assert!(outbox.take(now + retry_after).is_empty() && outbox.given_up(now).is_empty(), "done");
    outbox.answered(now, Notification { attempts: 4, ..again }, Some(500), retry_after);
    let two_days = Duration::from_secs(2 * 86_400);
    assert_eq!(outbox.given_up(now + two_days - Duration::from_secs(1)).len(), 1);
    assert_eq!((outbox.resend(now + two_days), outbox.given_up(now).len()), (0, 0), "deleted");
}

#[test]
fn a_notification_can_be_cut_off_copied_or_lost() {
    let mut shop = told(Push { truncate_over: Some(40), ..Push::default() });
    let now = shop.now;
    shop.erp.outbox.lose_next = 1;
    shop.erp.deactivate_customer("C000001", now).unwrap();
    assert_eq!((shop.erp.outbox.lost, shop.erp.outbox.waiting.len()), (1, 0));
    shop.erp.edit_customer("C000001", now, &[Change::to("MainContact/Email", "ä@example.com")]).unwrap();
    let outbox = &mut shop.erp.outbox;
    assert_eq!((outbox.waiting[0].truncated, outbox.waiting[0].body.len()), (true, 40));
    outbox.waiting.push(outbox.waiting[0].clone());
    let sent = outbox.take(now);
    assert_eq!((sent.len(), &sent[0].id), (2, &sent[1].id));
    outbox.answered(now, Notification { attempts: 4, ..sent[0].clone() }, None, Duration::ZERO);
    // What was cut off cannot be sent again.
    assert_eq!((outbox.resend(now), outbox.given_up(now).len()), (0, 1));
}

#[test]
fn locations_name_their_customer_and_an_attribute_has_a_column() {
    let definitions = vec![Definition::locations(), Definition::customers().tracking(&["Attributes/COLOR"])];
    let push = Push { definitions, ..Push::default() };
    let mut shop = Shop::with(Config { push, ..Config::default() });
    let now = shop.now;
    let of_customer = shop.erp.customers()[0].id();
    shop.erp.create_location("C000001", "DOCK", now, &[]).unwrap();
    shop.erp.edit_location("C000001", "DOCK", now, &[Change::to("ExtRefNbr", "7")]).unwrap();
    // Not tracked of a location.
    shop.erp.edit_location("C000001", "DOCK", now, &[Change::to("LocationName", "Dock")]).unwrap();
    let row = json!({"LocationID": "DOCK", "NoteID": of_customer});
    let rows: Vec<_> =
        taken(&mut shop).iter().map(|sent| (sent["Inserted"].clone(), sent["Deleted"].clone())).collect();
    assert_eq!(rows, [(json!([row.clone()]), json!([])), (json!([row.clone()]), json!([row.clone()]))]);
    shop.erp.delete_customer("C000001", now).unwrap();
    let sent = taken(&mut shop);
    let of_locations = sent.iter().find(|sent| sent["Query"] == "Causeway Locations").unwrap();
    assert!(of_locations["Deleted"].as_array().unwrap().contains(&row), "{of_locations}");
}

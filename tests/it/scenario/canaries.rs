//! Nobody of the story, and no secret of it, is in what the functions have said or kept.

use local::platforms::WEBHOOK_SECRET;
use local::stage::Stage;
use serde_json::Value;

/// What orders and accounts say of people, as far as nothing else could be called the same.
fn people(stage: &Stage) -> Vec<String> {
    let shop = stage.platforms.shop.as_ref().unwrap();
    let documents: Vec<Value> =
        shop.with(|shop| shop.order_ids().into_iter().filter_map(|id| shop.order(id).cloned()).collect());
    let mut people = Vec::new();
    for document in &documents {
        people.push(document["customer_email"].as_str().unwrap().to_owned());
        let shipping = document.pointer("/extension_attributes/shipping_assignments/0/shipping/address");
        for address in [Some(&document["billing_address"]), shipping].into_iter().flatten() {
            let text = |field: &str| address[field].as_str().unwrap_or_default();
            people.extend([format!("{} {}", text("firstname"), text("lastname")), text("lastname").to_owned()]);
            people.extend([text("telephone").to_owned(), text("company").to_owned()]);
            people.extend(
                address["street"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned),
            );
        }
    }
    for account in shop
        .with(|shop| shop.customer_ids().into_iter().filter_map(|id| shop.customer(id).cloned()).collect::<Vec<_>>())
    {
        people.push(account["email"].as_str().unwrap().to_owned());
        for address in account["addresses"].as_array().into_iter().flatten() {
            people
                .extend(["lastname", "telephone"].map(|field| address[field].as_str().unwrap_or_default().to_owned()));
            people.extend(
                address["street"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned),
            );
        }
    }
    // What a shopper and somebody in the office wrote at once, of which one is gone.
    people.extend(["14 Mill Lane", "16 Mill Lane"].map(str::to_owned));
    people.sort();
    people.dedup();
    people.retain(|text| text.len() > 2);
    people
}

/// What the links' secrets hold.
fn secrets(stage: &Stage) -> Vec<String> {
    let shop = stage.platforms.shop.as_ref().unwrap().with(|shop| shop.config().integrations[0].clone());
    let erp = stage.platforms.erp.as_ref().unwrap().with(|erp| erp.config.clone());
    let mut secrets = vec![shop.consumer_secret, shop.access_token, shop.access_token_secret];
    secrets.extend([erp.client_secret, erp.password, erp.push.header.1, WEBHOOK_SECRET.to_owned()]);
    secrets
}

/// Everything in a table, and how many items that is.
pub(super) async fn dump(stage: &Stage, output: &str) -> (String, usize) {
    let client = aws_sdk_dynamodb::Client::new(&stage.cloud.account().sdk_config());
    let table = stage.cloud.output(output).unwrap();
    let mut pages = client.scan().table_name(table).into_paginator().items().send();
    let (mut text, mut items) = (String::new(), 0);
    while let Some(item) = pages.next().await {
        for (name, value) in item.unwrap() {
            text.push_str(&format!("{name}: {value:?}\n"));
        }
        items += 1;
    }
    (text, items)
}

/// Looks through the log of everything that ran, and through both tables.
pub(super) async fn nobody_is_named(stage: &Stage) {
    let (state, records) = dump(stage, "StateTableName").await;
    let (log, entries) = dump(stage, "LogTableName").await;
    assert!(records >= 7 && entries >= 7, "seven orders have left {records} items and {entries} entries");
    let said = std::fs::read_to_string(stage.cloud.log()).unwrap();
    assert!(said.contains("order 000000001: applied"), "the functions' own log is in the emulator's");
    let people = people(stage);
    for known in ["ada.sample@example.com", "12 Mill Lane", "lena.login@example.com", "7 Ledger Road"] {
        assert!(people.contains(&known.to_owned()), "{known}");
    }
    let mut found = Vec::new();
    for (place, text) in [("the log", &said), ("the state table", &state), ("the log table", &log)] {
        for canary in people.iter().chain(&secrets(stage)) {
            if let Some(line) = text.lines().find(|line| line.contains(canary.as_str())) {
                found.push(format!("`{canary}` is in {place}: {line:.400}"));
            }
        }
    }
    assert_eq!(found, [""; 0]);
}

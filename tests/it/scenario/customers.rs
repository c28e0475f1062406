//! The customers' queue and its worker in the whole stack: an account, one that settings mend by the sweep, one that the operator redrives;
//! and whatever else an operator asks of them.

use local::Problem;
use local::cloud::PARAMETERS;
use local::stage::Stage;
use local::wait::until;
use queue::{Cause, Envelope, Name};
use seams::clock::{Clock as _, System};
use serde_json::{Value, json};
use simulators::magento::{Address, CustomerDraft};

use super::{said, settings, stage};

#[tokio::test]
async fn accounts_go_through_the_queue_the_sweep_and_the_redrive() {
    let mut settings = settings();
    // The ERP has the class WEB alone.
    settings["customers"] = json!({
        "enabled": true,
        "default": {
            "groups": [
                {"group_id": 1, "customer_class": "WEB"},
                {"group_id": 2, "customer_class": "TYPO", "direction": "magento_to_acumatica"},
                {"group_id": 3, "customer_class": "TRADE"}
            ],
            "accounts": {"classes": ["WEB"], "store_view": "default", "website_id": 1}
        }
    });
    let stage = stage(settings, &PARAMETERS).await;
    let erp = stage.platforms.erp.as_ref().unwrap();
    erp.with(|erp| erp.master.customer_classes.retain(|class, _| class == "WEB"));
    let played = play(&stage).await;
    played.unwrap_or_else(|problem| panic!("{problem}\n{}", said(&stage)));
}

async fn play(stage: &Stage) -> Result<(), Problem> {
    let erp = stage.platforms.erp.as_ref().unwrap();
    let accounts = [1, 2, 3].map(|group| register(stage, group));
    for account in accounts {
        tell(stage, account).await;
    }
    let entry = outcome(stage, accounts[0], "applied", 1).await?;
    // An account that nobody knows: the ERP is asked for its e-mail, then it is made there.
    assert_eq!((&entry["magento_calls"], &entry["acumatica_calls"]), (&json!(1), &json!(2)), "{entry}");
    for account in &accounts[1..] {
        let entry = outcome(stage, *account, "parked", 1).await?;
        assert_eq!(entry["code"], "acumatica.rejected.customer_class_not_found", "{entry}");
    }
    let dead =
        async |wanted: u64| Ok((stage.cloud.messages("CustomersDeadLetterQueueUrl").await? == wanted).then_some(()));
    until("SQS moves both messages to the dead-letter queue", async || dead(2).await).await?;

    let (mut settings, version) = stage.admin().settings(&stage.link).await?;
    settings["customers"]["default"]["groups"][1]["customer_class"] = json!("WEB");
    stage.admin().replace_settings(&stage.link, &settings, version).await?;
    stage.cloud.invoke("SweepFunctionName", &json!({})).await?;
    outcome(stage, accounts[1], "applied", 1).await?;

    // The sweep has had it tried, too, in vain. From then on the newer message is the record's ticket, so the redrive waits for that one.
    outcome(stage, accounts[2], "parked", 2).await?;
    until("SQS moves the newer message to the dead-letter queue as well", async || dead(3).await).await?;
    erp.with(|erp| {
        let class = erp.master.customer_classes["WEB"].clone();
        erp.master.customer_classes.insert("TRADE".to_owned(), class)
    });
    let request = json!({"method": "POST", "path": "/admin/queues/customer/redrive"});
    let answer = stage.cloud.invoke("AdminFunctionName", &request).await?;
    assert_eq!((&answer["status"], &answer["body"]["entity"]), (&json!(202), &json!("customer")), "{answer}");
    outcome(stage, accounts[2], "applied", 1).await?;

    assert_eq!(erp.with(|erp| erp.customers().len()), 3, "one customer for each account");
    assert_eq!(stage.cloud.messages("OrdersDeadLetterQueueUrl").await?, 0, "orders have nothing to do with it");
    super::operator::asks_all_there_is(stage, "ada1@example.com", accounts).await
}

/// A shopper of that group makes an account.
fn register(stage: &Stage, group: u32) -> u64 {
    let shop = stage.platforms.shop.as_ref().unwrap();
    let draft = CustomerDraft::new(&format!("ada{group}@example.com"), "Ada", "Account").group(group);
    shop.with(|shop| shop.add_customer(System.now(), &draft.address(Address::us("Ada", "Account"))))
}

/// Puts what the shop's event of an account becomes into the customers' queue.
async fn tell(stage: &Stage, account: u64) {
    let hint = Envelope {
        link: stage.link.clone(),
        entity: Name::Customers.entity().to_owned(),
        source_id: account.to_string(),
        cause: Cause::Webhook,
        occurred_at: System.now(),
        event_id: System.id(),
    };
    let sqs = aws_sdk_sqs::Client::new(&stage.cloud.account().sdk_config());
    let send = sqs.send_message().queue_url(stage.cloud.output("CustomersQueueUrl").unwrap());
    let send = send.message_group_id(hint.record_key()).message_deduplication_id(&hint.event_id);
    send.message_body(hint.encode()).send().await.unwrap();
}

/// Waits until the sync log has `times` entries with that outcome of an account; answers the newest.
async fn outcome(stage: &Stage, account: u64, wanted: &str, times: usize) -> Result<Value, Problem> {
    let record = format!("{}/{}/{account}", stage.link, Name::Customers.entity());
    let path = format!("/admin/links/{}/log", stage.link);
    let request = json!({"method": "GET", "path": path, "query": {"record": record}});
    until(format!("account {account} is {wanted}"), async || {
        let answer = stage.cloud.invoke("AdminFunctionName", &request).await?;
        let entries = answer["body"]["entries"].as_array().into_iter().flatten();
        let entries: Vec<&Value> = entries.filter(|entry| entry["outcome"] == wanted).collect();
        Ok(entries.first().filter(|_| entries.len() == times).map(|entry| (*entry).clone()))
    })
    .await
}

//! What an operator asks of customers, with the admin function's own role: a sync on demand, a run of matching, an erasure.

use local::Problem;
use local::stage::Stage;
use local::wait::until;
use serde_json::{Value, json};

use super::canaries::dump;

/// Asks the admin function; answers status and body.
async fn ask(stage: &Stage, method: &str, path: &str, body: &Value) -> Result<(u64, Value), Problem> {
    let path = format!("/admin/links/{}/{path}", stage.link);
    let request = json!({"method": method, "path": path, "body": body});
    let mut answer = stage.cloud.invoke("AdminFunctionName", &request).await?;
    Ok((answer["status"].as_u64().unwrap_or_default(), answer["body"].take()))
}

/// Three accounts that are in step with three customers: synced once more, matched with nobody, and one of them forgotten.
pub(super) async fn asks_all_there_is(stage: &Stage, email: &str, accounts: [u64; 3]) -> Result<(), Problem> {
    let erp = stage.platforms.erp.as_ref().unwrap();
    let number = erp.with(|erp| erp.customers()[2].text("CustomerID").unwrap_or_default().to_owned());
    let wanted = json!({"emails": [email], "magento_ids": [accounts[1]], "customer_ids": [number]});
    let (status, answer) = ask(stage, "POST", "customers/sync", &wanted).await?;
    let results: Vec<&Value> = answer["results"].as_array().into_iter().flatten().map(|row| &row["result"]).collect();
    assert_eq!((status, results), (202, vec![&json!("enqueued"); 3]), "{answer}");
    for account in accounts {
        let record = format!("{}/customer/{account}", stage.link);
        let synced = until(format!("account {account} is synced once more"), async || {
            let entries = stage.admin().log_of(&stage.link, &record).await?;
            Ok(entries.into_iter().find(|entry| entry["trigger"] == "operator"))
        });
        let entry = synced.await?;
        assert_eq!(entry["outcome"], "unchanged", "{entry}");
    }

    let matched = until("everybody is matched", async || {
        let (status, answer) = ask(stage, "POST", "matching/customers", &json!({})).await?;
        assert_eq!(status, 200, "{answer}");
        Ok((answer["done"] == true).then_some(answer))
    });
    let matched = matched.await?;
    assert_eq!(matched["counts"]["matched"], 3, "{matched}");
    let report = report(stage).await?;
    let found: Vec<&str> = report.lines().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(found, ["result", "matched", "matched", "matched"], "{report}");
    let (status, answer) = ask(stage, "DELETE", "matching/customers", &Value::Null).await?;
    assert_eq!(status, 200, "{answer}");

    erased(stage, email, accounts[0]).await
}

/// All pages of the report of a run of matching.
async fn report(stage: &Stage) -> Result<String, Problem> {
    let path = format!("/admin/links/{}/matching/customers/report", stage.link);
    let (mut csv, mut query) = (String::new(), json!({}));
    loop {
        let request = json!({"method": "GET", "path": path, "query": query});
        let answer = stage.cloud.invoke("AdminFunctionName", &request).await?;
        assert_eq!(answer["status"], 200, "{answer}");
        csv.push_str(answer["body"]["csv"].as_str().unwrap());
        match &answer["body"]["next"] {
            Value::Null => return Ok(csv),
            next => query["cursor"] = next.clone(),
        }
    }
}

/// Whatever the tables and the log hold of the person is gone, and the others' is not.
async fn erased(stage: &Stage, email: &str, account: u64) -> Result<(), Problem> {
    let hash = stage.cloud.email_key().await?.hash(email);
    let record = format!("{}/customer/{account}", stage.link);
    let (before, _) = dump(stage, "StateTableName").await;
    assert!(before.contains(&hash) && before.contains(&record));
    let (status, answer) = ask(stage, "POST", "customers/erase", &json!({"email": email})).await?;
    assert_eq!(
        (status, &answer["erased"]["records"], &answer["erased"]["guards"]),
        (200, &json!(1), &json!(1)),
        "{answer}"
    );
    for table in ["StateTableName", "LogTableName"] {
        let (after, items) = dump(stage, table).await;
        assert!(!after.contains(&hash), "the hash of the e-mail is in {table}");
        assert!(items > 0, "the others are there");
    }
    let (status, again) = ask(stage, "POST", "customers/erase", &json!({"email": email})).await?;
    assert_eq!((status, &again["erased"]["records"]), (200, &json!(0)), "{again}");
    Ok(())
}

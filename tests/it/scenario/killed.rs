//! A worker that is killed between the ERP's write and its own record of it.

use std::time::Duration;

use local::shop;
use local::stage::Stage;
use local::wait::until;
use seams::clock::{Clock as _, System};
use serde_json::json;
use simulators::fault::{Fault, Planned};
use simulators::magento::OrderDraft;

use super::{said, settings, stage};

/// As short as a real process can keep: the message of a killed worker is seen again when its invocation would have ended.
const PARAMETERS: [(&str, &str); 6] = [
    ("LocalMode", "true"),
    ("FunctionTimeout", "8"),
    ("VisibilityTimeout", "8"),
    ("WriteTimeoutSeconds", "5"),
    ("StepReserveSeconds", "6"),
    ("DuplicateWindowSeconds", "3"),
];

#[tokio::test]
async fn a_killed_worker_leaves_one_document() {
    let mut settings = settings();
    // Only where the numbers come from the shop may the window be shorter than what an ERP may take.
    settings["orders"]["default"]["numbering"] = json!("manual");
    settings["orders"]["window_seconds"] = json!(3);
    let stage = stage(settings, &PARAMETERS).await;
    let (shop, erp) = (stage.platforms.shop.as_ref().unwrap(), stage.platforms.erp.as_ref().unwrap());
    let draft = OrderDraft::guest("kim.killed@example.com").simple("MUG-BLUE", 2, "12.50");
    let id = shop.with(|shop| shop.place(System.now(), &draft.shipping("flatrate_flatrate", 5)));
    shop.with(|shop| erp.with(|erp| shop::stock(erp, shop)));
    // The ERP carries the order out at once, and its answer never comes.
    let fault = Fault::Late { after: Duration::ZERO };
    erp.plan(Planned { method: "PUT".to_owned(), path_part: "/SalesOrder".to_owned(), fault });

    local::events::deliver(&stage, id).await.unwrap();
    let saved =
        until("the ERP has the order", async || Ok((erp.with(|erp| erp.orders().len()) == 1).then_some(()))).await;
    saved.unwrap_or_else(|problem| panic!("{problem}\n{}", said(&stage)));
    assert_eq!(kill_workers(&stage), 1, "one worker was writing");

    // Nothing of the killed attempt is in the log; the next one finds the document by its reference, binds it and writes nothing.
    let entries = until("the killed worker's order is settled", async || {
        let entries = stage.admin().log(&stage.link, "000000001").await?;
        Ok((!entries.is_empty()).then_some(entries))
    });
    let entries = entries.await.unwrap_or_else(|problem| panic!("{problem}\n{}", said(&stage)));
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    let found = (&entry["outcome"], &entry["attempt"], &entry["magento_calls"], &entry["acumatica_calls"]);
    assert_eq!(found, (&json!("adopted"), &json!(2), &json!(1), &json!(1)), "{entry}");
    let writes = erp.calls().into_iter().filter(|call| call.method == "PUT" && call.target.contains("/SalesOrder"));
    assert_eq!(writes.count(), 1, "the order was written once");
    let orders = erp.with(|erp| erp.orders());
    let found: Vec<(&str, &str, String)> =
        orders.iter().map(|order| (order.nbr.as_str(), order.external_ref.as_str(), order.total.to_string())).collect();
    let reference = format!("{}-000000001", stage.link);
    assert_eq!(found, [("000000001", reference.as_str(), "30.00".to_owned())], "{entries:?}");
}

/// Kills every running `sync-orders` of this stage without warning; answers how many there were. They are known by the environment that
/// Lambda gives to a function, and by the emulator that it is told to talk to.
fn kill_workers(stage: &Stage) -> usize {
    let function = format!("AWS_LAMBDA_FUNCTION_NAME={}", stage.cloud.output("SyncOrdersFunctionName").unwrap());
    let endpoint = format!("AWS_ENDPOINT_URL={}", stage.cloud.endpoint());
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_ours = |process: &String| {
        let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
        let has = |wanted: &str| environment.split(|byte| *byte == 0).any(|variable| variable == wanted.as_bytes());
        has(&function) && has(&endpoint)
    };
    let ours: Vec<String> =
        processes.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).filter(is_ours).collect();
    for process in &ours {
        let killed =
            std::process::Command::new("sh").args(["-c", &format!("kill -s KILL {process}")]).status().unwrap();
        assert!(killed.success(), "{process} was not there any more");
    }
    ours.len()
}

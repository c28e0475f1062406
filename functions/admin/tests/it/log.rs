use serde_json::{Value, json};
use store::log::{Entry, Level, write};

use crate::asking::{Via, ask};
use crate::bench::Bench;

const ITEM: &str = "acumatica.rejected.item_not_found";

fn entry(link: &str, time: &str, id: u64) -> Entry {
    Entry {
        time: time.parse().unwrap(),
        link: link.to_owned(),
        entity: "order".to_owned(),
        record: format!("{link}/order/{id}"),
        rev: 3,
        shown: Some(format!("{:09}", 1000 + id)),
        target: Some(format!("SO/{id:06}")),
        direction: "magento_to_acumatica".to_owned(),
        trigger: "webhook".to_owned(),
        action: "order.create".to_owned(),
        level: Level::Info,
        outcome: "applied".to_owned(),
        code: None,
        message: None,
        duration_ms: 1200,
        attempt: 1,
        magento_calls: 1,
        acumatica_calls: 2,
        settings_version: 2,
        event: "event".to_owned(),
    }
}

fn parked(entry: Entry, message: &str) -> Entry {
    Entry {
        level: Level::Error,
        outcome: "parked".to_owned(),
        code: Some(ITEM.to_owned()),
        message: Some(message.to_owned()),
        ..entry
    }
}

/// The clock stands at 09:00 on the 23rd.
async fn sample(bench: &Bench) -> String {
    let (link, other) = (bench.link().await, bench.link().await);
    for entry in [
        entry(&link, "2026-11-10T10:00:00Z", 1),
        parked(entry(&link, "2026-11-20T10:00:00Z", 2), "Item AB-1 is not in Acumatica."),
        Entry { rev: 5, ..entry(&link, "2026-11-21T10:00:00Z", 2) },
        parked(entry(&link, "2026-11-22T10:00:00Z", 3), "Item XY-9 is not in Acumatica."),
        Entry { level: Level::Warning, ..entry(&link, "2026-11-23T08:00:00Z", 4) },
        entry(&other, "2026-11-23T08:00:00Z", 5),
    ] {
        write(&*bench.log, &entry, 90).await.unwrap();
    }
    link
}

fn found(page: &Value) -> Vec<String> {
    let name =
        |entry: &Value| format!("{}@{}", entry["record"].as_str().unwrap().rsplit('/').next().unwrap(), entry["rev"]);
    page["entries"].as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
async fn entries_are_found_by_what_is_known_of_them() {
    let bench = Bench::new();
    let link = sample(&bench).await;
    let record = |id: u64| format!("{link}/order/{id}");
    for (query, expected) in [
        // Seven days unless asked otherwise; an empty value asks for nothing.
        (json!({}), &["4@3", "3@3", "2@5", "2@3"][..]),
        (json!({ "from": "", "record": "", "cursor": "" }), &["4@3", "3@3", "2@5", "2@3"]),
        (json!({ "from": "2026-11-09T00:00:00Z", "to": "2026-11-15T00:00:00Z" }), &["1@3"]),
        (json!({ "to": "2026-11-12T00:00:00Z" }), &["1@3"]),
        (json!({ "from": "2026-11-20T10:00:00Z", "to": "2026-11-21T10:00:00Z" }), &["2@5", "2@3"]),
        (json!({ "from": "2026-11-22T12:00:00+02:00", "to": "2026-11-22T12:00:00+02:00" }), &["3@3"]),
        (json!({ "to": "-009999-01-02T01:59:59Z" }), &[]),
        (json!({ "record": record(2) }), &["2@5", "2@3"]),
        (json!({ "record": record(2), "outcome": "parked" }), &["2@3"]),
        (json!({ "record": record(9) }), &[]),
        (json!({ "code": ITEM }), &["3@3", "2@3"]),
        (json!({ "code": ITEM, "from": "2026-11-21T00:00:00Z" }), &["3@3"]),
        (json!({ "code": "orders.rejected.overpaid" }), &[]),
        (json!({ "outcome": "applied" }), &["4@3", "2@5"]),
        (json!({ "level": "info" }), &["4@3", "3@3", "2@5", "2@3"]),
        (json!({ "level": "warning" }), &["4@3", "3@3", "2@3"]),
        (json!({ "level": "error" }), &["3@3", "2@3"]),
        (json!({ "words": "000001003" }), &["3@3"]),
        (json!({ "words": "SO/000002" }), &["2@5", "2@3"]),
        (json!({ "words": " item  ab-1 " }), &["2@3"]),
        (json!({ "words": "ab-1 xy-9" }), &[]),
    ] {
        for via in Via::ALL {
            let request = ask(&format!("GET /admin/links/{link}/log")).query(query.clone());
            let page = bench.via(via, &request).await.good(200);
            assert_eq!(
                (found(&page), &page["next"]),
                (expected.iter().map(ToString::to_string).collect(), &Value::Null),
                "{query}"
            );
        }
    }
    let page =
        bench.ask(ask(&format!("GET /admin/links/{link}/log")).query(json!({ "words": "xy-9" }))).await.good(200);
    assert_eq!(
        page["entries"],
        json!([{
            "time": "2026-11-22T10:00:00Z", "link": link, "entity": "order", "record": record(3), "rev": 3,
            "shown": "000001003", "target": "SO/000003", "direction": "magento_to_acumatica", "trigger": "webhook",
            "action": "order.create", "level": "error", "outcome": "parked", "code": ITEM,
            "message": "Item XY-9 is not in Acumatica.", "duration_ms": 1200, "attempt": 1, "magento_calls": 1,
            "acumatica_calls": 2, "settings_version": 2, "event": "event",
        }])
    );
}

#[tokio::test]
async fn long_ranges_are_read_by_the_page() {
    let bench = Bench::new();
    let link = sample(&bench).await;
    let mut query = json!({ "from": "2026-11-01T00:00:00Z" });
    // Eight days a page: the 23rd to the 16th, the 15th to the 8th, the 7th to the 1st.
    for (expected, is_last) in [(&["4@3", "3@3", "2@5", "2@3"][..], false), (&["1@3"], false), (&[], true)] {
        let page = bench.ask(ask(&format!("GET /admin/links/{link}/log")).query(query.clone())).await.good(200);
        assert_eq!(
            (found(&page), page["next"].is_null()),
            (expected.iter().map(ToString::to_string).collect(), is_last)
        );
        query["cursor"] = page["next"].clone();
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let bench = Bench::new();
    let link = sample(&bench).await;
    let other = bench.link().await;
    let stranger = format!("{other}/order/1");
    let known = "there are record, code, outcome, level, from, to, words, cursor.";
    for (query, detail) in [
        (json!({ "number": "7" }), format!("`number` is unknown; {known}")),
        (json!({ "record": stranger }), format!("`{stranger}` is not a record of link `{link}`.")),
        (json!({ "record": "7" }), format!("`7` is not a record of link `{link}`.")),
        (
            json!({ "record": format!("{link}/order/1"), "code": ITEM }),
            "Ask for a `record` or a `code`, not both.".to_owned(),
        ),
        (json!({ "level": "debug" }), "`level` is `info`, `warning` or `error`.".to_owned()),
        (json!({ "from": "yesterday" }), "`from` is not an instant such as 2026-11-23T04:00:00Z.".to_owned()),
        (json!({ "to": "2026-11-23" }), "`to` is not an instant such as 2026-11-23T04:00:00Z.".to_owned()),
    ] {
        for via in Via::ALL {
            let request = ask(&format!("GET /admin/links/{link}/log")).query(query.clone());
            assert_eq!(bench.via(via, &request).await.refused(400), detail);
        }
    }
    for cursor in ["made-up", "e30", "-"] {
        let request = ask(&format!("GET /admin/links/{link}/log")).query(json!({ "cursor": cursor }));
        let refused = bench.ask(request).await;
        assert!(refused.refused(400).starts_with("`cursor` is not one of this query"), "{cursor}");
    }
}

#[tokio::test]
async fn pages_follow_one_another_newest_first() {
    let bench = Bench::new();
    let link = bench.link().await;
    for id in 0..130 {
        let time = format!("2026-11-{:02}T{:02}:{:02}:00Z", 20 + id / 60, 3, id % 60);
        write(&*bench.log, &entry(&link, &time, id), 90).await.unwrap();
    }
    let (mut query, mut sizes, mut all) = (json!({}), Vec::new(), Vec::new());
    loop {
        let page = bench.ask(ask(&format!("GET /admin/links/{link}/log")).query(query.clone())).await.good(200);
        let names = found(&page);
        sizes.push(names.len());
        all.extend(names);
        match &page["next"] {
            Value::Null => break,
            next => query["cursor"] = next.clone(),
        }
    }
    assert_eq!(sizes[..3], [50, 50, 30]);
    assert!(sizes[3..].iter().all(|size| *size == 0), "{sizes:?}");
    assert_eq!(all, (0..130).rev().map(|id| format!("{id}@3")).collect::<Vec<_>>());
}

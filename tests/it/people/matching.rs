//! Initial matching: who on one side is who on the other, before the first write.

mod bind;
mod many;

use std::sync::Arc;

use async_trait::async_trait;
use flows::link::{Activation, EmailKey, World};
use flows::operations::{Answer, Desk, Platforms, Refusal, Unusable, matching};
use flows::settings::{Acumatica, Magento};
use seams::Secret;
use serde_json::{Value, json};
use simulators::acumatica::Change;
use simulators::magento::{Address, CustomerDraft};
use store::Key;
use store::memory::mortal::{Life, outcome};
use store::settings::{Activated, Author};

use super::world::{People, text};
use crate::flow::seams::Gate;
use crate::flow::world::{EMAIL_KEY, LINK, Shop, ready};

/// The link's clients, as an operator's function makes them.
pub(super) struct Clients<'a>(pub(super) &'a Shop);

#[async_trait]
impl Platforms for Clients<'_> {
    async fn magento(&self, _: &str, _: &Magento) -> Result<magento::Client, Unusable> {
        Ok(self.0.worker(&Gate::default(), "").1.magento)
    }

    async fn acumatica(&self, _: &str, _: &Acumatica) -> Result<acumatica::Client, Unusable> {
        Ok(self.0.worker(&Gate::default(), "").1.acumatica)
    }

    async fn emails(&self) -> Result<EmailKey, Unusable> {
        Ok(EmailKey::new(Secret::new(EMAIL_KEY)))
    }
}

/// What an operator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask<'a> {
    Advance,
    Restart,
    Discard,
    Correct(&'a str),
    Bind,
}

impl People {
    /// Asks; nothing comes back of a worker that has died after so many writes.
    fn ask_mortal(&self, ask: Ask<'_>, writes: u64) -> Option<Result<Answer, Refusal>> {
        self.ask_in(ask, &Life::of(writes))
    }

    fn ask_in(&self, ask: Ask<'_>, life: &Arc<Life>) -> Option<Result<Answer, Refusal>> {
        let (world, _) = self.shop.worker(&Gate::default(), "");
        let world = World { state: life.table(world.state.clone()), ..world };
        let clients = Clients(&self.shop);
        let desk = Desk { world: &world, platforms: &clients, allow_loopback: false };
        outcome(async {
            match ask {
                Ask::Advance => matching::advance(&desk, LINK, &Value::Null).await,
                Ask::Restart => matching::advance(&desk, LINK, &json!({ "restart": true })).await,
                Ask::Discard => matching::discard(&desk, LINK).await,
                Ask::Correct(csv) => matching::correct(&desk, LINK, csv.as_bytes()).await,
                Ask::Bind => matching::bind(&desk, LINK).await,
            }
        })
    }

    fn ask(&self, ask: Ask<'_>) -> Result<Answer, Refusal> {
        self.ask_mortal(ask, u64::MAX).expect("nobody dies")
    }

    fn good(&self, ask: Ask<'_>) -> Value {
        self.ask(ask).unwrap_or_else(|refusal| panic!("{ask:?}: {refusal:?}")).body
    }

    fn refused(&self, ask: Ask<'_>) -> (u16, String) {
        let refusal = self.ask(ask).expect_err("a refusal");
        (refusal.status, refusal.detail)
    }

    /// A page of the report.
    fn page(&self, cursor: Option<&str>) -> Result<Answer, Refusal> {
        let (world, _) = self.shop.worker(&Gate::default(), "");
        let clients = Clients(&self.shop);
        ready(matching::report(&Desk { world: &world, platforms: &clients, allow_loopback: false }, LINK, cursor))
    }

    /// The lines of the report without their names, sorted, pages put together.
    fn report(&self) -> Vec<String> {
        let (mut csv, mut cursor) = (String::new(), None);
        loop {
            let page = self.page(cursor.as_deref()).expect("a page").body;
            csv.push_str(text(&page, "/csv"));
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        let mut lines = csv.lines();
        assert_eq!(lines.next(), Some("result,magento_id,customer_id,note_id,website,class,why"));
        let notes = self.notes();
        let mut lines: Vec<String> = lines
            .map(|line| notes.iter().fold(line.to_owned(), |line, (note, number)| line.replace(note, number)))
            .collect();
        lines.sort();
        lines
    }

    /// Every customer's `NoteID` with its number.
    fn notes(&self) -> Vec<(String, String)> {
        let pair = |number: String| (text(&self.customer(&number), "/NoteID/value").to_lowercase(), number);
        self.numbers().into_iter().map(pair).collect()
    }

    /// The settings as a link has them, so that an operator's operations find them.
    pub(super) fn store_settings(&self) {
        let (world, _) = self.shop.worker(&Gate::default(), "");
        let document = serde_json::to_value(&self.shop.settings).expect("settings are JSON");
        let now = ready(store::settings::current(&*world.state, LINK)).expect("the table answers");
        let version = now.map_or(0, |(version, _)| version);
        let put = store::settings::put(&*world.state, &*world.clock, LINK, version, document, "a test");
        ready(put).expect("the table answers");
    }

    /// A record as somebody else has left it.
    fn put_record(&self, record: store::Record) {
        let (world, _) = self.shop.worker(&Gate::default(), "");
        ready(store::Records::new(world.state, world.clock).write(record)).expect("it is written");
    }

    fn activate(&self, state: Activation) {
        let (world, _) = self.shop.worker(&Gate::default(), "");
        let before = ready(store::settings::activation::<Activation>(&*world.state, LINK)).expect("the table answers");
        let written = Some(Author { by: "a test".to_owned(), at: self.shop.now() });
        let activated = Activated { state, initialised_settings_version: Some(1), written };
        let rev = before.map_or(0, |(rev, _)| rev);
        ready(store::settings::activate(&*world.state, &*world.clock, LINK, rev, &activated)).expect("it is stored");
    }

    /// What both sides have done so far brings no events.
    fn nothing_was_said(&self) {
        self.shop.erp.with(|erp| erp.outbox.take(self.shop.now()));
        self.shop.magento.with(simulators::magento::Magento::take_occurrences);
    }

    /// Everything but the run's own items.
    fn outside_the_run(&self) -> Vec<(Key, Value)> {
        let items = self.shop.state.items().into_iter();
        let items = items.filter(|item| !item.key.partition.contains("/matching/"));
        items.map(|item| (item.key, item.body)).collect()
    }

    fn account_of(&self, email: &str) -> u64 {
        self.register(&CustomerDraft::new(email, "Ada", "Byron").address(Address::us("Ada", "Byron")))
    }

    fn customer_of(&self, email: &str, class: &str) -> String {
        let changes = [
            Change::to("CustomerName", "Ada Byron"),
            Change::to("CustomerClass", class),
            Change::to("MainContact/Email", email),
        ];
        self.enter(&changes[..if email.is_empty() { 2 } else { 3 }])
    }
}

/// People of every kind: matched 1 and 2 (C000001, C000002), ambiguous 3 with two customers, 4 alone; C000005 alone, C000006 of a class that has no
/// accounts, C000007 without e-mail, 5 and C000008 masked.
fn crowd() -> People {
    let mut people = People::new();
    people.shop.erp.with(|erp| {
        let class = erp.master.customer_classes["WEB"].clone();
        erp.master.customer_classes.insert("LOCAL".to_owned(), class);
    });
    people.change(|customers| {
        customers.masked_emails =
            serde_json::from_value(json!([{"email": "*@market.example", "becomes": "skip"}])).expect("a row");
    });
    for email in ["one@example.com", "Two@Example.com", "three@example.com", "four@example.com", "x@market.example"] {
        people.account_of(email);
    }
    for (email, class) in [
        ("ONE@example.com", "WEB"),
        (" two@example.com", "WEB"),
        ("three@example.com", "WEB"),
        ("three@example.com", "WEB"),
        ("five@example.com", "WEB"),
        ("six@example.com", "LOCAL"),
        ("", "WEB"),
        ("x@market.example", "WEB"),
    ] {
        people.customer_of(email, class);
    }
    people.store_settings();
    people
}

const REPORT: [&str; 11] = [
    "ambiguous,,C000003,C000003,,WEB,customers.rejected.ambiguous_email",
    "ambiguous,,C000004,C000004,,WEB,customers.rejected.ambiguous_email",
    "ambiguous,3,,,1,,customers.rejected.ambiguous_email",
    "left_out,,C000007,C000007,,WEB,customers.rejected.email_missing",
    "left_out,,C000008,C000008,,WEB,customers.skipped.masked_email",
    "left_out,5,,,1,,customers.skipped.masked_email",
    "matched,1,C000001,C000001,1,WEB,one_email",
    "matched,2,C000002,C000002,1,WEB,one_email",
    "only_acumatica,,C000005,C000005,,WEB,will_be_made",
    "only_acumatica,,C000006,C000006,,LOCAL,customers.skipped.class_not_synced",
    "only_magento,4,,,1,,will_be_made",
];

#[test]
fn a_run_says_who_is_who_and_writes_nothing_but_its_own() {
    let people = crowd();
    let before = (people.outside_the_run(), people.shop.saves());
    let answer = people.good(Ask::Advance);
    let counts = json!({ "matched": 2, "ambiguous": 3, "only_magento": 1, "only_acumatica": 2, "left_out": 3 });
    assert_eq!(
        answer,
        json!({
            "phase": "compared", "done": true, "read_magento": 5, "read_acumatica": 8, "pass": 1, "unseen": 0,
            "counts": counts, "corrections": 0, "bound": 0, "not_bound": 0, "settings_version": 1,
        })
    );
    assert_eq!(people.report(), REPORT);
    assert_eq!(people.good(Ask::Advance), answer, "there is nothing more to do");
    assert_eq!((people.outside_the_run(), people.shop.saves()), before);
    let told = people.shop.entries();
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].message.as_deref(),
        Some(
            "Of 5 accounts and 8 customers 2 pairs are matched; 3 are ambiguous, 1 are only in Magento, 2 only in Acumatica, 3 are left out."
        )
    );
}

#[test]
fn a_run_that_dies_anywhere_goes_on_to_the_same_end() {
    let whole = crowd();
    let answer = whole.good(Ask::Advance);
    let bound = whole.good(Ask::Bind);
    for writes in 1.. {
        let people = crowd();
        let mut deaths = 0;
        for (ask, expected) in [(Ask::Advance, &answer), (Ask::Bind, &bound)] {
            // Twice: once as far as that, and once as far again.
            let mut ended = None;
            while ended.is_none() {
                ended = people.ask_mortal(ask, if deaths < 2 { writes } else { u64::MAX });
                deaths += u32::from(ended.is_none());
            }
            assert_eq!(&ended.expect("an answer").expect("a good one").body, expected, "{ask:?} after {writes} writes");
        }
        assert_eq!(people.report(), whole.report());
        let items = |people: &People| -> Vec<(Key, Value)> {
            people.shop.records().into_iter().map(|record| (Key::new(record.key, ""), json!(record.bound))).collect()
        };
        assert_eq!(items(&people), items(&whole), "after {writes} writes");
        if deaths == 0 {
            assert!(writes > 40, "only {writes} writes: the test does not see them");
            return;
        }
    }
}

#[test]
fn corrections_are_taken_wholly_or_not_at_all() {
    let people = crowd();
    assert_eq!(people.refused(Ask::Correct("3,C000004")).0, 404);
    people.good(Ask::Advance);
    let report = people.report();
    let bad = "magento_id,customer_id\n3,C000004\n99,C000001\n4,C999999\nx,-\n3,-\n\n4\n1,C000004\n2,\n";
    let refusal = people.ask(Ask::Correct(bad)).expect_err("bad lines");
    let lines = refusal.more["problems"].as_array().expect("a list");
    let numbers: Vec<u64> = lines.iter().filter_map(|problem| problem["line"].as_u64()).collect();
    assert_eq!((refusal.status, numbers), (422, vec![3, 4, 5, 6, 8, 9, 10]), "{lines:?}");
    people.good(Ask::Advance);
    assert_eq!(people.report(), report, "nothing was taken");
    // The third account is the second of two; the second one is nobody; the fourth is the customer of another e-mail.
    people.good(Ask::Correct("\u{feff}magento_id,customer_id\r\n3,C000004\r\n2,-\r\n4,\"C000005\"\r\n"));
    let counts = people.good(Ask::Advance)["counts"].clone();
    assert_eq!(counts, json!({ "matched": 3, "ambiguous": 0, "only_magento": 1, "only_acumatica": 3, "left_out": 3 }));
    let corrected: Vec<String> = people.report().into_iter().filter(|line| line.ends_with(",corrected")).collect();
    assert_eq!(
        corrected,
        [
            "matched,3,C000004,C000004,1,WEB,corrected",
            "matched,4,C000005,C000005,1,,corrected",
            "only_acumatica,,C000002,C000002,,WEB,corrected",
            "only_acumatica,,C000003,C000003,,WEB,corrected",
            "only_magento,2,,,1,,corrected",
        ]
    );
    assert_eq!(people.good(Ask::Bind)["bound"], 3);
    let bound = |id: u64| {
        let key = format!("{LINK}/customer/{id}");
        people
            .records()
            .into_iter()
            .find(|record| record.key == key)
            .and_then(|record| record.bound)
            .map(|bound| bound.target)
    };
    assert_eq!(
        [1, 2, 3, 4].map(bound),
        [Some("C000001"), None, Some("C000004"), Some("C000005")].map(|number| number.map(str::to_owned))
    );
    // A later file takes the place of the one before.
    people.good(Ask::Correct("3,C000003\n"));
    assert_eq!(people.good(Ask::Advance)["counts"]["matched"], 3);
    let again = people.good(Ask::Bind);
    assert_eq!((&again["bound"], &again["not_bound"]), (&json!(2), &json!(1)), "a bound one stays as it is");
    assert!(people.report().contains(&"not_bound,3,C000003,C000003,1,WEB,flows.rejected.reference_taken".to_owned()));
}

#[test]
fn another_version_of_the_settings_wants_another_run() {
    let people = crowd();
    people.good(Ask::Advance);
    people.store_settings();
    for ask in [Ask::Advance, Ask::Bind] {
        let (status, detail) = people.refused(ask);
        assert!(status == 409 && detail.contains("`\"restart\": true`"), "{detail}");
    }
    let refusal = people.page(None).expect_err("lines judged by other settings than the run's");
    assert!(refusal.status == 409 && refusal.detail.contains("`\"restart\": true`"), "{refusal:?}");
    people.shop.erp.with(|erp| erp.delete_customer("C000005", people.shop.now())).expect("deleted");
    let again = people.good(Ask::Restart);
    assert_eq!((&again["settings_version"], &again["counts"]["only_acumatica"]), (&json!(2), &json!(1)));
    people.good(Ask::Correct("3,C000004"));
    people.good(Ask::Discard);
    let left: Vec<Key> = people.shop.state.items().into_iter().map(|item| item.key).collect();
    assert!(left.iter().all(|key| !key.partition.contains("matching")), "{left:?}");
    assert_eq!(people.refused(Ask::Bind).0, 404);
}

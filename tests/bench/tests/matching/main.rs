//! Initial matching of 2,000 and of 20,000 on either side: the report is exact, a run that was killed goes on, its memory does not grow with its
//! people, and going live afterwards makes nobody.

#[cfg(test)]
mod crowd;
#[cfg(test)]
mod measured;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use acumatica::auth::{InMemory, Slot, Token, TokenStore};
    use async_trait::async_trait;
    use flows::delivery::{Delivery, Outcome};
    use flows::link::{Activation, EmailKey, Link, Timing, World};
    use flows::operations::{Answer, Desk, Platforms, Refusal, Unusable, matching};
    use flows::settings::Settings;

    use queue::Cause;
    use seams::Secret;
    use seams::clock::{Clock, Virtual};
    use serde_json::{Value, json};
    use store::memory::mortal::{Life, outcome};

    use super::crowd::{Crowd, id, note};
    use super::measured::{Meter, MeteredTable, MeteredTransport};

    const LINK: &str = "bench001";

    /// Both sides, the tables, and a meter.
    struct Bench {
        people: u64,
        crowd: Arc<Crowd>,
        meter: Arc<Meter>,
        state: Arc<store::memory::Memory>,
        clock: Arc<Virtual>,
        settings: Settings,
    }

    impl Bench {
        fn of(people: u64) -> Self {
            let mut document: Value =
                serde_json::from_str(include_str!("../../../../infra/local/sample/settings.json")).expect("JSON");
            document["customers"] = json!({ "enabled": true, "default": {} });
            let bytes = document.to_string();
            let settings = flows::settings::parse(bytes.as_bytes(), true).expect("good settings");
            let state = Arc::new(store::memory::Memory::new());
            let clock = Arc::new(Virtual::new("2026-11-23T09:00:00Z".parse().expect("an instant")));
            let document = serde_json::to_value(&settings).expect("settings are JSON");
            outcome(store::settings::put(&*state, &*clock, LINK, 0, document, "a test"))
                .expect("no wait")
                .expect("stored");
            let meter = Arc::new(Meter::default());
            Self { people, crowd: Arc::new(Crowd::of(people)), meter, state, clock, settings }
        }

        fn world(&self, writes: u64) -> World {
            let (inner, meter) = (self.state.clone(), self.meter.clone());
            World {
                state: Life::of(writes).table(Arc::new(MeteredTable { inner, meter })),
                log: Arc::new(store::memory::Memory::new()),
                queue: Arc::new(queue::memory::Memory::new(self.clock.clone())),
                clock: self.clock.clone(),
                timing: Timing::default(),
            }
        }

        fn shop(&self) -> magento::Client {
            let credentials = magento::auth::Credentials::Bearer { token: Secret::new("a-token") };
            let to = magento::Connection::new("https://shop.example.com", credentials).expect("a good address");
            let transport = MeteredTransport { inner: self.crowd.clone(), meter: self.meter.clone() };
            magento::Client::new(Arc::new(transport), self.clock.clone(), to)
        }

        fn erp(&self) -> acumatica::Client {
            let credentials = acumatica::auth::Credentials {
                client_id: "an-application@tenant".to_owned(),
                client_secret: Secret::new("a-secret"),
                username: "a-user".to_owned(),
                password: Secret::new("a-password"),
            };
            let to = acumatica::Connection::new("https://erp.example.com/X", "Default", "24.200.001", credentials);
            let later = "2027-01-01T00:00:00Z".parse().expect("an instant");
            let token = Token { access: Secret::new("a-token"), refresh: None, renew_at: later, expires_at: later };
            let tokens = InMemory::new();
            let slot = Slot { token: Some(token), ..Slot::default() };
            outcome(tokens.replace(0, &slot)).expect("no wait").expect("stored");
            let transport = MeteredTransport { inner: self.crowd.clone(), meter: self.meter.clone() };
            acumatica::Client::new(
                Arc::new(transport),
                self.clock.clone(),
                to.expect("a good address"),
                Arc::new(tokens),
            )
        }

        /// Asks an operation; nothing comes back where it dies after so many writes.
        fn ask(&self, writes: u64, ask: impl AsyncFn(&Desk<'_>) -> Result<Answer, Refusal>) -> Option<Value> {
            let world = self.world(writes);
            let desk = Desk { world: &world, platforms: self, allow_loopback: false };
            outcome(ask(&desk)).map(|answer| answer.expect("a good answer").body)
        }

        /// Matches, killed twice; then reads the report and binds, killed twice; the most that was held in memory.
        fn run(&self) -> (Value, Vec<String>, i64) {
            self.meter.begin();
            let advance = async |desk: &Desk<'_>| matching::advance(desk, LINK, &Value::Null).await;
            let bind = async |desk: &Desk<'_>| matching::bind(desk, LINK).await;
            // Among the accounts, then among the customers; two writes for each of them.
            let people = self.people;
            assert_eq!([self.ask(people + 34, advance), self.ask(2 * people + 321, advance)], [None, None]);
            let answer = self.ask(u64::MAX, advance).expect("nobody dies");
            // What the test itself keeps of the report is not the operation's.
            let (mut lines, mut cursor, mut most) = (Vec::new(), None::<String>, self.meter.most());
            loop {
                self.meter.begin();
                let page = self.ask(u64::MAX, async |desk| matching::report(desk, LINK, cursor.as_deref()).await);
                let page = page.expect("nobody dies");
                most = most.max(self.meter.most());
                lines.extend(page["csv"].as_str().expect("a text").lines().map(str::to_owned));
                match page["next"].as_str() {
                    Some(next) => cursor = Some(next.to_owned()),
                    None => break,
                }
            }
            self.meter.begin();
            assert_eq!([self.ask(people + 7, bind), self.ask(people + 45, bind)], [None, None]);
            let bound = self.ask(u64::MAX, bind).expect("nobody dies");
            assert_eq!((&bound["bound"], &bound["not_bound"]), (&answer["counts"]["matched"], &json!(0)));
            (answer, lines, most.max(self.meter.most()))
        }

        /// Delivers an event; what became of it, and what it cost.
        fn sync(&self, world: &World, link: &Link, source_id: &str) -> (Outcome, u32) {
            let event = flows::customers::identity::hint(world, LINK, source_id, Cause::Webhook);
            let deadline = self.clock.now() + jiff::SignedDuration::from_secs(180);
            let delivery = Delivery { message_id: &event.event_id, event: &event, deadline };
            let report = outcome(flows::customers::sync(world, link, &delivery)).expect("nothing waits");
            (report.outcome, report.calls.magento + report.calls.acumatica)
        }
    }

    #[async_trait]
    impl Platforms for Bench {
        async fn magento(&self, _: &str, _: &flows::settings::Magento) -> Result<magento::Client, Unusable> {
            Ok(self.shop())
        }

        async fn acumatica(&self, _: &str, _: &flows::settings::Acumatica) -> Result<acumatica::Client, Unusable> {
            Ok(self.erp())
        }

        async fn emails(&self) -> Result<EmailKey, Unusable> {
            Ok(EmailKey::new(Secret::new("a-key")))
        }
    }

    /// The lines as they must be, from how the crowd is made.
    fn expected(people: u64) -> Vec<String> {
        const SEVERAL: &str = "customers.rejected.ambiguous_email";
        let mut lines = vec!["result,magento_id,customer_id,note_id,website,class,why".to_owned()];
        for n in 1..=people {
            let customer = format!("{},{}", id(n), note(n));
            let alone = format!("only_magento,{n},,,1,,will_be_made");
            match n % 20 {
                10 => lines.extend([
                    format!("ambiguous,{n},,,1,,{SEVERAL}"),
                    format!("ambiguous,,{customer},,WEB,{SEVERAL}"),
                    format!("ambiguous,,{},{},,WEB,{SEVERAL}", id(n + 1), note(n + 1)),
                ]),
                11 => lines.push(alone),
                12 => {
                    lines.extend([alone, format!("only_acumatica,,{customer},,WEB,customers.skipped.class_not_synced")])
                }
                _ => lines.push(format!("matched,{n},{customer},1,WEB,one_email")),
            }
        }
        lines.sort();
        lines
    }

    #[test]
    fn twenty_thousand_are_matched_in_the_memory_of_two_thousand() {
        let mut held = Vec::new();
        for people in [2_000_u64, 20_000] {
            let bench = Bench::of(people);
            let (answer, mut lines, most) = bench.run();
            let twentieths = people / 20;
            let counts = json!({
                "matched": 17 * twentieths, "ambiguous": 3 * twentieths, "only_magento": 2 * twentieths,
                "only_acumatica": twentieths, "left_out": 0,
            });
            assert_eq!(answer["counts"], counts);
            let read = (&answer["read_magento"], &answer["read_acumatica"], &answer["pass"], &answer["unseen"]);
            assert_eq!(
                read,
                (&json!(people), &json!(people), &json!(2), &json!(0)),
                "the first reading missed somebody"
            );
            lines.sort();
            assert!(lines == expected(people), "the report is not exact");
            held.push(most);
            if people == 20_000 {
                goes_live(&bench, people);
            }
        }
        let [small, large] = held.as_slice() else { panic!("two runs") };
        println!("held at most: {small} bytes for 2,000 and {large} bytes for 20,000 on either side");
        assert!(*small > 100_000, "{small} bytes: nothing was measured");
        assert!(large * 10 <= small * 12, "{large} bytes for 20,000, {small} for 2,000");
    }

    /// An event of everybody on both sides: who is bound costs one read, whom nobody has chosen is parked, and nothing is written.
    fn goes_live(bench: &Bench, people: u64) {
        let world = bench.world(u64::MAX);
        let link = Link {
            id: LINK.to_owned(),
            activation: Activation::Active,
            settings: bench.settings.clone(),
            settings_version: 1,
            magento: bench.shop(),
            acumatica: bench.erp(),
            emails: EmailKey::new(Secret::new("a-key")),
        };
        let mut told: BTreeMap<(Outcome, u32), u64> = BTreeMap::new();
        for n in 1..=people {
            let events: Vec<String> = match n % 20 {
                11 | 12 => vec![note(n)],
                _ => vec![n.to_string(), note(n)],
            };
            for source_id in events {
                *told.entry(bench.sync(&world, &link, &source_id)).or_default() += 1;
            }
        }
        let twentieths = people / 20;
        let expected = BTreeMap::from([
            ((Outcome::Unchanged, 1), 34 * twentieths),
            // The customers of one e-mail, and the strangers: no account is made of their class.
            ((Outcome::Skipped, 1), 3 * twentieths),
            // The account that two customers could be.
            ((Outcome::Parked, 2), twentieths),
        ]);
        assert_eq!(told, expected);
        assert_eq!(bench.crowd.writes(), Vec::<String>::new());
    }
}

//! The customers of the day: who comes to either side is on the other one soon after, what changes follows, and then nobody writes any more.
//!
//! Both sides tell of everything that happens to customers, our own writes included, through the doors that they have in production. What is
//! known of a customer comes from the sync log and from the two platforms, never from what this file did.

use std::cell::Cell;

use seams::clock::{Clock as _, System};
use serde_json::{Value, json};
use simulators::acumatica::{Acumatica, Change, Definition};
use simulators::fault::{Call, InProcess};
use simulators::magento::{Address, CustomerDraft, Magento};

use crate::people::{Part, Person, differences, text_of};
use crate::report::{Calls, Customer};
use crate::stage::Stage;
use crate::wait::until;
use crate::{Problem, events, shop};

/// What the sync log calls an event that did something.
const DONE: [&str; 3] = ["applied", "adopted", "held"];
/// The group that a shopper is moved to, and what the shop calls it.
const WHOLESALE: (u32, &str) = (2, "Wholesale");

/// Plays the customers' part of the story and says what happened.
pub(crate) async fn play(
    stage: &Stage,
    shop: &InProcess<Magento>,
    erp: &InProcess<Acumatica>,
) -> Result<Vec<Customer>, Problem> {
    let mut day = Day { stage, shop, erp, people: Vec::new(), told: Cell::default() };
    day.arrive()?;
    day.meet().await?;
    day.settle().await?;
    day.change().await?;
    day.settle().await?;
    day.report().await
}

struct Day<'a> {
    stage: &'a Stage,
    shop: &'a InProcess<Magento>,
    erp: &'a InProcess<Acumatica>,
    people: Vec<Person>,
    /// How many events were delivered since both sides were last seen to be equal.
    told: Cell<usize>,
}

impl Day<'_> {
    /// People come to either side.
    fn arrive(&mut self) -> Result<(), Problem> {
        // Only now, so that the counts of calls are of these people alone: the ERP would tell of the customers that orders have made, too.
        self.erp.with(|erp| erp.config.push.definitions = vec![Definition::customers()]);
        self.say("set up the ERP's push notifications");
        let known = self.shop.with(|shop| {
            let is_hers = |id: &u64| shop.customer(*id).is_some_and(|account| account["email"] == shop::SHOPPER);
            shop.customer_ids().into_iter().find(is_hers)
        });
        let known = known.ok_or_else(|| Problem::new("the shopper with an account is not in the shop"))?;

        let new = self.register("lena.login@example.com", "Lena", "Login");
        self.say(format!("account {new} was created in the shop"));
        let guest = self.register(shop::GUEST, "Grace", "Guest");
        self.say(format!("account {guest} was created in the shop, by the guest of order 000000001"));
        let (number, note) = self.enter()?;
        self.say(format!("customer {number} was entered in the ERP"));

        let of_account = |part, email, id: u64| Person {
            part,
            email,
            account: Some(id),
            customer: None,
            record: self.record(&id.to_string()),
            wanted: 1,
        };
        let entered = Person {
            part: Part::Entered,
            email: "omar.office@example.com",
            account: None,
            customer: Some(number),
            record: self.record(&note),
            wanted: 1,
        };
        self.people = vec![
            of_account(Part::Registers, "lena.login@example.com", new),
            of_account(Part::Moves, shop::SHOPPER, known),
            of_account(Part::Regroups, shop::GUEST, guest),
            entered,
        ];
        Ok(())
    }

    fn record(&self, id: &str) -> String {
        format!("{}/customer/{}", self.stage.link, id.to_lowercase())
    }

    /// A shopper makes an account.
    fn register(&self, email: &str, first: &str, last: &str) -> u64 {
        let draft = CustomerDraft::new(email, first, last).address(Address::us(first, last));
        self.shop.with(|shop| shop.add_customer(System.now(), &draft))
    }

    /// Somebody in the office enters a customer; answers its number and its `NoteID`.
    fn enter(&self) -> Result<(String, String), Problem> {
        let changes = [
            ("CustomerName", "Omar Office"),
            ("CustomerClass", "WEB"),
            ("MainContact/Attention", "Omar Office"),
            ("MainContact/Email", "omar.office@example.com"),
            ("MainContact/Phone1", "555-0144"),
            ("MainContact/Address/AddressLine1", "7 Ledger Road"),
            ("MainContact/Address/City", "Calder"),
            ("MainContact/Address/State", "MI"),
            ("MainContact/Address/PostalCode", "49628"),
            ("MainContact/Address/Country", "US"),
        ];
        let changes = changes.map(|(path, value)| Change::to(path, value));
        let number = self.erp.with(|erp| erp.create_customer(System.now(), &changes));
        let number = number.map_err(Problem::of("enter a customer in the ERP"))?;
        let note = self.erp.with(|erp| {
            let customer = erp.customers().iter().find(|customer| customer.text("CustomerID") == Some(&number));
            customer.map(|customer| text_of(customer, "NoteID"))
        });
        Ok((number, note.unwrap_or_default()))
    }

    /// Waits until each is on both sides.
    async fn meet(&mut self) -> Result<(), Problem> {
        for at in 0..self.people.len() {
            let entry = self.done(&self.people[at]).await?;
            let target = entry["target"].as_str().unwrap_or_default().to_owned();
            let person = &mut self.people[at];
            match person.part {
                Part::Entered => person.account = target.parse().ok(),
                Part::Registers | Part::Moves | Part::Regroups => person.customer = Some(target),
            }
            let (account, customer) = self.people[at].ids()?;
            self.say(match self.people[at].part {
                Part::Registers => format!("account {account} is customer {customer} in the ERP"),
                Part::Moves => format!("account {account} is customer {customer}, whom order 000000002 has made"),
                Part::Regroups => format!("account {account} is customer {customer}, whom order 000000001 has made"),
                Part::Entered => format!("customer {customer} has account {account} in the shop"),
            });
        }
        Ok(())
    }

    /// Two customers are changed: one in the shop and in the ERP at once, one by the shop's staff.
    async fn change(&mut self) -> Result<(), Problem> {
        let changed = |person: &&mut Person| [Part::Moves, Part::Regroups].contains(&person.part);
        self.people.iter_mut().filter(changed).for_each(|person| person.wanted += 1);
        let (mover, member) = (self.first(Part::Moves)?, self.first(Part::Regroups)?);
        let ((account, customer), (grouped, wholesaler)) = (mover.ids()?, member.ids()?);
        let address = self.shop.with(|shop| shop.customer(account).and_then(|own| own["addresses"][0]["id"].as_u64()));
        let address = address.ok_or_else(|| Problem::new(format!("account {account} has no address")))?;
        let street = [Change::to("MainContact/Address/AddressLine1", "16 Mill Lane")];
        let saved = self.erp.with(|erp| erp.edit_customer(customer, System.now(), &street));
        saved.map_err(Problem::of("change an address in the ERP"))?;
        self.shop.with(|shop| {
            shop.edit_customer_address(System.now(), address, "street", json!(["14 Mill Lane"]));
            shop.edit_customer(System.now(), grouped, "group_id", json!(WHOLESALE.0));
        });
        self.say(format!(
            "the street of account {account} was changed in the shop, and differently in the ERP, at once"
        ));
        self.say(format!("account {grouped} was moved to the group {} in the shop", WHOLESALE.1));

        let settled = self.done(mover).await?;
        let [message, code] = ["message", "code"].map(|field| settled[field].as_str().unwrap_or_default());
        if code != "customers.resolved.conflict" {
            return Err(Problem::new(format!("the log has no conflict of account {account}: {settled}")));
        }
        self.say(format!("{message} [{code}]"));
        self.done(member).await?;
        let classes = self.erp.with(|erp| {
            let customer = erp.customers().iter().find(|own| own.text("CustomerID") == Some(wholesaler))?;
            Some((text_of(customer, "CustomerClass"), text_of(customer, "PriceClassID")))
        });
        let (class, price) = classes.unwrap_or_default();
        self.say(format!("customer {wholesaler} has class {class} and price class {price}"));
        Ok(())
    }

    /// Both sides tell of what we have written, until they have nothing more to tell: then they are equal, and nothing was written for it.
    async fn settle(&self) -> Result<(), Problem> {
        let writes = self.writes();
        let silent = until("both sides have nothing more to tell of customers", async || {
            let delivered = self.deliver().await?;
            let cloud = &self.stage.cloud;
            let waiting = cloud.messages("CustomersQueueUrl").await?;
            if cloud.messages("CustomersDeadLetterQueueUrl").await? > 0 {
                return Err(Problem::new("a customer's message is in the dead-letter queue"));
            }
            Ok((delivered == 0 && waiting == 0 && !events::has_news(self.stage)).then_some(()))
        });
        silent.await?;
        if self.writes() > writes {
            return Err(Problem::new("something was written for what was in step already"));
        }
        for person in &self.people {
            let done = self.entries(person).await?.iter().filter(|entry| did_something(entry)).count();
            if done != person.wanted {
                let title = person.part.title();
                return Err(Problem::new(format!(
                    "{title}: {} events were to do something, {done} did",
                    person.wanted
                )));
            }
            self.is_equal(person)?;
        }
        let told = self.told.take();
        self.say(format!(
            "both sides are equal, and nothing more is written; they had {told} events to tell, our own writes included"
        ));
        Ok(())
    }

    async fn deliver(&self) -> Result<usize, Problem> {
        let delivered = events::deliver_customers(self.stage).await?;
        self.told.set(self.told.get() + delivered);
        Ok(delivered)
    }

    fn is_equal(&self, person: &Person) -> Result<(), Problem> {
        let (account, number) = person.ids()?;
        let of_shop = self.shop.with(|shop| shop.customer(account).cloned()).unwrap_or_default();
        let differ = self.erp.with(|erp| {
            let mut with_email = erp
                .customers()
                .iter()
                .filter(|own| text_of(own, "MainContact/Email").eq_ignore_ascii_case(person.email));
            match (with_email.next(), with_email.next()) {
                (Some(customer), None) if customer.text("CustomerID") == Some(number) => {
                    differences(&of_shop, customer, &self.stage.platforms.settings)
                }
                _ => vec!["the number of customers with its e-mail"],
            }
        });
        if differ.is_empty() {
            return Ok(());
        }
        Err(Problem::new(format!("account {account} and customer {number} differ in {}", differ.join(", "))))
    }

    /// Requests so far that changed a customer on either side, or tried to.
    fn writes(&self) -> usize {
        let writes = |calls: Vec<Call>, of: &str| {
            calls.iter().filter(|call| call.method != "GET" && call.target.contains(of)).count()
        };
        writes(self.shop.calls(), "/customers") + writes(self.erp.calls(), "/Customer")
    }

    /// Delivers what both sides tell, until the sync log has an entry for all that the person's events were to do; answers the newest.
    async fn done(&self, person: &Person) -> Result<Value, Problem> {
        until(format!("{} is synced", person.part.title()), async || {
            self.deliver().await?;
            let entries = self.entries(person).await?;
            if let Some(parked) = entries.first().filter(|entry| entry["outcome"] == "parked") {
                return Err(Problem::new(format!("{} is parked: {parked}", person.part.title())));
            }
            let mut done = entries.into_iter().filter(did_something);
            let newest = done.next();
            Ok(newest.filter(|_| done.count() + 1 >= person.wanted))
        })
        .await
    }

    /// What the sync log says of the pair, newest first.
    async fn entries(&self, person: &Person) -> Result<Vec<Value>, Problem> {
        let mut entries = self.stage.admin().log_of(&self.stage.link, &person.record).await?;
        entries.sort_by(|one, other| other["time"].as_str().cmp(&one["time"].as_str()));
        Ok(entries)
    }

    async fn report(&self) -> Result<Vec<Customer>, Problem> {
        let key = self.stage.cloud.email_key().await?;
        let mut customers = Vec::new();
        for person in &self.people {
            let last = self.done(person).await?;
            let (account, number) = person.ids()?;
            let calls = |field: &str| last[field].as_u64().unwrap_or_default();
            customers.push(Customer {
                email_hash: key.hash(person.email),
                magento: account.to_string(),
                acumatica: number.to_owned(),
                outcome: last["outcome"].as_str().unwrap_or_default().to_owned(),
                calls: Calls { magento: calls("magento_calls"), acumatica: calls("acumatica_calls") },
                title: person.part.title(),
            });
        }
        Ok(customers)
    }

    fn first(&self, part: Part) -> Result<&Person, Problem> {
        let missing = || Problem::new(format!("nobody {part:?} in this story"));
        self.people.iter().find(|person| person.part == part).ok_or_else(missing)
    }

    fn say(&self, text: impl AsRef<str>) {
        self.stage.progress.say(text);
    }
}

fn did_something(entry: &Value) -> bool {
    entry["outcome"].as_str().is_some_and(|outcome| DONE.contains(&outcome))
}

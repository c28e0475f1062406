//! All that is ours of one person, wherever it stands: asked of the tables first, and of both platforms, which know what no table says.
//!
//! No table lists a person's orders: an order's record has the order's id and the document's number, and nothing of who it is. So the shop is asked
//! for the orders of the e-mails and the accounts, the ERP for those of the customers, whose numbers lead to records by their reverse bindings.

use std::collections::{BTreeMap, BTreeSet};

use acumatica::client::Query;
use acumatica::filter::Filter;
use acumatica::model::customer::Customer;
use jiff::{SignedDuration, Timestamp};
use magento::client::Buyer;
use magento::model::customer::CustomerId;
use serde_json::Value;
use store::log::{Entry, Filter as LogFilter, Within};
use store::records::{GUARD_OF_CUSTOMERS, entity_of};
use store::{Record, Records, TableError};

use super::super::dry_run::{unanswered, unusable};
use super::{Desk, Named, Refusal};
use crate::customers::ENTITY;
use crate::customers::identity::Id;
use crate::customers::plan::cells::plain;
use crate::customers::plan::companies::parts_of;
use crate::link::EmailKey;
use crate::orders;
use crate::settings::Settings;

/// Orders of a customer in one answer of the ERP.
const ORDERS: u32 = 500;
/// Entries of the log that are read at once for a number.
const ENTRIES: usize = 500;
/// Pages of the log, of [`store::log::READS`] reads each, that are looked through for a number: some ten seconds of the half minute that an answer
/// may take.
const PAGES: usize = 50;

/// What a person is called, and what is there under these names.
#[derive(Default)]
pub(super) struct Person {
    pub(super) emails: BTreeSet<String>,
    /// Magento's ids and Acumatica's `NoteID`s, as they stand in keys.
    pub(super) ids: BTreeSet<String>,
    /// Acumatica's `CustomerID`s.
    pub(super) numbers: BTreeSet<String>,
    /// Records by key, of pairs and of aliases.
    pub(super) records: BTreeMap<String, Record>,
    /// Guards by key.
    pub(super) guards: BTreeMap<String, Record>,
    /// Keys of the records of orders.
    pub(super) orders: BTreeSet<String>,
    /// Nothing but the log has led from the number to the person.
    pub(super) by_log: bool,
    asked: BTreeSet<String>,
}

/// Looks for a person.
pub(super) struct Search<'a> {
    pub(super) desk: &'a Desk<'a>,
    pub(super) link: &'a str,
    pub(super) settings: &'a Settings,
    pub(super) emails: &'a EmailKey,
    pub(super) records: Records,
}

impl Search<'_> {
    /// Everything by that name. Without `platforms` nobody outside is asked, and no order is found.
    pub(super) async fn find(&self, named: &Named, platforms: bool) -> Result<Person, Refusal> {
        let mut person = Person::default();
        match named {
            Named::Email(email) => drop(person.emails.insert(email.clone())),
            Named::Account(id) => drop(person.ids.insert(id.to_string())),
            Named::Customer(key) => match Id::parse(key) {
                Some(Id::Customer(note)) => drop(person.ids.insert(note)),
                _ => drop(person.numbers.insert(key.clone())),
            },
        }
        self.in_tables(named, &mut person).await?;
        if platforms {
            let shop = self.desk.platforms.magento(self.link, &self.settings.magento).await.map_err(unusable)?;
            let erp = self.desk.platforms.acumatica(self.link, &self.settings.acumatica).await.map_err(unusable)?;
            self.in_shop(&shop, named, &mut person).await?;
            self.in_erp(&erp, named, &mut person).await?;
            // Each side may have named somebody whom the other one has to be asked for.
            self.in_tables(named, &mut person).await?;
            self.in_shop(&shop, named, &mut person).await?;
            self.in_erp(&erp, named, &mut person).await?;
        }
        if let Some(number) = named.number().filter(|_| person.ids.is_empty()) {
            person.ids.extend(self.in_log(number).await?);
            person.by_log = !person.ids.is_empty();
            self.in_tables(named, &mut person).await?;
            if platforms {
                let shop = self.desk.platforms.magento(self.link, &self.settings.magento).await.map_err(unusable)?;
                self.in_shop(&shop, named, &mut person).await?;
            }
        }
        self.in_tables(named, &mut person).await?;
        if platforms {
            self.orders_of(&mut person).await?;
        }
        Ok(person)
    }

    /// Guards by e-mail, records by id, and whatever these know of each other.
    async fn in_tables(&self, named: &Named, person: &mut Person) -> Result<(), TableError> {
        let by_email = matches!(named, Named::Email(_));
        let hashes = person.emails.iter().map(|email| self.emails.hash(email));
        let mut guards: Vec<String> = hashes.map(|hash| format!("{}/{GUARD_OF_CUSTOMERS}/{hash}", self.link)).collect();
        let mut ids: Vec<String> = person.ids.iter().cloned().collect();
        let mut done = BTreeSet::new();
        loop {
            while let Some(id) = ids.pop().filter(|id| done.insert(id.clone())) {
                for record in self.records_of(&id).await? {
                    person
                        .ids
                        .extend(record.aliases.iter().cloned().chain(Id::of_record(&record.key).map(|id| id.text())));
                    match (Id::of_record(&record.key), &record.bound) {
                        // The customer of a person of a company is the company's, and so are its orders but for the person's own.
                        (Some(Id::Account(_)), Some(bound)) if parts_of(&bound.target).is_none() => {
                            person.numbers.insert(bound.target.clone());
                        }
                        (Some(Id::Customer(_)), Some(bound)) => drop(person.ids.insert(bound.target.clone())),
                        _ => {}
                    }
                    guards.extend(record.guard.clone().into_iter().chain(record.guard_left.clone()));
                    person.records.insert(record.key.clone(), record);
                }
            }
            while let Some(key) = guards.pop().filter(|key| !person.guards.contains_key(key)) {
                let guard = self.records.load(&key).await?;
                // Somebody else may have the same e-mail on another website: it is theirs as well, unless it is by the e-mail that we came.
                let is_theirs = guard.pair.as_ref().is_none_or(|pair| person.records.contains_key(pair));
                if guard.rev == 0 || !(by_email || is_theirs) {
                    continue;
                }
                if !self.is_of_a_company(&guard).await? {
                    person.numbers.extend(guard.bound.iter().map(|bound| bound.target.clone()));
                }
                ids.extend(guard.pair.as_deref().and_then(Id::of_record).map(|id| id.text()));
                person.guards.insert(key, guard);
            }
            ids.extend(person.ids.iter().filter(|id| !done.contains(*id)).cloned());
            if ids.is_empty() {
                return Ok(());
            }
        }
    }

    /// Whether a guard leads to the customer of a company: by the company's own e-mail, or by that of one of its people.
    async fn is_of_a_company(&self, guard: &Record) -> Result<bool, TableError> {
        let Some(pair) = &guard.pair else { return Ok(false) };
        let bound = self.records.load(pair).await?.bound;
        Ok(entity_of(pair) != ENTITY || bound.is_some_and(|bound| parts_of(&bound.target).is_some()))
    }

    /// The record that an id leads to, and one that stands under the id itself.
    async fn records_of(&self, id: &str) -> Result<Vec<Record>, TableError> {
        let own = format!("{}/{ENTITY}/{id}", self.link);
        let owner = self.records.owner_of(self.link, ENTITY, id).await?;
        let mut found = Vec::new();
        for key in BTreeSet::from([own.clone(), owner.unwrap_or(own)]) {
            found.extend(Some(self.records.load(&key).await?).filter(|record| record.rev > 0));
        }
        Ok(found)
    }

    async fn in_shop(&self, shop: &magento::Client, named: &Named, person: &mut Person) -> Result<(), Refusal> {
        if let Named::Email(email) = named
            && person.asked.insert("email in the shop".to_owned())
        {
            let found = shop.customers_by_email(email, None).await;
            let found = found.map_err(|error| unanswered(&error.attempted, error.code))?;
            person.asked.extend(found.iter().map(|account| account.id.to_string()));
            person.ids.extend(found.iter().map(|account| account.id.to_string()));
        }
        let ids: Vec<CustomerId> = person.ids.iter().filter_map(|id| CustomerId::parse(id)).collect();
        for id in ids.into_iter().filter(|id| person.asked.insert(id.to_string())) {
            match shop.customer(id).await {
                Ok(account) => person.emails.extend(account.email),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(unanswered(&error.attempted, error.code)),
            }
        }
        Ok(())
    }

    async fn in_erp(&self, erp: &acumatica::Client, named: &Named, person: &mut Person) -> Result<(), Refusal> {
        if let Named::Email(email) = named
            && person.asked.insert("email in the ERP".to_owned())
        {
            for customer in super::customers_of(erp, email).await? {
                person.learn(&customer);
            }
        }
        let notes = person.ids.iter().filter(|id| matches!(Id::parse(id), Some(Id::Customer(_))));
        // The number that was asked for; those that records name are of customers who are known by their `NoteID`.
        let asked_for = person.numbers.iter().filter(|number| matches!(named, Named::Customer(own) if own == *number));
        let keys: Vec<String> = notes.chain(asked_for).cloned().collect();
        for key in keys.into_iter().filter(|key| person.asked.insert(key.clone())).collect::<Vec<_>>() {
            let found = erp.by_key("Customer", &[&key], &["MainContact"]).await;
            let found = found.map_err(|error| unanswered(&error.attempted, error.code))?;
            if let Some(customer) = found.and_then(|found| serde_json::from_value::<Customer>(found).ok()) {
                person.emails.extend(super::email_of(&customer));
                person.learn(&customer);
            }
        }
        Ok(())
    }

    /// Ids of records that the log has under a number which the ERP does not know any more. Of a log that is too long for one answer the newest
    /// part is looked through.
    async fn in_log(&self, number: &str) -> Result<BTreeSet<String>, Refusal> {
        let now = self.desk.world.clock.now();
        let kept = SignedDuration::from_hours(24 * i64::from(self.settings.log.retention_days));
        let filter = LogFilter {
            within: Within::Entity { link: self.link.to_owned(), entity: ENTITY.to_owned() },
            from: now.checked_sub(kept).unwrap_or(Timestamp::MIN),
            to: now,
            entity: None,
            outcome: None,
            level: None,
            words: vec![number.to_owned()],
        };
        let mut after = None;
        for _ in 0..PAGES {
            let found = store::log::query(&*self.desk.world.log, &filter, ENTRIES, after.as_deref()).await?;
            let ids: BTreeSet<String> =
                found.entries.iter().filter_map(|entry| id_by_number(entry, number)).map(|id| id.text()).collect();
            after = found.next;
            if after.is_none() || !ids.is_empty() {
                return Ok(ids);
            }
        }
        let detail = format!(
            "Acumatica has no customer `{number}`, and the newest part of the sync log does not name it; the whole log is too long to be looked \
             through. Name the customer by e-mail, `magento_id` or `NoteID`."
        );
        Err(Refusal::new(409, detail))
    }

    async fn orders_of(&self, person: &mut Person) -> Result<(), Refusal> {
        let shop = self.desk.platforms.magento(self.link, &self.settings.magento).await.map_err(unusable)?;
        let erp = self.desk.platforms.acumatica(self.link, &self.settings.acumatica).await.map_err(unusable)?;
        let emails = person.emails.iter().map(|email| Buyer::Email(email));
        let accounts = person.ids.iter().filter_map(|id| CustomerId::parse(id)).map(Buyer::Account);
        let mut orders = BTreeSet::new();
        for buyer in emails.chain(accounts) {
            let placed = shop.orders_placed(buyer).await;
            let placed = placed.map_err(|error| unanswered(&error.attempted, error.code))?;
            orders.extend(placed.iter().map(|id| format!("{}/{}/{id}", self.link, orders::ENTITY)));
        }
        for number in &person.numbers {
            orders.extend(self.orders_in_erp(&erp, number).await?);
        }
        person.orders = orders;
        Ok(())
    }

    async fn orders_in_erp(&self, erp: &acumatica::Client, number: &str) -> Result<Vec<String>, Refusal> {
        let select = ["OrderType", "OrderNbr"].map(str::to_owned).to_vec();
        let query = Query { select, ..Query::filtered(Filter::eq("CustomerID", number), ORDERS) };
        let (mut records, mut read) = (Vec::new(), 0);
        loop {
            let page = erp.page("SalesOrder", &query, read, ORDERS).await;
            let page = page.map_err(|error| unanswered(&error.attempted, error.code))?;
            for order in &page.records {
                let text = |field: &str| order.pointer(&format!("/{field}/value")).and_then(Value::as_str);
                if let (Some(kind), Some(nbr)) = (text("OrderType"), text("OrderNbr")) {
                    let target = format!("{}/{}", kind.trim(), nbr.trim());
                    records.extend(self.records.owner_of(self.link, orders::ENTITY, &target).await?);
                }
            }
            read += ORDERS;
            if page.is_last {
                return Ok(records);
            }
        }
    }
}

/// The id of the record of an entry about the customer of that number. A number that looks like an id of Magento's is not taken for one.
pub(super) fn id_by_number(entry: &Entry, number: &str) -> Option<Id> {
    let id = Id::of_record(&entry.record).filter(|id| id.text() != number)?;
    let is = |text: &Option<String>| text.as_deref() == Some(number);
    let is_target = matches!(id, Id::Account(_)) && is(&entry.target);
    (is_target || is(&entry.shown)).then_some(id)
}

impl Person {
    fn learn(&mut self, customer: &Customer) {
        self.numbers.extend(plain(customer.customer_id.as_ref()));
        if let Some(note) = super::note_of(customer) {
            self.asked.insert(note.clone());
            self.ids.insert(note);
        }
    }
}

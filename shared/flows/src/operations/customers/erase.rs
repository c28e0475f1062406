//! Erase a person: from our tables, not from the platforms, which have operations of their own for that. Erase there first: whatever of the person a
//! platform still has, it tells us again with the next event.
//!
//! What goes: the guards, whose keys are hashes of e-mails; the aliases; everything in the pair's record but that it is done; who a log entry is
//! about, and its sentence; of orders the sentences, and in their fingerprints the part of the person; what a matching run keeps. What stays: the
//! records and entries themselves, so that every count is as before, and which order became which document. Messages in queues hold ids alone.
//!
//! Nothing is removed before all of it is found and free. Of the names by which the person is found, the one that was asked by goes last: whoever asks
//! again after a failure finds the rest. A number stands in the log alone where the ERP has forgotten it, so entries go after the
//! records then.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};
use store::log::Entry;
use store::record::Impossible;
use store::records::WriteError;
use store::{Record, Records};

use super::person::{Person, Search, id_by_number};
use super::traces::{self, Trace};
use super::{Answer, Desk, Named, Refusal, body, stored};
use crate::orders::fingerprint::nameless;
use crate::settings::Settings;

/// What stands in place of a sentence about an order of the person.
const SENTENCE: &str = "What was said here went with the person's data.";

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    magento_id: Option<u64>,
    #[serde(default)]
    customer_id: Option<String>,
    /// Asks neither platform: for a link whose secrets are gone. Orders are not found then.
    #[serde(default)]
    only_tables: bool,
}

/// How much was taken out.
#[derive(Default)]
struct Erased {
    records: u64,
    guards: u64,
    aliases: u64,
    orders: u64,
    log_entries: u64,
    matching: u64,
}

/// Removes a person from tables and log. Asking again removes what is left, if anything is.
///
/// # Errors
/// 400 without one name, 404 without such a link, 409 while somebody works on a record of the person or a write is open, 502 when a platform
/// cannot be asked; nothing was removed then.
pub async fn erase(desk: &Desk<'_>, link: &str, request: &Value) -> Result<Answer, Refusal> {
    let Request { email, magento_id, customer_id, only_tables } = body(request)?;
    let named = Named::of(email, magento_id, customer_id)?;
    let (_, settings) = stored(desk, link).await?;
    let emails = desk.platforms.emails().await.map_err(super::super::dry_run::unusable)?;
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let search = Search { desk, link, settings: &settings, emails: &emails, records: records.clone() };
    let person = search.find(&named, !only_tables).await?;
    let eraser = Eraser { desk, link, records, window: window(desk, &settings) };
    let orders = eraser.all_free(&person).await?;
    let mut erased = Erased::default();
    eraser.orders(orders, &person, &mut erased).await?;
    let number = named.number();
    if number.is_none() {
        eraser.entries(&person, |_| false, &mut erased).await?;
    }
    let is_last = |trace: &Trace| !person.by_log && trace.is_of(&named, link, &emails);
    let (last, others): (Vec<Trace>, Vec<Trace>) = traces::of(&person).into_iter().partition(is_last);
    eraser.traces(others, &mut erased).await?;
    erased.matching +=
        super::super::matching::forget(desk, link, &emails, &person.emails, &person.ids, &person.numbers).await?;
    eraser.records(&person, &mut erased).await?;
    if let Some(number) = number {
        // Once the ERP has forgotten the number, entries with it are all that leads to the person.
        eraser.entries(&person, |entry| id_by_number(entry, number).is_some(), &mut erased).await?;
        eraser.entries(&person, |_| false, &mut erased).await?;
    }
    eraser.traces(last, &mut erased).await?;
    Ok(erased.answer(link, !only_tables))
}

/// How long a write without an answer may still have an effect.
fn window(desk: &Desk<'_>, settings: &Settings) -> SignedDuration {
    let of_link = settings.orders.window_seconds;
    of_link.map_or(desk.world.timing.duplicate_window, |seconds| SignedDuration::from_secs(i64::from(seconds)))
}

struct Eraser<'a> {
    desk: &'a Desk<'a>,
    link: &'a str,
    records: Records,
    window: SignedDuration,
}

impl Eraser<'_> {
    /// The orders' records as they are to be; nothing at all is erased while any of it is being worked on.
    async fn all_free(&self, person: &Person) -> Result<Vec<(Record, Record)>, Refusal> {
        for record in person.records.values().chain(person.guards.values()) {
            self.erased(record)?;
        }
        let mut orders = Vec::new();
        for key in &person.orders {
            let record = self.records.load(key).await?;
            if record.rev > 0 {
                let redacted = record.clone().redact(self.desk.world.clock.now(), SENTENCE, nameless);
                orders.push((redacted.map_err(|impossible| busy(&impossible))?, record));
            }
        }
        Ok(orders)
    }

    fn erased(&self, record: &Record) -> Result<Record, Refusal> {
        record.clone().erase(self.desk.world.clock.now(), self.window).map_err(|impossible| busy(&impossible))
    }

    async fn orders(&self, orders: Vec<(Record, Record)>, person: &Person, erased: &mut Erased) -> Result<(), Refusal> {
        for (redacted, before) in orders {
            if redacted != before {
                self.records.write(redacted).await.map_err(refusal)?;
                erased.orders += 1;
            }
        }
        for key in &person.orders {
            erased.log_entries += store::log::redact(&*self.desk.world.log, key, |entry| entry.message = None).await?;
        }
        Ok(())
    }

    /// Entries keep when, what, with what outcome and how many calls. Those that are `spared` stay as they are.
    async fn entries(
        &self,
        person: &Person,
        spared: impl Fn(&Entry) -> bool + Copy + Send + Sync,
        erased: &mut Erased,
    ) -> Result<(), Refusal> {
        let less = |entry: &mut Entry| {
            if !spared(entry) {
                (entry.shown, entry.target, entry.message) = (None, None, None);
            }
        };
        let by_id = person.ids.iter().map(|id| format!("{}/{}/{id}", self.link, crate::customers::ENTITY));
        for key in by_id {
            erased.log_entries += store::log::redact(&*self.desk.world.log, &key, less).await?;
        }
        Ok(())
    }

    async fn traces(&self, traces: Vec<Trace>, erased: &mut Erased) -> Result<(), Refusal> {
        for trace in traces {
            match trace {
                Trace::Guard(guard) => {
                    self.records.remove(&guard).await.map_err(refusal)?;
                    erased.guards += 1;
                }
                Trace::Alias { id, record } => {
                    let entity = crate::customers::ENTITY;
                    erased.aliases += u64::from(self.records.release_target(self.link, entity, &id, &record).await?);
                }
            }
        }
        Ok(())
    }

    async fn records(&self, person: &Person, erased: &mut Erased) -> Result<(), Refusal> {
        for record in person.records.values() {
            let next = self.erased(record)?;
            if next != *record {
                self.records.write(next).await.map_err(refusal)?;
                erased.records += 1;
            }
        }
        Ok(())
    }
}

impl Erased {
    fn answer(&self, link: &str, asked: bool) -> Answer {
        Answer::ok(json!({
            "link": link,
            "platforms_asked": asked,
            "erased": {
                "records": self.records, "guards": self.guards, "aliases": self.aliases, "orders": self.orders,
                "log_entries": self.log_entries, "matching": self.matching,
            },
        }))
    }
}

fn busy(impossible: &Impossible) -> Refusal {
    let detail = format!(
        "`{}` is being worked on, or a write of it has no answer yet; ask again in half an hour.",
        impossible.key
    );
    Refusal::with(409, detail, json!({ "record": impossible.key }))
}

fn refusal(error: WriteError) -> Refusal {
    match error {
        WriteError::Table(error) => error.into(),
        WriteError::Impossible(impossible) => busy(&impossible),
        WriteError::Lost(_) => Refusal::new(409, "A record of the person was written in the meantime; ask again."),
    }
}

//! Push notifications (form SM302000): what a committed transaction tells, and the outbox it waits in.
//!
//! Source: Integration Development Guide, "Push Notifications" and "Push Notification Format". Changes made over the API are told like
//! those of users.

mod outbox;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::Value;

pub use self::outbox::{Notification, Outbox};
use super::Acumatica;
use super::config::{Definition, Push, Split};
use super::record::{Record, Scalar, guid};

/// The records one transaction changes, each with its state before and after; one state is missing where it was inserted or deleted.
#[derive(Debug)]
pub(crate) struct Transaction {
    /// Whether any definition wants to know of it.
    pub(crate) listens: bool,
    changes: Vec<(Option<Record>, Option<Record>)>,
}

impl Transaction {
    pub(crate) fn of(push: &Push) -> Self {
        Self { listens: !push.definitions.is_empty(), changes: Vec::new() }
    }

    /// Notes a change. Of a record that changes twice, the first state before and the last one after count.
    pub(crate) fn note(&mut self, before: Option<Record>, after: Option<Record>) {
        let serial = |record: &Option<Record>| record.as_ref().map(|record| record.serial);
        let own = serial(&before).or(serial(&after));
        match self.changes.iter_mut().find(|(first, last)| serial(first).or(serial(last)) == own) {
            Some((_, last)) => *last = after,
            None => self.changes.push((before, after)),
        }
    }
}

impl Acumatica {
    /// Puts the notifications of a committed transaction into the outbox: one for each definition that it concerns, all with the
    /// transaction's id.
    pub(super) fn commit(&mut self, now: Timestamp, transaction: &Transaction) {
        self.transactions += 1;
        let push = &self.config.push;
        // The ticks grow with every transaction, also within one instant of the clock.
        let ticks = ticks(now).max(self.outbox.last_stamp + 1);
        // Of a customer that is deleted with its locations the rows that go still name it.
        let gone =
            transaction.changes.iter().filter(|(_, after)| after.is_none()).filter_map(|(gone, _)| gone.as_ref());
        let customers: Vec<&Record> =
            self.customers.iter().chain(gone.filter(|gone| gone.entity == "Customer")).collect();
        for definition in &push.definitions {
            let inquiry = Inquiry { definition, offset: push.offset, customers: &customers };
            let (inserted, deleted) = inquiry.rows_of(transaction);
            if inserted.is_empty() && deleted.is_empty() {
                continue;
            }
            self.outbox.last_stamp = ticks;
            let parts = match push.split {
                Split::SameId | Split::OwnIds if !inserted.is_empty() && !deleted.is_empty() => {
                    vec![(vec![], deleted), (inserted, vec![])]
                }
                _ => vec![(inserted, deleted)],
            };
            for (part, (inserted, deleted)) in (1_u64..).zip(parts) {
                let part = if push.split == Split::OwnIds { part } else { 1 };
                let id = guid(self.transactions, u64::MAX - part);
                let body = body(definition, &self.config.tenant, &id, ticks, &inserted, &deleted);
                self.outbox.put(now, &definition.query, id, ticks, body, push.truncate_over);
            }
        }
    }
}

/// The scale of the documented sample: .NET ticks, 100 nanoseconds since the year 1.
fn ticks(now: Timestamp) -> i64 {
    const UNIX_EPOCH: i64 = 621_355_968_000_000_000;
    let since = i64::try_from(now.as_nanosecond() / 100).expect("the ticks of every timestamp fit 64 bits");
    UNIX_EPOCH + since
}

/// One row of an inquiry.
struct Row {
    /// The record and the joined detail it comes from.
    of: (u64, u64),
    tracked: Vec<Option<Scalar>>,
    /// The row as JSON, with its columns in their order.
    text: String,
}

/// A definition, and what its inquiry reads besides the records that have changed.
struct Inquiry<'a> {
    definition: &'a Definition,
    offset: Offset,
    customers: &'a [&'a Record],
}

impl Inquiry<'_> {
    /// `Inserted` and `Deleted`: an update gives its row in both, and a row whose tracked fields stay the same is not told.
    fn rows_of(&self, transaction: &Transaction) -> (Vec<String>, Vec<String>) {
        let mut inserted = Vec::new();
        let mut deleted = Vec::new();
        for (before, after) in &transaction.changes {
            let before = before.as_ref().map_or_else(Vec::new, |record| self.rows(record));
            let after = after.as_ref().map_or_else(Vec::new, |record| self.rows(record));
            let known = |rows: &[Row]| rows.iter().map(|row| (row.of, row.tracked.clone())).collect::<BTreeMap<_, _>>();
            let (were, are) = (known(&before), known(&after));
            deleted.extend(before.into_iter().filter(|row| are.get(&row.of) != Some(&row.tracked)).map(|row| row.text));
            inserted
                .extend(after.into_iter().filter(|row| were.get(&row.of) != Some(&row.tracked)).map(|row| row.text));
        }
        (inserted, deleted)
    }

    /// The rows a record has in the inquiry. A joined list is joined to the left: a record without details has one row.
    fn rows(&self, record: &Record) -> Vec<Row> {
        if record.entity != self.definition.entity {
            return Vec::new();
        }
        let details: Vec<Option<&Record>> = match &self.definition.each {
            Some(list) if !record.rows(list).is_empty() => record.rows(list).iter().map(Some).collect(),
            _ => vec![None],
        };
        details.into_iter().map(|detail| self.row(record, detail)).collect()
    }

    fn row(&self, record: &Record, detail: Option<&Record>) -> Row {
        let columns: Vec<_> = self
            .definition
            .columns
            .iter()
            .map(|(name, path)| {
                format!("{}:{}", Value::from(name.as_str()), plain(self.value(path, record, detail), self.offset))
            })
            .collect();
        let value = |path: &String| self.value(path, record, detail).cloned();
        let tracked = match &self.definition.tracked {
            Some(paths) => paths.iter().map(value).collect(),
            None => self.definition.columns.iter().map(|(_, path)| value(path)).collect(),
        };
        let of = (record.serial, detail.map_or(0, |detail| detail.serial));
        Row { of, tracked, text: format!("{{{}}}", columns.join(",")) }
    }

    /// The value of a path: see [`Definition::columns`].
    fn value<'r>(&'r self, path: &str, record: &'r Record, detail: Option<&'r Record>) -> Option<&'r Scalar> {
        let joined = self.definition.each.as_ref().and_then(|list| path.strip_prefix(list.as_str())?.strip_prefix('/'));
        if let Some(field) = joined {
            return detail?.at(field);
        }
        if let Some(attribute) = path.strip_prefix("Attributes/") {
            let own = record.rows("Attributes").iter().find(|own| own.text("AttributeID") == Some(attribute));
            return own?.at("Value");
        }
        match (record.text("Customer"), path.strip_prefix("Customer/")) {
            (Some(number), Some(field)) => {
                self.customers.iter().find(|customer| customer.text("CustomerID") == Some(number))?.at(field)
            }
            _ => record.at(path),
        }
    }
}

/// Plain values without wrappers. Moments bear no offset, and the documented sample has up to three digits of a second.
fn plain(value: Option<&Scalar>, offset: Offset) -> String {
    match value {
        None => "null".to_owned(),
        Some(Scalar::Text(text)) => Value::from(text.as_str()).to_string(),
        Some(Scalar::Number(number)) => number.normalize().to_string(),
        Some(Scalar::Flag(flag)) => flag.to_string(),
        Some(Scalar::Moment(moment)) => {
            let milliseconds = Timestamp::from_millisecond(moment.as_millisecond()).expect("rounded within its range");
            format!("\"{}\"", offset.to_datetime(milliseconds).strftime("%Y-%m-%dT%H:%M:%S%.f"))
        }
    }
}

/// The documented members in the documented order.
fn body(
    definition: &Definition,
    tenant: &str,
    id: &str,
    ticks: i64,
    inserted: &[String],
    deleted: &[String],
) -> String {
    format!(
        "{{\"Inserted\":[{}],\"Deleted\":[{}],\"Query\":{},\"CompanyId\":{},\"Id\":\"{id}\",\"TimeStamp\":{ticks},\"AdditionalInfo\":{{}}}}",
        inserted.join(","),
        deleted.join(","),
        Value::from(definition.query.as_str()),
        Value::from(tenant),
    )
}

//! Records in the table: reading them, and writing one transition at a time.
//!
//! Key: partition `<link>/<entity>/<source id>`, sort `record`. While a record has a due it is in [`Index::Due`] under its entity;
//! while it is parked, in [`Index::Parked`] under `<link>/<entity>`. Guards (customers by e-mail) are records too; nothing sweeps them, because whoever needs one
//! waits for it with a due of its own, so they stay out of the indexes.
//!
//! The reverse binding is a second small item: partition `<link>/<entity>/target/<target>`, sort `binding`.

use std::sync::Arc;

use jiff::Timestamp;
use seams::clock::Clock;
use serde_json::json;
use thiserror::Error;

use crate::record::{Impossible, Record, State};
use crate::table::{Index, IndexEntry, Item, Key, Limit, Page, Partition, Range, Table, TableError, Written};

/// The sort key of every record.
pub const SORT: &str = "record";

/// Why a transition was not written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WriteError {
    /// Another worker has written the record since: here is what it says now.
    #[error("the record was written by another worker")]
    Lost(Box<Option<Record>>),
    /// The table did not take it.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The state machine does not have the transition.
    #[error(transparent)]
    Impossible(#[from] Impossible),
}

/// The records of a state table.
#[derive(Clone)]
pub struct Records {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
}

impl Records {
    /// Records in `table`; write ids come from `clock`.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    /// The record as it is, read strongly consistent; a new one if it was never written.
    ///
    /// # Errors
    /// [`TableError`], also when the stored item is not a record.
    pub async fn load(&self, key: &str) -> Result<Record, TableError> {
        match self.table.get(&Key::new(key, SORT)).await? {
            None => Ok(Record::new(key)),
            Some(item) => from_item(item),
        }
    }

    /// Writes `next`, which came from the record at `next.rev` by one transition.
    ///
    /// On a conflict, or when the table did not answer, the record is read again: an equal write id means that our own write had
    /// succeeded.
    ///
    /// # Errors
    /// [`WriteError::Lost`] when another worker was first, [`WriteError::Table`] otherwise.
    pub async fn write(&self, mut next: Record) -> Result<Record, WriteError> {
        next.rev += 1;
        next.write_id = self.clock.id();
        let item = to_item(&next)?;
        let written = match item.rev {
            1 => self.table.insert_if_absent(item).await,
            _ => self.table.replace_if_rev(item).await,
        };
        match written {
            Ok(Written::Yes) => Ok(next),
            Ok(Written::Conflict) | Err(TableError::Unknown(_)) => self.resolve(next).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn resolve(&self, wrote: Record) -> Result<Record, WriteError> {
        match self.table.get(&Key::new(wrote.key.clone(), SORT)).await?.map(from_item).transpose()? {
            Some(now) if now.write_id == wrote.write_id => Ok(wrote),
            other => Err(WriteError::Lost(Box::new(other))),
        }
    }

    /// Removes a record as it was read: only a guard, whose key is made of an e-mail. Others leave what is left by [`Record::erase`].
    ///
    /// # Errors
    /// [`WriteError::Lost`] when it was written since, [`WriteError::Table`] otherwise.
    pub async fn remove(&self, record: &Record) -> Result<(), WriteError> {
        let key = Key::new(record.key.clone(), SORT);
        // A removal without an answer that was not carried out is made again: nobody else removes what is left of it.
        for _ in 0..2 {
            match self.table.remove_if_rev(&key, record.rev).await {
                Ok(Written::Yes) => return Ok(()),
                Ok(Written::Conflict) | Err(TableError::Unknown(_)) => {}
                Err(error) => return Err(error.into()),
            }
            match self.table.get(&key).await?.map(from_item).transpose()? {
                None => return Ok(()),
                Some(there) if there == *record => {}
                Some(there) => return Err(WriteError::Lost(Box::new(Some(there)))),
            }
        }
        Err(TableError::Unknown(format!("{} was not removed", record.key)).into())
    }

    /// Writes the transition that `step` makes of `record`. When a write came between that did not take our claim away (the sweep
    /// pushed `due`, a late receipt was merged), the transition is made again from what the record says now.
    ///
    /// # Errors
    /// [`WriteError::Lost`] when the claim is lost, or the transition no longer exists; the state machine's or the table's error
    /// otherwise.
    pub async fn transition(
        &self,
        record: Record,
        owner: &str,
        step: impl Fn(Record) -> Result<Record, Impossible> + Send,
    ) -> Result<Record, WriteError> {
        let mut next = step(record)?;
        loop {
            let now = match self.write(next).await {
                Err(WriteError::Lost(now)) => *now,
                other => return other,
            };
            match now.clone().filter(|now| now.is_worked_on_by(owner)).map(&step) {
                Some(Ok(again)) => next = again,
                Some(Err(_)) | None => return Err(WriteError::Lost(Box::new(now))),
            }
        }
    }

    /// Merges a receipt that came after our claim was lost: `step` is tried on what the record says now, as long as the intent is
    /// still the one named by `attempt`.
    ///
    /// # Errors
    /// [`WriteError::Lost`] when the attempt is no longer open, so that the receipt binds nothing.
    pub async fn merge(
        &self,
        key: &str,
        attempt: &str,
        step: impl Fn(Record) -> Result<Record, Impossible> + Send,
    ) -> Result<Record, WriteError> {
        let mut now = self.load(key).await?;
        while now.has_attempt(attempt) {
            match self.write(step(now)?).await {
                Err(WriteError::Lost(again)) => now = again.unwrap_or_else(|| Record::new(key)),
                other => return other,
            }
        }
        Err(WriteError::Lost(Box::new(Some(now))))
    }

    /// Records of an entity that were due by `now`, earliest first.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn due(
        &self,
        entity: &str,
        now: Timestamp,
        limit: Limit,
    ) -> Result<(Vec<Record>, Option<String>), TableError> {
        let range = Range { from: None, to: Some(format!("{}~", instant(now))), descending: false };
        let page = self.table.query(&Partition::Index(Index::Due, entity.to_owned()), &range, &limit).await?;
        let (records, next) = records_of(page)?;
        // Through an index one may read what is no longer true.
        Ok((records.into_iter().filter(|record| record.due.is_some_and(|due| due <= now)).collect(), next))
    }

    /// The parked records of a link and entity, oldest first.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn parked(
        &self,
        link: &str,
        entity: &str,
        limit: Limit,
    ) -> Result<(Vec<Record>, Option<String>), TableError> {
        let partition = Partition::Index(Index::Parked, format!("{link}/{entity}"));
        let (records, next) = records_of(self.table.query(&partition, &Range::default(), &limit).await?)?;
        Ok((records.into_iter().filter(|record| record.state == State::Parked).collect(), next))
    }

    /// Says that `target` of `link`'s `entity` belongs to `record_key`. Inserted before the record is done; asking again is harmless.
    ///
    /// # Errors
    /// `Ok(Some(owner))` names another record that owns the target; [`TableError`] when the table did not answer.
    pub async fn claim_target(
        &self,
        link: &str,
        entity: &str,
        target: &str,
        record_key: &str,
    ) -> Result<Option<String>, TableError> {
        let key = target_key(link, entity, target);
        let item = Item {
            key: key.clone(),
            rev: 1,
            write_id: self.clock.id(),
            body: json!({ "record": record_key }),
            indexes: Vec::new(),
            expires: None,
        };
        match self.table.insert_if_absent(item).await {
            Ok(Written::Yes) => return Ok(None),
            Ok(Written::Conflict) | Err(TableError::Unknown(_)) => {}
            Err(error) => return Err(error),
        }
        match self.owner_of(link, entity, target).await? {
            Some(owner) if owner == record_key => Ok(None),
            Some(owner) => Ok(Some(owner)),
            None => Err(TableError::Unknown(format!("binding of {target} was not stored"))),
        }
    }
}

impl Records {
    /// The record that `target` of `link`'s `entity` belongs to, if it belongs to one.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn owner_of(&self, link: &str, entity: &str, target: &str) -> Result<Option<String>, TableError> {
        let item = self.table.get(&target_key(link, entity, target)).await?;
        Ok(item.and_then(|item| item.body["record"].as_str().map(str::to_owned)))
    }
}

impl Records {
    /// `target` of `link`'s `entity` leads to that record no more; whether it did.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn release_target(
        &self,
        link: &str,
        entity: &str,
        target: &str,
        record_key: &str,
    ) -> Result<bool, TableError> {
        let key = target_key(link, entity, target);
        let Some(item) = self.table.get(&key).await?.filter(|item| item.body["record"] == record_key) else {
            return Ok(false);
        };
        // Bindings are never changed, so a conflict means that it is gone.
        self.table.remove_if_rev(&key, item.rev).await.map(|_| true)
    }
}

fn target_key(link: &str, entity: &str, target: &str) -> Key {
    Key::new(format!("{link}/{entity}/target/{target}"), "binding")
}

/// The link of a record key.
#[must_use]
pub fn link_of(key: &str) -> &str {
    key.split('/').next().unwrap_or_default()
}

/// The entity of a record key.
#[must_use]
pub fn entity_of(key: &str) -> &str {
    key.split('/').nth(1).unwrap_or_default()
}

/// An instant as an index's sort key: fixed width, so that text order is time order.
fn instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

fn records_of(page: Page) -> Result<(Vec<Record>, Option<String>), TableError> {
    let mut records = Vec::with_capacity(page.items.len());
    for item in page.items {
        // One item that this release cannot read holds no other back; its own event says so when it comes.
        match from_item(item) {
            Ok(record) => records.push(record),
            Err(error) => tracing::error!(%error, "An item in the state table is not a record"),
        }
    }
    Ok((records, page.next))
}

fn to_item(record: &Record) -> Result<Item, TableError> {
    let body =
        serde_json::to_value(record).map_err(|error| TableError::Bug(format!("record {}: {error}", record.key)))?;
    let (link, entity) = (link_of(&record.key), entity_of(&record.key));
    let mut indexes = Vec::new();
    if is_swept(entity) {
        if let Some(due) = record.due {
            let sort = format!("{}#{}", instant(due), record.key);
            indexes.push(IndexEntry { index: Index::Due, partition: entity.to_owned(), sort });
        }
        if let (State::Parked, Some(park)) = (&record.state, &record.park) {
            let sort = format!("{}#{}", instant(park.at), record.key);
            indexes.push(IndexEntry { index: Index::Parked, partition: format!("{link}/{entity}"), sort });
        }
    }
    Ok(Item {
        key: Key::new(record.key.clone(), SORT),
        rev: record.rev,
        write_id: record.write_id.clone(),
        body,
        indexes,
        expires: None,
    })
}

/// Guards have no queue of their own.
fn is_swept(entity: &str) -> bool {
    entity != GUARD_OF_CUSTOMERS
}

/// The entity of the guard records that make one customer of one e-mail: `<link>/customer-email/<hmac>`.
pub const GUARD_OF_CUSTOMERS: &str = "customer-email";

fn from_item(item: Item) -> Result<Record, TableError> {
    let mut record: Record = serde_json::from_value(item.body)
        .map_err(|error| TableError::Bug(format!("item {} is not a record: {error}", item.key.partition)))?;
    record.key = item.key.partition;
    record.rev = item.rev;
    record.write_id = item.write_id;
    Ok(record)
}

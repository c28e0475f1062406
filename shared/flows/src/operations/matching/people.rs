//! What a run keeps of people: ids, numbers, codes and keyed hashes, in buckets by the hash of their e-mail, so that all of one e-mail stand
//! together and no bucket is large.
//!
//! | item | partition | sort |
//! |---|---|---|
//! | the accounts of an e-mail | `<link>/matching/customers/<bucket>` | `<hash>#m` |
//! | a customer | the same | `<hash>#a#<NoteID>` |
//! | where an account stands | `<link>/matching/customers/account/<bucket>` | its id |
//! | where a customer stands | `<link>/matching/customers/customer/<bucket>` | its `CustomerID` |
//!
//! Whoever cannot be found by e-mail stands under a key of their own instead of a hash.

use std::collections::BTreeMap;

use magento::model::customer::Customer as Account;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::table::{Item, Key, TableError, Written};

use super::super::Desk;
use super::corrections::CORRECTIONS;
use super::progress::partition;
use crate::link::EmailKey;
use crate::merge::{Base, Halves};

/// In how many partitions people are kept.
pub(super) const BUCKETS: usize = 16;
/// Between the e-mail's hash and what follows it.
const AFTER_HASH: char = '#';

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Here {
    pub(super) id: u64,
    pub(super) website: Option<u64>,
    pub(super) store: Option<u64>,
    pub(super) group: Option<u64>,
    pub(super) updated: Option<String>,
    /// Why it cannot be found by e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) no_key: Option<String>,
    /// Why no customer is made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) alone: Option<String>,
    /// Hashes of its fields.
    pub(super) fields: Halves,
    /// Why its pair could not be bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) not_bound: Option<String>,
}

impl Here {
    /// An account with nothing but what decides which settings hold for it.
    pub(super) fn outline(&self) -> Account {
        let document = json!({
            "id": self.id, "website_id": self.website, "store_id": self.store, "group_id": self.group,
        });
        Account::read(document).expect("invariant: ids are what an account needs")
    }
}

/// The accounts of an e-mail: one of each website at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Accounts {
    /// By their ids.
    pub(super) accounts: Vec<Here>,
}

impl Accounts {
    pub(super) fn put(&mut self, account: Here) {
        self.remove(account.id);
        self.accounts.push(account);
        self.accounts.sort_by_key(|account| account.id);
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.accounts.retain(|account| account.id != id);
    }
}

/// A customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct There {
    pub(super) number: String,
    pub(super) note: String,
    pub(super) class: Option<String>,
    pub(super) active: bool,
    pub(super) modified: Option<String>,
    /// Why it cannot be found by e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) no_key: Option<String>,
    /// Why no account is made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) alone: Option<String>,
    /// What it agrees in with each account of its e-mail.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) bases: BTreeMap<u64, Base>,
}

/// Where somebody stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) bucket: usize,
    pub(super) sort: String,
    /// The page on which a customer was seen last: `<pass>/<rows before>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seen: Option<String>,
}

/// Makes the keys of a link's run.
pub(super) struct Keys<'a> {
    pub(super) link: &'a str,
    pub(super) emails: &'a EmailKey,
}

impl Keys<'_> {
    /// The hash of an e-mail, or a key of one's own.
    pub(super) fn of_email(&self, email: Option<&str>, own: &str) -> String {
        email.map_or_else(|| format!("-{own}"), |email| self.emails.hash(email))
    }

    /// Where the accounts of a hash stand.
    pub(super) fn accounts(&self, hash: &str) -> Place {
        Place { bucket: self.bucket(hash), sort: format!("{hash}{AFTER_HASH}m"), seen: None }
    }

    /// Where a customer stands.
    pub(super) fn customer(&self, hash: &str, note: &str) -> Place {
        Place { bucket: self.bucket(hash), sort: format!("{hash}{AFTER_HASH}a{AFTER_HASH}{note}"), seen: None }
    }

    /// The item that says where an account stands.
    pub(super) fn place_of_account(&self, id: u64) -> Key {
        let id = id.to_string();
        Key::new(format!("{}/account/{}", partition(self.link), self.bucket(&id)), id)
    }

    /// The item that says where a customer stands.
    pub(super) fn place_of_customer(&self, number: &str) -> Key {
        Key::new(format!("{}/customer/{}", partition(self.link), self.bucket(number)), number)
    }

    fn bucket(&self, text: &str) -> usize {
        let digit = self.emails.digest(text).chars().next().and_then(|digit| digit.to_digit(16));
        digit.and_then(|digit| usize::try_from(digit).ok()).unwrap_or_default()
    }
}

/// The partition of a bucket.
pub(super) fn bucket(link: &str, bucket: usize) -> String {
    format!("{}/{bucket}", partition(link))
}

/// Every partition of a run but that of its progress.
pub(super) fn partitions(link: &str) -> Vec<String> {
    let run = partition(link);
    let of = |kind: &str| (0..BUCKETS).map(|bucket| format!("{run}{kind}/{bucket}")).collect::<Vec<_>>();
    [of(""), of("/account"), of("/customer"), vec![format!("{run}/{CORRECTIONS}")]].concat()
}

impl Place {
    pub(super) fn key(&self, link: &str) -> Key {
        Key::new(bucket(link, self.bucket), self.sort.clone())
    }

    /// Whether both are the same, whenever they were seen.
    pub(super) fn is(&self, other: &Place) -> bool {
        self.bucket == other.bucket && self.sort == other.sort
    }
}

/// The hash that a sort key begins with.
pub(super) fn hash_of(sort: &str) -> &str {
    sort.split_once(AFTER_HASH).map_or(sort, |(hash, _)| hash)
}

/// Whether the item holds accounts, and not a customer.
pub(super) fn holds_accounts(sort: &str) -> bool {
    sort.ends_with("#m")
}

/// Stores what stands at a key now; answers what stood there. Storing it again is harmless.
pub(super) async fn put(desk: &Desk<'_>, key: Key, body: Value) -> Result<Option<Value>, TableError> {
    let write_id = desk.world.clock.id();
    let item = Item { key, rev: 1, write_id, body, indexes: Vec::new(), expires: None };
    if desk.world.state.insert_if_absent(item.clone()).await? == Written::Yes {
        return Ok(None);
    }
    let Some(old) = desk.world.state.get(&item.key).await? else { return Err(raced()) };
    if old.body != item.body
        && desk.world.state.replace_if_rev(Item { rev: old.rev + 1, ..item }).await? != Written::Yes
    {
        return Err(raced());
    }
    Ok(Some(old.body))
}

/// Removes what stands at a key, if anything does.
pub(super) async fn remove(desk: &Desk<'_>, key: &Key) -> Result<(), TableError> {
    let Some(old) = desk.world.state.get(key).await? else { return Ok(()) };
    match desk.world.state.remove_if_rev(key, old.rev).await? {
        Written::Yes => Ok(()),
        Written::Conflict => Err(raced()),
    }
}

fn raced() -> TableError {
    TableError::NotApplied("another invocation is at this run".to_owned())
}

/// Reads an item's body.
pub(super) fn decode<T: DeserializeOwned>(body: Value) -> Result<T, TableError> {
    serde_json::from_value(body).map_err(|error| TableError::Bug(format!("an item of a run cannot be read: {error}")))
}

/// A body to be stored.
pub(super) fn encode(body: &impl Serialize) -> Value {
    serde_json::to_value(body).expect("invariant: ids, codes and hashes are JSON")
}

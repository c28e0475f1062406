//! Taking one person out of what a run keeps.

use std::collections::BTreeSet;

use store::TableError;
use store::table::{Key, Limit, Partition, Range};

use super::super::Desk;
use super::people::{Accounts, Keys, Place, There, bucket, decode, encode, holds_accounts, put, remove};
use crate::link::EmailKey;

/// Items of one e-mail that are read at once.
const PAGE: usize = 100;

/// Removes who has one of these e-mails, ids or numbers; how many items that were. Counts of the run stay.
///
/// # Errors
/// The table's.
pub(in super::super) async fn forget(
    desk: &Desk<'_>,
    link: &str,
    emails: &EmailKey,
    of: &BTreeSet<String>,
    ids: &BTreeSet<String>,
    numbers: &BTreeSet<String>,
) -> Result<u64, TableError> {
    let keys = Keys { link, emails };
    let mut forgotten = 0;
    for hash in of.iter().map(|email| emails.hash(email)) {
        forgotten += of_email(desk, &keys, &hash).await?;
    }
    for id in ids.iter().filter_map(|id| id.parse::<u64>().ok()) {
        let at = keys.place_of_account(id);
        let Some(place) = place(desk, &at).await? else { continue };
        if let Some(item) = desk.world.state.get(&place.key(link)).await? {
            let mut accounts: Accounts = decode(item.body)?;
            accounts.remove(id);
            if accounts.accounts.is_empty() {
                remove(desk, &item.key).await?;
            } else {
                put(desk, item.key, encode(&accounts)).await?;
            }
        }
        remove(desk, &at).await?;
        forgotten += 1;
    }
    for number in numbers {
        let at = keys.place_of_customer(number);
        let Some(place) = place(desk, &at).await? else { continue };
        remove(desk, &place.key(link)).await?;
        remove(desk, &at).await?;
        forgotten += 1;
    }
    Ok(forgotten)
}

/// Where somebody stands, if the run has seen them.
async fn place(desk: &Desk<'_>, at: &Key) -> Result<Option<Place>, TableError> {
    desk.world.state.get(at).await?.map(|item| decode(item.body)).transpose()
}

/// Everybody of an e-mail, and where they stand.
async fn of_email(desk: &Desk<'_>, keys: &Keys<'_>, hash: &str) -> Result<u64, TableError> {
    let partition = Partition::Table(bucket(keys.link, keys.accounts(hash).bucket));
    let range = Range { from: Some(hash.to_owned()), to: Some(format!("{hash}~")), descending: false };
    let mut forgotten = 0;
    loop {
        let page = desk.world.state.query(&partition, &range, &Limit { items: PAGE, after: None }).await?;
        for item in &page.items {
            let places = if holds_accounts(&item.key.sort) {
                let accounts: Accounts = decode(item.body.clone())?;
                accounts.accounts.iter().map(|account| keys.place_of_account(account.id)).collect()
            } else {
                vec![keys.place_of_customer(&decode::<There>(item.body.clone())?.number)]
            };
            for place in &places {
                remove(desk, place).await?;
            }
            remove(desk, &item.key).await?;
            forgotten += places.len() as u64;
        }
        if page.next.is_none() {
            return Ok(forgotten);
        }
    }
}

//! Taking out of the sync log what a person's erasure asks for. No entry goes: what was done, when and with what outcome stays countable.

use super::Entry;
use crate::table::{Index, Item, Limit, Partition, Range, Table, TableError, Written};

/// Entries of one request.
const PAGE: usize = 100;

/// Rewrites every entry of a record as `less` leaves it; how many were not so before. Doing it again is harmless. The index by which they are
/// found is late by about a second: an entry written just before may be left for the next time.
///
/// # Errors
/// [`TableError`]; what was rewritten stays so.
pub async fn redact(
    table: &dyn Table,
    record: &str,
    less: impl Fn(&mut Entry) + Send + Sync,
) -> Result<u64, TableError> {
    let partition = Partition::Index(Index::ByRecord, record.to_owned());
    let (mut after, mut redacted) = (None, 0);
    loop {
        let page = table.query(&partition, &Range::default(), &Limit { items: PAGE, after }).await?;
        for item in page.items {
            redacted += u64::from(rewritten(table, item, &less).await?);
        }
        after = page.next;
        if after.is_none() {
            return Ok(redacted);
        }
    }
}

async fn rewritten(table: &dyn Table, item: Item, less: impl Fn(&mut Entry)) -> Result<bool, TableError> {
    let odd = |error| TableError::Bug(format!("log entry {}: {error}", item.key.sort));
    let before: Entry = serde_json::from_value(item.body.clone()).map_err(odd)?;
    let mut entry = before.clone();
    less(&mut entry);
    if entry == before {
        return Ok(false);
    }
    let body = serde_json::to_value(&entry).map_err(odd)?;
    let (rev, write_id) = (item.rev + 1, format!("{}-redacted", item.write_id));
    match table.replace_if_rev(Item { rev, write_id, body, ..item }).await? {
        // Nobody else rewrites entries: an earlier try of this one did, or its time was over.
        Written::Yes | Written::Conflict => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, Level, Within, query, write};
    use super::*;
    use crate::memory::Memory;

    fn entry(record: &str, rev: u64) -> Entry {
        Entry {
            time: "2026-11-23T10:00:00.5Z".parse().unwrap(),
            link: "abcd2345".to_owned(),
            entity: "customer".to_owned(),
            record: format!("abcd2345/customer/{record}"),
            rev,
            shown: Some("C000042".to_owned()),
            target: Some("C000042".to_owned()),
            direction: "magento_to_acumatica".to_owned(),
            trigger: "webhook".to_owned(),
            action: "look".to_owned(),
            level: Level::Error,
            outcome: "parked".to_owned(),
            code: Some("customers.rejected.email_taken".to_owned()),
            message: Some("Ada".to_owned()),
            duration_ms: 1,
            attempt: 1,
            magento_calls: 1,
            acumatica_calls: 1,
            settings_version: 1,
            event: "e".to_owned(),
        }
    }

    #[tokio::test]
    async fn every_entry_of_a_record_stays_and_says_less() {
        let table = Memory::new();
        // More than a page of one record, and one of another.
        for rev in 0..PAGE as u64 + 20 {
            write(&table, &entry("12", rev), 90).await.unwrap();
        }
        write(&table, &entry("13", 1), 90).await.unwrap();
        let before = table.items();
        let less = |entry: &mut Entry| entry.message = None;
        assert_eq!(redact(&table, "abcd2345/customer/12", less).await, Ok(120));
        assert_eq!(redact(&table, "abcd2345/customer/12", less).await, Ok(0), "the second time there is nothing to do");
        let after = table.items();
        assert_eq!(after.len(), before.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((&after.key, &after.indexes, after.expires), (&before.key, &before.indexes, before.expires));
            let mut expected = before.body.clone();
            if expected["record"] == "abcd2345/customer/12" {
                expected["message"] = serde_json::Value::Null;
            }
            assert_eq!(after.body, expected);
        }
        let code = "customers.rejected.email_taken".to_owned();
        let all = Filter {
            within: Within::Code { link: "abcd2345".to_owned(), code },
            from: "2026-11-23T00:00:00Z".parse().unwrap(),
            to: "2026-11-24T00:00:00Z".parse().unwrap(),
            entity: None,
            outcome: None,
            level: None,
            words: Vec::new(),
        };
        assert_eq!(query(&table, &all, 500, None).await.unwrap().entries.len(), 121, "they are counted as before");
    }
}

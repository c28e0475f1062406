//! What the state table says of a link, before any client is made of it.
//!
//! Keys: partition `<link>`, sorts `settings` (the document; the item's revision is the settings' version) and `activation`; partition
//! `links`, sort `<link>` lists them all.

use flows::link::Activation;
use flows::settings::Settings;
use flows::sweep::Swept;
use serde::Deserialize;
use serde_json::Value;
use store::settings::{ACTIVATION, LINKS, SETTINGS};
use store::table::{Limit, Partition, Range};
use store::{Item, Key, Table, TableError};

use crate::links::LinkError;

/// Links read at once: as many as one batch read takes.
const PAGE: usize = 100;

/// The one version of the settings' form that was ever released.
const FORM: u8 = 1;

/// A link's settings and activation.
#[derive(Clone, Debug)]
pub struct Head {
    /// Whether it syncs.
    pub activation: Activation,
    /// Its settings.
    pub settings: Settings,
    /// Their version.
    pub settings_version: u64,
}

#[derive(Deserialize)]
struct Activated {
    activation: Activation,
}

/// Reads a link's settings and activation, strongly consistent. Ids that cannot exist are not even looked for.
///
/// # Errors
/// [`LinkError::Unknown`], [`LinkError::Table`] or [`LinkError::Settings`].
pub async fn head(state: &dyn Table, link: &str) -> Result<Head, LinkError> {
    if !is_id(link) {
        return Err(LinkError::Unknown);
    }
    let (settings, activation) = (Key::new(link, SETTINGS), Key::new(link, ACTIVATION));
    let items = state.batch_get(&[settings.clone(), activation.clone()]).await?;
    let find = |key: &Key| items.iter().find(|item| item.key == *key);
    let settings = find(&settings).ok_or(LinkError::Unknown)?;
    Ok(Head {
        activation: find(&activation).map_or(Ok(Activation::Inactive), activation_of)?,
        settings: settings_of(&settings.body)?,
        settings_version: settings.rev,
    })
}

/// Every link with the version of its settings.
///
/// # Errors
/// [`TableError`].
pub async fn all(state: &dyn Table) -> Result<Vec<Swept>, TableError> {
    let (partition, mut after, mut links) = (Partition::Table(LINKS.to_owned()), None, Vec::new());
    loop {
        let page = state.query(&partition, &Range::default(), &Limit { items: PAGE, after }).await?;
        let keys: Vec<Key> = page.items.iter().map(|item| Key::new(item.key.sort.clone(), SETTINGS)).collect();
        if !keys.is_empty() {
            let settings = state.batch_get(&keys).await?;
            links.extend(settings.into_iter().map(|item| Swept { id: item.key.partition, settings_version: item.rev }));
        }
        after = page.next;
        if after.is_none() {
            return Ok(links);
        }
    }
}

/// Eight lower-case letters and digits, as ids are generated.
fn is_id(link: &str) -> bool {
    link.len() == 8 && link.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn activation_of(item: &Item) -> Result<Activation, LinkError> {
    let activated = Activated::deserialize(&item.body);
    activated.map(|activated| activated.activation).map_err(|_unread| LinkError::Settings("its activation".to_owned()))
}

/// What was stored was checked in full when it was written; here it only has to be of a form that this release knows.
fn settings_of(document: &Value) -> Result<Settings, LinkError> {
    let read = serde_path_to_error::deserialize::<_, Settings>(document);
    let settings = read.map_err(|error| LinkError::Settings(format!("at {}", error.path())))?;
    if settings.version == FORM {
        Ok(settings)
    } else {
        Err(LinkError::Settings(format!("its form {} is not known", settings.version)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;
    use store::memory::Memory;

    use super::*;
    use crate::testing::{block_on, seed_link};

    fn settings() -> Value {
        json!({
            "version": 1,
            "magento": { "base_url": "https://shop.example.com", "auth": "oauth1", "webhook": { "scheme": "hmac_sha256" } },
            "acumatica": { "base_url": "https://erp.example.com/Company" },
            "orders": { "enabled": true, "default": {} },
        })
    }

    async fn put(state: &Memory, key: Key, body: Value) {
        let item = Item { key, rev: 1, write_id: "w".to_owned(), body, indexes: Vec::new(), expires: None };
        state.insert_if_absent(item).await.expect("written");
    }

    #[test]
    fn a_link_is_inactive_until_it_is_activated_and_its_version_counts_the_writes() {
        let state = Memory::new();
        block_on(async {
            put(&state, Key::new("abcd2345", SETTINGS), settings()).await;
            let read = head(&state, "abcd2345").await.expect("a link");
            assert_eq!((read.activation, read.settings_version), (Activation::Inactive, 1));
            seed_link(&state, "abcd2345", Activation::Paused, settings()).await;
            let read = head(&state, "abcd2345").await.expect("a link");
            assert_eq!((read.activation, read.settings_version), (Activation::Paused, 2));
        });
    }

    #[test]
    fn what_cannot_be_read_is_said_without_its_values() {
        let mut later = settings();
        later["version"] = 2.into();
        let mut misspelt = settings();
        misspelt["magento"]["auth"] = "canary".into();
        for (document, activation, expected) in [
            (later, json!({ "activation": "active" }), "its form 2 is not known"),
            (misspelt, json!({ "activation": "active" }), "at magento.auth"),
            (settings(), json!({ "activation": "canary" }), "its activation"),
        ] {
            let state = Memory::new();
            let error = block_on(async {
                put(&state, Key::new("abcd2345", SETTINGS), document).await;
                put(&state, Key::new("abcd2345", ACTIVATION), activation).await;
                head(&state, "abcd2345").await.expect_err(expected)
            });
            assert_eq!(error, LinkError::Settings(expected.to_owned()));
        }
    }

    #[test]
    fn what_is_no_id_is_not_looked_for() {
        let state = Memory::new();
        for link in ["", "links", "abcd234", "abcd23456", "ABCD2345", "abcd/345", "abcd234ä"] {
            assert_eq!(block_on(head(&state, link)).expect_err(link), LinkError::Unknown, "{link}");
        }
        assert_eq!(state.reads(), 0);
        assert_eq!(block_on(head(&state, "abcd2345")).expect_err("no such link"), LinkError::Unknown);
        assert_eq!(state.reads(), 1, "both items in one request");
    }

    #[test]
    fn every_link_is_listed_beyond_a_page() {
        let state = Memory::new();
        let listed = block_on(async {
            for number in 0..150 {
                seed_link(&state, &format!("link{number:04}"), Activation::Active, settings()).await;
            }
            seed_link(&state, "link0149", Activation::Active, settings()).await;
            put(&state, Key::new(LINKS, "zzzz2345"), json!({})).await;
            all(&state).await.expect("links")
        });
        let versions: BTreeMap<String, u64> = listed.into_iter().map(|link| (link.id, link.settings_version)).collect();
        assert_eq!(versions.len(), 150, "and not the one without settings");
        assert_eq!((versions["link0000"], versions["link0149"]), (1, 2));
    }
}

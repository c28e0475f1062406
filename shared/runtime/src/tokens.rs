//! The ERP's token where all workers see it: what `acumatica` wants kept, as one item of the state table.
//!
//! Key: partition `<link>`, sort `token`. The item's revision is the slot's, so that of two workers that renew at the same
//! time one loses and takes the other's token. The token is as secret as the table is: it is encrypted at rest, readable by the roles
//! that may use it, valid for an hour, and useless without the client's secret once that has passed.

use std::sync::Arc;

use acumatica::auth::{Lease, Slot, Token, TokenStore};
use acumatica::error::Cause;
use async_trait::async_trait;
use jiff::Timestamp;
use seams::Secret;
use seams::clock::Clock;
use serde::{Deserialize, Serialize};
use store::table::Written;
use store::{Item, Key, Table, TableError};

/// The token of one link.
pub struct Tokens {
    state: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
    key: Key,
}

impl Tokens {
    /// The token of `link`, kept in `state`.
    pub fn new(state: Arc<dyn Table>, clock: Arc<dyn Clock>, link: &str) -> Self {
        Self { state, clock, key: Key::new(link, "token") }
    }
}

/// The item's body. The form is private to this file; whoever cannot read it renews by password.
#[derive(Serialize, Deserialize)]
struct Body {
    token: Option<Granted>,
    lease: Option<Renewing>,
}

#[derive(Serialize, Deserialize)]
struct Granted {
    access: String,
    refresh: Option<String>,
    renew_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Renewing {
    owner: String,
    until: Timestamp,
}

impl From<&Slot> for Body {
    fn from(slot: &Slot) -> Self {
        let granted = |token: &Token| Granted {
            access: token.access.expose().to_owned(),
            refresh: token.refresh.as_ref().map(|refresh| refresh.expose().to_owned()),
            renew_at: token.renew_at,
            expires_at: token.expires_at,
        };
        let renewing = |lease: &Lease| Renewing { owner: lease.owner.clone(), until: lease.until };
        Self { token: slot.token.as_ref().map(granted), lease: slot.lease.as_ref().map(renewing) }
    }
}

impl Body {
    fn into_slot(self, rev: u64) -> Slot {
        let token = |granted: Granted| Token {
            access: Secret::new(granted.access),
            refresh: granted.refresh.map(Secret::new),
            renew_at: granted.renew_at,
            expires_at: granted.expires_at,
        };
        let lease = |renewing: Renewing| Lease { owner: renewing.owner, until: renewing.until };
        Slot { rev, token: self.token.map(token), lease: self.lease.map(lease) }
    }
}

#[async_trait]
impl TokenStore for Tokens {
    async fn load(&self) -> Result<Slot, Cause> {
        let Some(item) = self.state.get(&self.key).await? else { return Ok(Slot::default()) };
        // A body of another release is as good as none: the slot's revision still decides who renews.
        let body = serde_json::from_value(item.body).unwrap_or(Body { token: None, lease: None });
        Ok(body.into_slot(item.rev))
    }

    async fn replace(&self, rev: u64, slot: &Slot) -> Result<Option<u64>, Cause> {
        let item = Item {
            key: self.key.clone(),
            rev: rev + 1,
            write_id: self.clock.id(),
            body: serde_json::to_value(Body::from(slot))?,
            indexes: Vec::new(),
            expires: None,
        };
        let write_id = item.write_id.clone();
        let written = match rev {
            0 => self.state.insert_if_absent(item).await,
            _ => self.state.replace_if_rev(item).await,
        };
        match written {
            Ok(Written::Yes) => Ok(Some(rev + 1)),
            // A write that was tried twice meets itself; its id tells.
            Ok(Written::Conflict) | Err(TableError::Unknown(_)) => {
                let now = self.state.get(&self.key).await?;
                Ok(now.filter(|item| item.write_id == write_id).map(|item| item.rev))
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use store::memory::Memory;

    use super::*;
    use crate::testing::{at, block_on};

    fn slot(access: &str, owner: Option<&str>) -> Slot {
        let at = |text: &str| text.parse().expect("an instant");
        Slot {
            rev: 77,
            token: Some(Token {
                access: Secret::new(access),
                refresh: Some(Secret::new("r")),
                renew_at: at("2026-11-23T04:48:00Z"),
                expires_at: at("2026-11-23T05:00:00Z"),
            }),
            lease: owner.map(|owner| Lease { owner: owner.to_owned(), until: at("2026-11-23T04:01:00Z") }),
        }
    }

    #[test]
    fn two_workers_see_one_slot_and_one_of_them_renews() {
        let (state, clock) = (Arc::new(Memory::new()), Arc::new(at("2026-11-23T04:00:00Z")));
        let tokens = || Tokens::new(state.clone(), clock.clone(), "abcd2345");
        block_on(async {
            let (first, second) = (tokens(), tokens());
            assert_eq!(first.load().await.expect("a slot").rev, 0);
            assert_eq!(first.replace(0, &slot("one", Some("first"))).await.expect("written"), Some(1));
            assert_eq!(second.replace(0, &slot("two", Some("second"))).await.expect("decided"), None);
            let seen = second.load().await.expect("a slot");
            assert_eq!((seen.rev, seen.lease), (1, slot("", Some("first")).lease));
            let token = seen.token.expect("a token");
            assert_eq!((token.access.expose(), token.refresh.as_ref().map(Secret::expose)), ("one", Some("r")));
            assert_eq!(token.renew_at.to_string(), "2026-11-23T04:48:00Z");
            assert_eq!(first.replace(1, &slot("three", None)).await.expect("written"), Some(2));
            assert_eq!(second.replace(1, &slot("four", None)).await.expect("decided"), None);
            assert!(second.load().await.expect("a slot").lease.is_none());
            let other = Tokens::new(state.clone(), clock.clone(), "zzzz2345");
            assert_eq!(other.load().await.expect("a slot").rev, 0, "every link has its own");
        });
    }

    #[test]
    fn what_another_release_stored_is_replaced() {
        let (state, clock) = (Arc::new(Memory::new()), Arc::new(at("2026-11-23T04:00:00Z")));
        let tokens = Tokens::new(state.clone(), clock, "abcd2345");
        let item = Item {
            key: Key::new("abcd2345", "token"),
            rev: 1,
            write_id: "w".to_owned(),
            body: serde_json::json!({ "token": "of another form" }),
            indexes: Vec::new(),
            expires: None,
        };
        block_on(async {
            state.insert_if_absent(item).await.expect("written");
            let slot_now = tokens.load().await.expect("a slot");
            assert_eq!((slot_now.rev, slot_now.token.is_none()), (1, true));
            assert_eq!(tokens.replace(1, &slot("one", None)).await.expect("written"), Some(2));
        });
    }
}

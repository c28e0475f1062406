//! Which record a customer's event is for, and which two customers are one.
//!
//! A pair has one record, that of the side on which it was first seen; the other side's id is an alias that leads to it. The alias of Acumatica's
//! id is the lock of a pair: whoever inserts it has the pair, whoever comes second joins the one that was first.

use magento::model::customer::{Customer as Account, CustomerId};
use queue::{Cause, Envelope, Name};
use store::record::State;
use store::records::{WriteError, entity_of};
use store::{Record, Records, TableError};

use super::ENTITY;
use crate::delivery::Outcome;
use crate::link::World;
use crate::merge::Side;
use crate::plan::Finding;
use crate::settings::{Settings, SharedEmail};
use crate::turn::{End, Turn};

/// A customer's id on one of the sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    /// Magento's.
    Account(CustomerId),
    /// Acumatica's `NoteID`.
    Customer(String),
}

impl Id {
    /// The id of an event or a record.
    #[must_use]
    pub fn parse(source_id: &str) -> Option<Self> {
        let is_note = source_id.len() == 36 && source_id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let account = || CustomerId::parse(source_id).filter(|id| id.number() > 0).map(Id::Account);
        if is_note { Some(Id::Customer(source_id.to_lowercase())) } else { account() }
    }

    /// The id of a customer's record; none of another record.
    #[must_use]
    pub fn of_record(key: &str) -> Option<Self> {
        let id = key.rsplit('/').next().filter(|_| entity_of(key) == ENTITY)?;
        Self::parse(id)
    }

    /// Whose id it is.
    #[must_use]
    pub fn side(&self) -> Side {
        match self {
            Id::Account(_) => Side::Magento,
            Id::Customer(_) => Side::Acumatica,
        }
    }

    /// The id as it stands in keys.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Id::Account(id) => id.to_string(),
            Id::Customer(note) => note.clone(),
        }
    }
}

/// The record of an event: that of the pair, where its id is an alias.
///
/// # Errors
/// The table's.
pub async fn record_of(records: &Records, link: &str, source_id: &str) -> Result<String, TableError> {
    let id = Id::parse(source_id).map_or_else(|| source_id.to_owned(), |id| id.text());
    let owner = records.owner_of(link, ENTITY, &id).await?;
    Ok(owner.unwrap_or_else(|| format!("{link}/{ENTITY}/{id}")))
}

/// An event that there was no time for is kept by the record of its own id, which may be an alias, or has parked it: such a record is done once the
/// pair's own has the event, or it would be woken, or shown as parked, for ever.
///
/// # Errors
/// The table's.
pub async fn close_stray(turn: &Turn<'_>) -> Result<(), TableError> {
    let event = turn.delivery.event;
    let own = event.record_key();
    if own == turn.record.key || !matches!(event.cause, Cause::Due | Cause::Operator | Cause::Settings) {
        return Ok(());
    }
    let stray = turn.records.load(&own).await?;
    if stray.due.is_none() && stray.state != State::Parked {
        return Ok(());
    }
    let (now, owner) = (turn.now(), turn.owner.as_str());
    let closed = stray.claim(owner, now, turn.delivery.deadline, None).and_then(|stray| stray.finish(owner, None));
    match closed.map(|stray| turn.records.write(stray)) {
        Ok(written) => match written.await {
            Ok(_) | Err(WriteError::Lost(_) | WriteError::Impossible(_)) => Ok(()),
            Err(WriteError::Table(error)) => Err(error),
        },
        // Somebody is at it.
        Err(_) => Ok(()),
    }
}

/// Makes the account and the customer one, under this turn's record.
///
/// # Errors
/// The pair is another record's, which then has the event; or one of the two belongs to somebody else.
pub async fn pair(turn: &mut Turn<'_>, account: &Account, note: &str) -> Result<(), End> {
    let (link, own) = (&turn.link.id, &turn.record.key);
    let note = note.to_lowercase();
    if let Some(owner) = turn.records.claim_target(link, ENTITY, &note, own).await? {
        return Err(join(turn, account, &owner).await?);
    }
    let account_id = account.id.to_string();
    match turn.records.claim_target(link, ENTITY, &account_id, own).await? {
        None => {
            turn.record = turn.record.clone().known_by(&[&note, &account_id]);
            Ok(())
        }
        Some(owner) => {
            // No pair comes of it: the customer is left to whoever is its account, unless the two were a pair before.
            if !turn.record.aliases.contains(&note) {
                turn.records.release_target(link, ENTITY, &note, own).await?;
            }
            Err(End::parked(taken(account, &owner)))
        }
    }
}

/// Another record has the customer. Where it is that customer's own and has no account yet, the account becomes one of its aliases and the
/// event goes there; otherwise two accounts have one customer.
async fn join(turn: &Turn<'_>, account: &Account, owner: &str) -> Result<End, End> {
    let account_id = account.id.to_string();
    if Id::of_record(owner) == Some(Id::Account(account.id)) {
        // The account's own record, which has just met the customer.
        go_on_there(turn, &account_id).await?;
        return Ok(joined(account));
    }
    let other = turn.records.load(owner).await?;
    if !joins(&other, account) {
        let finding = shared(&turn.link.settings, account, owner);
        return Ok(match turn.link.settings.customers.shared_email {
            SharedEmail::Park => End::parked(finding),
            SharedEmail::First => End::finished(Outcome::Skipped, Some(finding)),
        });
    }
    match turn.records.claim_target(&turn.link.id, ENTITY, &account_id, owner).await? {
        None => {
            go_on_there(turn, &account_id).await?;
            Ok(joined(account))
        }
        Some(owner) => Ok(End::parked(taken(account, &owner))),
    }
}

/// Whether the account may become one of the aliases of a customer's own record: it has no account yet, or this one.
pub(super) fn joins(other: &Record, account: &Account) -> bool {
    matches!(Id::of_record(&other.key), Some(Id::Customer(_)))
        && other.bound.as_ref().is_none_or(|bound| bound.target == account.id.to_string())
}

fn joined(account: &Account) -> End {
    let message = format!("Customer {} of Magento is synced as the pair of its customer in Acumatica.", account.id);
    End::finished(Outcome::Skipped, Some(Finding::new("customers.skipped.joined", message)))
}

/// An event for the record that the alias leads to.
async fn go_on_there(turn: &Turn<'_>, source_id: &str) -> Result<(), End> {
    let event = hint(turn.world, &turn.link.id, source_id, Cause::Due);
    turn.world.queue.send(Name::Customers, &event).await.map_err(|error| End::Returned {
        finding: Finding::new("store.transient.unavailable", format!("The queue did not take an event: {error}.")),
        counted: false,
        after: None,
        disprove: None,
    })
}

/// An event of a customer.
#[must_use]
pub fn hint(world: &World, link: &str, source_id: &str, cause: Cause) -> Envelope {
    Envelope {
        link: link.to_owned(),
        entity: ENTITY.to_owned(),
        source_id: source_id.to_owned(),
        cause,
        occurred_at: world.clock.now(),
        event_id: world.clock.id(),
    }
}

/// That the account's customer is another account's.
pub(super) fn shared(settings: &Settings, account: &Account, owner: &str) -> Finding {
    let other = owner.rsplit('/').next().unwrap_or_default();
    let message = format!(
        "Customer {} of Magento has the e-mail of a customer in Acumatica that is synced with customer {other} already.",
        account.id
    );
    let code = match settings.customers.shared_email {
        SharedEmail::Park => "customers.rejected.shared_email",
        SharedEmail::First => "customers.skipped.shared_email",
    };
    Finding::new(code, message)
}

/// That the account is another customer's.
pub(super) fn taken(account: &Account, owner: &str) -> Finding {
    let other = owner.rsplit('/').next().unwrap_or_default();
    let message = format!("Customer {} of Magento is synced with another customer already ({other}).", account.id);
    Finding::new("flows.rejected.reference_taken", message)
}

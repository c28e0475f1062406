//! The e-mail of a pair: its guard leads to the pair's customer, and moves when the e-mail does.

use store::Record;
use store::records::{WriteError, entity_of};

use super::super::ENTITY;
use super::{Guard, Person};
use crate::plan::Finding;
use crate::turn::{End, Turn};

impl Guard<'_> {
    /// Says that the e-mail is that customer's; `formerly` is the number that the customer had before its key was changed.
    ///
    /// # Errors
    /// The e-mail is another customer's, or somebody is at it.
    pub async fn hold_for(&self, turn: &Turn<'_>, customer_id: &str, formerly: Option<&str>) -> Result<(), End> {
        let guard = turn.records.load(&self.key).await?;
        let of = guard.bound.as_ref().map(|bound| bound.target.as_str());
        let is_marked = guard.intent.is_some() || guard.pair.as_ref() == Some(&turn.record.key);
        match of {
            Some(of) if of == customer_id && is_marked => return Ok(()),
            Some(of) if of == customer_id => {}
            Some(of) if Some(of) != formerly => return Err(self.taken(of)),
            Some(_) | None => {}
        }
        match self.settled_for(turn, guard, customer_id).await? {
            Some(guard) => self.adopt(turn, guard, customer_id.to_owned()).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Whether the e-mail may become that customer's.
    ///
    /// # Errors
    /// It is another customer's, or somebody is making one with it.
    pub async fn is_free_for(&self, turn: &Turn<'_>, customer_id: &str) -> Result<(), End> {
        let guard = turn.records.load(&self.key).await?;
        match &guard.bound {
            Some(bound) if bound.target != customer_id => Err(self.taken(&bound.target)),
            _ => self.settled_for(turn, guard, customer_id).await.map(|_| ()),
        }
    }

    /// The guard without an open write: whoever was making a customer with the e-mail has died over it, and may have made this one, which the guard
    /// then is bound to.
    async fn settled_for(&self, turn: &Turn<'_>, guard: Record, customer_id: &str) -> Result<Option<Record>, End> {
        self.free(turn, &guard)?;
        if guard.intent.is_none() {
            return Ok(Some(guard));
        }
        match self.settle(turn, guard).await? {
            Person::Known(of) if of != customer_id => Err(self.taken(&of)),
            Person::Known(_) => Ok(None),
            Person::Missing(guard) => Ok(Some(*guard)),
        }
    }

    /// The guard with the record of the pair, or of the company, whose e-mail it is; an order's is no pair's.
    pub(super) fn marked(&self, turn: &Turn<'_>, guard: Record) -> Record {
        let of_pair = Some(turn.record.key.as_str()).filter(|key| entity_of(key) == ENTITY);
        if let Some(key) = self.company.or(of_pair) { guard.of_pair(key) } else { guard }
    }

    fn taken(&self, of: &str) -> End {
        let message = format!("The e-mail of {} is that of customer {of} in Acumatica already.", self.shown);
        End::parked(Finding::new("customers.rejected.email_taken", message))
    }
}

/// Whoever had the e-mail of this guard has it no more, if it was that customer. Nothing is left of the guard: its key is made of the e-mail.
///
/// # Errors
/// The table's.
pub async fn let_loose(turn: &Turn<'_>, key: &str, customer_id: &str) -> Result<(), End> {
    let guard = turn.records.load(key).await?;
    if guard.intent.is_some() || guard.bound.as_ref().is_none_or(|bound| bound.target != customer_id) {
        return Ok(());
    }
    match turn.records.remove(&guard).await {
        // Whoever wrote it meanwhile has found the customer by the ERP's answer, which no longer has the e-mail.
        Ok(()) | Err(WriteError::Lost(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

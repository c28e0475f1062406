//! The e-mail as a pair's key: the guard under which orders find the customer moves when the e-mail does.

use super::gather::Gathered;
use super::guard::{self, Guard};
use super::plan::{self, Decided, cells};
use crate::merge::Field;
use crate::turn::{End, Turn};

/// Before an e-mail is written to Acumatica: no other customer may have it.
///
/// # Errors
/// Another one has it.
pub(super) async fn free_for(turn: &Turn<'_>, gathered: &Gathered, decided: &Decided) -> Result<(), End> {
    let email = Field::new(cells::EMAIL);
    if !decided.merged.to_acumatica.contains(&email) && !decided.merged.to_magento.contains(&email) {
        return Ok(());
    }
    let facts = gathered.facts(turn);
    let to_acumatica = decided.merged.to_acumatica.contains(&email);
    let (Some(next), Some(number)) = (plan::next_email(&facts, to_acumatica), number(gathered)) else { return Ok(()) };
    Guard::new(turn, next, plan::shown(&facts)).is_free_for(turn, &number).await
}

/// The guard of the pair's e-mail leads to its customer, and that of an earlier e-mail no more. Nothing is read where the e-mail is the same.
///
/// # Errors
/// The e-mail is another customer's; the table's.
pub(super) async fn move_to(turn: &mut Turn<'_>, gathered: &Gathered) -> Result<(), End> {
    let facts = gathered.facts(turn);
    let (Some(email), Some(number)) = (plan::email(&facts).map(str::to_owned), number(gathered)) else { return Ok(()) };
    let guard = Guard::new(turn, &email, plan::shown(&facts));
    if let Some(key) = lead(turn, guard, &number, gathered.formerly.as_deref()).await? {
        known_by(turn, key, &number);
    }
    Ok(())
}

/// The guard leads to that number, and the one that led there before no more; its key, where that is news. `formerly` is the number that the
/// customer had.
///
/// # Errors
/// As [`move_to`].
pub(super) async fn lead(
    turn: &mut Turn<'_>,
    guard: Guard<'_>,
    number: &str,
    formerly: Option<&str>,
) -> Result<Option<String>, End> {
    let key = guard.key().to_owned();
    let formerly = formerly.filter(|formerly| *formerly != number);
    if turn.record.guard.as_ref() == Some(&key) && turn.record.guard_left.is_none() && formerly.is_none() {
        return Ok(None);
    }
    give_up(turn, &key, number).await?;
    if turn.record.guard.as_ref().is_some_and(|held| *held != key) {
        // Noted before the new one is held: whoever goes on after a death gives the old one up.
        let mut record = turn.record.clone();
        turn.write(&mut record, |record| Ok(record.moving_to(key.clone()))).await?;
        turn.record = record;
    }
    guard.hold_for(turn, number, formerly).await?;
    give_up(turn, &key, number).await?;
    Ok(Some(key))
}

/// The guard that is left for `key` leads to the customer no more.
async fn give_up(turn: &Turn<'_>, key: &str, number: &str) -> Result<(), End> {
    match turn.record.guard_left.as_deref().filter(|left| *left != key) {
        Some(left) => guard::let_loose(turn, left, number).await,
        None => Ok(()),
    }
}

/// The guard of the pair's e-mail leads to that number.
pub(super) fn known_by(turn: &mut Turn<'_>, guard: String, number: &str) {
    let record = turn.record.clone().guarded_by(Some(guard));
    turn.record = match record.seen.clone() {
        Some(seen) => record.note(seen, Some(number)),
        None => record,
    };
}

/// A customer that was deleted in Acumatica leaves its e-mail to the next one.
///
/// # Errors
/// The table's.
pub(super) async fn loosen(turn: &mut Turn<'_>, gathered: &Gathered) -> Result<(), End> {
    let gone = turn.record.bound.is_some() && gathered.customer.is_none() && gathered.account.is_some();
    let (Some(guard), Some(number)) = (turn.record.guard.clone().filter(|_| gone), gathered.formerly.as_deref()) else {
        return Ok(());
    };
    guard::let_loose(turn, &guard, number).await?;
    give_up(turn, &guard, number).await?;
    turn.record = turn.record.clone().guarded_by(None);
    Ok(())
}

/// Acumatica's number of the pair.
pub(super) fn number(gathered: &Gathered) -> Option<String> {
    gathered.customer.as_ref().and_then(|customer| cells::plain(customer.customer_id.as_ref()))
}

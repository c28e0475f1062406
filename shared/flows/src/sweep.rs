//! The sweep, every minute: enqueues what is due, wakes what newer settings may mend, and counts.
//!
//! A waker only enqueues: the record's wait is cleared by the claim alone, so a sweep that dies between two lines loses nothing and a message
//! that dies is found again. What is enqueued is looked at again in fifteen minutes.

use jiff::Timestamp;
use queue::{Cause, Envelope, Name};
use store::record::LONGEST_WAIT;
use store::records::{WriteError, link_of};
use store::table::Limit;
use store::{Record, Records};
use thiserror::Error;

use crate::codes;
use crate::link::World;

/// Most records that one sweep enqueues, and most parked ones it looks at for one link; the next one follows in a minute.
const MOST: usize = 1000;
/// Records read at once.
const PAGE: usize = 100;
/// The link under which messages are parked that name none.
pub const NO_LINK: &str = "-";

/// A link as the sweep must know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swept {
    /// Its id.
    pub id: String,
    /// The present version of its settings.
    pub settings_version: u64,
}

/// What the alarms are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Records enqueued because they were due.
    pub due: u64,
    /// Parked records enqueued because the settings are newer.
    pub woken: u64,
    /// Records parked now.
    pub parked: u64,
    /// How late the most overdue record was, in seconds.
    pub oldest_due_seconds: u64,
}

/// Why a sweep stopped; what it had enqueued stays enqueued.
#[derive(Debug, Error)]
pub enum Stopped {
    /// The table.
    #[error("the sweep stopped: {0}")]
    Table(#[from] store::TableError),
    /// The queue.
    #[error("the sweep stopped: {0}")]
    Queue(#[from] queue::QueueError),
}

/// Sweeps one entity.
///
/// # Errors
/// [`Stopped`]; nothing is lost, the next sweep goes on.
pub async fn sweep(world: &World, queue: Name, links: &[Swept]) -> Result<Gauges, Stopped> {
    let mut gauges = Gauges::default();
    enqueue_due(world, queue, &mut gauges).await?;
    for link in links {
        wake_parked(world, queue, link, &mut gauges).await?;
    }
    let unaddressed = Swept { id: NO_LINK.to_owned(), settings_version: 0 };
    wake_parked(world, queue, &unaddressed, &mut gauges).await?;
    Ok(gauges)
}

async fn enqueue_due(world: &World, queue: Name, gauges: &mut Gauges) -> Result<(), Stopped> {
    let records = Records::new(world.state.clone(), world.clock.clone());
    let now = world.clock.now();
    let mut after = None;
    loop {
        let (due, next) = records.due(queue.entity(), now, Limit { items: PAGE, after }).await?;
        for record in due {
            let late = record.due.map_or(0, |due| u64::try_from(now.duration_since(due).as_secs()).unwrap_or_default());
            gauges.oldest_due_seconds = gauges.oldest_due_seconds.max(late);
            world.queue.send(queue, &event(world, &record, queue, Cause::Due, now)).await?;
            gauges.due += 1;
            postponed(&records, record, now).await?;
        }
        after = next;
        if after.is_none() || gauges.due >= MOST as u64 {
            return Ok(());
        }
    }
}

/// Pushes `due`, so that the next sweep does not enqueue it again while its message is on its way. A lost write means that somebody works on it.
async fn postponed(records: &Records, record: Record, now: Timestamp) -> Result<(), store::TableError> {
    let Ok(next) = record.postpone(now + LONGEST_WAIT) else { return Ok(()) };
    tolerated(records.write(next).await)
}

async fn wake_parked(world: &World, queue: Name, link: &Swept, gauges: &mut Gauges) -> Result<(), Stopped> {
    let records = Records::new(world.state.clone(), world.clock.clone());
    let now = world.clock.now();
    let (mut after, mut counted) = (None, 0);
    loop {
        let (parked, next) = records.parked(&link.id, queue.entity(), Limit { items: PAGE, after }).await?;
        counted += parked.len();
        gauges.parked += parked.len() as u64;
        for record in parked.into_iter().filter(|record| may_be_mended(record, link.settings_version)) {
            world.queue.send(queue, &event(world, &record, queue, Cause::Settings, now)).await?;
            gauges.woken += 1;
            if let Ok(next) = record.mark_woken(link.settings_version) {
                tolerated(records.write(next).await)?;
            }
        }
        after = next;
        if after.is_none() || counted >= MOST {
            return Ok(());
        }
    }
}

/// Parked by what settings may mend, under older settings, and not woken for these yet.
fn may_be_mended(record: &Record, settings: u64) -> bool {
    record.park.as_ref().is_some_and(|park| {
        codes::may_be_mended_by_settings(&park.code) && park.settings < settings && record.woken < settings
    })
}

fn event(world: &World, record: &Record, queue: Name, cause: Cause, now: Timestamp) -> Envelope {
    Envelope {
        link: link_of(&record.key).to_owned(),
        entity: queue.entity().to_owned(),
        source_id: record.key.rsplit('/').next().unwrap_or_default().to_owned(),
        cause,
        occurred_at: now,
        event_id: world.clock.id(),
    }
}

fn tolerated(written: Result<Record, WriteError>) -> Result<(), store::TableError> {
    match written {
        Ok(_) | Err(WriteError::Lost(_) | WriteError::Impossible(_)) => Ok(()),
        Err(WriteError::Table(error)) => Err(error),
    }
}

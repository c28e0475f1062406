//! Initial matching: before the first write, who on one side is who on the other.
//!
//! A run reads both sides in pages (`read`), keeps of everybody ids, codes and keyed hashes (`people`), says who is matched, ambiguous, or
//! alone (`judge`, `report`), takes corrections from a file (`corrections`) and binds the pairs (`bind`). Until then nothing but the run's own
//! items is written, and to the two systems nothing ever is. A call works for as long as it has time; calling again goes on (`progress`).

mod bind;
mod corrections;
mod forget;
mod judge;
mod people;
mod progress;
mod read;
mod report;
mod walk;

pub use bind::bind;
pub use corrections::correct;
pub(super) use forget::forget;
use jiff::{SignedDuration, Timestamp};
pub use report::report;
use serde::Deserialize;
use serde_json::Value;
use store::log::{Entry, Level};
use store::table::{Limit, Partition, Range};

use self::judge::{Corrections, Rules, judge};
use self::people::partitions;
use self::progress::{Phase, Progress};
use self::read::Reader;
use self::walk::stretch;
use super::{Answer, Desk, Refusal, body, stored};
use crate::customers::ENTITY;
use crate::delivery::Outcome;
use crate::settings::Settings;

/// How long a call begins new pages. The HTTP API gives up after 30 s, and the last page needs time, too.
const WORKS_FOR: SignedDuration = SignedDuration::from_secs(15);
/// Items that are removed between two looks at the clock.
const REMOVED_AT_ONCE: usize = 100;

/// What is asked for.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// Forgets the run that is there, corrections included, and begins another.
    #[serde(default)]
    restart: bool,
}

/// Begins a run or goes on with it, as long as there is time: until `done`, both sides are read and compared.
///
/// # Errors
/// 404 without such a link, 409 where customers are off, where the settings have changed since or another invocation is at the run, 502 when a
/// platform does not answer.
pub async fn advance(desk: &Desk<'_>, link: &str, request: &Value) -> Result<Answer, Refusal> {
    let run = Run::begin(desk);
    let Request { restart } = if request.is_null() { Request::default() } else { body(request)? };
    let (version, settings) = stored_customers(desk, link).await?;
    let mut progress = match Progress::load(desk, link).await? {
        Some(there) if restart => Progress { rev: there.rev, phase: Phase::Clearing, ..Progress::new(version) },
        Some(there) => there,
        None => Progress::new(version),
    };
    same_settings(&progress, version)?;
    if progress.rev == 0 || restart {
        progress.save(desk, link).await?;
    }
    clear(desk, link, &mut progress, run).await?;
    read_both(desk, link, &settings, &mut progress, run).await?;
    compare(desk, link, &settings, &mut progress, run).await?;
    Ok(progress.answer())
}

/// How far the run is.
///
/// # Errors
/// 404 without such a link or run.
pub async fn status(desk: &Desk<'_>, link: &str) -> Result<Answer, Refusal> {
    stored(desk, link).await?;
    Ok(Progress::load(desk, link).await?.ok_or_else(|| none_yet(link))?.answer())
}

/// Removes what a run has kept, as long as there is time: until the answer says 404. Bindings stay.
///
/// # Errors
/// 404 without such a link or run.
pub async fn discard(desk: &Desk<'_>, link: &str) -> Result<Answer, Refusal> {
    let run = Run::begin(desk);
    stored(desk, link).await?;
    let mut progress = Progress::load(desk, link).await?.ok_or_else(|| none_yet(link))?;
    if progress.phase != Phase::Discarding {
        progress.phase = Phase::Discarding;
        progress.save(desk, link).await?;
    }
    clear(desk, link, &mut progress, run).await?;
    Ok(progress.answer())
}

/// An invocation, and how long it may begin new pages.
#[derive(Clone, Copy)]
struct Run<'a> {
    desk: &'a Desk<'a>,
    until: Timestamp,
}

impl<'a> Run<'a> {
    fn begin(desk: &'a Desk<'a>) -> Self {
        Self { desk, until: desk.world.clock.now() + WORKS_FOR }
    }

    fn has_time(self) -> bool {
        self.desk.world.clock.now() < self.until
    }
}

/// Removes what an earlier run kept.
async fn clear(desk: &Desk<'_>, link: &str, progress: &mut Progress, run: Run<'_>) -> Result<(), Refusal> {
    let table = &*desk.world.state;
    for partition in partitions(link) {
        loop {
            if !matches!(progress.phase, Phase::Clearing | Phase::Discarding) || !run.has_time() {
                return Ok(());
            }
            let limit = Limit { items: REMOVED_AT_ONCE, after: None };
            let page = table.query(&Partition::Table(partition.clone()), &Range::default(), &limit).await?;
            for item in &page.items {
                table.remove_if_rev(&item.key, item.rev).await?;
            }
            if page.next.is_none() {
                break;
            }
        }
    }
    if progress.phase == Phase::Discarding {
        return progress.remove(desk, link).await;
    }
    if progress.phase == Phase::Clearing {
        progress.phase = Phase::ReadingMagento;
        progress.save(desk, link).await?;
    }
    Ok(())
}

async fn read_both(
    desk: &Desk<'_>,
    link: &str,
    settings: &Settings,
    progress: &mut Progress,
    run: Run<'_>,
) -> Result<(), Refusal> {
    let reads = |phase| matches!(phase, Phase::ReadingMagento | Phase::ReadingAcumatica);
    if !reads(progress.phase) {
        return Ok(());
    }
    let magento = desk.platforms.magento(link, &settings.magento).await.map_err(read::unusable)?;
    let acumatica = desk.platforms.acumatica(link, &settings.acumatica).await.map_err(read::unusable)?;
    let emails = desk.platforms.emails().await.map_err(read::unusable)?;
    let reader = Reader { desk, link, settings, emails: &emails, magento: &magento, acumatica: &acumatica };
    while reads(progress.phase) && run.has_time() {
        reader.page(progress).await?;
        progress.save(desk, link).await?;
    }
    Ok(())
}

/// Counts the results; the log has the counts once they are there.
async fn compare(
    desk: &Desk<'_>,
    link: &str,
    settings: &Settings,
    progress: &mut Progress,
    run: Run<'_>,
) -> Result<(), Refusal> {
    if progress.phase != Phase::Comparing {
        return Ok(());
    }
    let corrections = corrections::load(desk, link, progress).await?;
    while progress.phase == Phase::Comparing && run.has_time() {
        let stretch = stretch(desk, link, &progress.walk).await?;
        for group in &stretch.groups {
            for line in judge(group, rules(settings, &corrections)) {
                progress.counts.add(line.verdict);
            }
        }
        match stretch.next {
            Some(walk) => progress.walk = walk,
            None => {
                progress.phase = Phase::Compared;
                tell(desk, link, settings, progress, "matching.compare", counted(progress)).await?;
            }
        }
        progress.save(desk, link).await?;
    }
    Ok(())
}

fn counted(progress: &Progress) -> String {
    let counts = &progress.counts;
    format!(
        "Of {} accounts and {} customers {} pairs are matched; {} are ambiguous, {} are only in Magento, {} only in Acumatica, {} are left out.",
        progress.read_magento,
        progress.distinct,
        counts.matched,
        counts.ambiguous,
        counts.only_magento,
        counts.only_acumatica,
        counts.left_out
    )
}

/// Puts counts into the sync log.
async fn tell(
    desk: &Desk<'_>,
    link: &str,
    settings: &Settings,
    progress: &Progress,
    action: &str,
    message: String,
) -> Result<(), Refusal> {
    let entry = Entry {
        time: desk.world.clock.now(),
        link: link.to_owned(),
        entity: ENTITY.to_owned(),
        record: progress::partition(link),
        rev: progress.rev,
        shown: None,
        target: None,
        direction: "both".to_owned(),
        trigger: "operator".to_owned(),
        action: action.to_owned(),
        level: Level::Info,
        outcome: Outcome::Applied.as_str().to_owned(),
        code: None,
        message: Some(message),
        duration_ms: 0,
        attempt: 1,
        magento_calls: 0,
        acumatica_calls: 0,
        settings_version: progress.settings,
        event: String::new(),
    };
    Ok(store::log::write(&*desk.world.log, &entry, settings.log.retention_days).await?)
}

fn rules<'a>(settings: &Settings, corrections: &'a Corrections) -> Rules<'a> {
    let customers = &settings.customers;
    Rules { ambiguous: customers.ambiguous_email, shared: customers.shared_email, corrections }
}

/// The settings of a link that syncs customers.
async fn stored_customers(desk: &Desk<'_>, link: &str) -> Result<(u64, Settings), Refusal> {
    let (version, settings) = stored(desk, link).await?;
    if settings.customers.enabled {
        return Ok((version, settings));
    }
    Err(Refusal::new(409, "Customers are switched off in the settings: switch them on before they are matched."))
}

/// Hashes of one version of the settings say nothing under another.
fn same_settings(progress: &Progress, version: u64) -> Result<(), Refusal> {
    if progress.settings == version {
        return Ok(());
    }
    let detail = format!(
        "The run was begun under version {} of the settings, which is {version} now: begin another with `\"restart\": true`.",
        progress.settings
    );
    Err(Refusal::new(409, detail))
}

fn none_yet(link: &str) -> Refusal {
    Refusal::new(404, format!("Customers of link `{link}` were not matched yet."))
}

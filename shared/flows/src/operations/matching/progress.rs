//! How far a run is: one item, written after each page, so that a run which was killed anywhere goes on with the page that it was at.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::table::{Item, Key, TableError, Written};

use super::super::{Answer, Desk, Refusal};
use super::judge::Counts;

/// What a run does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// What an earlier run kept is removed; then the accounts are read.
    Clearing,
    /// What a run kept is removed; then nothing is left of it.
    Discarding,
    /// Magento's accounts are read.
    ReadingMagento,
    /// Acumatica's customers are read.
    ReadingAcumatica,
    /// Both sides are there: results are counted.
    Comparing,
    /// The report can be read, corrections be given, and pairs be bound.
    Compared,
    /// Pairs are bound.
    Binding,
    /// Every pair of the report is bound, or said not to be.
    Bound,
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// The item's revision; 0 before it was written.
    #[serde(skip)]
    pub(super) rev: u64,
    pub(super) phase: Phase,
    /// The settings that the run was begun under: hashes of one version say nothing under another.
    pub(super) settings: u64,
    /// The id of the account that was read last.
    pub(super) last_account: u64,
    pub(super) read_magento: u64,
    /// Which reading of all customers this is, from 1.
    pub(super) pass: u32,
    /// Rows that this pass has seen.
    pub(super) rows: u32,
    /// Customers that this pass has seen.
    pub(super) distinct: u32,
    /// Where the walk over what was read is.
    pub(super) walk: Walk,
    pub(super) counts: Counts,
    /// Which file of corrections holds, if one does.
    pub(super) corrections: Option<String>,
    /// How many there are.
    pub(super) corrected: u32,
    /// Pairs that are bound.
    pub(super) bound: u64,
    /// Pairs of which one side has another partner already, or is at work.
    pub(super) not_bound: u64,
}

/// A place in what was read: a bucket, and the cursor in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Walk {
    /// Which bucket, from 0.
    pub(super) bucket: usize,
    /// The first sort key that was not walked over.
    pub(super) from: Option<String>,
}

impl Progress {
    /// A run that begins.
    pub(super) fn new(settings: u64) -> Self {
        Self {
            rev: 0,
            phase: Phase::ReadingMagento,
            settings,
            last_account: 0,
            read_magento: 0,
            pass: 1,
            rows: 0,
            distinct: 0,
            walk: Walk::default(),
            counts: Counts::default(),
            corrections: None,
            corrected: 0,
            bound: 0,
            not_bound: 0,
        }
    }

    /// The run of a link; none where there is none.
    pub(super) async fn load(desk: &Desk<'_>, link: &str) -> Result<Option<Self>, Refusal> {
        let Some(item) = desk.world.state.get(&key(link)).await? else { return Ok(None) };
        let mut progress: Self = serde_json::from_value(item.body)
            .map_err(|error| TableError::Bug(format!("the run of link {link} cannot be read: {error}")))?;
        progress.rev = item.rev;
        Ok(Some(progress))
    }

    /// Writes it over what was read.
    ///
    /// # Errors
    /// 409 when another invocation was at it.
    pub(super) async fn save(&mut self, desk: &Desk<'_>, link: &str) -> Result<(), Refusal> {
        self.rev += 1;
        let body = serde_json::to_value(&*self).expect("invariant: numbers and texts are JSON");
        let write_id = desk.world.clock.id();
        let item = Item { key: key(link), rev: self.rev, write_id, body, indexes: Vec::new(), expires: None };
        let written = match self.rev {
            1 => desk.world.state.insert_if_absent(item).await?,
            _ => desk.world.state.replace_if_rev(item).await?,
        };
        taken(written)
    }

    /// Removes it.
    pub(super) async fn remove(&self, desk: &Desk<'_>, link: &str) -> Result<(), Refusal> {
        taken(desk.world.state.remove_if_rev(&key(link), self.rev).await?)
    }

    /// Goes over what was read, from the beginning.
    pub(super) fn begin(&mut self, phase: Phase) {
        (self.phase, self.walk) = (phase, Walk::default());
        match phase {
            Phase::Comparing => self.counts = Counts::default(),
            Phase::Binding => (self.bound, self.not_bound) = (0, 0),
            _ => {}
        }
    }

    /// Customers that the last reading did not see, at least.
    pub(super) fn unseen(&self) -> u32 {
        self.rows.saturating_sub(self.distinct)
    }

    pub(super) fn answer(&self) -> Answer {
        let done = matches!(self.phase, Phase::Compared | Phase::Bound);
        Answer::ok(json!({
            "phase": self.phase,
            "done": done,
            "read_magento": self.read_magento,
            "read_acumatica": self.distinct,
            "pass": self.pass,
            "unseen": if self.phase == Phase::ReadingAcumatica { Value::Null } else { json!(self.unseen()) },
            "counts": self.counts,
            "corrections": self.corrected,
            "bound": self.bound,
            "not_bound": self.not_bound,
            "settings_version": self.settings,
        }))
    }
}

/// What a link's run is kept under.
pub(super) fn partition(link: &str) -> String {
    format!("{link}/matching/customers")
}

fn key(link: &str) -> Key {
    Key::new(partition(link), "progress")
}

fn taken(written: Written) -> Result<(), Refusal> {
    match written {
        Written::Yes => Ok(()),
        Written::Conflict => Err(Refusal::new(409, "Another invocation is at this run: ask again when it is done.")),
    }
}

//! Three-way merge of a record that both sides edit: field by field, against the state in which both were last in step.
//!
//! - A field that only one side has changed goes to the other side. One that both have changed to the same is left alone.
//! - One that both have changed, and differently, is a [`Conflict`]: the field's owner decides, or its direction where only one way is open, and it
//!   is told, without the values.
//! - Where nothing is known of an earlier state (the two have just been found to be one), a field that only one side has goes to the other.
//!
//! Of the earlier state only keyed hashes are kept, see [`Base`]: no value of a person stands in a table. A field has one for each side, because
//! the sides hold the same thing in forms of their own (a region's name here, its code there; three lines of a street, and two), and
//! Acumatica may save what it was sent in its own spelling. An echo of our own write is then a side whose hash has not changed.

mod base;
mod half;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use base::{Base, Hashes};
pub use half::{Half, Halves};

use crate::plan::Finding;

/// A field that both sides have: `name`, `billing.address`, `attribute.favourite_colour`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Field(String);

impl Field {
    /// The field of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// One of the two platforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The shop.
    Magento,
    /// The ERP.
    Acumatica,
}

impl Side {
    /// The one across.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Side::Magento => Side::Acumatica,
            Side::Acumatica => Side::Magento,
        }
    }
}

/// Whose value wins where both sides have changed a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The shop's.
    Magento,
    /// The ERP's.
    Acumatica,
    /// That of the record that was changed last.
    Newest,
    /// Nobody's: the field is not synced.
    Never,
}

/// What holds for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whose value wins.
    pub owner: Owner,
    /// Changes may go to the shop.
    pub to_magento: bool,
    /// Changes may go to the ERP.
    pub to_acumatica: bool,
}

/// A field as one side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The value in this side's form; none where it is empty.
    pub is: Option<String>,
    /// What the other side has where it has the same, in that side's form; why there is no such thing, where settings do not map it.
    pub means: Result<Option<String>, Finding>,
}

impl Cell {
    /// A value that both sides write in the same way.
    #[must_use]
    pub fn same(value: Option<String>) -> Self {
        let value = value.filter(|value| !value.is_empty());
        Self { means: Ok(value.clone()), is: value }
    }

    /// A value in this side's form, and the same in the other's.
    #[must_use]
    pub fn mapped(is: Option<String>, means: Result<Option<String>, Finding>) -> Self {
        let full = |value: &String| !value.is_empty();
        Self { is: is.filter(full), means: means.map(|means| means.filter(full)) }
    }

    /// Whether either side's value is what the other's means.
    #[must_use]
    pub fn says_the_same(&self, other: &Cell) -> bool {
        self.means.as_ref() == Ok(&other.is) || other.means.as_ref() == Ok(&self.is)
    }
}

/// The fields of one side.
pub type Cells = BTreeMap<Field, Cell>;

/// A field that both sides have changed, and differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Which.
    pub field: Field,
    /// Whose value stays on both sides; none where the field goes neither way.
    pub winner: Option<Side>,
}

/// What is to be written where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Fields that the shop gets from the ERP.
    pub to_magento: BTreeSet<Field>,
    /// Fields that the ERP gets from the shop.
    pub to_acumatica: BTreeSet<Field>,
    /// What both sides had changed.
    pub conflicts: Vec<Conflict>,
}

impl Merged {
    /// Whether both sides are in step.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.to_magento.is_empty() && self.to_acumatica.is_empty()
    }
}

/// Merges the fields that both sides have, by `rule`; `newer` is the side that was changed last.
pub fn merge(
    rule: impl Fn(&Field) -> Rule,
    base: Option<&Base>,
    magento: &Cells,
    acumatica: &Cells,
    newer: Side,
    hashes: &Hashes<'_>,
) -> Merged {
    let mut merged = Merged::default();
    for (field, here) in magento {
        let Some(there) = acumatica.get(field) else { continue };
        let rule = rule(field);
        if rule.owner == Owner::Never || here.says_the_same(there) {
            continue;
        }
        let changed = |side, cell: &Cell| base.is_none_or(|base| base.has_changed(side, field, cell, hashes));
        let known = base.is_some_and(|base| base.knows(field));
        let winner = match (changed(Side::Magento, here), changed(Side::Acumatica, there)) {
            (false, false) => continue,
            (true, false) => Side::Magento,
            (false, true) => Side::Acumatica,
            (true, true) if !known && here.is.is_none() => Side::Acumatica,
            (true, true) if !known && there.is.is_none() => Side::Magento,
            (true, true) => {
                let winner = winner(rule, newer);
                merged
                    .conflicts
                    .push(Conflict { field: field.clone(), winner: winner.filter(|side| rule.lets(*side)) });
                match winner {
                    Some(winner) => winner,
                    None => continue,
                }
            }
        };
        if rule.lets(winner) {
            merged.from(winner).insert(field.clone());
        }
    }
    merged
}

/// Whose value stays. Where only one side may speak it is that one's, whoever owns the field: its value would be in step with nothing otherwise.
fn winner(rule: Rule, newer: Side) -> Option<Side> {
    match (rule.owner, rule.to_acumatica, rule.to_magento) {
        (Owner::Never, ..) => None,
        (_, true, false) => Some(Side::Magento),
        (_, false, true) => Some(Side::Acumatica),
        (Owner::Magento, ..) => Some(Side::Magento),
        (Owner::Acumatica, ..) => Some(Side::Acumatica),
        (Owner::Newest, ..) => Some(newer),
    }
}

impl Rule {
    /// Whether a change of `side` may go to the other one.
    #[must_use]
    pub fn lets(self, side: Side) -> bool {
        match side {
            Side::Magento => self.to_acumatica,
            Side::Acumatica => self.to_magento,
        }
    }
}

impl Merged {
    /// What goes from `side` to the other one.
    fn from(&mut self, side: Side) -> &mut BTreeSet<Field> {
        match side {
            Side::Magento => &mut self.to_acumatica,
            Side::Acumatica => &mut self.to_magento,
        }
    }
}

#[cfg(test)]
mod tests;

//! One side of a base before the other one is known: hashes of what the side has, and of what the other would have where it has the same.
//!
//! Two halves say which fields both sides agree in, without a value of either.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Base, Cell, Cells, Field, Hashes, Side};

/// One field of one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Half(String, Option<String>);

/// The fields of one side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Halves(BTreeMap<Field, Half>);

impl Half {
    fn of(side: Side, field: &Field, cell: &Cell, hashes: &Hashes<'_>) -> Self {
        let means = cell.means.as_ref().ok().map(|means| hashes.of(side.other(), field, means.as_deref()));
        Self(hashes.of(side, field, cell.is.as_deref()), means)
    }

    fn says_the_same(&self, other: &Half) -> bool {
        self.1.as_ref() == Some(&other.0) || other.1.as_ref() == Some(&self.0)
    }
}

impl Halves {
    /// One side's fields.
    #[must_use]
    pub fn of(side: Side, cells: &Cells, hashes: &Hashes<'_>) -> Self {
        Self(cells.iter().map(|(field, cell)| (field.clone(), Half::of(side, field, cell, hashes))).collect())
    }

    /// These fields in place of those of the same name.
    #[must_use]
    pub fn with(mut self, others: Halves) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The fields of these names alone.
    #[must_use]
    pub fn only(mut self, names: &[&str]) -> Self {
        self.0.retain(|field, _| names.contains(&field.name()));
        self
    }
}

impl Base {
    /// What both sides agree in. A field that one side does not have is empty there. What they do not agree in is left out, so that it is merged
    /// as between two that have just met.
    #[must_use]
    pub fn agreed(magento: &Halves, acumatica: &Halves, hashes: &Hashes<'_>) -> Self {
        let fields: BTreeSet<&Field> = magento.0.keys().chain(acumatica.0.keys()).collect();
        let nothing = Cell::same(None);
        let half = |halves: &Halves, side, field: &Field| {
            halves.0.get(field).cloned().unwrap_or_else(|| Half::of(side, field, &nothing, hashes))
        };
        let both = fields.into_iter().filter_map(|field| {
            let (here, there) = (half(magento, Side::Magento, field), half(acumatica, Side::Acumatica, field));
            here.says_the_same(&there).then(|| (field.clone(), (here.0, there.0)))
        });
        Self(both.collect())
    }
}

#[cfg(test)]
mod tests {
    use seams::Secret;

    use super::super::{Base, Cell, Cells, Field, Hashes, Rule, Side, merge};
    use super::Halves;
    use crate::link::EmailKey;
    use crate::merge::Owner;
    use crate::plan::Finding;

    fn cells(fields: &[(&str, Cell)]) -> Cells {
        fields.iter().map(|(name, cell)| (Field::new(*name), cell.clone())).collect()
    }

    fn same(text: &str) -> Cell {
        Cell::same(Some(text.to_owned()))
    }

    /// Halves agree exactly where the merge has nothing to do, and then they are the base.
    #[test]
    fn two_halves_make_the_base_of_what_both_agree_in() {
        let key = EmailKey::new(Secret::new("key"));
        let hashes = Hashes::new(&key, "abcd2345/customer/7");
        let unmapped = || Err(Finding::new("customers.rejected.group_not_mapped", "No row has it."));
        let magento = cells(&[
            ("email", same("a@example.com")),
            ("name", Cell::mapped(Some("Ada|Byron".to_owned()), Ok(Some("Ada Byron".to_owned())))),
            ("phone", same("1")),
            ("group", Cell::mapped(Some("9".to_owned()), unmapped())),
            ("company", Cell::same(None)),
            ("here", same("x")),
        ]);
        let acumatica = cells(&[
            ("email", same("a@example.com")),
            ("name", same("Ada Byron")),
            ("phone", same("2")),
            ("group", Cell::mapped(Some("WEB".to_owned()), Ok(Some("9".to_owned())))),
            ("company", Cell::same(None)),
            ("there", Cell::same(None)),
        ]);
        let halves = (Halves::of(Side::Magento, &magento, &hashes), Halves::of(Side::Acumatica, &acumatica, &hashes));
        let base = Base::agreed(&halves.0, &halves.1, &hashes);
        let knows: Vec<&str> = ["email", "name", "phone", "group", "company", "here", "there"]
            .into_iter()
            .filter(|name| base.knows(&Field::new(*name)))
            .collect();
        assert_eq!(knows, ["email", "name", "group", "company", "there"], "`phone` and `here` differ");
        let both = Base::of(&magento, &acumatica, &hashes);
        let differing = [Field::new("phone")];
        let rule = |_: &Field| Rule { owner: Owner::Magento, to_magento: true, to_acumatica: true };
        let merged = merge(rule, None, &magento, &acumatica, Side::Magento, &hashes);
        assert_eq!(merged.to_acumatica.iter().collect::<Vec<_>>(), differing.iter().collect::<Vec<_>>());
        for name in ["email", "name", "group", "company"] {
            let field = Field::new(name);
            for (side, own) in [(Side::Magento, &magento), (Side::Acumatica, &acumatica)] {
                assert!(!base.has_changed(side, &field, &own[&field], &hashes), "{name}");
                assert!(!both.has_changed(side, &field, &own[&field], &hashes), "{name}");
            }
        }
        let elsewhere = Hashes::new(&key, "abcd2345/customer/8");
        assert!(base.has_changed(Side::Magento, &Field::new("email"), &magento[&Field::new("email")], &elsewhere));
    }
}

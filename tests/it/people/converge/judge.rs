//! What must hold when everybody rests: both sides say the same, each edit has gone where it must, and then there is silence.

use flows::merge::{Owner, Side};
use jiff::Timestamp;
use queue::Cause;

use super::super::further;
use super::{Edit, NEWSLETTER, Story, at};

/// By how much the stamps of two edits must differ for one to be the newer whoever looks, in seconds: Magento's have whole ones.
const APART: i64 = 2;

impl Story {
    /// What is not in step besides the fields of every pair: the newsletter, and further addresses.
    pub(super) fn astray(&self) -> Vec<String> {
        let [here, there] = [Side::Magento, Side::Acumatica].map(|side| self.person(side));
        let mut broken = Vec::new();
        if self.fields().contains(&NEWSLETTER) && here[NEWSLETTER] != there[NEWSLETTER] {
            broken.push(format!("newsletter {} and {}", here[NEWSLETTER], there[NEWSLETTER]));
        }
        if !self.locations {
            return broken;
        }
        let (all, further) = further::in_shop(&self.people.account(self.account));
        let locations = self.in_erp();
        broken.extend(further::without_a_location(&further, &locations));
        for entered in locations.iter().filter(|own| self.entered.contains(&own.id) && !self.removed) {
            if all.iter().all(|own| own.place != entered.place) {
                broken.push(format!("{entered:?} is no address of the shop: {all:?}"));
            }
        }
        broken
    }

    /// Fields that are not what the owner table says.
    pub(super) fn misjudged(&self) -> Vec<String> {
        let end = self.person(Side::Acumatica);
        let of = |field, side| self.edits.get(&(field, side));
        let mut broken = Vec::new();
        for field in self.fields() {
            let (magento, acumatica) = (of(field, Side::Magento), of(field, Side::Acumatica));
            if self.late {
                // A write that arrives later undoes what people did meanwhile, and nobody can tell: neither platform saves on a condition. Then
                // both sides must be in step all the same, and have what somebody said.
                if !self.said[field].contains(&end.get(field).cloned()) {
                    broken.push(format!("{field} is {:?}, which nobody said: {:?}", end.get(field), self.said[field]));
                }
                continue;
            }
            let allowed: Vec<&Edit> = match (magento, acumatica) {
                (None, None) => continue,
                (Some(one), None) | (None, Some(one)) => vec![one],
                (Some(magento), Some(acumatica)) => self.winners(magento, acumatica),
            };
            if !allowed.iter().any(|edit| edit.value.as_ref() == end.get(field)) {
                broken.push(format!("{field} is {:?}, not any of {allowed:?}", end.get(field)));
            }
        }
        broken
    }

    /// Whose edit may stay where both sides made one. The owner's where it was the later one, or where nobody had carried anything over between
    /// the two; otherwise whichever came to be compared with what.
    fn winners<'e>(&self, magento: &'e Edit, acumatica: &'e Edit) -> Vec<&'e Edit> {
        let (owners, other) = match self.owner {
            Owner::Magento => (magento, acumatica),
            Owner::Acumatica => (acumatica, magento),
            Owner::Newest | Owner::Never => return self.newest(magento, acumatica),
        };
        let apart = owners.turns != other.turns || owners.is_back;
        if (!owners.is_back && owners.at > other.at) || !apart { vec![owners] } else { vec![owners, other] }
    }

    /// The newer one, where nobody had carried anything over between the two, the other side's record was not touched afterwards, and the records'
    /// stamps lie clearly apart in that order: by those it is decided, and an address need not move its account's.
    fn newest<'e>(&self, magento: &'e Edit, acumatica: &'e Edit) -> Vec<&'e Edit> {
        let (last, other, side) = match magento.at > acumatica.at {
            true => (magento, acumatica, Side::Magento),
            false => (acumatica, magento, Side::Acumatica),
        };
        let seconds = |stamps: [Timestamp; 2], side| stamps[at(side)].as_second();
        let apart = last.stamps.map_or(0, |stamps| seconds(stamps, side) - seconds(stamps, side.other()));
        let met_anew = last.turns == other.turns && !last.is_back && !other.is_back;
        if met_anew && self.last[at(side.other())] < last.at && apart >= APART {
            self.newest.set(self.newest.get() + usize::from(last.value != other.value));
            return vec![last];
        }
        vec![last, other]
    }

    /// What is still said when all is done: an operator's look at either side reads both and writes nothing.
    pub(super) fn noise(&self) -> Vec<String> {
        let (account, note) = (self.account.to_string(), self.note());
        let mut broken = Vec::new();
        // A look at a customer's locations is a call of its own.
        for (id, most) in [(account.as_str(), 1), (note.as_str(), 1 + u32::from(self.locations))] {
            let before = self.writes();
            self.people.send(id, Cause::Webhook);
            let reports = self.people.drain();
            let calls: u32 = reports.iter().map(|report| report.calls.magento + report.calls.acumatica).sum();
            if calls != most || self.writes() != before || reports.len() != 1 {
                broken.push(format!("not silent: {reports:?}"));
            }
        }
        let before = self.writes();
        self.people.send(&account, Cause::Operator);
        let reports = self.people.drain();
        if self.writes() != before || reports.len() != 1 {
            broken.push(format!("an operator's look writes: {reports:?}"));
        }
        broken
    }

    /// How much was written to either side.
    fn writes(&self) -> usize {
        let of = |calls: Vec<simulators::fault::Call>| {
            calls.iter().filter(|call| call.method != "GET" && !call.target.contains("/connect/token")).count()
        };
        of(self.people.shop.magento.calls()) + of(self.people.shop.erp.calls())
    }
}

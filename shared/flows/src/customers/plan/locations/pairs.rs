//! Which address and which location are one: by the base, by our reference on the location, by equal content.

use std::collections::BTreeSet;

use acumatica::model::location::CustomerLocation;
use magento::model::customer::{Address, AddressId};

use super::super::super::facts::Facts;
use super::super::cells::plain;
use super::{Ends, are_synced, candidates, content, further, reference};
use crate::merge::{Base, Cell, Side};

/// A pair, or half of one.
pub(in super::super) struct Row<'a> {
    /// What its field names.
    pub ends: Ends,
    /// The address, where it is a further one of the account.
    pub address: Option<&'a Address>,
    /// The location, where it is one of the customer's that are no default ones.
    pub location: Option<&'a CustomerLocation>,
    /// The address takes over a location whose own address has become a default one.
    pub moves: bool,
}

/// The pairs of the account and the customer, as far as they were read; none where further addresses are not synced.
pub(in super::super) fn of<'a>(facts: &Facts<'a>) -> Vec<Row<'a>> {
    if !are_synced(facts) {
        return Vec::new();
    }
    let mut pairing = Pairing::new(facts);
    pairing.as_bound();
    pairing.by_reference();
    pairing.by_hash();
    if pairing.reads_both() {
        pairing.by_content();
        pairing.moved();
    }
    pairing.rest()
}

struct Pairing<'a, 'f> {
    facts: &'f Facts<'a>,
    /// Addresses and locations that have no other end yet.
    addresses: Vec<(AddressId, &'a Address)>,
    locations: Vec<(String, &'a CustomerLocation)>,
    /// What base and saves bind, without an address that is still a further one.
    loose: Vec<Ends>,
    rows: Vec<Row<'a>>,
}

impl<'a, 'f> Pairing<'a, 'f> {
    fn new(facts: &'f Facts<'a>) -> Self {
        let addresses = facts.account.map(further).unwrap_or_default();
        let locations = facts.further.map(|further| candidates(further.locations)).unwrap_or_default();
        Self { facts, addresses, locations, loose: Vec::new(), rows: Vec::new() }
    }

    fn reads_both(&self) -> bool {
        self.facts.account.is_some() && self.facts.further.is_some()
    }

    /// What was bound before, by the base or a save of this turn.
    fn as_bound(&mut self) {
        let made = self.facts.further.map(|further| further.made).unwrap_or_default();
        let made =
            made.iter().map(|(address, location)| Ends { address: Some(*address), location: Some(location.clone()) });
        let known = self.known();
        for ends in made.chain(known).filter(Ends::is_closed).collect::<BTreeSet<_>>() {
            let Some(at) = self.address_at(&ends) else {
                self.loose.push(ends);
                continue;
            };
            let (_, address) = self.addresses.remove(at);
            let location = self.take_location(&ends);
            self.rows.push(Row { ends, address: Some(address), location, moves: false });
        }
    }

    /// What the base knows of further addresses.
    fn known(&self) -> Vec<Ends> {
        let fields = self.facts.base.into_iter().flat_map(|base| base.fields().filter(|field| base.knows(field)));
        fields.filter_map(Ends::of).collect()
    }

    /// Our reference on a location names its address.
    fn by_reference(&mut self) {
        for (id, address) in std::mem::take(&mut self.addresses) {
            let ours = reference(self.facts.link, id);
            let is_ours =
                |location: &CustomerLocation| plain(location.ext_ref_nbr.as_ref()).as_deref() == Some(ours.as_str());
            match self.locations.iter().position(|(_, location)| is_ours(location)) {
                Some(at) => self.pair(id, address, at),
                None => self.addresses.push((id, address)),
            }
        }
    }

    /// An end that was about to be made is known by the content that it was to have.
    fn by_hash(&mut self) {
        let Some(base) = self.facts.base else { return };
        for ends in self.known().into_iter().filter(|ends| !ends.is_closed()) {
            match (&ends.address, &ends.location) {
                (None, Some(_)) => self.find_address(base, &ends),
                (Some(_), None) => self.find_location(base, &ends),
                _ => {}
            }
        }
    }

    fn find_address(&mut self, base: &Base, ends: &Ends) {
        let field = ends.field();
        let is_it = |address: &Address| {
            let cell = content::of_address(self.facts, address);
            !base.has_changed(Side::Magento, &field, &cell, &self.facts.hashes)
        };
        let found = self.addresses.iter().position(|(_, address)| is_it(address));
        let held = self.location_at(ends);
        match (found, held, self.facts.further) {
            (Some(at), Some(held), _) => {
                let (id, address) = self.addresses.remove(at);
                self.pair(id, address, held);
            }
            // The locations were not read: the field keeps the name under which the base knows it.
            (found, None, None) => {
                let address = found.map(|at| self.addresses.remove(at).1);
                self.rows.push(Row { ends: ends.clone(), address, location: None, moves: false });
            }
            _ => {}
        }
    }

    fn find_location(&mut self, base: &Base, ends: &Ends) {
        let field = ends.field();
        let customer = self.facts.customer;
        let is_it = |location: &CustomerLocation| {
            let cell = customer.map(|customer| content::of_location(self.facts, customer, location, None));
            cell.is_some_and(|cell| !base.has_changed(Side::Acumatica, &field, &cell, &self.facts.hashes))
        };
        let found = self.locations.iter().position(|(_, location)| is_it(location));
        match (found, self.address_at(ends), self.facts.account) {
            (Some(at), Some(own), _) => {
                let (id, address) = self.addresses.remove(own);
                self.pair(id, address, at);
            }
            (found, None, None) => {
                let location = found.map(|at| self.locations.remove(at).1);
                self.rows.push(Row { ends: ends.clone(), address: None, location, moves: false });
            }
            _ => {}
        }
    }

    /// Two that say the same are one: a location in use, with an address of its own.
    fn by_content(&mut self) {
        let Some(customer) = self.facts.customer else { return };
        for (id, address) in std::mem::take(&mut self.addresses) {
            let cell = content::of_address(self.facts, address);
            let same = |location: &CustomerLocation| {
                is_in_use(location)
                    && content::are_the_same(&cell, &content::of_location(self.facts, customer, location, None))
            };
            match self.locations.iter().position(|(_, location)| same(location)) {
                Some(at) => self.pair(id, address, at),
                None => self.addresses.push((id, address)),
            }
        }
    }

    /// An address that has become a default one leaves its location to one that is none any more, unless the ERP has changed it.
    fn moved(&mut self) {
        let (Some(account), Some(customer), Some(base)) = (self.facts.account, self.facts.customer, self.facts.base)
        else {
            return;
        };
        for ends in self.loose.clone() {
            let is_default = ends.address.is_some_and(|id| account.address(id).is_some());
            let Some(at) = self.location_at(&ends).filter(|_| is_default) else { continue };
            let cell: Cell = content::of_location(self.facts, customer, self.locations[at].1, None);
            let known_alone = |id: AddressId| base.knows(&Ends { address: Some(id), location: None }.field());
            let next = self.addresses.iter().position(|(id, _)| !known_alone(*id));
            let untouched = !base.has_changed(Side::Acumatica, &ends.field(), &cell, &self.facts.hashes);
            if let Some(next) = next.filter(|_| untouched) {
                let (id, address) = self.addresses.remove(next);
                self.pair(id, address, at);
                self.rows.last_mut().expect("invariant: a row was pushed").moves = true;
            }
        }
    }

    /// What has no other end, and what was bound to an address that is none any more.
    fn rest(mut self) -> Vec<Row<'a>> {
        for ends in std::mem::take(&mut self.loose) {
            let location = self.take_location(&ends);
            // Gone on both sides.
            if location.is_some() || !self.reads_both() {
                self.rows.push(Row { ends, address: None, location, moves: false });
            }
        }
        for (id, address) in std::mem::take(&mut self.addresses) {
            let ends = Ends { address: Some(id), location: None };
            self.rows.push(Row { ends, address: Some(address), location: None, moves: false });
        }
        for (id, location) in std::mem::take(&mut self.locations) {
            let ends = Ends { address: self.named_by(location), location: Some(id) };
            let known = self.facts.base.is_some_and(|base| base.knows(&ends.field()));
            let customers = self.facts.customer;
            let same = customers.is_some_and(|customer| content::is_the_customers(self.facts, customer, location));
            if known || is_in_use(location) && !same {
                self.rows.push(Row { ends, address: None, location: Some(location), moves: false });
            }
        }
        self.rows
    }

    /// The address that our reference names, where the account was read and has it no more.
    fn named_by(&self, location: &CustomerLocation) -> Option<AddressId> {
        let reference = plain(location.ext_ref_nbr.as_ref())?;
        let id = reference.strip_prefix(&format!("{}-", self.facts.link))?.parse().ok()?;
        Some(AddressId::new(id)).filter(|_| self.facts.account.is_some())
    }

    fn pair(&mut self, id: AddressId, address: &'a Address, at: usize) {
        let (location_id, location) = self.locations.remove(at);
        let ends = Ends { address: Some(id), location: Some(location_id) };
        self.loose.retain(|loose| loose.location != ends.location);
        self.rows.push(Row { ends, address: Some(address), location: Some(location), moves: false });
    }

    fn address_at(&self, ends: &Ends) -> Option<usize> {
        self.addresses.iter().position(|(id, _)| Some(*id) == ends.address)
    }

    fn location_at(&self, ends: &Ends) -> Option<usize> {
        self.locations.iter().position(|(id, _)| Some(id) == ends.location.as_ref())
    }

    fn take_location(&mut self, ends: &Ends) -> Option<&'a CustomerLocation> {
        self.location_at(ends).map(|at| self.locations.remove(at).1)
    }
}

/// A location that may become an address: active, and not at the customer's own address.
fn is_in_use(location: &CustomerLocation) -> bool {
    let active = location.active.as_ref().is_none_or(|active| active.0);
    active && location.address_override.as_ref().is_some_and(|own| own.0)
}

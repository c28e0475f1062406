//! What a shop's directory of countries says, kept for a while: every address that is saved needs its region's number, and regions hardly ever change.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::model::directory::Region;

/// How long an answer is believed. A region that a module adds is known an hour later.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// The regions of countries, by shop. One for all clients of a process; it holds what shops tell every visitor, and nobody's data.
#[derive(Debug, Default)]
pub struct Directory(Mutex<BTreeMap<Place, Kept>>);

/// A shop's address, and a country.
type Place = (String, String);

#[derive(Debug)]
struct Kept {
    read: Timestamp,
    regions: Vec<Region>,
}

impl Directory {
    pub(crate) fn get(&self, shop: &str, country: &str, now: Timestamp) -> Option<Vec<Region>> {
        let mut kept = self.kept();
        kept.retain(|_, kept| now.duration_since(kept.read) < KEPT);
        kept.get(&place(shop, country)).map(|kept| kept.regions.clone())
    }

    pub(crate) fn keep(&self, shop: &str, country: &str, now: Timestamp, regions: &[Region]) {
        self.kept().insert(place(shop, country), Kept { read: now, regions: regions.to_vec() });
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<Place, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn place(shop: &str, country: &str) -> Place {
    (shop.to_owned(), country.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_kept_for_an_hour_by_shop_and_country() {
        let directory = Directory::default();
        let at = |time: &str| format!("2026-11-23T{time}Z").parse::<Timestamp>().unwrap();
        let region = Region { id: crate::model::wire::Id(33), code: "MI".to_owned(), name: "Michigan".to_owned() };
        directory.keep("https://one.example.com", "US", at("09:00:00"), std::slice::from_ref(&region));
        directory.keep("https://one.example.com", "GB", at("09:30:00"), &[]);
        for (shop, country, time, kept) in [
            ("https://one.example.com", "US", "09:59:59", Some(vec![region])),
            ("https://two.example.com", "US", "09:59:59", None),
            ("https://one.example.com", "DE", "09:59:59", None),
            // There is nothing to choose from, and that is known.
            ("https://one.example.com", "GB", "09:59:59", Some(vec![])),
            ("https://one.example.com", "US", "10:00:00", None),
            ("https://one.example.com", "GB", "10:00:00", Some(vec![])),
        ] {
            assert_eq!(directory.get(shop, country, at(time)), kept, "{shop} {country} {time}");
        }
    }
}

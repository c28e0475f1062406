//! What the endpoint contract says: entities, their members, types, keys and lengths, read from `facts/acumatica-24.200.001.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The type of one member of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Decimal,
    Bool,
    Moment,
    Guid,
    /// A linked entity: an object without a value wrapper.
    Linked(String),
    /// A detail list: an array without a value wrapper.
    Details(String),
}

/// One entity: its members in the order in which answers list them.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub(crate) name: String,
    /// Alphabetical without regard to case (recorded 2023, endpoint 20.200.001: `MSRP` after `MinMarkup`).
    pub(crate) members: Vec<(String, Kind)>,
    pub(crate) keys: Vec<String>,
    pub(crate) lengths: BTreeMap<String, usize>,
}

impl Entity {
    /// The member of exactly this name; names that differ in case are unknown, so that a client learns of them here.
    pub(crate) fn member(&self, name: &str) -> Option<&Kind> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, kind)| kind)
    }
}

/// The whole contract.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    entities: BTreeMap<String, Entity>,
    roots: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    roots: Vec<String>,
    keys: BTreeMap<String, Vec<String>>,
    max_lengths: BTreeMap<String, BTreeMap<String, usize>>,
    /// By endpoint version, the members it brought.
    added_in: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    entities: BTreeMap<String, BTreeMap<String, String>>,
}

impl Facts {
    /// Reads the fixture that is compiled in, without the members that came after this endpoint version. Members of other entities than
    /// customers, contacts and locations, and those that an older version named otherwise, stay as they are in 24.200.001.
    pub(crate) fn load(version: &str) -> Self {
        let mut file: File = serde_json::from_str(include_str!("../../facts/acumatica-24.200.001.json"))
            .expect("the fixture is valid: every test reads it");
        let later = file.added_in.iter().filter(|(added, _)| added.as_str() > version);
        for (entity, members) in later.flat_map(|(_, entities)| entities) {
            let known = file.entities.get_mut(entity).expect("the fixture names entities it has");
            known.retain(|member, _| !members.contains(member));
        }
        let entities = file.entities.iter().map(|(name, members)| {
            let mut members: Vec<_> = members
                .iter()
                .filter_map(|(member, kind)| Some((member.clone(), kind_of(kind, &file.entities)?)))
                .collect();
            members.sort_by_key(|(member, _)| member.to_lowercase());
            let keys = file.keys.get(name).cloned().unwrap_or_default();
            let lengths = file.max_lengths.get(name).cloned().unwrap_or_default();
            (name.clone(), Entity { name: name.clone(), members, keys, lengths })
        });
        Self { entities: entities.collect(), roots: file.roots.clone() }
    }

    /// The entity of this name.
    pub(crate) fn entity(&self, name: &str) -> &Entity {
        self.entities.get(name).unwrap_or_else(|| panic!("the fixture has no entity {name}"))
    }

    /// The top-level entity an URL names; URLs are case-insensitive (recorded 2023: the server logs lower case).
    pub(crate) fn root(&self, name: &str) -> Option<&Entity> {
        self.roots.iter().find(|root| root.eq_ignore_ascii_case(name)).map(|root| self.entity(root))
    }
}

/// `None` for a reference to an entity the fixture leaves out (CRM details of a contact): such a member is dropped as unknown.
fn kind_of(text: &str, entities: &BTreeMap<String, BTreeMap<String, String>>) -> Option<Kind> {
    match text {
        "string" => Some(Kind::Text),
        "int" | "short" | "long" | "byte" => Some(Kind::Integer),
        "decimal" | "double" => Some(Kind::Decimal),
        "boolean" => Some(Kind::Bool),
        "datetime" => Some(Kind::Moment),
        "guid" => Some(Kind::Guid),
        other => match other.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(row) => entities.contains_key(row).then(|| Kind::Details(row.to_owned())),
            None => entities.contains_key(other).then(|| Kind::Linked(other.to_owned())),
        },
    }
}

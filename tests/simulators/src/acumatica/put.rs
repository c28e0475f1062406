//! PUT: insert or update, all or nothing.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use seams::http::{Request, Response};

use super::Acumatica;
use super::answer::{self, Refusal};
use super::config::{Config, ErrorForm};
use super::decode::{Patch, decode, moment};
use super::facts::Entity;
use super::filter;
use super::push::Transaction;
use super::query::Options;
use super::record::{Record, guid};
use super::screen::{Actor, Screen};
use super::wire::{Shape, Writer};

/// One PUT on an entity.
pub(super) struct Put<'a> {
    pub(super) now: Timestamp,
    pub(super) session: u64,
    pub(super) entity: &'a Entity,
    pub(super) options: &'a Options,
    pub(super) request: &'a Request,
}

/// What it is going to do: update the record at this place, or insert one.
type Target = Option<usize>;

impl Put<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }

    /// Insert only, update only (Integration Development Guide, "If-None-Match", "If-Match").
    fn precondition(&self, target: Target) -> Result<(), Refusal> {
        let header = if target.is_some() { "if-none-match" } else { "if-match" };
        if self.header(header) == Some("*") { Err(Refusal::Precondition) } else { Ok(()) }
    }

    /// The caller, with the business date of the header, or today.
    fn actor(&self) -> Result<Actor, Refusal> {
        let today = self.now.to_zoned(TimeZone::UTC).date().to_string();
        let date = self.header("px-cbapibusinessdate").unwrap_or(&today);
        let business_date =
            moment(date, true).ok_or_else(|| Refusal::malformed("PX-CbApiBusinessDate", "Not a date."))?;
        let branch = self.header("px-cbapibranch").map(str::to_owned);
        Ok(Actor { session: self.session, now: self.now, business_date, branch })
    }
}

impl Acumatica {
    /// Insert or update: the key fields, the id or `$filter` decide (Integration Development Guide, "Creation and Update of a Record").
    pub(super) fn put(&mut self, put: &Put<'_>) -> Result<Response, Refusal> {
        let screen =
            Screen::of(&put.entity.name).ok_or_else(|| Refusal::NotSimulated(format!("PUT {}", put.entity.name)))?;
        let Options { expand, select, custom, .. } = put.options;
        let mut shape = Shape::parse(&self.facts, put.entity, expand, select, custom)?;
        let patch = decode(&self.facts, put.entity, put.request.body())?;
        let target = self.target(put.entity, screen, put.options, &patch)?;
        put.precondition(target)?;
        let draft = self.draft(&put.actor()?, screen, target, &patch)?;
        let refused = draft.has_errors();
        if refused && self.answers_object(&draft) {
            return Err(Refusal::failed(&draft));
        }
        if refused {
            shape.widen_to_errors(&draft);
        }
        let shown = if refused { draft } else { self.save(put.now, screen, target, draft) };
        let endpoint = self.config.endpoint_path();
        let body = Writer { facts: &self.facts, session: put.session, endpoint: &endpoint }.top(&shown, 1, &shape);
        if refused { Err(Refusal::Entity(body)) } else { Ok(answer::json(200, &body)) }
    }

    /// Whether this refusal is an error object: its rule is an exception on this tenant, or the contract is an older one.
    fn answers_object(&self, draft: &Record) -> bool {
        let Config { error_form, error_forms, .. } = &self.config;
        let errors = draft.field_errors();
        let form = |field: &str| *error_forms.get(field).unwrap_or(error_form);
        errors.iter().any(|(field, _)| form(field) == ErrorForm::ErrorObject)
            || (errors.is_empty() && *error_form == ErrorForm::ErrorObject)
    }

    /// One transaction.
    fn save(&mut self, now: Timestamp, screen: &Screen, target: Target, draft: Record) -> Record {
        let mut transaction = Transaction::of(&self.config.push);
        let (record, saved) = self.store(now, screen, target, draft, &mut transaction);
        if saved {
            self.saves += 1;
            self.commit(now, &transaction);
        }
        record
    }

    fn target(&self, entity: &Entity, screen: &Screen, options: &Options, patch: &Patch) -> Result<Target, Refusal> {
        let records = self.table(screen.entity).expect("a screen has its table");
        if let Some(text) = &options.filter {
            let condition = filter::parse(&self.facts, entity, text)?;
            let collation = self.config.filter_collation;
            let mut hits = records.iter().enumerate().filter(|(_, record)| condition.matches(record, collation));
            return match (hits.next(), hits.next()) {
                (Some((at, _)), None) => Ok(Some(at)),
                (None, _) if self.config.put_filter_inserts => Ok(None),
                (None, _) => Err(Refusal::no_entity()),
                // Which of several is updated is not established; refusing keeps a client from relying on it.
                (Some(_), Some(_)) => {
                    Err(Refusal::exception("PX.Data.PXException", "More than one entity satisfies the condition."))
                }
            };
        }
        if let Some(id) = &patch.id {
            let at = records.iter().position(|record| guid(record.serial, 0).eq_ignore_ascii_case(id));
            return at.map(Some).ok_or_else(Refusal::no_entity);
        }
        let mut keys = Vec::with_capacity(entity.keys.len());
        for (at, field) in entity.keys.iter().enumerate() {
            let default = screen.default_type.filter(|_| at == 0).map(str::to_owned);
            match patch.key(field).or(default) {
                Some(key) => keys.push(key),
                None => return Ok(None),
            }
        }
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        Ok(records.iter().position(|record| self.has_keys(record, entity, &keys)))
    }
}

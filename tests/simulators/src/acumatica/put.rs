//! PUT: insert or update, all or nothing.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use seams::http::{Request, Response};

use super::answer::{self, Refusal};
use super::config::{Config, ErrorForm};
use super::context::Context;
use super::decode::{Patch, decode, moment};
use super::facts::Entity;
use super::filter;
use super::merge::Numbers;
use super::query::Options;
use super::record::{Record, guid};
use super::wire::{Shape, Writer};
use super::{Acumatica, customer, order, payment};

/// One PUT on an entity.
pub(super) struct Put<'a> {
    pub(super) now: Timestamp,
    pub(super) session: u64,
    pub(super) entity: &'a Entity,
    pub(super) options: &'a Options,
    pub(super) request: &'a Request,
}

/// A screen's logic.
type Build = fn(&Context<'_>, &mut Numbers, Option<&Record>, &Patch) -> Result<Record, Refusal>;

/// One screen that is written: its logic, and the field that says when a record changed last.
struct Screen {
    build: Build,
    stamp: &'static str,
    /// The type of a document whose type is not sent, where the type is part of the key.
    default_type: Option<&'static str>,
}

impl Screen {
    fn of(entity: &str) -> Option<Self> {
        match entity {
            "SalesOrder" => {
                Some(Self { build: order::build, stamp: "LastModified", default_type: Some(order::DEFAULT_TYPE) })
            }
            "Customer" => Some(Self { build: customer::build, stamp: "LastModifiedDateTime", default_type: None }),
            "Payment" => Some(Self {
                build: payment::build,
                stamp: "LastModifiedDateTime",
                default_type: Some(payment::DEFAULT_TYPE),
            }),
            _ => None,
        }
    }
}

/// What it is going to do.
enum Target {
    Insert,
    Update(usize),
}

impl Put<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }

    /// Insert only, update only (Integration Development Guide, "If-None-Match", "If-Match").
    fn precondition(&self, target: &Target) -> Result<(), Refusal> {
        let header = match target {
            Target::Insert => "if-match",
            Target::Update(_) => "if-none-match",
        };
        if self.header(header) == Some("*") { Err(Refusal::Precondition) } else { Ok(()) }
    }

    /// Midnight of the header's business date, or of today.
    fn business_date(&self) -> Result<Timestamp, Refusal> {
        let today = self.now.to_zoned(TimeZone::UTC).date().to_string();
        let date = self.header("px-cbapibusinessdate").unwrap_or(&today);
        moment(date, true).ok_or_else(|| Refusal::malformed("PX-CbApiBusinessDate", "Not a date."))
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
        let target = self.target(put.entity, &screen, put.options, &patch)?;
        put.precondition(&target)?;
        let draft = self.draft(put, &screen, &target, &patch)?;
        let refused = draft.has_errors();
        if refused && self.answers_object(&draft) {
            return Err(Refusal::failed(&draft));
        }
        if refused {
            shape.widen_to_errors(&draft);
        }
        let shown = if refused { draft } else { self.store(put, &screen, &target, draft) };
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

    /// The record as it would be saved, or with its errors.
    fn draft(&mut self, put: &Put<'_>, screen: &Screen, target: &Target, patch: &Patch) -> Result<Record, Refusal> {
        let context = Context {
            config: &self.config,
            master: &self.master,
            facts: &self.facts,
            customers: &self.customers,
            orders: &self.orders,
            session: put.session,
            now: put.now,
            business_date: put.business_date()?,
            branch: put.header("px-cbapibranch").map(str::to_owned),
        };
        let prior = match target {
            Target::Insert => None,
            Target::Update(at) => match put.entity.name.as_str() {
                "SalesOrder" => self.orders.get(*at),
                "Customer" => self.customers.get(*at),
                _ => self.payments.get(*at),
            },
        };
        (screen.build)(&context, &mut self.numbers, prior, patch)
    }

    /// Writes the draft, unless it equals what is stored: equal values are skipped, so nothing is saved and no stamp moves.
    fn store(&mut self, put: &Put<'_>, screen: &Screen, target: &Target, mut draft: Record) -> Record {
        draft.settle();
        let records = self.table_mut(&put.entity.name);
        match target {
            Target::Update(at) if records[*at] == draft => return draft,
            _ => {}
        }
        draft.set(screen.stamp, put.now);
        match target {
            Target::Insert => records.push(draft.clone()),
            Target::Update(at) => records[*at] = draft.clone(),
        }
        self.saves += 1;
        match put.entity.name.as_str() {
            "SalesOrder" => self.payments_of_order(&draft, put.now),
            "Payment" => self.orders_of_payment(&draft, put.now),
            _ => {}
        }
        draft
    }

    /// The records of an entity that can be written.
    fn table(&self, entity: &str) -> &Vec<Record> {
        match entity {
            "SalesOrder" => &self.orders,
            "Customer" => &self.customers,
            _ => &self.payments,
        }
    }

    fn table_mut(&mut self, entity: &str) -> &mut Vec<Record> {
        match entity {
            "SalesOrder" => &mut self.orders,
            "Customer" => &mut self.customers,
            _ => &mut self.payments,
        }
    }

    fn target(&self, entity: &Entity, screen: &Screen, options: &Options, patch: &Patch) -> Result<Target, Refusal> {
        let records = self.table(&entity.name);
        if let Some(text) = &options.filter {
            let condition = filter::parse(&self.facts, entity, text)?;
            let collation = self.config.filter_collation;
            let mut hits = records.iter().enumerate().filter(|(_, record)| condition.matches(record, collation));
            return match (hits.next(), hits.next()) {
                (Some((at, _)), None) => Ok(Target::Update(at)),
                (None, _) if self.config.put_filter_inserts => Ok(Target::Insert),
                (None, _) => Err(Refusal::no_entity()),
                // Which of several is updated is not established; refusing keeps a client from relying on it.
                (Some(_), Some(_)) => {
                    Err(Refusal::exception("PX.Data.PXException", "More than one entity satisfies the condition."))
                }
            };
        }
        if let Some(id) = &patch.id {
            let at = records.iter().position(|record| guid(record.serial, 0).eq_ignore_ascii_case(id));
            return at.map(Target::Update).ok_or_else(Refusal::no_entity);
        }
        let last = entity.keys.last().and_then(|key| patch.text(key));
        let Some(last) = last else { return Ok(Target::Insert) };
        let document_type = screen.default_type.zip(entity.keys.first());
        let document_type = document_type.map(|(default, field)| patch.text(field).unwrap_or(default));
        let keys: Vec<&str> = document_type.into_iter().chain([last]).collect();
        let at = records.iter().position(|record| self.has_keys(record, entity, &keys));
        Ok(at.map_or(Target::Insert, Target::Update))
    }
}

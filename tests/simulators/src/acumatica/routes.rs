//! From an URL to what it does.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;
use seams::http::{Request, Response};
use serde_json::json;

use super::answer::{self, Refusal};
use super::context::Context;
use super::decode::{Patch, decode, moment};
use super::facts::Entity;
use super::filter;
use super::lists;
use super::query::{Options, pairs};
use super::record::{Record, guid};
use super::wire::{Shape, Writer};
use super::{Acumatica, customer, order};

/// What a PUT is going to do.
enum Target {
    Insert,
    Update(usize),
}

impl Acumatica {
    /// Carries a request out and says when its answer is ready.
    pub(super) fn route(&mut self, now: Timestamp, request: &Request) -> (Response, Timestamp) {
        let path = request.uri().path();
        let Some(inside) = path.strip_prefix(&self.config.instance).filter(|rest| rest.starts_with('/')) else {
            return (Refusal::NotSimulated(format!("{} {path}", request.method())).into_response(), now);
        };
        if inside == "/identity/connect/token" && request.method() == "POST" {
            self.count("POST token");
            let form = pairs(&String::from_utf8_lossy(request.body()));
            return (self.auth.token(&self.config, now, &form), now);
        }
        let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        let Some(session) = self.auth.session(now, authorization) else {
            self.count("401");
            return (Refusal::Unauthorized.into_response(), now);
        };
        let latency = match request.method().as_str() {
            "PUT" => self.config.write_latency,
            _ => self.config.read_latency,
        };
        let answered = self.entity_request(now, session, inside, request);
        // A malformed request is refused in some ten milliseconds (recorded 2023); only real work occupies the session.
        let worked = !matches!(answered, Err(Refusal::Malformed { .. } | Refusal::NotSimulated(_)));
        let ready = self.auth.occupy(now, session, if worked { latency } else { Duration::ZERO });
        (answered.unwrap_or_else(Refusal::into_response), ready)
    }

    fn entity_request(
        &mut self,
        now: Timestamp,
        session: u64,
        inside: &str,
        request: &Request,
    ) -> Result<Response, Refusal> {
        // `|` may stand for `/` between keys (Integration Development Guide, "Retrieval of a Record by Key Fields").
        let segments: Vec<String> = inside
            .split('/')
            .skip(1)
            .flat_map(|segment| decoded(segment).split('|').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let method = request.method().as_str();
        let unknown = || Refusal::NotSimulated(format!("{method} {inside}"));
        match (method, segments.as_slice()) {
            ("GET", ["entity"]) => {
                self.count("GET entity");
                Ok(answer::json(200, &self.endpoints()))
            }
            (_, ["entity", endpoint, version, name, rest @ ..]) => {
                if *endpoint != self.config.endpoint || *version != self.config.version {
                    return Err(Refusal::UnknownEntity(format!("{endpoint}/{version}/{name}")));
                }
                let facts = self.facts.clone();
                let entity = facts.root(name).ok_or_else(|| Refusal::UnknownEntity((*name).to_owned()))?;
                self.count(&format!("{method} {}", entity.name));
                let options = Options::parse(request.uri().query().unwrap_or_default())?;
                match (method, rest) {
                    ("GET", []) => self.list(session, entity, &options),
                    ("GET", keys) => self.by_key(session, entity, keys, &options),
                    ("PUT", []) => self.put(now, session, entity, &options, request),
                    // PUT is the upsert, POST is for actions only (docs.b.studio cookbook).
                    ("POST", []) => Err(Refusal::NotAcceptable),
                    _ => Err(unknown()),
                }
            }
            _ => Err(unknown()),
        }
    }

    /// The form of 26.x (measured on 26.101); older builds answer the bare array.
    fn endpoints(&self) -> String {
        let endpoint = json!({
            "name": self.config.endpoint, "version": self.config.version, "href": self.config.endpoint_path(),
        });
        json!({
            "version": {"acumaticaBuildVersion": "24.200.0001", "databaseVersion": "24.200.0001"},
            "endpoints": [endpoint],
        })
        .to_string()
    }

    fn records(&self, entity: &Entity) -> Result<Cow<'_, [Record]>, Refusal> {
        match entity.name.as_str() {
            "SalesOrder" => Ok(Cow::Borrowed(&self.orders)),
            "Customer" => Ok(Cow::Borrowed(&self.customers)),
            name => lists::records(&self.facts, &self.master, name)
                .map(Cow::Owned)
                .ok_or_else(|| Refusal::NotSimulated(name.to_owned())),
        }
    }

    fn list(&mut self, session: u64, entity: &Entity, options: &Options) -> Result<Response, Refusal> {
        let shape = Shape::parse(&self.facts, entity, &options.expand, &options.select, &options.custom)?;
        let condition = options.filter.as_ref().map(|text| filter::parse(&self.facts, entity, text)).transpose()?;
        let collation = self.config.filter_collation;
        let records = self.records(entity)?;
        let hits = records
            .iter()
            .filter(|record| condition.as_ref().is_none_or(|condition| condition.matches(record, collation)))
            .skip(options.skip)
            .take(options.top.unwrap_or(usize::MAX));
        let endpoint = self.config.endpoint_path();
        let writer = Writer { facts: &self.facts, session, endpoint: &endpoint };
        Ok(answer::json(200, &writer.list(hits, &shape)))
    }

    fn by_key(&mut self, session: u64, entity: &Entity, keys: &[&str], options: &Options) -> Result<Response, Refusal> {
        let shape = Shape::parse(&self.facts, entity, &options.expand, &options.select, &options.custom)?;
        let records = self.records(entity)?;
        let found = records.iter().find(|record| match keys {
            [id] if record.id().eq_ignore_ascii_case(id) => true,
            keys => self.has_keys(record, entity, keys),
        });
        let record = found.ok_or_else(Refusal::no_entity)?;
        let endpoint = self.config.endpoint_path();
        let writer = Writer { facts: &self.facts, session, endpoint: &endpoint };
        Ok(answer::json(200, &writer.top(record, 1, &shape)))
    }

    fn has_keys(&self, record: &Record, entity: &Entity, keys: &[&str]) -> bool {
        let equal = |(field, key): (&String, &&str)| {
            record.text(field).is_some_and(|value| self.config.filter_collation.equal(value, key))
        };
        entity.keys.len() == keys.len() && entity.keys.iter().zip(keys).all(equal)
    }

    /// Insert or update: the key fields, the id or `$filter` decide (Integration Development Guide, "Creation and Update of a Record").
    fn put(
        &mut self,
        now: Timestamp,
        session: u64,
        entity: &Entity,
        options: &Options,
        request: &Request,
    ) -> Result<Response, Refusal> {
        if !matches!(entity.name.as_str(), "SalesOrder" | "Customer") {
            return Err(Refusal::NotSimulated(format!("PUT {}", entity.name)));
        }
        let mut shape = Shape::parse(&self.facts, entity, &options.expand, &options.select, &options.custom)?;
        let patch = decode(&self.facts, entity, request.body())?;
        let target = self.target(entity, options, &patch)?;
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        // Insert only, update only (Integration Development Guide, "If-None-Match", "If-Match").
        let refused = match target {
            Target::Insert => header("if-match") == Some("*"),
            Target::Update(_) => header("if-none-match") == Some("*"),
        };
        if refused {
            return Err(Refusal::Precondition);
        }
        let today = now.to_zoned(TimeZone::UTC).date().to_string();
        let date = header("px-cbapibusinessdate").unwrap_or(&today);
        let business_date =
            moment(date, true).ok_or_else(|| Refusal::malformed("PX-CbApiBusinessDate", "Not a date."))?;
        let mut context = Context {
            config: &self.config,
            master: &self.master,
            facts: &self.facts,
            customers: &self.customers,
            orders: &self.orders,
            session,
            now,
            business_date,
            branch: None,
        };
        context.branch = header("px-cbapibranch").map(str::to_owned);
        let is_order = entity.name == "SalesOrder";
        let prior = match (&target, is_order) {
            (Target::Insert, _) => None,
            (Target::Update(at), true) => Some(&self.orders[*at]),
            (Target::Update(at), false) => Some(&self.customers[*at]),
        };
        let build = if is_order { order::build } else { customer::build };
        let draft = build(&context, &mut self.numbers, prior, &patch)?;
        let endpoint = self.config.endpoint_path();
        if draft.has_errors() {
            shape.widen_to_errors(&draft);
            let writer = Writer { facts: &self.facts, session, endpoint: &endpoint };
            return Err(Refusal::Entity(writer.top(&draft, 1, &shape)));
        }
        let saved = self.store(now, is_order, &target, draft);
        let writer = Writer { facts: &self.facts, session, endpoint: &endpoint };
        Ok(answer::json(200, &writer.top(&saved, 1, &shape)))
    }

    /// Writes the draft, unless it equals what is stored: equal values are skipped, so nothing is saved and no stamp moves.
    fn store(&mut self, now: Timestamp, is_order: bool, target: &Target, mut draft: Record) -> Record {
        draft.settle();
        let (records, stamp) =
            if is_order { (&mut self.orders, "LastModified") } else { (&mut self.customers, "LastModifiedDateTime") };
        match target {
            Target::Update(at) if records[*at] == draft => return draft,
            _ => {}
        }
        draft.set(stamp, now);
        match target {
            Target::Insert => records.push(draft.clone()),
            Target::Update(at) => records[*at] = draft.clone(),
        }
        self.saves += 1;
        draft
    }

    fn target(&self, entity: &Entity, options: &Options, patch: &Patch) -> Result<Target, Refusal> {
        let records = if entity.name == "SalesOrder" { &self.orders } else { &self.customers };
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
        let order_type = patch.text("OrderType").unwrap_or(order::DEFAULT_TYPE);
        let keys: &[&str] = if entity.name == "SalesOrder" { &[order_type, last] } else { &[last] };
        let at = records.iter().position(|record| self.has_keys(record, entity, keys));
        Ok(at.map_or(Target::Insert, Target::Update))
    }
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

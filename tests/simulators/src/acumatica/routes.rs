//! From an URL to what it does.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use seams::http::{Request, Response};
use serde_json::json;

use super::Acumatica;
use super::answer::{self, Refusal};
use super::facts::Entity;
use super::filter;
use super::lists;
use super::put::Put;
use super::query::{Options, pairs};
use super::record::Record;
use super::wire::{Shape, Writer};

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
                    ("PUT", []) => self.put(&Put { now, session, entity, options: &options, request }),
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
        if self.config.bare_endpoint_list {
            return json!([endpoint]).to_string();
        }
        json!({
            "version": {"acumaticaBuildVersion": "24.200.0001", "databaseVersion": "24.200.0001"},
            "endpoints": [endpoint],
        })
        .to_string()
    }

    fn records(&self, entity: &Entity) -> Result<Cow<'_, [Record]>, Refusal> {
        if let Some(table) = self.table(&entity.name) {
            return Ok(Cow::Borrowed(table));
        }
        let listed = lists::records(&self.facts, &self.master, &entity.name);
        listed.map(Cow::Owned).ok_or_else(|| Refusal::NotSimulated(entity.name.clone()))
    }

    fn list(&mut self, session: u64, entity: &Entity, options: &Options) -> Result<Response, Refusal> {
        let shape = Shape::parse(&self.facts, entity, &options.expand, &options.select, &options.custom)?;
        if entity.name == "Payment" && shape.expand.contains_key("ApplicationHistory") {
            return Err(Refusal::cannot_optimize("ApplicationHistory"));
        }
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

    pub(super) fn has_keys(&self, record: &Record, entity: &Entity, keys: &[&str]) -> bool {
        let equal = |(field, key): (&String, &&str)| {
            record.key(field).is_some_and(|value| self.config.filter_collation.equal(&value, key))
        };
        entity.keys.len() == keys.len() && entity.keys.iter().zip(keys).all(equal)
    }
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

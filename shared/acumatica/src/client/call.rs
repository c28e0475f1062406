//! What can be asked for: a write, and the options of a list.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use seams::quote::quote;
use serde::Serialize;
use serde_json::Value;

use crate::filter::Filter;

/// RFC 3986: everything but the unreserved characters is encoded; `+` above all, which would arrive as a space.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes one key or value of a path, a query or a form.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Joins pairs to a query string. The dollar of `$filter` stays as it is, like in all of Acumatica's examples.
pub(crate) fn query_string(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{}={}", encode(key).replace("%24", "$"), encode(value))).collect();
    pairs.join("&")
}

/// One upsert, as data: a plan can hold it, print it and send it later.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Put {
    /// The entity's name in the endpoint, such as `SalesOrder`.
    pub entity: &'static str,
    /// Query options before encoding, such as `$expand`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// Headers beyond the usual ones, such as `If-None-Match: *` (insert only) or `If-Match: *` (update only).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The record, its fields wrapped.
    pub body: Value,
}

impl Put {
    /// The record in words: by our reference, else by its own number, never by what it says about a person.
    pub(crate) fn attempted(&self) -> String {
        let field = |name: &str| self.body.get(name)?.get("value")?.as_str().filter(|text| !text.is_empty());
        let known =
            ["ExternalRef", "OrderNbr", "CustomerID", "Customer", "BusinessAccount"].into_iter().find_map(field);
        known.map_or_else(|| format!("save {}", self.entity), |name| quote(&format!("save {} {name}", self.entity)))
    }
}

impl fmt::Debug for Put {
    /// Names the write without its values: bodies and filters hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<&str> = self.query.iter().map(|(key, _)| key.as_str()).collect();
        let headers: Vec<&str> = self.headers.iter().map(|(key, _)| key.as_str()).collect();
        let mut text = f.debug_struct("Put");
        text.field("entity", &self.entity).field("query", &query).field("headers", &headers).finish_non_exhaustive()
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What was found.
    pub records: Vec<Value>,
    /// Whether no page follows.
    pub is_last: bool,
}

/// The options of a list. There is no total and no next page: the last page is the one shorter than `top`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Which records; all if absent.
    pub filter: Option<Filter>,
    /// How many at most. Without it Acumatica returns everything, however long that takes.
    pub top: Option<u32>,
    /// How many to leave out first.
    pub skip: Option<u32>,
    /// Which fields; all if empty. Fields of details need `expand` too.
    pub select: Vec<String>,
    /// Which linked records and details; none if empty.
    pub expand: Vec<String>,
}

impl Query {
    /// The first `top` records that fit a filter.
    #[must_use]
    pub fn filtered(filter: Filter, top: u32) -> Self {
        Self { filter: Some(filter), top: Some(top), ..Self::default() }
    }

    /// The pairs of the query string before encoding.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let list = |names: &[String]| (!names.is_empty()).then(|| names.join(","));
        let options = [
            ("$filter", self.filter.as_ref().map(|filter| filter.as_str().to_owned())),
            ("$top", self.top.map(|number| number.to_string())),
            ("$skip", self.skip.map(|number| number.to_string())),
            ("$select", list(&self.select)),
            ("$expand", list(&self.expand)),
        ];
        options.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }

    /// The look-up in words, by the fields it compares and not by their values.
    pub(crate) fn attempted(&self, entity: &str) -> String {
        match &self.filter {
            Some(filter) => format!("find {entity} by {}", filter.fields().join(" and ")),
            None => format!("list {entity}"),
        }
    }
}

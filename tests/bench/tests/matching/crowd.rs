//! A shop and a tenant of any size, made as they are asked for: nobody in them takes any memory.
//!
//! Person `n` has account `n`. Customer `n` is that person's, but in every twenty: the eleventh customer has the tenth person's e-mail, which two
//! customers have then, and the twelfth is a stranger's.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Uri};
use seams::http::{Failure, Request, Response, Transport};
use serde_json::{Value, json};

/// Requests that were no reads.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    people: u64,
    /// Readings of all customers that were begun.
    passes: AtomicU32,
    writes: Mutex<Vec<String>>,
}

impl Crowd {
    /// So many on either side.
    pub(crate) fn of(people: u64) -> Self {
        Self { people, ..Self::default() }
    }

    /// What was written to either side.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.writes.lock().expect("nobody panics").clone()
    }

    fn account(person: u64) -> Value {
        let address = json!({
            "id": person, "customer_id": person, "firstname": "Sam", "lastname": format!("Person{person}"),
            "street": [format!("{person} Long Street Name, Building 7")], "city": "Ann Arbor", "postcode": "48104",
            "country_id": "US", "region": {"region_code": "MI", "region": "Michigan", "region_id": 33}, "region_id": 33,
            "telephone": "5550100", "default_billing": true, "default_shipping": true,
        });
        json!({
            "id": person, "group_id": 1, "website_id": 1, "store_id": 1, "email": format!("person{person}@example.com"),
            "firstname": "Sam", "lastname": format!("Person{person}"), "taxvat": format!("US-{person}"),
            "created_at": "2026-01-02 03:04:05", "updated_at": "2026-01-02 03:04:05", "default_billing": person.to_string(),
            "default_shipping": person.to_string(), "addresses": [address], "disable_auto_group_change": 0,
            "extension_attributes": {"is_subscribed": false},
        })
    }

    fn customer(number: u64) -> Value {
        let (person, email) = match number % 20 {
            11 => (number - 1, format!("Person{}@example.com", number - 1)),
            12 => (number, format!("stranger{number}@example.com")),
            _ => (number, format!("person{number}@example.com")),
        };
        let name = format!("Sam Person{person}");
        let address = json!({
            "AddressLine1": {"value": format!("{person} Long Street Name, Building 7")}, "City": {"value": "Ann Arbor"},
            "State": {"value": "MI"}, "PostalCode": {"value": "48104"}, "Country": {"value": "US"},
        });
        let contact = json!({
            "Attention": {"value": name}, "Email": {"value": email}, "Phone1": {"value": "5550100"}, "Address": address,
        });
        json!({
            "id": note(number), "NoteID": {"value": note(number)}, "CustomerID": {"value": id(number)},
            "CustomerName": {"value": name}, "CustomerClass": {"value": "WEB"}, "Status": {"value": "Active"},
            "TaxRegistrationID": {"value": format!("US-{person}")}, "MainContact": contact, "BillingContact": contact,
            "ShippingContact": contact, "BillingAddressOverride": {"value": false},
            "LastModifiedDateTime": {"value": "2026-01-02T03:04:05.123+00:00"}, "Attributes": [],
        })
    }

    /// Which customer stands in a row. In the first reading somebody is saved behind the first page, and the order is another one from there on.
    fn at(&self, row: u64, skip: u64) -> u64 {
        let moved = self.passes.load(Ordering::Relaxed) == 1 && skip > 0;
        if moved { row } else { row + 1 }
    }

    fn answer(&self, method: &Method, uri: &Uri) -> Option<Value> {
        if method != Method::GET {
            self.writes.lock().expect("nobody panics").push(format!("{method} {}", uri.path()));
            return None;
        }
        let (path, query) = (uri.path(), uri.query().unwrap_or_default().replace("%20", " "));
        let last = path.rsplit('/').next().unwrap_or_default();
        match last {
            "search" => Some(self.accounts(&query)),
            "Customer" => Some(self.customers(&query)),
            id if path.contains("/V1/customers/") => Some(Self::account(id.parse().ok()?)),
            key if path.contains("/Customer/") => Some(Self::customer(number(key)?)),
            _ => None,
        }
    }

    /// The accounts behind an id.
    fn accounts(&self, query: &str) -> Value {
        let part = |name: &str| {
            let name = name.replace('[', "%5B").replace(']', "%5D");
            query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")).map(str::to_owned))
        };
        let filter = "searchCriteria[filter_groups][0][filters][0]";
        assert_eq!(part(&format!("{filter}[field]")).as_deref(), Some("entity_id"), "{query}");
        let whole = |name: &str| part(name).and_then(|value| value.parse::<u64>().ok()).expect("a number");
        let (after, size) = (whole(&format!("{filter}[value]")), whole("searchCriteria[pageSize]"));
        let items: Vec<Value> =
            (after + 1..=self.people).take(usize::try_from(size).expect("a page")).map(Self::account).collect();
        json!({ "items": items, "total_count": self.people - after })
    }

    /// A page of customers, or those of an e-mail.
    fn customers(&self, query: &str) -> Value {
        let part = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
        if let Some(filter) = part("$filter") {
            let person: u64 = filter
                .split("%27")
                .nth(1)
                .and_then(|email| email.strip_prefix("person")?.split("%40").next()?.parse().ok())
                .expect("a person's e-mail");
            let numbers = if person % 20 == 10 { vec![person, person + 1] } else { vec![person] };
            return numbers.into_iter().map(Self::customer).collect();
        }
        let whole = |name: &str| part(name).map_or(0, |value| value.parse().expect("a number"));
        let (skip, top) = (whole("$skip"), whole("$top"));
        if skip == 0 {
            self.passes.fetch_add(1, Ordering::Relaxed);
        }
        (skip..self.people.min(skip + top)).map(|row| Self::customer(self.at(row, skip))).collect()
    }
}

/// A customer's `CustomerID`.
pub(crate) fn id(number: u64) -> String {
    format!("C{number:06}")
}

/// A customer's `NoteID`.
pub(crate) fn note(number: u64) -> String {
    format!("00000000-0000-0000-0000-{number:012}")
}

fn number(key: &str) -> Option<u64> {
    key.trim_start_matches("00000000-0000-0000-0000-").trim_start_matches('C').parse().ok()
}

#[async_trait]
impl Transport for Crowd {
    async fn send(&self, request: Request, _timeout: Duration) -> Result<Response, Failure> {
        let answer = self.answer(request.method(), request.uri());
        let body = answer.as_ref().map_or_else(Bytes::new, |answer| Bytes::from(answer.to_string()));
        let mut response = Response::new(body);
        *response.status_mut() =
            if answer.is_some() { http::StatusCode::OK } else { http::StatusCode::NOT_IMPLEMENTED };
        let json = http::HeaderValue::from_static("application/json");
        response.headers_mut().insert(http::header::CONTENT_TYPE, json);
        Ok(response)
    }
}

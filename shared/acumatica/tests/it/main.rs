//! The client against a scripted transport: the exact requests, the shared token, and every row of the error table.
//!
//! Error bodies are those of recorded answers and of the vendor's C# client where the reference has them, else composed of the product's
//! message constants; no instance was asked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod customers;
mod errors;
mod refusals;
mod requests;
mod script;
mod token;

use std::sync::Arc;

use acumatica::auth::{Credentials, InMemory, TokenStore};
use acumatica::{Client, Connection};
use script::{START, Script, answer};
use seams::Secret;
use seams::clock::Virtual;
use seams::http::{Failure, Response};

/// Where every test's tenant is.
const BASE: &str = "https://erp.example.com/inst";
/// Its entities.
const ENDPOINT: &str = "https://erp.example.com/inst/entity/Default/24.200.001";

fn connection() -> Connection {
    let credentials = Credentials {
        client_id: "88358B02-A48D-A50E-F710-39C1636C30F6@MyTenant".to_owned(),
        client_secret: Secret::new("planted secret"),
        username: "connector".to_owned(),
        password: Secret::new("planted+password"),
    };
    Connection::new("https://erp.example.com/inst/", "Default", "24.200.001", credentials).unwrap()
}

/// A worker on a store, a clock and a script of its own.
struct Worker {
    client: Client,
    script: Arc<Script>,
    clock: Arc<Virtual>,
}

impl Worker {
    fn new(store: Arc<dyn TokenStore>, answers: impl IntoIterator<Item = Result<Response, Failure>>) -> Self {
        let (script, clock) = (Arc::new(Script::new(answers)), Arc::new(Virtual::new(START.parse().unwrap())));
        let client = Client::new(script.clone(), clock.clone(), connection(), store);
        Self { client, script, clock }
    }

    /// A worker whose script starts with a successful sign-in.
    fn signed_in(answers: impl IntoIterator<Item = Result<Response, Failure>>) -> Self {
        let sign_in = [grant("planted-access-1", Some("planted-refresh-1"))];
        Self::new(Arc::new(InMemory::new()), sign_in.into_iter().chain(answers))
    }
}

/// An answer of the token endpoint.
fn grant(access: &str, refresh: Option<&str>) -> Result<Response, Failure> {
    let mut body = serde_json::json!({
        "access_token": access, "expires_in": 3600, "token_type": "Bearer", "scope": "api offline_access",
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = refresh.into();
    }
    answer(200, &body.to_string())
}

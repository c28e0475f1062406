//! The client against a scripted transport: the exact requests, and every row of the error table.
//!
//! Error bodies are composed of the messages in Magento 2.4.6 (framework `Webapi`, `Oauth`, `DB/Adapter/Pdo/Mysql`); no shop was asked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod customers;
mod errors;
mod requests;
mod samples;
mod script;
mod writes;

use std::sync::Arc;

use magento::auth::Credentials;
use magento::{Client, Connection};
use script::Script;
use seams::Secret;
use seams::clock::Virtual;
use seams::http::{Failure, Response};

/// A client with a bearer token and the script it talks to.
fn client(answers: impl IntoIterator<Item = Result<Response, Failure>>) -> (Client, Arc<Script>) {
    client_with(Credentials::Bearer { token: Secret::new("planted-token") }, answers)
}

fn client_with(
    credentials: Credentials,
    answers: impl IntoIterator<Item = Result<Response, Failure>>,
) -> (Client, Arc<Script>) {
    let script = Arc::new(Script::new(answers));
    let connection = Connection::new("https://shop.example.com/", credentials).unwrap();
    (Client::new(script.clone(), Arc::new(Virtual::new(script::START.parse().unwrap())), connection), script)
}

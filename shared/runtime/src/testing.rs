//! What this crate's own tests stand on: a clock that only moves when told, and what was logged.

use std::future::Future;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use flows::link::Activation;
use jiff::SignedDuration;
use seams::clock::Virtual;
use seams::http::{Failure, Request, Response, Transport};
use serde_json::{Value, json};
use store::memory::Memory;
use store::{Item, Key, Table};

/// A clock that shows that time.
pub(crate) fn at(now: &str) -> Virtual {
    Virtual::new(now.parse().expect("an instant"))
}

/// Lets seconds pass.
pub(crate) fn forward(clock: &Virtual, seconds: i64) {
    clock.advance(SignedDuration::from_secs(seconds));
}

/// Runs a future on a runtime as the functions have it.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(future)
}

/// Everything that was written, by whoever holds a copy.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).expect("logs are UTF-8")
    }

    pub(crate) fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("logs are JSON lines")).collect()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A network without anything in it.
pub(crate) struct Nowhere;

#[async_trait]
impl Transport for Nowhere {
    async fn send(&self, _: Request, _: Duration) -> Result<Response, Failure> {
        Err(Failure::Unsent("there is no network in this test".to_owned()))
    }
}

/// Stores a link, or replaces what was stored.
pub(crate) async fn seed_link(state: &Memory, link: &str, activation: Activation, settings: Value) {
    let items = [
        (Key::new(store::settings::LINKS, link), json!({})),
        (Key::new(link, store::settings::SETTINGS), settings),
        (Key::new(link, store::settings::ACTIVATION), json!({ "activation": activation })),
    ];
    for (key, body) in items {
        let rev = state.get(&key).await.unwrap().map_or(0, |item| item.rev) + 1;
        let item = Item { key, rev, write_id: "w".to_owned(), body, indexes: Vec::new(), expires: None };
        match rev {
            1 => state.insert_if_absent(item).await.unwrap(),
            _ => state.replace_if_rev(item).await.unwrap(),
        };
    }
}

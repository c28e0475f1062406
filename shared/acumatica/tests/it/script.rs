//! A transport that plays a script and remembers what it was asked, and a clock that moves when it is waited on.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use seams::http::{Failure, Request, Response, Transport};

/// The instant at which every script starts.
pub(crate) const START: &str = "2023-11-14T22:13:20Z";

/// Answers in order; a request beyond the script, or while another one is on its way, fails the test.
#[derive(Default)]
pub(crate) struct Script {
    answers: Mutex<VecDeque<Result<Response, Failure>>>,
    asked: Mutex<Vec<(Request, Duration)>>,
    busy: AtomicBool,
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = Result<Response, Failure>>) -> Self {
        Self { answers: Mutex::new(answers.into_iter().collect()), ..Self::default() }
    }

    /// What was sent, with the time-out it was given.
    pub(crate) fn asked(&self) -> Vec<(Request, Duration)> {
        self.asked.lock().unwrap().clone()
    }

    /// Method and URI of what was sent.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().iter().map(|(request, _)| format!("{} {}", request.method(), request.uri())).collect()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request, timeout: Duration) -> Result<Response, Failure> {
        let line = format!("{} {}", request.method(), request.uri());
        assert!(!self.busy.swap(true, Ordering::SeqCst), "two requests at a time");
        self.asked.lock().unwrap().push((request, timeout));
        // Long enough for whoever else is ready to be polled in the meantime, in whatever order.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        self.busy.store(false, Ordering::SeqCst);
        self.answers.lock().unwrap().pop_front().unwrap_or_else(|| panic!("not in the script: {line}"))
    }
}

/// An answer; HTML by its first character, else JSON.
pub(crate) fn answer(status: u16, body: &str) -> Result<Response, Failure> {
    let content_type = if body.starts_with('<') { "text/html" } else { "application/json; charset=utf-8" };
    let answer = http::Response::builder().status(status).header("content-type", content_type);
    Ok(answer.body(Bytes::from(body.to_owned())).unwrap())
}

/// A header of a recorded request.
pub(crate) fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

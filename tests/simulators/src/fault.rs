//! Faults by switch, and the in-process transport that plays them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use seams::clock::Clock;
use seams::http::{Failure, Request, Response, Transport};

use crate::Platform;

/// What happens to one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing: a later fault is for a later request.
    Pass,
    /// Answered in the platform's stead; the platform never sees the request (a proxy, a licence limit, maintenance).
    Answer {
        /// The HTTP status.
        status: u16,
        /// The content type.
        content_type: &'static str,
        /// The body.
        body: String,
    },
    /// The connection is refused: nothing was sent.
    Refused,
    /// The connection breaks before the platform sees the request.
    LostRequest,
    /// The platform carries the request out, and the connection breaks before the answer arrives.
    LostAnswer,
    /// The client's time-out passes first; the platform carries the request out `after` it was sent (a late commit).
    Late {
        /// How long after it was sent.
        after: Duration,
    },
}

/// A fault waiting for the next request that matches.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The method to match, for example `PUT`; empty matches any.
    pub method: String,
    /// A part of the path to match, for example `/SalesOrder`; empty matches any.
    pub path_part: String,
    /// What happens then, once.
    pub fault: Fault,
}

/// One request as it went over the wire, for counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// GET, PUT, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The status answered; `None` when no answer arrived.
    pub status: Option<u16>,
}

/// A platform in this process: shared state, planned faults, a log of calls.
pub struct InProcess<P> {
    inner: Arc<Mutex<Inner<P>>>,
    clock: Arc<dyn Clock>,
}

struct Inner<P> {
    platform: P,
    faults: VecDeque<Armed>,
    last_id: u64,
    late: Vec<(jiff::Timestamp, Request)>,
    calls: Vec<Call>,
}

/// Names a fault that was planned, to lift it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(u64);

/// A planned fault and when it happens.
struct Armed {
    id: Id,
    planned: Planned,
    /// How many matching requests are left until it happens.
    wait: usize,
    /// Whether it happens again and again until it is lifted.
    stays: bool,
}

impl<P> Clone for InProcess<P> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), clock: Arc::clone(&self.clock) }
    }
}

impl<P: Platform> InProcess<P> {
    /// Puts `platform` behind a transport that lives on `clock`.
    pub fn new(platform: P, clock: Arc<dyn Clock>) -> Self {
        let inner = Inner { platform, faults: VecDeque::new(), last_id: 0, late: Vec::new(), calls: Vec::new() };
        Self { inner: Arc::new(Mutex::new(inner)), clock }
    }

    /// Looks at or changes the platform's state. Late commits that are due by now happen first.
    pub fn with<R>(&self, look: impl FnOnce(&mut P) -> R) -> R {
        let mut inner = self.lock();
        inner.commit_late(self.clock.now());
        look(&mut inner.platform)
    }

    /// Plans a fault for the next request that matches.
    pub fn plan(&self, planned: Planned) {
        self.plan_nth(1, planned);
    }

    /// Plans a fault for the `nth` request from now on that matches, counted from one; faults planned earlier go first.
    pub fn plan_nth(&self, nth: usize, planned: Planned) -> Id {
        self.lock().arm(nth, false, planned)
    }

    /// Plants a fault that every request from the `nth` that matches meets, until it is lifted.
    pub fn plant(&self, nth: usize, planned: Planned) -> Id {
        self.lock().arm(nth, true, planned)
    }

    /// Lifts a fault; one that has happened and is over is no longer there, which is no mistake.
    pub fn lift(&self, id: Id) {
        self.lock().faults.retain(|armed| armed.id != id);
    }

    /// Lifts every fault that has not happened or stays.
    pub fn lift_all(&self) {
        self.lock().faults.clear();
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner<P>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Platform> Inner<P> {
    fn commit_late(&mut self, now: jiff::Timestamp) {
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.late).into_iter().partition(|(at, _)| *at <= now);
        self.late = later;
        for (at, request) in due {
            let _nobody_waits_for_it = self.platform.receive(at, &request);
        }
    }

    fn arm(&mut self, nth: usize, stays: bool, planned: Planned) -> Id {
        self.last_id += 1;
        let id = Id(self.last_id);
        self.faults.push_back(Armed { id, planned, wait: nth, stays });
        id
    }

    fn take_fault(&mut self, request: &Request) -> Option<Fault> {
        let hit = |planned: &Planned| {
            (planned.method.is_empty() || planned.method == request.method().as_str())
                && request.uri().path().contains(&planned.path_part)
        };
        for armed in self.faults.iter_mut().filter(|armed| hit(&armed.planned)) {
            armed.wait = armed.wait.saturating_sub(1);
        }
        let at = self.faults.iter().position(|armed| armed.wait == 0 && hit(&armed.planned))?;
        if self.faults[at].stays {
            return Some(self.faults[at].planned.fault.clone());
        }
        self.faults.remove(at).map(|armed| armed.planned.fault)
    }
}

#[async_trait]
impl<P: Platform + 'static> Transport for InProcess<P> {
    async fn send(&self, request: Request, timeout: Duration) -> Result<Response, Failure> {
        let now = self.clock.now();
        let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
        let mut call = Call { method: request.method().to_string(), target, status: None };
        let (result, ready) = {
            let mut inner = self.lock();
            inner.commit_late(now);
            match inner.take_fault(&request) {
                None | Some(Fault::Pass) => {
                    let (answer, ready) = inner.platform.receive(now, &request);
                    (Ok(answer), ready)
                }
                Some(Fault::Answer { status, content_type, body }) => (Ok(plain(status, content_type, body)), now),
                Some(Fault::Refused) => (Err(Failure::Unsent("connection refused".into())), now),
                Some(Fault::LostRequest) => (Err(Failure::Interrupted("connection reset".into())), now),
                Some(Fault::LostAnswer) => {
                    let (_lost, ready) = inner.platform.receive(now, &request);
                    (Err(Failure::Interrupted("connection reset".into())), ready)
                }
                Some(Fault::Late { after }) => {
                    inner.late.push((now + after, request));
                    (Err(Failure::TimedOut(timeout)), now + timeout)
                }
            }
        };
        call.status = result.as_ref().ok().map(|answer| answer.status().as_u16());
        self.lock().calls.push(call);
        let wait = Duration::try_from(ready.duration_since(now)).unwrap_or_default();
        if wait > timeout {
            self.clock.sleep(timeout).await;
            return Err(Failure::TimedOut(timeout));
        }
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
        result
    }
}

fn plain(status: u16, content_type: &'static str, body: String) -> Response {
    ::http::Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(Bytes::from(body))
        .expect("a fault's status and content type are valid")
}

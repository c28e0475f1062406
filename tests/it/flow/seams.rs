//! Every seam with a gate in front: before a call goes out, its worker stops at the gate, and whoever holds the schedule says what becomes
//! of the call. An open gate lets everything through.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use queue::{Envelope, Name, Queue, QueueError};
use seams::http::{Failure, Request, Response, Transport};
use simulators::Platform;
use simulators::fault::{Fault, InProcess, Planned};
use store::Table;
use store::table::{Item, Key, Limit, Page, Partition, Range, TableError, Written};

/// What kind of outside call it is: that decides what can become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    TableRead,
    TableWrite,
    PlatformRead,
    PlatformWrite,
    Send,
    /// The message is acknowledged or returned.
    Answer,
    /// The shop does something by itself.
    Shop,
}

/// An outside call about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) kind: Kind,
    /// What it reads or changes. Calls on different things commute.
    pub(crate) resource: String,
}

impl Call {
    pub(crate) fn new(kind: Kind, resource: impl Into<String>) -> Self {
        Self { kind, resource: resource.into() }
    }

    pub(crate) fn changes(&self) -> bool {
        !matches!(self.kind, Kind::TableRead | Kind::PlatformRead)
    }

    /// Whether the order of the two may matter. A resource that ends in `*` stands for all that begin as it does.
    pub(crate) fn conflicts(&self, other: &Call) -> bool {
        let covers = |all: &str, one: &str| all.strip_suffix('*').is_some_and(|head| one.starts_with(head));
        let same = self.resource == other.resource
            || covers(&self.resource, &other.resource)
            || covers(&other.resource, &self.resource);
        same && (self.changes() || other.changes())
    }
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    /// Not carried out, and the error says so.
    Refused,
    /// Not carried out, and the error leaves that open.
    Lost,
    /// Answered by a refusal for lack of rights: a person must act.
    Denied,
    /// Carried out; the answer is lost.
    Unanswered,
    /// Carried out so many minutes later, long after the caller gave up.
    Late(u32),
    /// The worker dies before the call.
    CrashBefore,
    /// The worker dies after the call, before its answer.
    CrashAfter,
    /// The worker dies during the call, which is carried out so many minutes later.
    CrashLate(u32),
}

impl Fate {
    /// Everything that can become of a call besides its success.
    pub(crate) fn faults(kind: Kind) -> &'static [Fate] {
        use Fate::{CrashAfter, CrashBefore, CrashLate, Denied, Late, Lost, Refused, Unanswered};
        match kind {
            Kind::TableRead => &[Refused, CrashBefore],
            Kind::TableWrite => &[Refused, Lost, Unanswered, CrashBefore, CrashAfter],
            Kind::PlatformRead => &[Refused, Lost, Denied, CrashBefore],
            Kind::PlatformWrite => {
                &[Refused, Lost, Unanswered, Late(5), Late(20), CrashBefore, CrashAfter, CrashLate(5), CrashLate(20)]
            }
            Kind::Send => &[Refused, Unanswered, CrashBefore, CrashAfter],
            Kind::Answer => &[CrashBefore],
            Kind::Shop => &[],
        }
    }

    /// Those of them that differ in what they leave behind. A worker that dies before a call leaves what one leaves that dies after
    /// the write before it, and of two late commits the later one is the harder.
    pub(crate) fn different(kind: Kind) -> &'static [Fate] {
        use Fate::{CrashAfter, CrashBefore, CrashLate, Denied, Late, Lost, Refused, Unanswered};
        match kind {
            Kind::TableRead => &[Refused],
            Kind::TableWrite => &[Refused, Unanswered, CrashAfter],
            Kind::PlatformRead => &[Lost, Denied],
            Kind::PlatformWrite => &[Refused, Unanswered, Late(20), CrashAfter, CrashLate(20)],
            Kind::Send => &[Refused, CrashAfter],
            Kind::Answer => &[CrashBefore],
            Kind::Shop => &[],
        }
    }

    /// Those of which a successor knows least: a write that was carried out or will be, and a worker that has died or gives up.
    pub(crate) fn hardest(kind: Kind) -> &'static [Fate] {
        match kind {
            Kind::PlatformWrite => &[Fate::Late(20), Fate::CrashAfter],
            Kind::PlatformRead => &[Fate::Lost],
            Kind::TableWrite | Kind::Send => &[Fate::CrashAfter],
            Kind::TableRead | Kind::Answer | Kind::Shop => &[],
        }
    }

    /// A write that is given up and carried out later, long after its worker has gone on.
    pub(crate) fn late(kind: Kind) -> &'static [Fate] {
        if kind == Kind::PlatformWrite { &[Fate::Late(20)] } else { &[] }
    }

    /// The deaths of a worker that differ in what they leave behind.
    pub(crate) fn crashes(kind: Kind) -> &'static [Fate] {
        match kind {
            Kind::TableWrite | Kind::PlatformWrite | Kind::Send => &[Fate::CrashAfter],
            Kind::Answer => &[Fate::CrashBefore],
            Kind::TableRead | Kind::PlatformRead | Kind::Shop => &[],
        }
    }
}

/// The gate of one worker.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<Mutex<Slot>>);

#[derive(Debug, Default)]
struct Slot {
    closed: bool,
    pending: Option<Call>,
    fate: Option<Fate>,
    dead: bool,
}

impl Gate {
    /// A gate that stops every call.
    pub(crate) fn closed() -> Self {
        Self(Arc::new(Mutex::new(Slot { closed: true, ..Slot::default() })))
    }

    /// Lets everything through from now on.
    pub(crate) fn open(&self) {
        self.slot().closed = false;
    }

    /// The call that waits at the gate.
    pub(crate) fn pending(&self) -> Option<Call> {
        self.slot().pending.clone()
    }

    /// Says what becomes of the call that waits.
    pub(crate) fn decide(&self, fate: Fate) {
        self.slot().fate = Some(fate);
    }

    /// Whether the worker has died in a call.
    pub(crate) fn is_dead(&self) -> bool {
        self.slot().dead
    }

    /// Waits for the schedule's decision.
    pub(crate) async fn reach(&self, call: Call) -> Fate {
        let mut call = Some(call);
        std::future::poll_fn(|_| {
            let mut slot = self.slot();
            if let Some(call) = call.take() {
                if !slot.closed {
                    return Poll::Ready(Fate::Done);
                }
                slot.pending = Some(call);
            }
            match slot.fate.take() {
                Some(fate) => {
                    slot.pending = None;
                    Poll::Ready(fate)
                }
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Dies: the executor drops the worker when it sees this.
    async fn die<T>(&self) -> T {
        self.slot().dead = true;
        std::future::pending().await
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A table behind a gate.
pub(crate) struct GatedTable {
    pub(crate) name: &'static str,
    pub(crate) inner: Arc<dyn Table>,
    pub(crate) gate: Gate,
}

impl GatedTable {
    fn call(&self, kind: Kind, what: &str) -> Call {
        Call::new(kind, format!("{}/{what}", self.name))
    }

    async fn read<T>(&self, what: &str, read: impl Future<Output = Result<T, TableError>>) -> Result<T, TableError> {
        match self.gate.reach(self.call(Kind::TableRead, what)).await {
            Fate::Done => read.await,
            _ => Err(TableError::NotApplied("injected".to_owned())),
        }
    }

    async fn write(
        &self,
        key: &Key,
        write: impl Future<Output = Result<Written, TableError>>,
    ) -> Result<Written, TableError> {
        let unknown = || Err(TableError::Unknown("injected".to_owned()));
        match self.gate.reach(self.call(Kind::TableWrite, &key.partition)).await {
            Fate::Done => write.await,
            Fate::Lost => unknown(),
            Fate::Unanswered => {
                write.await?;
                unknown()
            }
            Fate::CrashAfter => {
                write.await?;
                self.gate.die().await
            }
            _ => Err(TableError::NotApplied("injected".to_owned())),
        }
    }
}

#[async_trait]
impl Table for GatedTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.read(&key.partition, self.inner.get(key)).await
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, TableError> {
        self.read("*", self.inner.batch_get(keys)).await
    }

    async fn insert_if_absent(&self, item: Item) -> Result<Written, TableError> {
        let key = item.key.clone();
        self.write(&key, self.inner.insert_if_absent(item)).await
    }

    async fn replace_if_rev(&self, item: Item) -> Result<Written, TableError> {
        let key = item.key.clone();
        self.write(&key, self.inner.replace_if_rev(item)).await
    }

    async fn query(&self, partition: &Partition, range: &Range, limit: &Limit) -> Result<Page, TableError> {
        self.read("*", self.inner.query(partition, range, limit)).await
    }

    async fn remove_if_rev(&self, key: &Key, rev: u64) -> Result<Written, TableError> {
        self.write(key, self.inner.remove_if_rev(key, rev)).await
    }
}

/// A queue behind a gate.
pub(crate) struct GatedQueue {
    pub(crate) inner: Arc<dyn Queue>,
    pub(crate) gate: Gate,
}

#[async_trait]
impl Queue for GatedQueue {
    async fn send(&self, queue: Name, envelope: &Envelope) -> Result<(), QueueError> {
        let unavailable = || Err(QueueError::Unavailable("injected".to_owned()));
        match self.gate.reach(Call::new(Kind::Send, "queue")).await {
            Fate::Done => self.inner.send(queue, envelope).await,
            Fate::Unanswered => {
                self.inner.send(queue, envelope).await?;
                unavailable()
            }
            Fate::CrashAfter => {
                self.inner.send(queue, envelope).await?;
                self.gate.die().await
            }
            _ => unavailable(),
        }
    }

    async fn set_visibility(&self, queue: Name, receipt_handle: &str, seconds: u32) -> Result<(), QueueError> {
        self.inner.set_visibility(queue, receipt_handle, seconds).await
    }

    async fn start_redrive(&self, queue: Name) -> Result<String, QueueError> {
        self.inner.start_redrive(queue).await
    }

    async fn dead_letters(&self, queue: Name) -> Result<u64, QueueError> {
        self.inner.dead_letters(queue).await
    }
}

/// A platform behind a gate. Sign-ins pass it: their failures are the client's tests.
pub(crate) struct GatedPlatform<P> {
    pub(crate) inner: InProcess<P>,
    pub(crate) gate: Gate,
    /// What the worker's calls about documents are about.
    pub(crate) topic: String,
    /// Look-ups find nothing: a planted bug.
    pub(crate) blind: bool,
    /// Is told how many minutes later a call will be carried out.
    pub(crate) late: Arc<dyn Fn(u32) + Send + Sync>,
}

impl<P: Platform + 'static> GatedPlatform<P> {
    fn call(&self, request: &Request) -> Call {
        let kind = if request.method() == Method::GET { Kind::PlatformRead } else { Kind::PlatformWrite };
        let path = request.uri().path();
        let resource = if path.contains("/Customer") {
            "erp/customer".to_owned()
        } else if path.contains("/SalesOrder") || path.contains("/Payment") {
            format!("erp/order/{}", self.topic)
        } else if path.contains("/customers") {
            "shop/customer".to_owned()
        } else if path.contains("/directory/") {
            "shop/directory".to_owned()
        } else {
            format!("shop/order/{}", self.topic)
        };
        Call::new(kind, resource)
    }

    /// Sends with a fault that the simulator plays for exactly this request.
    async fn faulty(&self, fault: Fault, request: Request, timeout: Duration) -> Result<Response, Failure> {
        let (method, path_part) = (request.method().to_string(), request.uri().path().to_owned());
        self.inner.plan(Planned { method, path_part, fault });
        self.inner.send(request, timeout).await
    }
}

#[async_trait]
impl<P: Platform + 'static> Transport for GatedPlatform<P> {
    async fn send(&self, request: Request, timeout: Duration) -> Result<Response, Failure> {
        if request.uri().path().ends_with("/connect/token") {
            return self.inner.send(request, timeout).await;
        }
        if self.blind && request.method() == Method::GET && request.uri().path().ends_with("/SalesOrder") {
            return Ok(Response::new(bytes::Bytes::from_static(b"[]")));
        }
        let after = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        match self.gate.reach(self.call(&request)).await {
            Fate::Done => self.inner.send(request, timeout).await,
            Fate::Lost => self.faulty(Fault::LostRequest, request, timeout).await,
            Fate::Unanswered => self.faulty(Fault::LostAnswer, request, timeout).await,
            Fate::Denied => {
                let body = r#"{"message":"Access denied."}"#.to_owned();
                let fault = Fault::Answer { status: 403, content_type: "application/json", body };
                self.faulty(fault, request, timeout).await
            }
            Fate::Late(minutes) => {
                (self.late)(minutes);
                self.faulty(Fault::Late { after: after(minutes) }, request, timeout).await
            }
            Fate::CrashLate(minutes) => {
                (self.late)(minutes);
                let _died_meanwhile = self.faulty(Fault::Late { after: after(minutes) }, request, timeout).await;
                self.gate.die().await
            }
            Fate::CrashAfter => {
                let _never_read = self.inner.send(request, timeout).await;
                self.gate.die().await
            }
            Fate::Refused | Fate::CrashBefore => self.faulty(Fault::Refused, request, timeout).await,
        }
    }
}

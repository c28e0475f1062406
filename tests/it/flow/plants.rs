//! Bugs planted beside the product: wrappers of seams that leave the data and give the answers that a program with the bug would. Each must be
//! caught by the crash suite.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use flows::link::EmailKey;
use http::Method;
use seams::http::{Failure, Request, Response, Transport};
use serde_json::{Value, json};
use simulators::acumatica::Acumatica;
use simulators::fault::InProcess;
use simulators::magento::Magento;
use store::Table;
use store::memory::Memory;
use store::records::SORT;
use store::table::{Item, Key, Limit, Page, Partition, Range, TableError, Written};

use super::seams::GatedPlatform;
use super::world::{LINK, ready};

/// The bugs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plant {
    Nothing,
    /// Nothing is written before a call.
    NoIntent,
    /// A record that waits has no intent.
    IntentErasedByWaiting,
    /// A parked record has no intent.
    IntentErasedByParking,
    /// The intent names its step by its place in the plan of then, and is read by the plan of now.
    StepByPosition,
    /// A document that is found is bound with the source's state of now.
    NewerFingerprint,
    /// The receipt is bound as soon as it comes; what is wrong with it is dealt with afterwards.
    BindBeforeCheck,
    /// A miss is proof at once.
    WindowZero,
    /// The look-up is skipped: it finds nothing, whatever is there.
    LookUpSkipped,
    /// Steps that go on with a document that was begun leave no intent behind.
    StepForgotten,
    /// What of a document is there is not seen: neither its lines nor its payments.
    PartsUnseen,
    /// A pair of customers keeps no state in which it was in step.
    BaseNotKept,
    /// The other side's id leads to no record.
    AliasNotTaken,
    /// Whoever has the guard of an e-mail, a customer is made.
    GuardIgnored,
    /// The guard of an e-mail does not say that a customer is about to be made.
    GuardForgetsIntent,
    /// An account is saved with the address that has changed, and no other.
    AddressesSentPartly,
    /// The sweep ends the wait, then enqueues.
    WakerClears,
    /// Not a bug of ours: the ERP answers another city than it was sent.
    CityNotTaken,
    /// Not a bug of ours: the ERP saves a customer without the e-mail it was sent.
    EmailNotTaken,
    /// Not a bug of ours: the ERP leaves open what it is asked to hold, until it is mended.
    HoldIgnored,
    /// Not a bug of ours: the ERP holds and does not show it, until it is mended.
    HoldNotShown,
}

/// The state table as a program with the bug would fill and read it.
pub(crate) struct Planted {
    plant: Plant,
    inner: Arc<Memory>,
    shop: InProcess<Magento>,
    emails: EmailKey,
    memory: Mutex<Notes>,
    /// The ERP behaves from now on.
    mended: AtomicBool,
}

#[derive(Default)]
struct Notes {
    /// Orders whose present try has made their customer, so that the order is the second step of its plan.
    second_step: BTreeSet<String>,
    /// Records that were bound as soon as the receipt came, by key, and the revision at which they were.
    bound_early: BTreeMap<String, (u64, Value)>,
}

impl Planted {
    pub(crate) fn new(plant: Plant, inner: Arc<Memory>, shop: InProcess<Magento>, emails: EmailKey) -> Self {
        Self { plant, inner, shop, emails, memory: Mutex::default(), mended: AtomicBool::new(false) }
    }

    /// The ERP behaves from now on; bugs of ours stay.
    pub(crate) fn mend(&self) {
        self.mended.store(true, Ordering::Relaxed);
    }

    fn is(&self, plant: Plant) -> bool {
        self.plant == plant && !self.mended.load(Ordering::Relaxed)
    }

    /// The ERP's transport, watched for the bugs that need to know of receipts.
    pub(crate) fn watch(self: &Arc<Self>, erp: GatedPlatform<Acumatica>) -> Arc<dyn Transport> {
        Arc::new(Watched { erp, planted: self.clone() })
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn written(&self, mut item: Item) -> Item {
        if self.plant == Plant::BaseNotKept
            && item.key.partition.contains("/customer/")
            && item.body["bound"].is_object()
        {
            item.body["bound"]["fingerprint"] = json!("");
        }
        if self.plant == Plant::GuardForgetsIntent && is_guard(&item.key) {
            item.body["intent"] = Value::Null;
        }
        let Some(order) = order_of(&item.key) else { return item };
        let state = item.body["state"]["name"].as_str().unwrap_or_default().to_owned();
        let erase = match self.plant {
            Plant::NoIntent => true,
            Plant::IntentErasedByWaiting => state == "waiting",
            Plant::IntentErasedByParking => state == "parked",
            // A worker that lives knows what it is about; who comes after it does not.
            Plant::StepForgotten => state != "working" && goes_on(&item.body),
            _ => false,
        };
        if erase {
            item.body["intent"] = Value::Null;
        }
        if self.plant == Plant::StepByPosition {
            if item.body["intent"].is_null() {
                if state == "working" {
                    self.notes().second_step.remove(&order);
                }
            } else {
                let second = item.body["intent"]["step"] == "order.create" && self.notes().second_step.contains(&order);
                item.body["intent"]["step"] = json!(if second { "1" } else { "0" });
            }
        }
        item
    }

    fn read(&self, mut item: Item) -> Item {
        let Some(order) = order_of(&item.key) else { return item };
        if let Some((rev, body)) = self.notes().bound_early.get(&item.key.partition)
            && *rev == item.rev
        {
            item.body = body.clone();
        }
        if item.body["intent"].is_null() {
            return item;
        }
        if self.plant == Plant::StepForgotten && goes_on(&item.body) {
            item.body["intent"] = Value::Null;
        }
        if self.plant == Plant::StepByPosition {
            // The customer is known by now; of a bound order the plan is a change of its header.
            let plan = if item.body["bound"].is_null() { "order.create" } else { "order.update" };
            match item.body["intent"]["step"].as_str() {
                Some("0") => item.body["intent"]["step"] = json!(plan),
                _ => item.body["intent"] = Value::Null,
            }
        }
        if self.plant == Plant::NewerFingerprint {
            let id = order.parse().expect("an order id");
            let document = self.shop.with(|shop| shop.order(id).cloned()).expect("the order is there");
            let source: magento::model::order::Order = serde_json::from_value(document).expect("an order");
            item.body["intent"]["revision"] = json!(source.updated_at);
            item.body["intent"]["fingerprint"] = json!(flows::orders::fingerprint::of(&source, &self.emails));
        }
        item
    }

    fn receipt(&self, order: &str, request: &Request, answer: &Response) {
        if request.method() != Method::PUT || answer.status() != 200 {
            return;
        }
        if request.uri().path().ends_with("/Customer") {
            self.notes().second_step.insert(order.to_owned());
        } else if self.plant == Plant::BindBeforeCheck {
            self.bind_early(order, answer);
        }
    }

    fn bind_early(&self, order: &str, answer: &Response) {
        let key = Key::new(format!("{LINK}/order/{order}"), SORT);
        let Some(mut item) = ready(self.inner.get(&key)).expect("the table in memory answers") else { return };
        if item.body["intent"].is_null() || !item.body["bound"].is_null() {
            return;
        }
        let receipt: Value = serde_json::from_slice(answer.body()).expect("a receipt");
        let part = |field: &str| receipt[field]["value"].as_str().unwrap_or_default().to_owned();
        item.body["bound"] = json!({
            "target": format!("{}/{}", part("OrderType"), part("OrderNbr")),
            "revision": item.body["intent"]["revision"],
            "fingerprint": item.body["intent"]["fingerprint"],
        });
        item.body["intent"] = Value::Null;
        self.notes().bound_early.insert(key.partition, (item.rev, item.body));
    }
}

/// Whether the open intent is of a step for which the document is there already.
fn goes_on(record: &Value) -> bool {
    let step = record["intent"]["step"].as_str().and_then(flows::plan::StepKey::parse);
    step.is_some_and(flows::plan::StepKey::goes_on)
}

/// The order of an order's record.
fn order_of(key: &Key) -> Option<String> {
    let order = key.partition.strip_prefix(&format!("{LINK}/order/"))?;
    (key.sort == SORT).then(|| order.to_owned())
}

#[async_trait]
impl Table for Planted {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        if self.plant == Plant::GuardIgnored && is_guard(key) {
            return Ok(None);
        }
        Ok(self.inner.get(key).await?.map(|item| self.read(item)))
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, TableError> {
        Ok(self.inner.batch_get(keys).await?.into_iter().map(|item| self.read(item)).collect())
    }

    async fn insert_if_absent(&self, item: Item) -> Result<Written, TableError> {
        let is_alias = item.key.partition.contains("/customer/target/");
        if (self.plant == Plant::AliasNotTaken && is_alias)
            || (self.plant == Plant::GuardIgnored && is_guard(&item.key))
        {
            return Ok(Written::Yes);
        }
        self.inner.insert_if_absent(self.written(item)).await
    }

    async fn replace_if_rev(&self, item: Item) -> Result<Written, TableError> {
        if self.plant == Plant::GuardIgnored && is_guard(&item.key) {
            return Ok(Written::Yes);
        }
        self.inner.replace_if_rev(self.written(item)).await
    }

    async fn query(&self, partition: &Partition, range: &Range, limit: &Limit) -> Result<Page, TableError> {
        let page = self.inner.query(partition, range, limit).await?;
        Ok(Page { items: page.items.into_iter().map(|item| self.read(item)).collect(), next: page.next })
    }

    async fn remove_if_rev(&self, key: &Key, rev: u64) -> Result<Written, TableError> {
        self.inner.remove_if_rev(key, rev).await
    }
}

struct Watched {
    erp: GatedPlatform<Acumatica>,
    planted: Arc<Planted>,
}

#[async_trait]
impl Transport for Watched {
    async fn send(&self, request: Request, timeout: Duration) -> Result<Response, Failure> {
        let sent = if self.planted.is(Plant::HoldIgnored) { without_hold(request.clone()) } else { request.clone() };
        let mut answer = self.erp.send(sent, timeout).await?;
        if self.planted.is(Plant::CityNotTaken) {
            each_document(&mut answer, |document| {
                if let Some(city) = document.pointer_mut("/ShipToAddress/City/value") {
                    *city = json!("Elsewhere");
                }
            });
        }
        if self.planted.is(Plant::EmailNotTaken) && request.method() == Method::PUT {
            each_document(&mut answer, |document| {
                if let Some(email) = document.pointer_mut("/MainContact/Email") {
                    *email = json!({});
                }
            });
        }
        if self.planted.is(Plant::PartsUnseen) && request.method() == Method::GET {
            let payments = request.uri().path().ends_with("/Payment");
            each_document(&mut answer, |document| {
                document["Details"] = json!([]);
                if payments {
                    document["ExternalRef"] = json!({});
                }
            });
        }
        if self.planted.is(Plant::HoldNotShown) {
            each_document(&mut answer, |document| {
                if let Some(hold) = document.pointer_mut("/Hold") {
                    *hold = json!({});
                }
            });
        }
        self.planted.receipt(&self.erp.topic, &request, &answer);
        Ok(answer)
    }
}

fn is_guard(key: &Key) -> bool {
    key.partition.contains("/customer-email/")
}

/// The shop's transport, for the bugs of what is sent there.
pub(crate) struct WatchedShop {
    pub(crate) shop: GatedPlatform<Magento>,
    pub(crate) plant: Plant,
}

#[async_trait]
impl Transport for WatchedShop {
    async fn send(&self, mut request: Request, timeout: Duration) -> Result<Response, Failure> {
        if self.plant == Plant::AddressesSentPartly
            && let Ok(mut body) = serde_json::from_slice::<Value>(request.body())
            && let Some(list) = body.pointer_mut("/customer/addresses").and_then(Value::as_array_mut)
        {
            list.truncate(1);
            *request.body_mut() = body.to_string().into();
        }
        self.shop.send(request, timeout).await
    }
}

/// What the ERP makes of a request when it does not take the hold.
fn without_hold(mut request: Request) -> Request {
    if let Ok(mut body) = serde_json::from_slice::<Value>(request.body())
        && let Some(hold) = body.pointer_mut("/Hold/value")
    {
        *hold = json!(false);
        *request.body_mut() = body.to_string().into();
    }
    request
}

/// Changes every document of an answer.
fn each_document(answer: &mut Response, change: impl FnMut(&mut Value)) {
    let Ok(mut receipt) = serde_json::from_slice::<Value>(answer.body()) else { return };
    match &mut receipt {
        Value::Array(found) => found.iter_mut().for_each(change),
        one => std::iter::once(one).for_each(change),
    }
    *answer.body_mut() = receipt.to_string().into();
}

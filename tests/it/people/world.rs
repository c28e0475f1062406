//! A shop and a tenant whose people follow each other: the shop of the order flow with customers switched on, its events and the ERP's pushes.

use acumatica::model::customer::EXPAND;
use flows::delivery::{Delivery, Report, Verdict};
use flows::settings::Settings;
use flows::sweep::sweep;
use jiff::SignedDuration;
use queue::{Cause, Name, Queue};
use serde_json::{Value, json};
use simulators::acumatica::{Change, Definition};
use simulators::magento::{Address, CustomerDraft, Magento};
use store::Record;

use crate::flow::driver::INVOCATION;
use crate::flow::plants::Plant;
use crate::flow::seams::{Call, Gate, Kind};
use crate::flow::world::{LINK, Shop, ready};

/// A shop and a tenant.
pub(crate) struct People {
    pub(crate) shop: Shop,
}

impl People {
    /// With settings that sync everything both ways; the shop's group 1 is class WEB, and customers of class WEB become accounts.
    pub(crate) fn new() -> Self {
        Self::with(Plant::Nothing, |queue| queue)
    }

    /// The same with a planted bug, and with another kind of queue.
    pub(crate) fn with(plant: Plant, kind: fn(queue::memory::Memory) -> queue::memory::Memory) -> Self {
        let mut shop = Shop::with(plant, kind);
        shop.erp.with(|erp| erp.config.push.definitions = vec![Definition::customers()]);
        shop.change_settings(|settings| settings.customers = customers(&json!({})));
        Self { shop }
    }

    /// Changes the customers' part of the settings.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut flows::settings::Customers)) {
        self.shop.change_settings(|settings: &mut Settings| change(&mut settings.customers));
    }

    /// A shopper makes an account.
    pub(crate) fn register(&self, draft: &CustomerDraft) -> u64 {
        let now = self.shop.now();
        self.shop.magento.with(|magento| magento.add_customer(now, draft))
    }

    /// A shopper or an administrator edits an account.
    pub(crate) fn edit(&self, account: u64, field: &str, value: impl Into<Value>) {
        let now = self.shop.now();
        self.shop.magento.with(|magento| magento.edit_customer(now, account, field, value.into()));
    }

    /// A shopper or an administrator edits an address.
    pub(crate) fn edit_address(&self, address: u64, field: &str, value: impl Into<Value>) {
        let now = self.shop.now();
        self.shop.magento.with(|magento| magento.edit_customer_address(now, address, field, value.into()));
    }

    /// A user of the ERP makes a customer.
    pub(crate) fn enter(&self, changes: &[Change]) -> String {
        let now = self.shop.now();
        self.shop.erp.with(|erp| erp.create_customer(now, changes)).expect("the form saves it")
    }

    /// A user of the ERP edits a customer.
    pub(crate) fn change_in_erp(&self, customer: &str, changes: &[Change]) {
        let now = self.shop.now();
        self.shop.erp.with(|erp| erp.edit_customer(customer, now, changes)).expect("the form saves it");
    }

    /// The account as Magento has it.
    pub(crate) fn account(&self, id: u64) -> Value {
        self.shop.magento.with(|magento| magento.customer(id).cloned()).expect("the account is there")
    }

    /// The customer as the ERP has it.
    pub(crate) fn customer(&self, id: &str) -> Value {
        let (_, link) = self.shop.worker(&Gate::default(), "");
        ready(link.acumatica.by_key("Customer", &[id], &EXPAND))
            .expect("the ERP answers")
            .expect("the customer is there")
    }

    /// Every customer number of the ERP.
    pub(crate) fn numbers(&self) -> Vec<String> {
        self.shop.erp.with(|erp| {
            erp.customers().iter().map(|customer| customer.text("CustomerID").unwrap_or_default().to_owned()).collect()
        })
    }

    /// Whom the events are about that both sides have sent since the last look, each once: a batch deals with a record once.
    pub(crate) fn told(&self) -> Vec<(String, Cause)> {
        let mut told = Vec::new();
        self.shop.magento.with(|magento| {
            for occurrence in magento.take_occurrences() {
                let of_address = occurrence.name.starts_with("customer.address");
                // Events of addresses name their customer; the doors' own tests show how it is found.
                let account = if of_address { owner_of(magento, occurrence.id) } else { Some(occurrence.id) };
                told.extend(account.map(|id| (id.to_string(), Cause::Webhook)));
            }
        });
        let now = self.shop.now();
        for notification in self.shop.erp.with(|erp| erp.outbox.take(now)) {
            let body: Value = serde_json::from_str(&notification.body).expect("a whole body");
            let rows = ["Inserted", "Deleted"].iter().filter_map(|rows| body[*rows].as_array()).flatten();
            told.extend(rows.filter_map(|row| Some((row["NoteID"].as_str()?.to_owned(), Cause::Push))));
        }
        told.sort();
        told.dedup();
        told
    }

    /// The events that both sides have sent since the last look, put into the queue.
    pub(crate) fn hear(&self) {
        self.told().into_iter().for_each(|(id, cause)| self.send(&id, cause));
    }

    /// Puts an event into the queue.
    pub(crate) fn send(&self, source_id: &str, cause: Cause) {
        let (world, _) = self.shop.worker(&Gate::default(), "");
        let event = flows::customers::identity::hint(&world, LINK, source_id, cause);
        ready(self.shop.queue.send(Name::Customers, &event)).expect("the queue in memory answers");
    }

    /// A push about a customer, such as a definition over its locations sends.
    pub(crate) fn push(&self, number: &str) {
        let customer = self.customer(number);
        self.send(text(&customer, "/NoteID/value"), Cause::Push);
    }

    /// Works on the next message; none when there is none.
    pub(crate) fn step(&self) -> Option<Report> {
        self.hear();
        let delivery = self.shop.queue.take(Name::Customers)?;
        Some(ready(self.work(&Gate::default(), Name::Customers, &delivery)))
    }

    /// Works on a received message and does with it what the flow says.
    pub(crate) async fn work(&self, gate: &Gate, name: Name, delivery: &queue::memory::Delivery) -> Report {
        let event = queue::Envelope::decode(&delivery.body).expect("an envelope");
        let (world, link) = self.shop.worker(gate, &event.source_id);
        let deadline = self.shop.now() + INVOCATION;
        let given = Delivery { message_id: &delivery.message_id, event: &event, deadline };
        let report = match name {
            Name::Customers => flows::customers::sync(&world, &link, &given).await,
            _ => flows::orders::sync(&world, &link, &given).await,
        };
        gate.reach(Call::new(Kind::Answer, delivery.message_id.clone())).await;
        match report.verdict {
            Verdict::Acknowledge => drop(self.shop.queue.delete(name, &delivery.receipt_handle)),
            Verdict::Return { after } => {
                let _superseded = self.shop.queue.set_visibility(name, &delivery.receipt_handle, after).await;
            }
        }
        report
    }

    /// Works on everything that is visible, echoes included. Silent reports are left out.
    pub(crate) fn drain(&self) -> Vec<Report> {
        let mut reports = Vec::new();
        while let Some(report) = self.step() {
            if !report.silent {
                reports.push(report);
            }
        }
        reports
    }

    /// Lets the time pass, minute by minute, until nothing is left to do.
    pub(crate) fn settle(&self) -> Vec<Report> {
        let end = self.shop.now() + SignedDuration::from_hours(3);
        let mut reports = self.drain();
        while !self.shop.queue.is_empty(Name::Customers) || self.records().iter().any(|record| record.due.is_some()) {
            assert!(self.shop.now() < end, "not quiet after three hours: {:?}", self.records());
            self.shop.time.advance(SignedDuration::from_mins(1));
            let (world, _) = self.shop.worker(&Gate::default(), "");
            ready(sweep(&world, Name::Customers, &self.shop.swept())).expect("the sweep goes through");
            reports.extend(self.drain());
        }
        reports
    }

    /// The records of customers.
    pub(crate) fn records(&self) -> Vec<Record> {
        self.shop.records().into_iter().filter(|record| record.key.contains("/customer/")).collect()
    }
}

/// The account that has an address.
fn owner_of(magento: &Magento, address: u64) -> Option<u64> {
    magento.customer_ids().into_iter().find(|id| {
        let account = magento.customer(*id).expect("it was listed");
        account["addresses"].as_array().into_iter().flatten().any(|own| own["id"] == address)
    })
}

/// The customers' part of the settings, with what differs.
pub(crate) fn customers(differs: &Value) -> flows::settings::Customers {
    let mut settings = json!({
        "enabled": true,
        "system_of_record": "acumatica",
        "default": {
            "groups": [
                {"group_id": 1, "customer_class": "WEB"},
                {"group_id": 2, "customer_class": "WEB", "price_class": "WHOLESALE"}
            ],
            "accounts": {"classes": ["WEB"], "store_view": "default", "website_id": 1}
        }
    });
    for (name, value) in differs.as_object().into_iter().flatten() {
        settings[name] = value.clone();
    }
    serde_json::from_value(settings).expect("good settings")
}

/// An account with one address, default for bills and parcels.
pub(crate) fn ada() -> CustomerDraft {
    CustomerDraft::new("ada@example.com", "Ada", "Byron").address(Address::us("Ada", "Byron"))
}

/// A text at a pointer.
pub(crate) fn text<'v>(document: &'v Value, pointer: &str) -> &'v str {
    document.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

//! An order, and its plan made again and again.

use std::hint::black_box;
use std::time::Instant;

use flows::orders::facts::{Customer, Facts};
use flows::orders::plan::plan;
use flows::settings::{Settings, parse};
use magento::model::order::Order;
use simulators::magento::{Config, Magento, OrderDraft, Payment};
use store::record::Fingerprint;

/// Batches of which the best counts, and how long one takes at least.
const BATCHES: u32 = 7;
const NANOSECONDS: u64 = 200_000_000;

/// An order with the settings that it is planned by.
pub(crate) struct Bench {
    order: Order,
    settings: Settings,
}

impl Bench {
    /// An order of so many lines, all of them taxed and discounted, paid by card.
    pub(crate) fn new(lines: u32) -> Self {
        let mut draft = OrderDraft::registered(7, "jordan@example.com").shipping("ups_03", "11.90");
        for n in 1..=lines {
            draft = draft.simple(&format!("SKU-{n}"), n % 5 + 1, "19.99");
        }
        let (method, transaction) = ("braintree".to_owned(), "4x7k2m".to_owned());
        let draft = draft
            .discount_percent("12.5")
            .tax("US-MI-*-Rate 1", "6")
            .shipping_tax("US-MI-*-Rate 1", "6")
            .payment(Payment::Captured { method, transaction });
        let mut shop = Magento::new(Config::shop());
        let id = shop.place("2026-03-02T17:30:00Z".parse().expect("an instant"), &draft);
        let document = shop.order(id).cloned().expect("the order was just placed");
        let settings = include_bytes!("../../../infra/local/sample/settings.json");
        Self {
            order: Order::read(document).expect("the simulated shop's orders can be read"),
            settings: parse(settings, true).expect("the sample settings are settings"),
        }
    }

    /// Plans it so many times.
    pub(crate) fn plan(&self, times: u32) {
        let (customer, fingerprint) = (Customer::Known("C000001".to_owned()), Fingerprint(String::new()));
        let facts = Facts {
            link: "bench001",
            settings: &self.settings,
            order: &self.order,
            customer: &customer,
            bound: None,
            fingerprint: &fingerprint,
            items: None,
            written: None,
        };
        for _ in 0..times {
            let plan = plan(black_box(&facts));
            assert_eq!(plan.word(), "create", "{:?}", plan.finding());
            black_box(plan);
        }
    }

    /// The time of one plan, in the best of several batches.
    pub(crate) fn nanoseconds(&self) -> u64 {
        let mut times = 1;
        while self.batch(times) < NANOSECONDS {
            times *= 2;
        }
        let best = (0..BATCHES).map(|_| self.batch(times)).min().unwrap_or_default();
        best / u64::from(times)
    }

    fn batch(&self, times: u32) -> u64 {
        let started = Instant::now();
        self.plan(times);
        u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

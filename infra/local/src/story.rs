//! A day of commerce: orders that go through, one that waits for a mapping, one that waits for an item; and then the customers (`customers.rs`).
//!
//! Everything goes the way it goes in production: signed events to the HTTP API, an operator's requests to the admin function, a redrive
//! by SQS. What is known of an order comes from the sync log and from the two platforms, never from what this file did.

use std::collections::BTreeMap;

use flows::orders::plan::amounts::order_value;
use rust_decimal::Decimal;
use seams::clock::{Clock as _, System};
use serde_json::{Value, json};
use simulators::acumatica::Acumatica;
use simulators::fault::InProcess;
use simulators::magento::Magento;

use crate::report::{Calls, Customer, Order, Parked, Report};
use crate::shop::{self, Part, Placed, UNMAPPED_METHOD, UNMAPPED_SHIP_VIA};
use crate::stage::Stage;
use crate::wait::until;
use crate::{Problem, customers, events, seed};

/// Plays the story and says what happened.
///
/// # Errors
/// What did not happen within [`wait::PATIENCE`](crate::wait::PATIENCE), or what stood in the way.
pub async fn play(stage: &Stage) -> Result<Report, Problem> {
    let story = Story::begin(stage)?;
    story.deliver_all().await?;
    story.wait_for_the_good().await?;
    let parked = story.wait_for_the_parked().await?;
    story.mend_the_mapping().await?;
    let redriven = story.mend_the_item().await?;
    story.wait_for_silence().await?;
    let customers = customers::play(stage, story.shop, story.erp).await?;
    story.report(parked, redriven, customers).await
}

struct Story<'a> {
    stage: &'a Stage,
    shop: &'a InProcess<Magento>,
    erp: &'a InProcess<Acumatica>,
    placed: Vec<Placed>,
}

impl<'a> Story<'a> {
    /// Fills the shop with orders and the ERP with items.
    fn begin(stage: &'a Stage) -> Result<Self, Problem> {
        let (Some(shop), Some(erp)) = (&stage.platforms.shop, &stage.platforms.erp) else {
            return Err(Problem::new("the story is played between two simulated platforms"));
        };
        let placed = shop.with(|shop| shop::place(shop, System.now()));
        shop.with(|shop| erp.with(|erp| shop::stock(erp, shop)));
        Ok(Self { stage, shop, erp, placed })
    }

    /// Every order's event; the repeated one's three times at once.
    async fn deliver_all(&self) -> Result<(), Problem> {
        for order in &self.placed {
            match order.part {
                Part::Repeated => {
                    let (one, two, three) = tokio::join!(self.deliver(order), self.deliver(order), self.deliver(order));
                    one.and(two).and(three)?;
                    self.say(format!("order {} ({}), its event three times at once", order.number, order.title));
                }
                Part::Good | Part::Unmapped | Part::Missing => {
                    self.deliver(order).await?;
                    self.say(format!("order {} ({})", order.number, order.title));
                }
            }
        }
        Ok(())
    }

    async fn deliver(&self, order: &Placed) -> Result<(), Problem> {
        events::deliver(self.stage, order.id).await
    }

    async fn wait_for_the_good(&self) -> Result<(), Problem> {
        for order in self.placed.iter().filter(|order| matches!(order.part, Part::Good | Part::Repeated)) {
            self.applied(order).await?;
        }
        self.say("the good orders are in the ERP");
        Ok(())
    }

    /// The two others, as an operator sees them.
    async fn wait_for_the_parked(&self) -> Result<Vec<Parked>, Problem> {
        let expected: Vec<&Placed> =
            self.placed.iter().filter(|order| matches!(order.part, Part::Unmapped | Part::Missing)).collect();
        let parked = until("two orders are parked", async || {
            let mut parked = self.stage.admin().parked(&self.stage.link).await?;
            parked.sort_by(|one, other| one.magento.cmp(&other.magento));
            let all = expected.iter().all(|order| parked.iter().any(|parked| parked.magento == order.number));
            Ok(all.then_some(parked))
        });
        let parked = parked.await?;
        for order in &parked {
            self.say(format!("{} is parked: {} [{}]", order.magento, order.message, order.code));
        }
        Ok(parked)
    }

    /// The merchant maps the carrier; the sweep finds the order that waited for it.
    async fn mend_the_mapping(&self) -> Result<(), Problem> {
        let order = self.first(Part::Unmapped)?;
        self.erp.with(|erp| seed::add_ship_via(&mut erp.master, UNMAPPED_SHIP_VIA));
        let admin = self.stage.admin();
        let (mut settings, version) = admin.settings(&self.stage.link).await?;
        let rows = settings.pointer_mut("/orders/default/shipping_methods").and_then(Value::as_array_mut);
        let rows = rows.ok_or_else(|| Problem::new("the settings have no shipping methods"))?;
        rows.push(json!({"method": UNMAPPED_METHOD, "ship_via": UNMAPPED_SHIP_VIA, "terms": "ECOMMERCE"}));
        admin.replace_settings(&self.stage.link, &settings, version).await?;
        self.say(format!("mapped {UNMAPPED_METHOD} to {UNMAPPED_SHIP_VIA} in the settings"));
        // The schedule would do the same within a minute.
        self.stage.cloud.invoke("SweepFunctionName", &json!({})).await?;
        self.say("ran the sweep now instead of waiting for its minute");
        self.applied(order).await?;
        self.say(format!("{} was retried by itself and is in the ERP", order.number));
        Ok(())
    }

    /// SQS moves the message to the dead-letter queue; the item is created; SQS moves the message back.
    async fn mend_the_item(&self) -> Result<Vec<String>, Problem> {
        let order = self.first(Part::Missing)?;
        let dead = until("SQS moves the parked order's message to the dead-letter queue", async || {
            let (dead, waiting) = self.queues().await?;
            Ok((dead > 0 && waiting == 0).then_some(dead))
        });
        self.say(format!("SQS has moved {} messages to the dead-letter queue", dead.await?));
        self.erp.with(|erp| shop::add_item(erp, shop::MISSING_ITEM));
        self.say(format!("created the item {} in the ERP", shop::MISSING_ITEM));
        let parked = self.stage.admin().parked(&self.stage.link).await?;
        self.stage.admin().redrive().await?;
        self.say("started SQS's redrive of the dead-letter queue");
        self.applied(order).await?;
        self.say(format!("{} was redriven and is in the ERP", order.number));
        let left = self.stage.admin().parked(&self.stage.link).await?;
        let gone = |number: &String| !left.iter().any(|still| still.magento == *number);
        Ok(parked.into_iter().map(|parked| parked.magento).filter(gone).collect())
    }

    /// Duplicates may only be counted once nothing is on its way any more.
    async fn wait_for_silence(&self) -> Result<(), Problem> {
        let silent = until("the queue is empty", async || {
            let (dead, waiting) = self.queues().await?;
            Ok((dead + waiting == 0).then_some(()))
        });
        silent.await
    }

    /// Messages in the dead-letter queue and in the queue.
    async fn queues(&self) -> Result<(u64, u64), Problem> {
        let cloud = &self.stage.cloud;
        Ok((cloud.messages("OrdersDeadLetterQueueUrl").await?, cloud.messages("OrdersQueueUrl").await?))
    }

    /// Waits until the sync log says that the order is in the ERP.
    async fn applied(&self, order: &Placed) -> Result<(), Problem> {
        let found = until(format!("order {} is in the ERP", order.number), async || {
            let entries = self.stage.admin().log(&self.stage.link, &order.number).await?;
            Ok(entries.iter().any(|entry| entry["outcome"] == "applied").then_some(()))
        });
        found.await
    }

    async fn report(
        &self,
        parked: Vec<Parked>,
        redriven: Vec<String>,
        customers: Vec<Customer>,
    ) -> Result<Report, Problem> {
        let mut orders = Vec::new();
        for order in &self.placed {
            let entries = self.stage.admin().log(&self.stage.link, &order.number).await?;
            orders.push(self.both_sides(order, &entries)?);
        }
        let mut documents: BTreeMap<String, usize> = BTreeMap::new();
        for document in self.erp.with(|erp| erp.orders()) {
            *documents.entry(document.external_ref).or_default() += 1;
        }
        let duplicates = documents.values().map(|count| count - 1).sum();
        Ok(Report { orders, parked, redriven, duplicates, customers })
    }

    /// What the sync log says of an order, and what it is worth on both sides.
    fn both_sides(&self, order: &Placed, entries: &[Value]) -> Result<Order, Problem> {
        let lost = |what: &str| Problem::new(format!("{what} of order {} is nowhere to be found", order.number));
        let changed =
            entries.iter().filter(|entry| entry["outcome"] != "unchanged").max_by_key(|entry| text(entry, "time"));
        let changed = changed.ok_or_else(|| lost("the sync log"))?;
        let target = text(changed, "target");
        let nbr = target.rsplit('/').next().unwrap_or_default();
        let document = self.erp.with(|erp| erp.orders()).into_iter().find(|document| document.nbr == nbr);
        let source = self.shop.with(|shop| shop.order(order.id).cloned()).ok_or_else(|| lost("the document"))?;
        let source: magento::model::order::Order =
            serde_json::from_value(source).map_err(Problem::of("an order of the shop"))?;
        let calls = |field: &str| entries.iter().filter_map(|entry| entry[field].as_u64()).sum();
        Ok(Order {
            magento: order.number.clone(),
            acumatica: nbr.to_owned(),
            magento_total: cents(order_value(&source)),
            acumatica_total: cents(document.ok_or_else(|| lost("the sales order"))?.total),
            outcome: text(changed, "outcome"),
            attempts: entries.len(),
            calls: Calls { magento: calls("magento_calls"), acumatica: calls("acumatica_calls") },
            title: order.title,
        })
    }

    fn first(&self, part: Part) -> Result<&Placed, Problem> {
        let missing = || Problem::new(format!("the shop has no order that is {part:?}"));
        self.placed.iter().find(|order| order.part == part).ok_or_else(missing)
    }

    fn say(&self, text: impl AsRef<str>) {
        self.stage.progress.say(text);
    }
}

fn text(entry: &Value, field: &str) -> String {
    entry[field].as_str().unwrap_or_default().to_owned()
}

/// Two decimals, as money is written.
fn cents(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    amount.rescale(amount.scale().max(2));
    amount.to_string()
}

//! Planned orders, written to the simulated ERP: what it adds up by itself is what Magento says.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use bytes::Bytes;
use flows::orders::plan::check::check;
use flows::plan::{Plan, Step, StepKey};
use flows::settings::Settings;
use jiff::Timestamp;
use proptest::prelude::*;
use rust_decimal::Decimal;
use seams::http::Request;
use serde_json::{Value, json};
use simulators::Platform;
use simulators::acumatica::{
    Acumatica, Config, CustomerClass, FreightBasis, Item, OrderType, PaymentMethod, ShipVia, TaxZone,
};
use simulators::magento::OrderDraft;

use super::property::orders::{Case, any_order};
use super::property::seeded;
use super::property::settings::{SETTINGS, map_everything};
use super::{PLACED, body, document, edited, mugs, number, planned_by, settings};

/// A tenant with what the sample settings refer to, and a token for it.
#[derive(Clone)]
pub(super) struct Tenant {
    pub(super) erp: Acumatica,
    token: String,
}

fn now() -> Timestamp {
    PLACED.parse().expect("an instant")
}

/// Every text that the settings have under one of these names.
fn named(value: &Value, names: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(text) if names.contains(&name.as_str()) => drop(found.insert(text.to_owned())),
                    _ => named(value, names, found),
                }
            }
        }
        Value::Array(rows) => rows.iter().for_each(|row| named(row, names, found)),
        _ => {}
    }
}

impl Tenant {
    /// `zone` makes a tax zone of its taxes; every item is taxable, as is freight where the settings name its category.
    fn new(config: Config, zone: impl Fn(BTreeSet<String>) -> TaxZone) -> Self {
        Self::of(&super::sample(), config, zone)
    }

    /// For these settings.
    fn of(settings: &Value, config: Config, zone: impl Fn(BTreeSet<String>) -> TaxZone) -> Self {
        let all = |names: &[&str]| {
            let mut found = BTreeSet::new();
            named(settings, names, &mut found);
            found
        };
        let mut erp = Acumatica::new(config);
        let master = &mut erp.master;
        let taxes = all(&["tax_id"]);
        let accounts = all(&["cash_account"]);
        let currency = |account: &String| {
            let code = match account.as_str() {
                "10500" | "10810" => "EUR",
                "10600" => "JPY",
                "10700" => "KWD",
                _ => "USD",
            };
            code.to_owned()
        };
        master.taxes = taxes.iter().map(|id| (id.clone(), Decimal::TEN)).collect();
        master.tax_categories = [("TAXABLE".to_owned(), taxes.clone())].into();
        master.tax_zones = all(&["zone"]).into_iter().map(|id| (id, zone(taxes.clone()))).collect();
        master.ship_vias = all(&["ship_via"]).into_iter().map(|id| (id, ShipVia::default())).collect();
        master.shipping_terms = [("ECOMMERCE".to_owned(), FreightBasis::SalesOrder.into())].into();
        master.terms = [("30D".to_owned(), false)].into();
        master.branches = all(&["branch"]);
        master.warehouses = all(&["warehouse"]);
        master.cash_accounts = accounts.iter().map(|account| (account.clone(), currency(account))).collect();
        let cash_accounts: Vec<String> = accounts.into_iter().collect();
        let method = |id: String| {
            let cash_accounts = cash_accounts.clone();
            (id, PaymentMethod { description: String::new(), active: true, cash_accounts, ..PaymentMethod::default() })
        };
        master.payment_methods = all(&["payment_method"]).into_iter().map(method).collect();
        master.currencies.insert("KWD".to_owned(), 3);
        let class = CustomerClass { currency: "USD".into(), currency_override: true, ..CustomerClass::default() };
        master.customer_classes = [("WEB".to_owned(), class)].into();
        let parts = (1..4).map(|n| format!("PART-{n}"));
        let goods = (0..5).map(|n| format!("SKU-{n}")).chain(parts).chain(["MUG", "ENGRAVING"].map(str::to_owned));
        for sku in goods.chain(all(&["inventory_id"])) {
            erp.add_item(&sku, Item { tax_category: Some("TAXABLE".into()), ..Item::default() });
        }
        let id = erp.config.client_id().replace('@', "%40");
        let form = format!(
            "grant_type=password&client_id={id}&client_secret=connected-application-secret&username=connector\
             &password=connector-password&scope=api"
        );
        let request = http::Request::post("http://erp/Causeway/identity/connect/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form))
            .expect("a request");
        let granted: Value = serde_json::from_slice(erp.receive(now(), &request).0.body()).expect("JSON");
        let token = granted["access_token"].as_str().unwrap_or_else(|| panic!("{granted}")).to_owned();
        Self { erp, token }
    }

    /// Sends a step as it was planned, but for what an earlier receipt supplies.
    fn put(&mut self, step: &Step, customer: &Value) -> (Value, Value) {
        let mut sent = step.body().clone();
        for fill in &step.fills {
            *sent.pointer_mut(fill.pointer).expect("a place") = customer[fill.field]["value"].clone();
        }
        let query: Vec<String> = step.query().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let uri = format!("http://erp/Causeway/entity/Default/24.200.001/{}?{}", step.entity(), query.join("&"));
        let mut request = http::Request::put(uri).header("authorization", format!("Bearer {}", self.token));
        for (name, value) in step.headers() {
            request = request.header(name, value);
        }
        let request: Request = request.body(Bytes::from(sent.to_string())).expect("a request");
        let (answer, _) = self.erp.receive(now(), &request);
        let receipt: Value = serde_json::from_slice(answer.body()).expect("JSON");
        assert_eq!(answer.status(), 200, "{sent}\n{receipt}");
        (sent, receipt)
    }

    /// Runs a plan; the sales order as it was sent, and its receipt.
    pub(super) fn run(&mut self, plan: &Plan) -> (Value, Value) {
        let mut last = (Value::Null, Value::Null);
        for step in &plan.work().unwrap_or_else(|| panic!("{:?}", plan.finding())).steps {
            last = self.put(step, &last.1);
        }
        last
    }
}

pub(super) fn external() -> Tenant {
    external_with(Config::default())
}

pub(super) fn external_with(config: Config) -> Tenant {
    Tenant::new(config, |taxes| TaxZone::External { taxes })
}

/// An internal zone that keeps imported taxes; order types require the control total.
fn internal() -> Tenant {
    let strict = OrderType { require_control_total: true, ..OrderType::default() };
    let config =
        Config { keep_tax_details: true, order_types: [("SO".to_owned(), strict)].into(), ..Config::default() };
    Tenant::new(config, |taxes| TaxZone::Internal { taxes })
}

/// Premium freight, no control total; and overridden freight with a control total.
static TWO: LazyLock<[(Tenant, Settings); 2]> = LazyLock::new(|| {
    let strict = settings(|document| {
        document["orders"]["default"]["control_total"] = json!("required");
        document["orders"]["default"]["freight"] = json!({"mode": "override", "tax_category": "TAXABLE"});
    });
    [(external(), settings(|_| {})), (internal(), strict)]
});

/// For each of the property test's settings a tenant that fits it.
static TENANTS: LazyLock<Vec<Tenant>> = LazyLock::new(|| {
    SETTINGS
        .iter()
        .enumerate()
        .map(|(n, planned)| {
            let strict = OrderType { require_control_total: planned.split, ..OrderType::default() };
            let config = Config {
                keep_tax_details: true,
                // Where lines are split, no amount but quantity times price is believed.
                extended_price_wins: !planned.split,
                order_types: [("SO".to_owned(), strict)].into(),
                ..Config::default()
            };
            let mut document = super::sample();
            map_everything(&mut document, planned.fee_mapped);
            let zone = |taxes| if n % 2 == 0 { TaxZone::External { taxes } } else { TaxZone::Internal { taxes } };
            Tenant::of(&document, config, zone)
        })
        .collect()
});

/// What the ERP adds up by itself of a planned order is what Magento says.
fn erp_agrees(case: &Case) -> Result<(), TestCaseError> {
    let (document, planned) = (case.document(), &SETTINGS[case.settings]);
    let plan = planned_by(&document, &planned.settings);
    // What the ERP calculates by itself, slices and payments of their own have their own tests.
    let Plan::Create(work) = &plan else { return Ok(()) };
    let at_once = [StepKey::CustomerCreate, StepKey::OrderCreate];
    if planned.recalculated || work.steps.iter().any(|step| !at_once.contains(&step.key)) {
        return Ok(());
    }
    let total = plan.work().and_then(|work| work.amounts.as_ref()).map(|amounts| amounts.magento);
    let mut tenant = TENANTS[case.settings].clone();
    let (sent, receipt) = tenant.run(&plan);
    let checked = check("000000001", total, Some(&sent), &receipt).expect("a receipt");
    prop_assert_eq!(&checked.finding, &None);
    prop_assert_eq!(Some(checked.total), total);
    let written = tenant.erp.orders().pop().expect("an order");
    prop_assert_eq!((Some(written.total), written.status.as_str()), (total, "Open"));
    prop_assert!(written.payments.iter().all(|payment| !payment.charges_card));
    let applied: Decimal = written.payments.iter().map(|payment| payment.applied).sum();
    prop_assert_eq!(written.unpaid, written.total - applied);
    Ok(())
}

proptest! {
    #![proptest_config(seeded(4_000, 11))]

    #[test]
    fn the_erp_adds_up_what_magento_says(case in any_order()) {
        erp_agrees(&case)?;
    }
}

/// A judged receipt: code, and whether the order is open and must be put on hold.
fn judged(tenant: &mut Tenant, draft: &OrderDraft) -> (String, bool) {
    judged_by(tenant, draft, &settings(|_| {}))
}

fn judged_by(tenant: &mut Tenant, draft: &OrderDraft, settings: &Settings) -> (String, bool) {
    let plan = planned_by(&document(draft), settings);
    let total = plan.work().and_then(|work| work.amounts.as_ref()).map(|amounts| amounts.magento);
    let (sent, receipt) = tenant.run(&plan);
    let checked = check("000000001", total, Some(&sent), &receipt).expect("a receipt");
    let finding = checked.finding.map(|finding| finding.message).unwrap_or_default();
    (finding, checked.must_hold)
}

#[test]
fn what_a_tenant_changes_is_found_in_its_receipt() {
    let taxed = mugs().tax("US-MI-*-Rate 1", "6");
    let mut tenant = external();
    assert_eq!(judged(&mut tenant, &taxed), (String::new(), false));

    // An internal zone that drops imported taxes while calculation is disabled.
    let mut tenant = internal();
    tenant.erp.config.keep_tax_details = false;
    tenant.erp.config.order_types.insert("SO".into(), OrderType::default());
    let lost = "Order 000000001 is worth 30.44 in Magento and 29.00 in Acumatica (SO/000001), a difference of 1.44; the order is on hold. \
                Tax was sent as 1.44 and is 0.00.";
    assert_eq!(judged(&mut tenant, &taxed), (lost.into(), true));

    // An order type that calculates freight on top of the premium.
    let mut tenant = external();
    let calculating = OrderType { calculate_freight: true, ..OrderType::default() };
    tenant.erp.config.order_types.insert("SO".into(), calculating);
    let seven = ShipVia { freight: Decimal::from(7), ..ShipVia::default() };
    tenant.erp.master.ship_vias.insert("FLATRATE".into(), seven);
    let more = "Order 000000001 is worth 30.44 in Magento and 37.44 in Acumatica (SO/000001), a difference of -7.00; the order is on hold. \
                The ERP calculated freight of 7.00.";
    assert_eq!(judged(&mut tenant, &taxed), (more.into(), true));

    // Shipping terms that take the freight price from the shipment, not from the order.
    let overriding = settings(|document| document["orders"]["default"]["freight"] = json!({"mode": "override"}));
    let mut tenant = external();
    tenant.erp.master.shipping_terms.insert("ECOMMERCE".into(), FreightBasis::Shipment.into());
    let less = "Order 000000001 is worth 30.44 in Magento and 25.44 in Acumatica (SO/000001), a difference of 5.00; the order is on hold. \
                Freight was sent as 5.00 and is 0.00.";
    assert_eq!(judged_by(&mut tenant, &taxed, &overriding), (less.into(), true));

    // A customer who may only be sold to in dollars.
    let mut tenant = external();
    tenant.erp.master.customer_classes.values_mut().for_each(|class| class.currency_override = false);
    let currency = "Acumatica did not take over `CurrencyID` of order 000000001 (SO/000001); the order is on hold.";
    let (finding, must_hold) = judged(&mut tenant, &mugs().store(2));
    assert_eq!((finding.replace("2000000001", "000000001"), must_hold), (currency.into(), true));
}

/// Whoever decides the tax: what the ERP comes to is Magento's value, or the order is on hold and both taxes are named.
#[test]
fn tax_that_acumatica_calculates_is_held_against_magentos() {
    // The tenant's taxes are 10 % each, on goods and freight.
    let taxed = |percent: &str| mugs().tax("US-MI-*-Rate 1", percent).shipping_tax("US-MI-*-Rate 1", percent);
    for (control_total, percent, part) in [
        ("not_required", "10", None),
        ("not_required", "8", Some("Magento charged tax of 2.32 and Acumatica calculated 2.90.")),
    ] {
        let settings = settings(|document| {
            let default = &mut document["orders"]["default"];
            default["taxes"]["mode"] = json!("recalculated");
            default["freight"]["tax_category"] = json!("MI");
            default["control_total"] = json!(control_total);
        });
        let mut tenant = internal();
        tenant.erp.config.order_types.insert("SO".into(), OrderType::default());
        let only_one: BTreeSet<String> = ["MISALES".to_owned()].into();
        tenant.erp.master.tax_categories =
            [("TAXABLE".to_owned(), only_one.clone()), ("MI".to_owned(), only_one)].into();
        let plan = planned_by(&document(&taxed(percent)), &settings);
        let total = plan.work().and_then(|work| work.amounts.as_ref()).map(|amounts| amounts.magento);
        let (sent, receipt) = tenant.run(&plan);
        let checked = check("000000001", total, Some(&sent), &receipt).expect("a receipt");
        let said = checked.finding.map(|finding| finding.message);
        assert_eq!(said.as_deref().and_then(|said| said.split_once("on hold. ")).map(|(_, part)| part), part);
        assert_eq!(checked.must_hold, part.is_some());
    }
}

/// Where internal zones drop imported taxes while calculation is disabled, leaving it on keeps them.
#[test]
fn imported_taxes_survive_in_one_position_of_the_switch_at_least() {
    for (keeps, disable, tax) in
        [(true, true, "1.44"), (true, false, "1.44"), (false, true, "0.00"), (false, false, "1.44")]
    {
        let settings = settings(|document| {
            document["orders"]["default"]["taxes"]["disable_calculation"] = json!(disable);
        });
        let mut tenant = internal();
        tenant.erp.config.keep_tax_details = keeps;
        tenant.erp.config.order_types.insert("SO".into(), OrderType::default());
        let (_, receipt) = tenant.run(&planned_by(&document(&mugs().tax("US-MI-*-Rate 1", "6")), &settings));
        let echoed = super::decimal(&super::at(&receipt, "/TaxTotal"));
        assert_eq!(echoed, super::decimal(tax), "keeps {keeps}, disabled {disable}");
    }
}

#[test]
fn every_tender_is_applied_and_the_rest_is_open() {
    let settings = settings(|document| {
        let to = |method: &str| json!({"payment_method": method, "cash_account": "10300"});
        document["orders"]["default"]["tenders"] =
            json!({"gift_card": to("GIFTCARD"), "store_credit": to("CREDIT"), "reward_points": to("POINTS")});
    });
    let mut tenant = external();
    for id in ["GIFTCARD", "CREDIT", "POINTS"] {
        let method = PaymentMethod {
            cash_accounts: vec!["10300".into()],
            ..tenant.erp.master.payment_methods["WEBCARD"].clone()
        };
        tenant.erp.master.payment_methods.insert(id.into(), method);
    }
    let plan = planned_by(&document(&mugs().gift_card("GC-SECRET", "7.50").store_credit("4")), &settings);
    let (sent, receipt) = tenant.run(&plan);
    let checked = check("000000001", Some(Decimal::from(29)), Some(&sent), &receipt).expect("a receipt");
    assert_eq!(checked.finding, None);
    let written = tenant.erp.orders().pop().expect("an order");
    // 29.00 − 7.50 − 4.00.
    assert_eq!((written.payments.len(), written.unpaid), (2, Decimal::new(175, 1)));
}

#[test]
fn what_does_not_add_up_is_saved_on_hold() {
    let surcharge = edited(&mugs(), &[("/base_grand_total", number("31"))]);
    for (tenant, settings) in TWO.iter() {
        let plan = planned_by(&surcharge, settings);
        assert_eq!(plan.word(), "hold");
        let mut tenant = tenant.clone();
        let (sent, receipt) = tenant.run(&plan);
        let written = tenant.erp.orders().pop().expect("an order");
        assert_eq!((written.status.as_str(), written.total), ("On Hold", Decimal::from(29)));
        let total = Some(Decimal::from(31));
        let checked = check("000000001", total, Some(&sent), &receipt).expect("a receipt");
        assert_eq!(checked.finding.map(|finding| finding.code), Some("orders.held.total_differs"));
        assert!(!checked.must_hold, "it is on hold");
    }
}

/// The order's own address starts as the customer's: what the shopper left empty must not stay theirs.
#[test]
fn another_address_of_the_customer_leaves_nothing_behind() {
    let mut tenant = external();
    let at_home = simulators::magento::Address::us("Jordan", "Sample").street(&["1 A St", "Suite 2"]);
    tenant.run(&planned_by(&document(&mugs().billing(at_home)), &settings(|_| {})));
    let customer = flows::orders::facts::Customer::Known("C000001".into());
    let abroad = document(&mugs().numbered("000000002").ship_to(simulators::magento::Address::fr("Zoé", "Exemple")));
    let plan = super::planned_for(&abroad, &settings(|_| {}), &customer);
    let (sent, receipt) = tenant.run(&plan);
    assert_eq!(super::at(&receipt, "/ShipToAddress/AddressLine1"), "1 Rue Exemple");
    for field in ["AddressLine2", "State"] {
        assert_eq!(super::at(&receipt, &format!("/ShipToAddress/{field}")), "", "{field}");
    }
    let checked = check("000000002", Some(Decimal::from(29)), Some(&sent), &receipt).expect("a receipt");
    assert_eq!(checked.finding, None);
    assert_eq!(body(&plan, StepKey::OrderCreate)["CustomerID"], json!({"value": "C000001"}));
}

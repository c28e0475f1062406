//! Two simulated platforms that fit a settings document: whatever the settings name exists on the other side.

mod customers;

use std::collections::{BTreeMap, BTreeSet};

use flows::settings::{ControlTotal, MagentoAuth, Numbering, Scope, Settings, Store};
use rust_decimal::Decimal;
use simulators::acumatica::{
    Acumatica, Config as ErpConfig, CustomerClass, FreightBasis, Item, Master, OrderType, PaymentMethod, ShipVia,
    TaxZone,
};
use simulators::magento::{Config as ShopConfig, Magento, StoreGroup, StoreView, Website};

/// An empty shop with the settings' store views.
pub(crate) fn shop(settings: &Settings) -> Magento {
    let mut config = ShopConfig::shop();
    if settings.magento.auth == MagentoAuth::Bearer {
        config = config.allow_integration_bearer();
    }
    let mut codes: Vec<&str> = Vec::new();
    for store in &settings.stores {
        if !codes.contains(&store.website.as_str()) {
            codes.push(&store.website);
        }
    }
    let numbered = || (1u32..).zip(&codes);
    let views_of = |code: &str| settings.stores.iter().filter(move |store| store.website == code).collect::<Vec<_>>();
    let first_view = |code: &str| views_of(code).first().map_or(1, |store| id(store));
    config.websites = numbered()
        .map(|(id, code)| Website { id, code: (*code).to_owned(), name: named(code), default_group_id: id })
        .collect();
    config.store_groups = numbered()
        .map(|(id, code)| StoreGroup {
            id,
            website_id: id,
            root_category_id: 2,
            default_store_id: first_view(code),
            name: format!("{} Store", named(code)),
            code: format!("{code}_store"),
        })
        .collect();
    config.store_views = numbered()
        .flat_map(|(website, code)| views_of(code).into_iter().map(move |store| view(website, store)))
        .collect();
    customers::put_into_shop(&mut config, &settings.customers);
    Magento::new(config)
}

/// A website's name as its code would be written by hand: `eu` is `Eu Website`.
fn named(code: &str) -> String {
    let mut letters = code.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    format!("{}{} Website", first.map(String::from).unwrap_or_default(), letters.as_str())
}

fn id(store: &Store) -> u32 {
    u32::try_from(store.store_id).unwrap_or(u32::MAX)
}

fn view(website: u32, store: &Store) -> StoreView {
    let name = format!("{} View", store.code);
    StoreView {
        website_id: website,
        store_group_id: website,
        timezone: store.time_zone.clone(),
        ..StoreView::new(id(store), &store.code, &name, &store.currency)
    }
}

/// A tenant without customers and orders, with the settings' master data, at the path that the settings' address has.
pub(crate) fn erp(settings: &Settings) -> Acumatica {
    let path = settings.acumatica.base_url.split_once("://").map_or("", |(_, rest)| rest);
    let mut config = ErpConfig {
        instance: path.split_once('/').map(|(_, path)| format!("/{path}")).unwrap_or_default(),
        endpoint: settings.acumatica.endpoint.clone(),
        version: settings.acumatica.endpoint_version.clone(),
        order_types: BTreeMap::new(),
        ..ErpConfig::default()
    };
    if let Some(push) = &settings.acumatica.push {
        config.push.header.0.clone_from(&push.header);
        config.tenant = push.company.clone().unwrap_or(config.tenant);
    }
    let wide = &settings.orders.default;
    for scope in settings.orders.scopes() {
        let order_type = scope.order_type.as_ref().or(wide.order_type.as_ref());
        let manual = scope.numbering.or(wide.numbering) == Some(Numbering::Manual);
        let required = scope.control_total.or(wide.control_total) == Some(ControlTotal::Required);
        if let Some(name) = order_type {
            let order_type =
                OrderType { manual_numbering: manual, require_control_total: required, ..OrderType::default() };
            config.order_types.insert(name.clone(), order_type);
        }
    }
    let mut tenant = Acumatica::new(config);
    tenant.master = master(settings);
    customers::put_into_erp(&mut tenant.master, settings);
    for (id, item) in items(settings) {
        tenant.add_item(&id, Item { warehouses: tenant.master.warehouses.iter().cloned().collect(), ..item });
    }
    tenant
}

/// The items that the settings name: those with units of their own, and non-stock items for amounts and options.
fn items(settings: &Settings) -> BTreeMap<String, Item> {
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    for scope in settings.orders.scopes() {
        for row in &scope.units {
            let Some(id) = row.inventory_id.as_ref().or(row.sku.as_ref()).filter(|id| !id.contains('*')) else {
                continue;
            };
            let item = items.entry(id.clone()).or_insert_with(|| item(id, true));
            // The base unit is taken to be Magento's piece.
            let pieces = row.quantity.filter(|quantity| !quantity.is_zero()).unwrap_or(Decimal::ONE);
            item.other_uoms.insert(row.uom.clone(), (Decimal::ONE / pieces).round_dp(6));
        }
        let extra = scope.extra_items.clone().unwrap_or_default();
        let extra =
            [extra.gift_card, extra.gift_wrap, extra.printed_card, extra.fixed_product_tax].into_iter().flatten();
        let named = (extra.map(|item| item.inventory_id))
            .chain(scope.extra_amounts.iter().map(|row| row.inventory_id.clone()))
            .chain(scope.option_items.iter().map(|row| row.inventory_id.clone()));
        for id in named {
            let item = item(&id, false);
            items.entry(id).or_insert(item);
        }
    }
    items
}

fn item(id: &str, stock: bool) -> Item {
    Item { description: format!("Item {id}"), tax_category: Some("TAXABLE".to_owned()), stock, ..Item::default() }
}

fn master(settings: &Settings) -> Master {
    let sample = Master::sample();
    let mut master = Master {
        items: BTreeMap::new(),
        ship_vias: BTreeMap::new(),
        payment_methods: BTreeMap::new(),
        cash_accounts: BTreeMap::new(),
        taxes: BTreeMap::new(),
        tax_categories: BTreeMap::new(),
        tax_zones: BTreeMap::new(),
        customer_classes: BTreeMap::new(),
        shipping_terms: BTreeMap::new(),
        warehouses: BTreeSet::new(),
        branches: BTreeSet::new(),
        ..sample
    };
    let currency = |website: Option<&String>| {
        let store = settings.stores.iter().find(|store| website.is_none_or(|code| store.website == *code));
        store.map_or_else(|| "USD".to_owned(), |store| store.currency.clone())
    };
    let orders = &settings.orders;
    put(&mut master, &orders.default, &currency(None));
    for (code, scope) in &orders.websites {
        put(&mut master, scope, &currency(Some(code)));
    }
    for (code, scope) in &orders.store_views {
        let website = settings.stores.iter().find(|store| store.code == *code).map(|store| &store.website);
        put(&mut master, scope, &currency(website));
    }
    for channel in &orders.channels {
        put(&mut master, &channel.settings, &currency(None));
    }
    // A rule of taxes needs a category that lists them; imported taxes ask only for the tax itself.
    master.tax_categories.insert("TAXABLE".to_owned(), master.taxes.keys().cloned().collect());
    master
}

/// Everything one scope names.
fn put(master: &mut Master, scope: &Scope, currency: &str) {
    master.branches.extend(scope.branch.clone());
    master.warehouses.extend(scope.warehouse.clone());
    if let Some(class) = &scope.customer_class {
        add_class(master, class, currency);
    }
    let taxes: BTreeSet<String> = scope.tax_ids.iter().map(|row| row.tax_id.clone()).collect();
    // The rate is only used where the ERP calculates; taxes of an external zone are taken as sent.
    master.taxes.extend(taxes.iter().map(|tax| (tax.clone(), Decimal::ZERO)));
    let by_row = scope.tax_zones.iter().map(|row| &row.zone);
    for zone in scope.taxes.iter().map(|taxes| &taxes.zone).chain(by_row) {
        master.tax_zones.insert(zone.clone(), TaxZone::External { taxes: taxes.clone() });
    }
    for row in &scope.shipping_methods {
        add_ship_via(master, &row.ship_via);
        master.shipping_terms.extend(row.terms.clone().map(|terms| (terms, FreightBasis::SalesOrder.into())));
    }
    for row in &scope.payment_methods {
        master.terms.extend(row.terms.clone().map(|terms| (terms, false)));
        if let Some(receive) = &row.receive {
            add_method(master, (&receive.payment_method, &receive.cash_account), currency, None);
        }
        if let Some(shared) = &row.authorised {
            add_method(
                master,
                (&shared.payment_method, &shared.cash_account),
                currency,
                Some(&shared.processing_center),
            );
        }
    }
    let tenders = scope.tenders.clone().unwrap_or_default();
    for receive in [tenders.gift_card, tenders.store_credit, tenders.reward_points].into_iter().flatten() {
        add_method(master, (&receive.payment_method, &receive.cash_account), currency, None);
    }
}

/// A customer class of shoppers.
fn add_class(master: &mut Master, class: &str, currency: &str) {
    let class_of = CustomerClass {
        description: "Web shop customers".to_owned(),
        currency: currency.to_owned(),
        currency_override: true,
        statement_cycle: Some("MONTHLY".to_owned()),
        country: Some("US".to_owned()),
        ..CustomerClass::default()
    };
    master.customer_classes.entry(class.to_owned()).or_insert(class_of);
}

/// A payment method and one of its cash accounts; with a processing centre, Acumatica itself processes its cards.
fn add_method(master: &mut Master, named: (&String, &String), currency: &str, center: Option<&String>) {
    let (method, account) = named;
    master.cash_accounts.entry(account.clone()).or_insert_with(|| currency.to_owned());
    let method = master.payment_methods.entry(method.clone()).or_insert_with(|| PaymentMethod {
        description: method.clone(),
        active: true,
        cash_accounts: Vec::new(),
        integrated: center.is_some(),
        processing_centers: Vec::new(),
    });
    if !method.cash_accounts.contains(account) {
        method.cash_accounts.push(account.clone());
    }
    method.processing_centers.extend(center.filter(|center| !method.processing_centers.contains(center)).cloned());
}

/// A ship via code as a user adds it.
pub(crate) fn add_ship_via(master: &mut Master, code: &str) {
    let via = ShipVia {
        description: code.to_owned(),
        freight: Decimal::ZERO,
        tax_category: Some("TAXABLE".to_owned()),
        ..ShipVia::default()
    };
    master.ship_vias.entry(code.to_owned()).or_insert(via);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_there() {
        let settings = crate::plan::parse("sample", crate::SAMPLE_SETTINGS.as_bytes()).unwrap();
        let tenant = erp(&settings);
        assert_eq!(tenant.config.endpoint_path(), "/Company/entity/Default/24.200.001");
        assert_eq!(tenant.master.payment_methods["WEBCARD"].cash_accounts, ["10300", "10500"]);
        assert_eq!(tenant.master.cash_accounts["10300"], "USD");
        assert_eq!(tenant.master.cash_accounts["10500"], "EUR");
        assert!(tenant.master.ship_vias.contains_key("DHLEUROPE"));
        assert_eq!(tenant.master.terms.get("30D"), Some(&false));
        let eu = BTreeSet::from(["ATVAT20", "DEVAT19", "DEVAT7"].map(String::from));
        assert_eq!(tenant.master.tax_zones["EU"], TaxZone::External { taxes: eu });
        assert!(tenant.master.tax_zones.contains_key("EXPORT"));
        assert_eq!(tenant.master.payment_methods["GIFTCARD"].cash_accounts, ["24100", "24200"]);
        assert_eq!(tenant.master.cash_accounts["24200"], "EUR");
        let item = |id: &str| &tenant.master.items[id];
        assert!(item("BEANS").other_uoms.keys().eq(["CASE", "KG"]));
        assert_eq!((item("BEANS").stock, item("GIFTWRAP").stock), (true, false));
        let attributes: Vec<&str> =
            tenant.master.customer_classes["WEBEU"].attributes.iter().map(|attribute| attribute.id.as_str()).collect();
        assert_eq!(attributes, ["BIRTHDAY", "INDUSTRY", "LOYALTYNBR", "NEWSLETTER"]);
        assert_eq!(tenant.master.customer_classes["WEBEU"].currency, "EUR");
        assert!(tenant.master.price_classes.contains_key("WHOLESALE"));
        assert_eq!(tenant.config.push.header.0, "x-causeway-secret");
        let mut shop = shop(&settings);
        assert!(shop.config().customer_groups.iter().any(|group| group.id == 4));
        let own: Vec<&str> =
            shop.config().customer_attributes.iter().map(|attribute| attribute.code.as_str()).collect();
        assert_eq!(own, ["loyalty_number", "industry", "credit_terms", "tax_exempt_number"]);
        let views: Vec<(u32, u32)> = shop.config().store_views.iter().map(|view| (view.id, view.website_id)).collect();
        assert_eq!(views, [(1, 1), (3, 1), (2, 2)]);
        assert_eq!(shop.config().websites[1].name, "Eu Website");
    }
}

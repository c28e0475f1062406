//! What a shop is configured to be.

use std::collections::BTreeSet;

use super::customers::{CustomerAttribute, CustomerGroup};
use super::directory::Country;

/// Every ACL resource at once, as an integration with "Resource Access: All" has.
pub const ALL_RESOURCES: &str = "Magento_Backend::all";

/// A shop: who may call it, its stores, and the switches in which real shops differ.
#[derive(Clone, Debug)]
pub struct Config {
    /// Integrations, each with the four values an administrator copies.
    pub integrations: Vec<Integration>,
    /// Admin tokens, as issued by the token routes.
    pub admin_tokens: Vec<AdminToken>,
    /// `oauth/consumer/enable_integration_as_bearer`: off by default since Magento 2.4.4.
    pub integration_token_as_bearer: bool,
    /// Old versions answer a page past the end with the last page again (magento2 issue 26986).
    pub paging_past_end_repeats_last: bool,
    /// Which of two readings `row_total` has on discounted lines.
    pub row_total: RowTotal,
    /// Some versions copy a configurable's price to its child line (magento2 issues 22562, 38603).
    pub child_copies_price: bool,
    /// Which fields tell the taxes by rate.
    pub tax_detail: TaxDetail,
    /// Keys of an order that a module of the shop takes out of `GET /V1/orders/:id`, such as `status_histories`.
    pub hidden_from_answers: BTreeSet<String>,
    /// Websites, without the admin website, which is always there.
    pub websites: Vec<Website>,
    /// Store groups ("stores"), without the admin group.
    pub store_groups: Vec<StoreGroup>,
    /// Store views, without the admin view.
    pub store_views: Vec<StoreView>,
    /// Currency of the installation, `global_currency_code`.
    pub global_currency: String,
    /// Names of the modules that are on, for `GET /V1/modules`. `Magento_Company` brings the routes and members of companies.
    pub modules: Vec<String>,
    /// `customer/account_share/scope`: accounts count for all websites, not each for its own.
    pub accounts_are_global: bool,
    /// Newer versions answer `isEmailAvailable` with true, whoever has an account, unless the shop is set to tell.
    pub accounts_are_secret: bool,
    /// Group of new accounts, `customer/create_account/default_group`.
    pub default_customer_group: u32,
    /// Old versions put an account that is saved without `group_id` back into that group (magento2 issue 14663).
    pub omitted_group_is_reset: bool,
    /// Whether saving an address or a subscription moves the account's `updated_at`. They are rows of other tables, so it need not;
    /// it does not by default, which is the harder case for a reader of changes. Not established for real shops.
    pub related_saves_move_customer: bool,
    /// `customer/address/telephone_show`: an address needs a telephone number.
    pub telephone_required: bool,
    /// Countries that addresses may be in.
    pub countries: Vec<Country>,
    /// Groups of customers.
    pub customer_groups: Vec<CustomerGroup>,
    /// Attributes that the merchant added to customers.
    pub customer_attributes: Vec<CustomerAttribute>,
}

/// Where an order tells its taxes by rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxDetail {
    /// In `applied_taxes` and `item_applied_taxes`.
    Applied,
    /// There, and in the newer `taxes`, `additional_itemized_taxes` and the lines' `itemized_taxes`, as recorded documents of newer
    /// shops have both.
    Both,
    /// In the newer fields alone.
    Itemized,
}

/// What `row_total` of a discounted line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowTotal {
    /// Price × quantity, as Magento 2.4.6 module-quote computes it.
    Gross,
    /// Less the discount, as recorded documents of a 2.3 shop show it.
    NetOfDiscount,
}

/// An integration: OAuth consumer and access token, with what the administrator ticked for it.
#[derive(Clone, Debug)]
pub struct Integration {
    /// 32 lower-case letters and digits, as the other three.
    pub consumer_key: String,
    /// Signs, with the token secret.
    pub consumer_secret: String,
    /// Names the token; also usable as a bearer token where the shop allows it.
    pub access_token: String,
    /// Signs, with the consumer secret.
    pub access_token_secret: String,
    /// ACL resources granted, for example `Magento_Sales::actions_view`.
    pub resources: BTreeSet<String>,
    /// The administrator revoked it.
    pub revoked: bool,
}

/// A token of an administrator.
#[derive(Clone, Debug)]
pub struct AdminToken {
    /// The text behind `Bearer`.
    pub token: String,
    /// ACL resources of the administrator's role.
    pub resources: BTreeSet<String>,
    /// Expired or revoked; a caller cannot tell which.
    pub revoked: bool,
}

/// A website: the level that has a base currency.
#[derive(Clone, Debug)]
pub struct Website {
    /// From 1; 0 is the admin website.
    pub id: u32,
    /// For example `base`.
    pub code: String,
    /// Shown to people, first line of an order's `store_name`.
    pub name: String,
    /// The group its visitors land in.
    pub default_group_id: u32,
}

/// A group of store views with one catalogue root.
#[derive(Clone, Debug)]
pub struct StoreGroup {
    /// From 1; 0 is the admin group.
    pub id: u32,
    /// Its website.
    pub website_id: u32,
    /// Root category of its catalogue.
    pub root_category_id: u32,
    /// The view its visitors land in.
    pub default_store_id: u32,
    /// Shown to people, second line of an order's `store_name`.
    pub name: String,
    /// For example `main_website_store`.
    pub code: String,
}

/// A store view, with the settings `GET /V1/store/storeConfigs` shows.
#[derive(Clone, Debug)]
pub struct StoreView {
    /// From 1; 0 is the admin view. Orders carry it as `store_id`.
    pub id: u32,
    /// Stands in URLs: `/rest/<code>/V1`.
    pub code: String,
    /// Shown to people, third line of an order's `store_name`.
    pub name: String,
    /// Its website.
    pub website_id: u32,
    /// Its group.
    pub store_group_id: u32,
    /// For example `en_US`.
    pub locale: String,
    /// Currency of accounting, the same for all views of a website.
    pub base_currency: String,
    /// Currency its visitors see first.
    pub display_currency: String,
    /// IANA name; only reports and the admin use it, the API is UTC.
    pub timezone: String,
    /// `lbs` or `kgs`.
    pub weight_unit: String,
    /// With a slash at the end.
    pub base_url: String,
}

impl Config {
    /// A small shop in US dollars with one store view and one integration that may do everything. Its four values are fixed texts of
    /// the right length, so that a local run and tests can print them.
    #[must_use]
    pub fn shop() -> Self {
        Self {
            integrations: vec![Integration::new("shop", [ALL_RESOURCES])],
            admin_tokens: Vec::new(),
            integration_token_as_bearer: false,
            paging_past_end_repeats_last: false,
            row_total: RowTotal::Gross,
            child_copies_price: false,
            tax_detail: TaxDetail::Applied,
            hidden_from_answers: BTreeSet::new(),
            websites: vec![Website { id: 1, code: "base".into(), name: "Main Website".into(), default_group_id: 1 }],
            store_groups: vec![StoreGroup {
                id: 1,
                website_id: 1,
                root_category_id: 2,
                default_store_id: 1,
                name: "Main Website Store".into(),
                code: "main_website_store".into(),
            }],
            store_views: vec![StoreView::new(1, "default", "Default Store View", "USD")],
            global_currency: "USD".into(),
            modules: ["Magento_Store", "Magento_Backend", "Magento_Customer", "Magento_Sales", "Magento_Tax"]
                .map(String::from)
                .to_vec(),
            accounts_are_global: false,
            accounts_are_secret: false,
            default_customer_group: 1,
            omitted_group_is_reset: false,
            related_saves_move_customer: false,
            telephone_required: true,
            countries: Country::samples(),
            customer_groups: CustomerGroup::samples(),
            customer_attributes: Vec::new(),
        }
    }

    /// Adds a store view to the first website and group.
    #[must_use]
    pub fn store_view(mut self, view: StoreView) -> Self {
        self.store_views.push(view);
        self
    }

    /// Adds an admin token with these ACL resources.
    #[must_use]
    pub fn admin_token<const N: usize>(mut self, token: &str, resources: [&str; N]) -> Self {
        let resources = resources.map(String::from).into();
        self.admin_tokens.push(AdminToken { token: token.into(), resources, revoked: false });
        self
    }

    /// Adds an integration.
    #[must_use]
    pub fn integration(mut self, integration: Integration) -> Self {
        self.integrations.push(integration);
        self
    }

    /// Lets integration tokens be used as bearer tokens.
    #[must_use]
    pub fn allow_integration_bearer(mut self) -> Self {
        self.integration_token_as_bearer = true;
        self
    }
}

impl Integration {
    /// An integration whose four values are derived from `name`: 32 characters each, as Magento checks their length.
    #[must_use]
    pub fn new<const N: usize>(name: &str, resources: [&str; N]) -> Self {
        let value = |kind: &str| {
            let text: String = format!("{kind}{name}").chars().filter(char::is_ascii_alphanumeric).collect();
            format!("{:0<32.32}", text.to_ascii_lowercase())
        };
        Self {
            consumer_key: value("ck"),
            consumer_secret: value("cs"),
            access_token: value("at"),
            access_token_secret: value("as"),
            resources: resources.map(String::from).into(),
            revoked: false,
        }
    }
}

impl StoreView {
    /// A view of the first website and group whose visitors see the base currency.
    #[must_use]
    pub fn new(id: u32, code: &str, name: &str, base_currency: &str) -> Self {
        Self {
            id,
            code: code.into(),
            name: name.into(),
            website_id: 1,
            store_group_id: 1,
            locale: "en_US".into(),
            base_currency: base_currency.into(),
            display_currency: base_currency.into(),
            timezone: "America/Chicago".into(),
            weight_unit: "lbs".into(),
            base_url: "http://magento.test/".into(),
        }
    }
}

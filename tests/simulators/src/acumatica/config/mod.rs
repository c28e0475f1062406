//! The switches of the simulated tenant.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

mod choices;
mod customers;
mod order_type;
mod push;

pub use choices::{
    AlternateId, Collation, CreditFailure, Duplicate, ErrorForm, NumberingError, PeriodField, TaxRounding, Unusable,
};
pub use customers::{CustomerRules, CustomerStamp, PrimaryContactRule};
pub use order_type::OrderType;
pub use push::{Definition, Push, Split};

/// How the tenant is reached and how it behaves where tenants, releases or unverified facts differ.
#[derive(Clone, Debug)]
pub struct Config {
    /// The instance's path on its host, for example `/Causeway`; empty for an instance at the root.
    pub instance: String,
    /// The tenant's login name: a connected application's `client_id` ends in `@` and this name.
    pub tenant: String,
    /// The connected application's GUID, without the tenant.
    pub client_guid: String,
    /// The connected application's shared secret.
    pub client_secret: String,
    /// The only user.
    pub username: String,
    /// The user's password.
    pub password: String,
    /// The endpoint's name, `Default` or the customer's extension of it.
    pub endpoint: String,
    /// The endpoint's version.
    pub version: String,
    /// Order types by their two letters (form SO201000).
    pub order_types: BTreeMap<String, OrderType>,
    /// Whether `CustomerID` is numbered automatically; then a supplied id that names nobody is replaced (recorded 2023: sent `123`,
    /// got `C1165`).
    pub customer_auto_numbering: bool,
    /// Customers, their locations and contacts.
    pub customers: CustomerRules,
    /// Push notifications.
    pub push: Push,
    /// Whether a user-given `OrderNbr` is turned into upper case by the input mask of the key field. To be verified on a tenant.
    pub keys_upper_case: bool,
    /// Whether imported `TaxDetails` survive in an internal tax zone although automatic tax calculation is disabled as well. Not
    /// established.
    pub keep_tax_details: bool,
    /// What an internal tax zone does with an imported tax that it would not calculate itself. Not established.
    pub inapplicable_tax: Unusable,
    /// Whether `IsTaxValid` without `TaxDetails` means an order without taxes; otherwise they are calculated as if it had not been
    /// sent. Not established: the official sample sends both.
    pub tax_valid_without_details: bool,
    /// Where calculated taxes are rounded. Not established.
    pub tax_rounding: TaxRounding,
    /// Whether line total percent and handling of the shipping terms count although the order type does not calculate freight. Not
    /// established.
    pub terms_without_freight_calculation: bool,
    /// What becomes of a currency that the customer does not allow. Not established.
    pub currency_not_allowed: Unusable,
    /// What a line's alternate id means that several items have. Not established.
    pub ambiguous_alternate_id: AlternateId,
    /// What a failed credit check does where the order type does not put the order on credit hold. Not established: the product calls
    /// it mostly a warning.
    pub credit_failure: CreditFailure,
    /// The dates whose financial period must be open. Not established for orders; a payment's is its application date.
    pub period_fields: BTreeSet<PeriodField>,
    /// The form of a refusal: contract 4 answers the entity with its errors, older contracts an error object.
    pub error_form: ErrorForm,
    /// The form of a refusal for errors on these fields, by the field's name, for example `ControlTotal`: whether a rule of the business
    /// logic is a field error or an exception is not established for each of them.
    pub error_forms: BTreeMap<String, ErrorForm>,
    /// Whether a sent `ExtendedPrice` stands although it differs from quantity times price. Suggested by an official sample, not
    /// established.
    pub extended_price_wins: bool,
    /// Decimal places of unit prices and costs (form CS101000, "Price/Cost Decimal Places").
    pub price_decimals: u32,
    /// Decimal places of quantities (form CS101000).
    pub quantity_decimals: u32,
    /// Whether the *Customer Discounts* feature is on; without it document discounts are ignored.
    pub customer_discounts: bool,
    /// Whether a payment needs `PaymentRef` (form AR101000, "Require Payment Reference on Entry").
    pub require_payment_ref: bool,
    /// Whether a payment of its own can be applied to an order that waits for approval. Not established.
    pub pay_unapproved_orders: bool,
    /// Whether the order's `LastModified` moves when only a payment changes. Not established.
    pub payment_moves_order_stamp: bool,
    /// Whether `GET /entity` answers the bare array of endpoints, as builds before 26.x do (measured on 26.101).
    pub bare_endpoint_list: bool,
    /// How strings compare in `$filter`, in keys and in duplicate checks.
    pub filter_collation: Collation,
    /// Whether a PUT with a `$filter` that finds nothing inserts; otherwise it is refused. Not established.
    pub put_filter_inserts: bool,
    /// Custom fields that exist, as `View.Field`; others are dropped as unknown members are.
    pub custom_fields: BTreeSet<String>,
    /// How long a PUT takes on the server; recorded 2023: 1.1 to 4.2 s for documents.
    pub write_latency: Duration,
    /// How long a read takes on the server.
    pub read_latency: Duration,
    /// The licence's number of API sessions; `None` for no limit.
    pub session_limit: Option<usize>,
}

impl Default for Config {
    /// A tenant with order type SO, no latency and no session limit.
    fn default() -> Self {
        Self {
            instance: "/Causeway".to_owned(),
            tenant: "Company".to_owned(),
            client_guid: "88358B02-A48D-A50E-F710-39C1636C30F6".to_owned(),
            client_secret: "connected-application-secret".to_owned(),
            username: "connector".to_owned(),
            password: "connector-password".to_owned(),
            endpoint: "Default".to_owned(),
            version: "24.200.001".to_owned(),
            order_types: BTreeMap::from([("SO".to_owned(), OrderType::default())]),
            customer_auto_numbering: true,
            customers: CustomerRules::default(),
            push: Push::default(),
            keys_upper_case: true,
            keep_tax_details: true,
            inapplicable_tax: Unusable::Ignored,
            tax_valid_without_details: true,
            tax_rounding: TaxRounding::Document,
            terms_without_freight_calculation: false,
            currency_not_allowed: Unusable::Ignored,
            ambiguous_alternate_id: AlternateId::First,
            credit_failure: CreditFailure::Warning,
            period_fields: BTreeSet::from([PeriodField::ApplicationDate, PeriodField::PostPeriod]),
            error_form: ErrorForm::Entity,
            error_forms: BTreeMap::new(),
            extended_price_wins: true,
            price_decimals: 4,
            quantity_decimals: 4,
            customer_discounts: false,
            require_payment_ref: true,
            pay_unapproved_orders: true,
            payment_moves_order_stamp: true,
            bare_endpoint_list: false,
            filter_collation: Collation::CaseInsensitive,
            put_filter_inserts: true,
            custom_fields: BTreeSet::new(),
            write_latency: Duration::ZERO,
            read_latency: Duration::ZERO,
            session_limit: None,
        }
    }
}

impl Config {
    /// The `client_id` a client sends: GUID, `@`, tenant login name.
    #[must_use]
    pub fn client_id(&self) -> String {
        format!("{}@{}", self.client_guid, self.tenant)
    }

    /// The path of the endpoint, `/Causeway/entity/Default/24.200.001`.
    #[must_use]
    pub fn endpoint_path(&self) -> String {
        format!("{}/entity/{}/{}", self.instance, self.endpoint, self.version)
    }
}

//! Master data: what documents may refer to.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

/// Everything a sales order or a customer may name. Keys of the maps are the identifiers.
#[derive(Clone, Debug, Default)]
pub struct Master {
    /// Stock and non-stock items.
    pub items: BTreeMap<String, Item>,
    /// Ship via codes (form CS207500).
    pub ship_vias: BTreeMap<String, ShipVia>,
    /// Payment methods (form CA204000).
    pub payment_methods: BTreeMap<String, PaymentMethod>,
    /// The types of card transactions that may be imported with a payment; `AUT` is known, the whole list is not established.
    pub card_transaction_types: BTreeSet<String>,
    /// Cash accounts and their currencies (form CA202000).
    pub cash_accounts: BTreeMap<String, String>,
    /// Taxes and their rates in percent (form TX205000).
    pub taxes: BTreeMap<String, Decimal>,
    /// Tax categories and the taxes they list (form TX205500).
    pub tax_categories: BTreeMap<String, BTreeSet<String>>,
    /// Tax zones (form TX206000).
    pub tax_zones: BTreeMap<String, TaxZone>,
    /// Credit terms (form CS206500); true for instalments.
    pub terms: BTreeMap<String, bool>,
    /// Shipping terms (form CS208000).
    pub shipping_terms: BTreeMap<String, FreightBasis>,
    /// Warehouses (form IN204000).
    pub warehouses: BTreeSet<String>,
    /// Branches (form CS102000); the first is the default.
    pub branches: BTreeSet<String>,
    /// Currencies and their decimal places (form CM202000).
    pub currencies: BTreeMap<String, u32>,
    /// Customer classes (form AR201000).
    pub customer_classes: BTreeMap<String, CustomerClass>,
    /// Countries and their states (form CS204000); an empty list takes any state.
    pub countries: BTreeMap<String, BTreeSet<String>>,
}

/// An item that can be sold.
#[derive(Clone, Debug)]
pub struct Item {
    /// Barcodes and other cross-references by which a line may name the item.
    pub alternate_ids: BTreeSet<String>,
    /// `Active`, `Inactive`, `No Sales`, …
    pub status: String,
    /// Copied to lines that send none.
    pub description: String,
    /// The unit of lines that send none.
    pub base_uom: String,
    /// The units a line may use besides the base unit.
    pub other_uoms: BTreeSet<String>,
    /// The tax category of lines that send none.
    pub tax_category: Option<String>,
    /// The sales price found without a manual price; zero when there is none.
    pub default_price: Decimal,
    /// Stock item, or non-stock item (whose amounts count as miscellaneous).
    pub stock: bool,
    /// The warehouses that keep it, the first being the default of lines.
    pub warehouses: Vec<String>,
}

impl Default for Item {
    /// An active, untaxed stock item in pieces, without a price or a warehouse.
    fn default() -> Self {
        Self {
            alternate_ids: BTreeSet::new(),
            status: "Active".to_owned(),
            description: String::new(),
            base_uom: "EA".to_owned(),
            other_uoms: BTreeSet::new(),
            tax_category: None,
            default_price: Decimal::ZERO,
            stock: true,
            warehouses: Vec::new(),
        }
    }
}

/// A ship via code.
#[derive(Clone, Debug, Default)]
pub struct ShipVia {
    /// Shown to users.
    pub description: String,
    /// The freight price calculated for any order, used where the order type calculates freight.
    pub freight: Decimal,
    /// The tax category of freight where the order sends none.
    pub tax_category: Option<String>,
}

/// A payment method used in accounts receivable.
#[derive(Clone, Debug, Default)]
pub struct PaymentMethod {
    /// Shown to users.
    pub description: String,
    /// An inactive method cannot be selected.
    pub active: bool,
    /// Cash accounts allowed with it; the first is the default.
    pub cash_accounts: Vec<String>,
    /// *Integrated Processing*: whether cards are processed by Acumatica itself.
    pub integrated: bool,
    /// The processing centres of the method; they count only with integrated processing.
    pub processing_centers: Vec<String>,
}

/// A tax zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxZone {
    /// Acumatica calculates: a tax applies where it is listed here and by the line's (or freight's) tax category.
    Internal {
        /// The taxes of the zone.
        taxes: BTreeSet<String>,
    },
    /// An external provider calculates; imported taxes are taken as sent. Asked to calculate, it answers these taxes on every amount.
    External {
        /// The taxes the provider would charge.
        taxes: BTreeSet<String>,
    },
}

impl TaxZone {
    /// The taxes of the zone.
    #[must_use]
    pub fn taxes(&self) -> &BTreeSet<String> {
        match self {
            TaxZone::Internal { taxes } | TaxZone::External { taxes } => taxes,
        }
    }
}

/// *Invoice Freight Price Based On* of shipping terms: only terms based on the sales order let an order override its freight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreightBasis {
    /// The freight of an invoice follows the sales order.
    SalesOrder,
    /// The default of new terms: it follows the shipment.
    Shipment,
}

/// A customer class: the source of a new customer's defaults.
#[derive(Clone, Debug, Default)]
pub struct CustomerClass {
    /// Shown to users.
    pub description: String,
    /// Currency of new customers.
    pub currency: String,
    /// *Enable Currency Override* of new customers: whether an order may be in another currency.
    pub currency_override: bool,
    /// Credit terms of new customers.
    pub terms: Option<String>,
    /// Tax zone of new customers.
    pub tax_zone: Option<String>,
    /// Ship via of new customers.
    pub ship_via: Option<String>,
    /// Payment method of new customers' documents.
    pub payment_method: Option<String>,
    /// Statement cycle of new customers.
    pub statement_cycle: Option<String>,
    /// Country of new customers' addresses.
    pub country: Option<String>,
}

/// The states of the sample's United States, which validate their list.
const US_STATES: &str = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK \
                         OR PA RI SC SD TN TX UT VT VA WA WV WI WY";

impl Master {
    /// A small shop's master data: USD, one branch and warehouse, one internal and one external tax zone, cash and gift card methods.
    #[must_use]
    pub fn sample() -> Self {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
        let method = |description: &str, account: &str| PaymentMethod {
            description: description.to_owned(),
            active: true,
            cash_accounts: vec![account.to_owned()],
            ..PaymentMethod::default()
        };
        let online = PaymentMethod {
            integrated: true,
            processing_centers: vec!["STRIPE".to_owned()],
            ..method("Card with its gateway in the ERP", "10200")
        };
        let via = |description: &str, freight: Decimal| ShipVia {
            description: description.to_owned(),
            freight,
            tax_category: Some("TAXABLE".to_owned()),
        };
        let class = CustomerClass {
            description: "Web shop customers".to_owned(),
            currency: "USD".to_owned(),
            terms: Some("30D".to_owned()),
            tax_zone: Some("CA".to_owned()),
            statement_cycle: Some("MONTHLY".to_owned()),
            country: Some("US".to_owned()),
            ..CustomerClass::default()
        };
        let own = |name: &str| name.to_owned();
        Self {
            items: BTreeMap::new(),
            ship_vias: BTreeMap::from([
                (own("UPSGROUND"), via("UPS Ground", Decimal::new(7, 0))),
                (own("LOCAL"), via("Pick up at the shop", Decimal::ZERO)),
            ]),
            payment_methods: BTreeMap::from([
                (own("WEBCARD"), method("Card paid in the web shop", "10200")),
                (own("CHECK"), method("Check", "10100")),
                (own("GIFTCARD"), method("Gift card", "24100")),
                (own("ONLINE"), online),
            ]),
            card_transaction_types: set(&["AUT"]),
            cash_accounts: ["10100", "10200", "24100"].iter().map(|id| (own(id), own("USD"))).collect(),
            taxes: BTreeMap::from([(own("CASTATE"), Decimal::new(725, 2)), (own("CADIST"), Decimal::new(1, 0))]),
            tax_categories: BTreeMap::from([
                (own("TAXABLE"), set(&["CASTATE", "CADIST", "AVALARA"])),
                (own("EXEMPT"), BTreeSet::new()),
            ]),
            tax_zones: BTreeMap::from([
                (own("CA"), TaxZone::Internal { taxes: set(&["CASTATE", "CADIST"]) }),
                (own("WEBSHOP"), TaxZone::External { taxes: set(&["CASTATE"]) }),
            ]),
            terms: BTreeMap::from([(own("30D"), false), (own("PREPAY"), false), (own("3MONTHS"), true)]),
            shipping_terms: BTreeMap::from([
                (own("WEB"), FreightBasis::SalesOrder),
                (own("FREIGHT"), FreightBasis::Shipment),
            ]),
            warehouses: set(&["MAIN", "RETAIL"]),
            branches: set(&["HQ"]),
            currencies: BTreeMap::from([(own("USD"), 2), (own("EUR"), 2), (own("JPY"), 0)]),
            customer_classes: BTreeMap::from([(own("WEB"), class)]),
            countries: BTreeMap::from([
                (own("US"), US_STATES.split(' ').map(own).collect()),
                (own("CA"), set(&["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"])),
                (own("DE"), BTreeSet::new()),
                (own("FR"), BTreeSet::new()),
                (own("GB"), BTreeSet::new()),
            ]),
        }
    }

    /// The item a line means, by inventory id or alternate id, and its inventory id. Identifiers ignore case and trailing blanks.
    pub(crate) fn find_item(&self, id: &str) -> Option<(&str, &Item)> {
        let id = id.trim();
        let by_id = self.items.iter().find(|(key, _)| key.eq_ignore_ascii_case(id));
        by_id
            .or_else(|| {
                self.items
                    .iter()
                    .find(|(_, item)| item.alternate_ids.iter().any(|alternate| alternate.eq_ignore_ascii_case(id)))
            })
            .map(|(key, item)| (key.as_str(), item))
    }
}

/// The canonical spelling of a selector's value among `known`.
pub(crate) fn select<'a>(known: impl IntoIterator<Item = &'a String>, value: &str) -> Option<&'a str> {
    known.into_iter().find(|key| key.eq_ignore_ascii_case(value.trim())).map(String::as_str)
}

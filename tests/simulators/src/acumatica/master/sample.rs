//! The master data of a small shop.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{CustomerClass, FreightBasis, Master, PaymentMethod, ShipVia, TaxZone};

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
            ..ShipVia::default()
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
                (own("WEB"), FreightBasis::SalesOrder.into()),
                (own("FREIGHT"), FreightBasis::Shipment.into()),
            ]),
            warehouses: set(&["MAIN", "RETAIL"]),
            branches: set(&["HQ"]),
            units: set(&["EA", "PACK", "BOX"]),
            vendors: set(&["V000001"]),
            po_sources: set(&["Drop-Ship", "Purchase to Order"]),
            currencies: BTreeMap::from([(own("USD"), 2), (own("EUR"), 2), (own("JPY"), 0)]),
            customer_classes: BTreeMap::from([(own("WEB"), class)]),
            price_classes: BTreeMap::from([
                (own("RETAIL"), own("Retail prices")),
                (own("WHOLESALE"), own("Wholesale prices")),
            ]),
            countries: BTreeMap::from([
                (own("US"), US_STATES.split(' ').map(own).collect()),
                (own("CA"), set(&["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"])),
                (own("DE"), BTreeSet::new()),
                (own("FR"), BTreeSet::new()),
                (own("GB"), BTreeSet::new()),
            ]),
            ..Self::default()
        }
    }
}

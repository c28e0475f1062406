//! Addresses and the payment of an order.

use rust_decimal::Decimal;
use serde::Deserialize;

/// An address of an order.
#[derive(Clone, Debug, Deserialize)]
pub struct Address {
    /// What is put before the name: a title or a form of address.
    pub prefix: Option<String>,
    /// Given name.
    pub firstname: Option<String>,
    /// Middle name or initial.
    pub middlename: Option<String>,
    /// Family name.
    pub lastname: Option<String>,
    /// What is put behind the name: `Jr.`.
    pub suffix: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// One to four lines.
    #[serde(default)]
    pub street: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// Region's name.
    pub region: Option<String>,
    /// Region's code; a name where the country has no codes.
    pub region_code: Option<String>,
    /// Null where the country has none.
    pub postcode: Option<String>,
    /// ISO 3166 alpha-2.
    pub country_id: Option<String>,
    /// Null in some checkouts.
    pub telephone: Option<String>,
    /// Address for mail.
    pub email: Option<String>,
    /// VAT number.
    pub vat_id: Option<String>,
}

/// The payment of an order.
#[derive(Clone, Debug, Deserialize)]
pub struct Payment {
    /// The method's code: `checkmo`, `purchaseorder`, a gateway's.
    pub method: String,
    /// The card's type code.
    pub cc_type: Option<String>,
    /// Authorised at the gateway.
    #[serde(default)]
    pub base_amount_authorized: Option<Decimal>,
    /// Captured or otherwise paid.
    #[serde(default)]
    pub base_amount_paid: Option<Decimal>,
    /// The gateway's last transaction.
    pub last_trans_id: Option<String>,
    /// The shopper's purchase order number.
    pub po_number: Option<String>,
}

//! What freight, payments and taxes are reckoned from.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

/// A ship via code.
#[derive(Clone, Debug, Default)]
pub struct ShipVia {
    /// Shown to users.
    pub description: String,
    /// The freight cost of any order, used where the order type calculates freight.
    pub freight: Decimal,
    /// The tax category of freight where the order sends none.
    pub tax_category: Option<String>,
    /// The tax zone that orders shipped this way move to, unless they override theirs.
    pub tax_zone: Option<String>,
    /// Whether goods are picked up: such an order is *Will Call*.
    pub pickup: bool,
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

/// Shipping terms: what share of cost and goods an order's freight price is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingTerms {
    /// *Invoice Freight Price Based On*.
    pub basis: FreightBasis,
    /// The freight price's share of the freight cost, in percent.
    pub freight_cost_percent: Decimal,
    /// The freight price's share of the line total, in percent.
    pub line_total_percent: Decimal,
    /// *Shipping and Handling*: an amount on top.
    pub handling: Decimal,
}

impl From<FreightBasis> for ShippingTerms {
    /// Terms that charge the freight cost as it is.
    fn from(basis: FreightBasis) -> Self {
        Self { freight_cost_percent: Decimal::ONE_HUNDRED, ..Self::zero(basis) }
    }
}

impl ShippingTerms {
    /// Terms whose calculated freight price is always zero.
    #[must_use]
    pub fn zero(basis: FreightBasis) -> Self {
        Self { basis, freight_cost_percent: Decimal::ZERO, line_total_percent: Decimal::ZERO, handling: Decimal::ZERO }
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

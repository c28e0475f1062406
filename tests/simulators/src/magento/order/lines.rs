//! What was put into the cart.

use rust_decimal::Decimal;

/// One line a shopper sees, with the child line a configurable or bundle brings along.
#[derive(Clone, Debug)]
pub struct Line {
    /// For a configurable this is its child's SKU, as Magento stores it.
    pub sku: String,
    /// Shown to people.
    pub name: String,
    /// Product type.
    pub kind: LineKind,
    /// Ordered quantity.
    pub qty: Decimal,
    /// Unit price in base currency, with or without tax as the order's catalogue prices are.
    pub price: Decimal,
    /// Weight of one piece.
    pub weight: Decimal,
    /// False: tax class "None".
    pub taxed: bool,
    /// False: excluded from cart rules.
    pub discounted: bool,
}

/// Product types, by where the money and the goods are.
#[derive(Clone, Debug)]
pub enum LineKind {
    /// One line, shipped.
    Simple,
    /// One line, never shipped.
    Virtual,
    /// One line, never shipped, with download links.
    Downloadable,
    /// A component of a grouped product: a line like a simple one, of type "grouped".
    Grouped,
    /// Parent with the money, and a simple child named here.
    Configurable {
        /// Name of the child line.
        child_name: String,
    },
    /// A bundle at its own price: the parent has the money.
    BundleFixed {
        /// Components.
        children: Vec<Component>,
    },
    /// A bundle priced by its components: the children have the money, the parent repeats their sums. Its `price` is theirs per kit.
    BundleDynamic {
        /// Components.
        children: Vec<Component>,
    },
}

/// A component of a bundle.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its SKU.
    pub sku: String,
    /// Pieces per kit.
    pub per_kit: Decimal,
    /// Unit price; only counts in a bundle with a dynamic price.
    pub price: Decimal,
}

impl Line {
    pub(crate) fn new(kind: LineKind, sku: &str, name: &str, qty: Decimal, price: Decimal) -> Self {
        let weight = if kind.ships() { Decimal::ONE } else { Decimal::ZERO };
        Self { sku: sku.into(), name: name.into(), kind, qty, price, weight, taxed: true, discounted: true }
    }
}

impl LineKind {
    /// `product_type` of the line.
    pub(crate) fn product_type(&self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Virtual => "virtual",
            Self::Downloadable => "downloadable",
            Self::Grouped => "grouped",
            Self::Configurable { .. } => "configurable",
            Self::BundleFixed { .. } | Self::BundleDynamic { .. } => "bundle",
        }
    }

    /// Virtual and downloadable goods never ship.
    pub(crate) fn ships(&self) -> bool {
        !matches!(self, Self::Virtual | Self::Downloadable)
    }
}

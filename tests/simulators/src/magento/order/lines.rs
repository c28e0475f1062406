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
    /// Fixed product tax of one piece: its attribute and amount.
    pub fixed_tax: Option<(String, Decimal)>,
    /// Gift wrapping of one piece (Adobe Commerce).
    pub wrapping: Option<Decimal>,
    /// Custom options chosen: id and value.
    pub options: Vec<(String, String)>,
    /// What the shopper wrote for who receives it.
    pub message: Option<String>,
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
    /// A gift card product (Adobe Commerce): no cart rule applies to it. A physical one ships.
    GiftCard {
        /// Sent by post.
        physical: bool,
    },
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
    /// What a piece costs by itself, where the order tells it of a component of a bundle with a fixed price.
    pub worth: Option<Decimal>,
}

impl Component {
    pub(crate) fn new(sku: &str, per_kit: i32, price: Decimal, worth: Option<Decimal>) -> Self {
        Self { sku: sku.into(), per_kit: Decimal::from(per_kit), price, worth }
    }
}

impl Line {
    pub(crate) fn new(kind: LineKind, sku: &str, name: &str, qty: Decimal, price: Decimal) -> Self {
        let weight = if kind.ships() { Decimal::ONE } else { Decimal::ZERO };
        // Gift cards have no tax class, and their module keeps cart rules away from them.
        let ruled = !matches!(kind, LineKind::GiftCard { .. });
        Self {
            sku: sku.into(),
            name: name.into(),
            kind,
            qty,
            price,
            weight,
            taxed: ruled,
            discounted: ruled,
            fixed_tax: None,
            wrapping: None,
            options: Vec::new(),
            message: None,
        }
    }

    /// Unit price and quantity of every row that carries money: the line itself, or the children of a bundle with a dynamic price.
    pub(crate) fn money_rows(&self) -> Vec<(Decimal, Decimal)> {
        match &self.kind {
            LineKind::BundleDynamic { children } => {
                children.iter().map(|child| (child.price, child.per_kit * self.qty)).collect()
            }
            _ => vec![(self.price, self.qty)],
        }
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
            Self::GiftCard { .. } => "giftcard",
            Self::Configurable { .. } => "configurable",
            Self::BundleFixed { .. } | Self::BundleDynamic { .. } => "bundle",
        }
    }

    /// Virtual and downloadable goods and gift cards by mail never ship.
    pub(crate) fn ships(&self) -> bool {
        !matches!(self, Self::Virtual | Self::Downloadable | Self::GiftCard { physical: false })
    }
}

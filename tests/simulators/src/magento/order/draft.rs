//! The builder of orders.

use rust_decimal::Decimal;

use super::address::Address;
use super::lines::{Component, Line, LineKind};
use super::payment::Payment;
use super::progress::Progress;
use super::rates::Rate;
use super::tax::TaxAlgorithm;

/// A number in a builder call: a text such as `"19.95"`, a whole number, or a decimal.
pub trait Amount {
    /// The number.
    ///
    /// # Panics
    /// For a text that is no decimal: the mistake is in the test that wrote it.
    fn amount(self) -> Decimal;
}

impl Amount for &str {
    fn amount(self) -> Decimal {
        self.parse().unwrap_or_else(|_| panic!("{self:?} is not a decimal"))
    }
}

impl Amount for i32 {
    fn amount(self) -> Decimal {
        Decimal::from(self)
    }
}

impl Amount for u32 {
    fn amount(self) -> Decimal {
        Decimal::from(self)
    }
}

impl Amount for Decimal {
    fn amount(self) -> Decimal {
        self
    }
}

/// What a shopper ordered, in the base currency of the store; placing it computes everything else.
#[derive(Clone, Debug)]
pub struct OrderDraft {
    pub(crate) email: String,
    /// Account: id and customer group. Guests have none and group 0.
    pub(crate) account: Option<(u64, u32)>,
    pub(crate) store_id: u32,
    pub(crate) increment_id: Option<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) billing: Address,
    pub(crate) delivery: Option<Address>,
    /// Ids of those two in the account's address book, where they are from there.
    pub(crate) billing_book: Option<u64>,
    /// See `billing_book`.
    pub(crate) delivery_book: Option<u64>,
    /// Carrier and method, description, amount.
    pub(crate) shipping: Option<(String, String, Decimal)>,
    pub(crate) discount: Discount,
    pub(crate) shipping_discount: Decimal,
    pub(crate) coupon: Option<String>,
    pub(crate) rates: Vec<Rate>,
    pub(crate) shipping_rates: Vec<Rate>,
    /// On gift wrapping and printed cards.
    pub(crate) wrapping_rates: Vec<Rate>,
    pub(crate) tax_algorithm: TaxAlgorithm,
    /// Tax on the undiscounted price.
    pub(crate) tax_before_discount: bool,
    /// Catalogue prices include tax.
    pub(crate) prices_include_tax: bool,
    /// Shipping prices include tax.
    pub(crate) shipping_includes_tax: bool,
    /// Cart rules work on prices with tax.
    pub(crate) discount_includes_tax: bool,
    pub(crate) payment: Payment,
    /// Currency the shopper saw, and units of it per one of the base currency.
    pub(crate) order_currency: Option<(String, Decimal)>,
    pub(crate) store_credit: Decimal,
    pub(crate) gift_cards: Vec<(String, Decimal)>,
    /// Reward points: how many, and what they are worth.
    pub(crate) reward: Option<(u32, Decimal)>,
    /// Gift wrapping of the whole order.
    pub(crate) wrapping: Decimal,
    pub(crate) printed_card: Decimal,
    /// Fixed product taxes are themselves taxed.
    pub(crate) fixed_tax_taxed: bool,
    /// Fixed product taxes are part of the subtotal.
    pub(crate) fixed_tax_in_subtotal: bool,
    /// A module's fee.
    pub(crate) surcharge: Decimal,
    /// A module's discount that stands in the header alone.
    pub(crate) header_discount: Decimal,
    pub(crate) message: Option<String>,
    pub(crate) progress: Progress,
    pub(crate) note: Option<String>,
}

/// A cart rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Discount {
    None,
    /// Percent of each line, and of shipping if so ticked.
    Percent {
        percent: Decimal,
        shipping: bool,
    },
    /// An amount for the whole cart, spread over its lines.
    Cart(Decimal),
    /// An amount for each piece.
    PerItem(Decimal),
}

impl OrderDraft {
    /// A guest's order with a US address, paid by check, nothing in it yet.
    #[must_use]
    pub fn guest(email: &str) -> Self {
        Self {
            email: email.into(),
            account: None,
            store_id: 1,
            increment_id: None,
            lines: Vec::new(),
            billing: Address::us("Jordan", "Sample"),
            delivery: None,
            billing_book: None,
            delivery_book: None,
            shipping: None,
            discount: Discount::None,
            shipping_discount: Decimal::ZERO,
            coupon: None,
            rates: Vec::new(),
            shipping_rates: Vec::new(),
            wrapping_rates: Vec::new(),
            tax_algorithm: TaxAlgorithm::default(),
            tax_before_discount: false,
            prices_include_tax: false,
            shipping_includes_tax: false,
            discount_includes_tax: false,
            payment: Payment::Check,
            order_currency: None,
            store_credit: Decimal::ZERO,
            gift_cards: Vec::new(),
            reward: None,
            wrapping: Decimal::ZERO,
            printed_card: Decimal::ZERO,
            fixed_tax_taxed: false,
            fixed_tax_in_subtotal: false,
            surcharge: Decimal::ZERO,
            header_discount: Decimal::ZERO,
            message: None,
            progress: Progress::default(),
            note: None,
        }
    }

    /// An order of the shopper with this account, in customer group 1 (General).
    #[must_use]
    pub fn registered(customer_id: u64, email: &str) -> Self {
        Self { account: Some((customer_id, 1)), ..Self::guest(email) }
    }

    fn line(mut self, kind: LineKind, sku: &str, name: &str, qty: impl Amount, price: impl Amount) -> Self {
        self.lines.push(Line::new(kind, sku, name, qty.amount(), price.amount()));
        self
    }

    /// Adds a simple product, named after its SKU.
    #[must_use]
    pub fn simple(self, sku: &str, qty: impl Amount, price: impl Amount) -> Self {
        self.line(LineKind::Simple, sku, sku, qty, price)
    }

    /// Adds a virtual product: nothing to ship.
    #[must_use]
    pub fn virtual_item(self, sku: &str, qty: impl Amount, price: impl Amount) -> Self {
        self.line(LineKind::Virtual, sku, sku, qty, price)
    }

    /// Adds a downloadable product: nothing to ship.
    #[must_use]
    pub fn downloadable(self, sku: &str, qty: impl Amount, price: impl Amount) -> Self {
        self.line(LineKind::Downloadable, sku, sku, qty, price)
    }

    /// Adds a component of a grouped product.
    #[must_use]
    pub fn grouped(self, sku: &str, qty: impl Amount, price: impl Amount) -> Self {
        self.line(LineKind::Grouped, sku, sku, qty, price)
    }

    /// Adds a configurable product: a parent line of this name with the child's SKU and the money, and a child line without.
    #[must_use]
    pub fn configurable(self, parent_name: &str, child_sku: &str, qty: impl Amount, price: impl Amount) -> Self {
        let kind = LineKind::Configurable { child_name: child_sku.to_owned() };
        self.line(kind, child_sku, parent_name, qty, price)
    }

    /// Adds a bundle at its own price; children are (SKU, pieces per kit).
    #[must_use]
    pub fn bundle_fixed(self, sku: &str, qty: impl Amount, price: impl Amount, children: &[(&str, i32)]) -> Self {
        let component = |(sku, per_kit): &(&str, i32)| Component::new(sku, *per_kit, Decimal::ZERO, None);
        let kind = LineKind::BundleFixed { children: children.iter().map(component).collect() };
        self.line(kind, sku, sku, qty, price)
    }

    /// Adds a bundle at its own price whose children tell what they cost by themselves; they are (SKU, pieces per kit, price of a piece).
    #[must_use]
    pub fn bundle_fixed_of(
        self,
        sku: &str,
        qty: impl Amount,
        price: impl Amount,
        children: &[(&str, i32, &str)],
    ) -> Self {
        let component = |(sku, per_kit, worth): &(&str, i32, &str)| {
            Component::new(sku, *per_kit, Decimal::ZERO, Some(worth.amount()))
        };
        let kind = LineKind::BundleFixed { children: children.iter().map(component).collect() };
        self.line(kind, sku, sku, qty, price)
    }

    /// Adds a gift card product; a physical one ships.
    #[must_use]
    pub fn gift_card_product(self, sku: &str, qty: impl Amount, price: impl Amount, physical: bool) -> Self {
        self.line(LineKind::GiftCard { physical }, sku, sku, qty, price)
    }

    /// Adds a bundle priced by its children, which are (SKU, pieces per kit, unit price). Its SKU becomes `<sku>-<child>-<child>…`.
    #[must_use]
    pub fn bundle_dynamic(self, sku: &str, qty: impl Amount, children: &[(&str, i32, &str)]) -> Self {
        let component = |(sku, per_kit, price): &(&str, i32, &str)| Component::new(sku, *per_kit, price.amount(), None);
        let children: Vec<Component> = children.iter().map(component).collect();
        let whole = children.iter().fold(sku.to_owned(), |whole, child| format!("{whole}-{}", child.sku));
        let price: Decimal = children.iter().map(|child| child.per_kit * child.price).sum();
        self.line(LineKind::BundleDynamic { children }, &whole, sku, qty, price)
    }

    pub(super) fn last_line(mut self, change: impl FnOnce(&mut Line)) -> Self {
        change(self.lines.last_mut().expect("a line was added before it is changed"));
        self
    }

    /// Names the last line.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        self.last_line(|line| line.name = name.into())
    }

    /// Gives the last line the tax class "None".
    #[must_use]
    pub fn untaxed(self) -> Self {
        self.last_line(|line| line.taxed = false)
    }

    /// Excludes the last line from the cart rule.
    #[must_use]
    pub fn undiscounted(self) -> Self {
        self.last_line(|line| line.discounted = false)
    }

    /// Weight of one piece of the last line.
    #[must_use]
    pub fn weighing(self, weight: impl Amount) -> Self {
        self.last_line(|line| line.weight = weight.amount())
    }

    /// Nothing in it ships.
    pub(crate) fn is_virtual(&self) -> bool {
        !self.lines.iter().any(|line| line.kind.ships())
    }
}

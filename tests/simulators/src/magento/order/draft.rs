//! The builder of orders.

use rust_decimal::Decimal;

use super::address::Address;
use super::lines::{Component, Line, LineKind};
use super::payment::Payment;
use super::tax::Rate;

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
    /// Carrier and method, description, amount.
    pub(crate) shipping: Option<(String, String, Decimal)>,
    pub(crate) discount: Discount,
    pub(crate) shipping_discount: Decimal,
    pub(crate) coupon: Option<String>,
    pub(crate) rates: Vec<Rate>,
    pub(crate) shipping_rates: Vec<Rate>,
    /// Catalogue and shipping prices include tax.
    pub(crate) prices_include_tax: bool,
    /// Cart rules work on prices with tax.
    pub(crate) discount_includes_tax: bool,
    pub(crate) payment: Payment,
    /// Currency the shopper saw, and units of it per one of the base currency.
    pub(crate) order_currency: Option<(String, Decimal)>,
    pub(crate) store_credit: Decimal,
    pub(crate) gift_cards: Vec<(String, Decimal)>,
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
            shipping: None,
            discount: Discount::None,
            shipping_discount: Decimal::ZERO,
            coupon: None,
            rates: Vec::new(),
            shipping_rates: Vec::new(),
            prices_include_tax: false,
            discount_includes_tax: false,
            payment: Payment::Check,
            order_currency: None,
            store_credit: Decimal::ZERO,
            gift_cards: Vec::new(),
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
        let component = |(sku, per_kit): &(&str, i32)| Component {
            sku: (*sku).to_owned(),
            per_kit: Decimal::from(*per_kit),
            price: Decimal::ZERO,
        };
        let kind = LineKind::BundleFixed { children: children.iter().map(component).collect() };
        self.line(kind, sku, sku, qty, price)
    }

    /// Adds a bundle priced by its children, which are (SKU, pieces per kit, unit price). Its SKU becomes `<sku>-<child>-<child>…`.
    #[must_use]
    pub fn bundle_dynamic(self, sku: &str, qty: impl Amount, children: &[(&str, i32, &str)]) -> Self {
        let component = |(sku, per_kit, price): &(&str, i32, &str)| Component {
            sku: (*sku).to_owned(),
            per_kit: Decimal::from(*per_kit),
            price: price.amount(),
        };
        let children: Vec<Component> = children.iter().map(component).collect();
        let whole = children.iter().fold(sku.to_owned(), |whole, child| format!("{whole}-{}", child.sku));
        let price: Decimal = children.iter().map(|child| child.per_kit * child.price).sum();
        self.line(LineKind::BundleDynamic { children }, &whole, sku, qty, price)
    }

    fn last_line(mut self, change: impl FnOnce(&mut Line)) -> Self {
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

    /// A cart rule by percent of each line.
    #[must_use]
    pub fn discount_percent(mut self, percent: impl Amount) -> Self {
        self.discount = Discount::Percent { percent: percent.amount(), shipping: false };
        self
    }

    /// A cart rule by percent that also applies to shipping.
    #[must_use]
    pub fn discount_percent_with_shipping(mut self, percent: impl Amount) -> Self {
        self.discount = Discount::Percent { percent: percent.amount(), shipping: true };
        self
    }

    /// A cart rule that takes a fixed amount off the whole cart.
    #[must_use]
    pub fn discount_fixed(mut self, amount: impl Amount) -> Self {
        self.discount = Discount::Cart(amount.amount());
        self
    }

    /// A cart rule that takes a fixed amount off each piece.
    #[must_use]
    pub fn discount_per_item(mut self, amount: impl Amount) -> Self {
        self.discount = Discount::PerItem(amount.amount());
        self
    }

    /// Takes a fixed amount off shipping, besides any other rule.
    #[must_use]
    pub fn shipping_discount(mut self, amount: impl Amount) -> Self {
        self.shipping_discount = amount.amount();
        self
    }

    /// The coupon that triggered the rule.
    #[must_use]
    pub fn coupon(mut self, code: &str) -> Self {
        self.coupon = Some(code.into());
        self
    }

    /// Shipping method as `<carrier>_<method>` and its price.
    #[must_use]
    pub fn shipping(mut self, method: &str, amount: impl Amount) -> Self {
        let description = match method {
            "flatrate_flatrate" => "Flat Rate - Fixed".to_owned(),
            "tablerate_bestway" => "Best Way - Table Rate".to_owned(),
            "freeshipping_freeshipping" => "Free Shipping - Free".to_owned(),
            other => other.to_owned(),
        };
        self.shipping = Some((method.into(), description, amount.amount()));
        self
    }

    /// A tax rate on goods, in percent; called twice, both rates apply side by side.
    #[must_use]
    pub fn tax(mut self, code: &str, percent: impl Amount) -> Self {
        self.rates.push(Rate { code: code.into(), percent: percent.amount() });
        self
    }

    /// A tax rate on shipping, in percent.
    #[must_use]
    pub fn shipping_tax(mut self, code: &str, percent: impl Amount) -> Self {
        self.shipping_rates.push(Rate { code: code.into(), percent: percent.amount() });
        self
    }

    /// Prices of goods and shipping include tax, and cart rules work on those prices: the usual European setting.
    #[must_use]
    pub fn tax_inclusive(mut self) -> Self {
        self.prices_include_tax = true;
        self.discount_includes_tax = true;
        self
    }

    /// Cart rules work on prices without tax, whatever the catalogue shows.
    #[must_use]
    pub fn discount_excluding_tax(mut self) -> Self {
        self.discount_includes_tax = false;
        self
    }

    /// The shopper saw `currency`, at `rate` of it per one of the base currency.
    #[must_use]
    pub fn order_currency(mut self, currency: &str, rate: impl Amount) -> Self {
        self.order_currency = Some((currency.into(), rate.amount()));
        self
    }

    /// How it was paid.
    #[must_use]
    pub fn payment(mut self, payment: Payment) -> Self {
        self.payment = payment;
        self
    }

    /// Store credit used (Adobe Commerce): deducted from the grand total.
    #[must_use]
    pub fn store_credit(mut self, amount: impl Amount) -> Self {
        self.store_credit = amount.amount();
        self
    }

    /// A gift card used (Adobe Commerce): deducted from the grand total.
    #[must_use]
    pub fn gift_card(mut self, code: &str, amount: impl Amount) -> Self {
        self.gift_cards.push((code.into(), amount.amount()));
        self
    }

    /// Billing address, and shipping address unless another is set.
    #[must_use]
    pub fn billing(mut self, address: Address) -> Self {
        self.billing = address;
        self
    }

    /// Another address to ship to.
    #[must_use]
    pub fn ship_to(mut self, address: Address) -> Self {
        self.delivery = Some(address);
        self
    }

    /// Store view the order was placed in.
    #[must_use]
    pub fn store(mut self, store_id: u32) -> Self {
        self.store_id = store_id;
        self
    }

    /// Customer group of the account.
    #[must_use]
    pub fn group(mut self, group_id: u32) -> Self {
        self.account = self.account.map(|(id, _)| (id, group_id));
        self
    }

    /// An increment id of the merchant's own making instead of the sequence's next.
    #[must_use]
    pub fn numbered(mut self, increment_id: &str) -> Self {
        self.increment_id = Some(increment_id.into());
        self
    }

    /// The shopper's comment.
    #[must_use]
    pub fn note(mut self, text: &str) -> Self {
        self.note = Some(text.into());
        self
    }

    /// Nothing in it ships.
    pub(crate) fn is_virtual(&self) -> bool {
        !self.lines.iter().any(|line| line.kind.ships())
    }
}

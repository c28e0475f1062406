//! What applies to the cart as a whole: cart rules, taxes, shipping, money used up, and where it goes.

use super::address::Address;
use super::draft::{Amount, Discount, OrderDraft};
use super::payment::Payment;
use super::rates::Rate;
use super::tax::TaxAlgorithm;

impl OrderDraft {
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
    pub fn tax(self, code: &str, percent: impl Amount) -> Self {
        self.tax_rule(0, false, code, percent)
    }

    /// A tax rate on goods of a higher priority: it is charged on the price with the taxes of lower priorities.
    #[must_use]
    pub fn compound_tax(self, priority: u32, code: &str, percent: impl Amount) -> Self {
        self.tax_rule(priority, false, code, percent)
    }

    /// A tax rate on goods of another priority which is calculated off the subtotal only: rounded by itself.
    #[must_use]
    pub fn separate_tax(self, priority: u32, code: &str, percent: impl Amount) -> Self {
        self.tax_rule(priority, true, code, percent)
    }

    fn tax_rule(mut self, priority: u32, off_subtotal: bool, code: &str, percent: impl Amount) -> Self {
        self.rates.push(Rate { code: code.into(), percent: percent.amount(), priority, off_subtotal });
        self
    }

    /// A tax rate on gift wrapping and printed cards.
    #[must_use]
    pub fn wrapping_tax(mut self, code: &str, percent: impl Amount) -> Self {
        self.wrapping_rates.push(Rate::side_by_side(code, percent.amount()));
        self
    }

    /// Where tax is rounded.
    #[must_use]
    pub fn tax_algorithm(mut self, algorithm: TaxAlgorithm) -> Self {
        self.tax_algorithm = algorithm;
        self
    }

    /// Tax is charged on the price before discount.
    #[must_use]
    pub fn tax_before_discount(mut self) -> Self {
        self.tax_before_discount = true;
        self
    }

    /// A tax rate on shipping, in percent.
    #[must_use]
    pub fn shipping_tax(mut self, code: &str, percent: impl Amount) -> Self {
        self.shipping_rates.push(Rate::side_by_side(code, percent.amount()));
        self
    }

    /// Prices of goods and shipping include tax, and cart rules work on those prices: the usual European setting.
    #[must_use]
    pub fn tax_inclusive(mut self) -> Self {
        self.prices_include_tax = true;
        self.shipping_includes_tax = true;
        self.discount_includes_tax = true;
        self
    }

    /// Shipping prices include tax, or do not, whatever the catalogue shows.
    #[must_use]
    pub fn shipping_includes_tax(mut self, yes: bool) -> Self {
        self.shipping_includes_tax = yes;
        self
    }

    /// Cart rules work on prices with tax, whatever the catalogue shows.
    #[must_use]
    pub fn discount_including_tax(mut self) -> Self {
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
}

//! What an order can have beside its products: fixed product tax, wrapping, messages, options, a module's amounts, and what became of
//! it before anybody read it.

use super::draft::{Amount, OrderDraft};

impl OrderDraft {
    /// A custom option of the last line: id and value.
    #[must_use]
    pub fn custom_option(self, id: &str, value: &str) -> Self {
        self.last_line(|line| line.options.push((id.into(), value.into())))
    }

    /// A gift message on the last line.
    #[must_use]
    pub fn line_message(self, text: &str) -> Self {
        self.last_line(|line| line.message = Some(text.into()))
    }

    /// A fixed product tax on each piece of the last line, in base currency: the attribute's code and the amount.
    #[must_use]
    pub fn fixed_product_tax(self, attribute: &str, amount: impl Amount) -> Self {
        self.last_line(|line| line.fixed_tax = Some((attribute.into(), amount.amount())))
    }

    /// Fixed product taxes are taxed with their products' rates.
    #[must_use]
    pub fn fixed_tax_taxed(mut self) -> Self {
        self.fixed_tax_taxed = true;
        self
    }

    /// Fixed product taxes are part of the subtotal.
    #[must_use]
    pub fn fixed_tax_in_subtotal(mut self) -> Self {
        self.fixed_tax_in_subtotal = true;
        self
    }

    /// Gift wrapping of each piece of the last line (Adobe Commerce), in base currency.
    #[must_use]
    pub fn wrapped(self, price: impl Amount) -> Self {
        self.last_line(|line| line.wrapping = Some(price.amount()))
    }

    /// Gift wrapping of the whole order (Adobe Commerce).
    #[must_use]
    pub fn wrapping(mut self, price: impl Amount) -> Self {
        self.wrapping = price.amount();
        self
    }

    /// A printed card (Adobe Commerce).
    #[must_use]
    pub fn printed_card(mut self, price: impl Amount) -> Self {
        self.printed_card = price.amount();
        self
    }

    /// A gift message of the order.
    #[must_use]
    pub fn message(mut self, text: &str) -> Self {
        self.message = Some(text.into());
        self
    }

    /// Reward points used (Adobe Commerce): how many, and what is deducted from the grand total for them.
    #[must_use]
    pub fn reward_points(mut self, points: u32, worth: impl Amount) -> Self {
        self.reward = Some((points, worth.amount()));
        self
    }

    /// A module's fee, as many payment modules have one: `fee` and `base_fee` in the extension attributes, and in the grand total.
    #[must_use]
    pub fn surcharge(mut self, amount: impl Amount) -> Self {
        self.surcharge = amount.amount();
        self
    }

    /// A module's discount: the header has it, and no line does.
    #[must_use]
    pub fn header_discount(mut self, amount: impl Amount) -> Self {
        self.header_discount = amount.amount();
        self
    }

    /// The first lines are invoiced, with all shipping: what was captured is their amount. The payment must be a captured one.
    #[must_use]
    pub fn first_invoiced(mut self, lines: usize) -> Self {
        self.progress.invoiced = Some(lines);
        self
    }

    /// The last lines were cancelled.
    #[must_use]
    pub fn last_canceled(mut self, lines: usize) -> Self {
        self.progress.canceled = lines;
        self
    }

    /// The first lines were refunded.
    #[must_use]
    pub fn first_refunded(mut self, lines: usize) -> Self {
        self.progress.refunded = lines;
        self
    }
}

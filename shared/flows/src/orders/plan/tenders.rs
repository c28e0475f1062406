//! How an order is paid: money received, an authorisation, a gift card, store credit, reward points. Each is one [`Tender`], from which a
//! payment within the order is made here.
//!
//! `Authorize` and `Capture` are commands that charge the card in Acumatica: they are never sent. Money is booked here only when Magento has
//! received it; an authorisation is told to Acumatica only where both share the gateway.

use acumatica::model::sales_order::{CardTransaction, Payment};
use acumatica::model::value::{Number, set};
use magento::model::order::Order;
use rust_decimal::Decimal;

use super::amounts::order_value;
use super::{Shop, header};
use crate::plan::Plan;
use crate::settings::{PaymentRow, Receive};

/// The longest text that a payment's `PaymentRef` holds.
const PAYMENT_REF_LIMIT: usize = 40;

/// Which way of paying a tender is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TenderKey {
    /// What the payment method has brought or authorised. An order has one of these at most.
    Payment,
    /// Gift card accounts, together.
    GiftCard,
    /// Store credit.
    StoreCredit,
    /// Reward points.
    RewardPoints,
}

impl TenderKey {
    /// What follows the order's reference in the tender's own.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            TenderKey::Payment => "",
            TenderKey::GiftCard => "/gift_card",
            TenderKey::StoreCredit => "/store_credit",
            TenderKey::RewardPoints => "/reward_points",
        }
    }
}

/// One way in which an order is paid, as far as Acumatica is to know it. Never holds the code of a gift card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tender<'a> {
    /// Which it is: at most one of each key.
    pub key: TenderKey,
    /// In the order's base currency; all of it pays the order.
    pub amount: Decimal,
    /// Acumatica's payment method.
    pub payment_method: &'a str,
    /// Acumatica's cash account.
    pub cash_account: &'a str,
    /// Our reference of the payment, by which it is looked up: the order's, `shop0001-000000123`, and the key's [`TenderKey::suffix`]:
    /// `shop0001-000000123/gift_card`. The same at every try.
    pub external_ref: String,
    /// What people find it by: the gateway's transaction; the order's number where there is none, and where the transaction is longer than
    /// `PaymentRef` holds: then it stands in `description`.
    pub payment_ref: String,
    /// The transaction that `payment_ref` could not hold.
    pub description: Option<String>,
    /// The order's day, `YYYY-MM-DD`.
    pub application_date: String,
    /// The authorisation that Acumatica is to capture; none for money that is there.
    pub card: Option<Card<'a>>,
}

/// An authorisation at a gateway that Acumatica shares with the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card<'a> {
    /// Acumatica's processing centre.
    pub processing_center: &'a str,
    /// The gateway's transaction.
    pub transaction: &'a str,
    /// The authorisation's code, where the gateway's module keeps it.
    pub code: Option<&'a str>,
    /// The card's profile at the gateway, where the gateway's module keeps it.
    pub profile: Option<&'a str>,
}

/// The row of the payment method's mapping.
pub(super) fn row<'a>(shop: &Shop<'a>) -> Result<Option<&'a PaymentRow>, Plan> {
    let number = &shop.order.increment_id;
    let Some(payment) = &shop.order.payment else {
        return Err(
            shop.reject("orders.rejected.payment_missing", format!("Order {number} has no payment in Magento."))
        );
    };
    let card = payment.cc_type.as_deref();
    let fits = |row: &PaymentRow| {
        row.method == payment.method && (row.card_type.is_none() || row.card_type.as_deref() == card)
    };
    match shop.scope.row(|scope| &scope.payment_methods, fits) {
        Some(row) => Ok(Some(row)),
        // Magento's own method for orders of which nothing is left to pay needs no mapping.
        None if payment.method == "free" && shop.order.base_grand_total.is_zero() => Ok(None),
        None => {
            let card = card.map(|card| format!(" with card type `{card}`")).unwrap_or_default();
            let message = format!("Payment method `{}`{card} of order {number} is not mapped.", payment.method);
            Err(shop.reject("orders.rejected.payment_method_not_mapped", message))
        }
    }
}

/// Money received by the payment method.
pub(super) fn paid(order: &Order) -> Decimal {
    let by_payment = order.payment.as_ref().and_then(|payment| payment.base_amount_paid);
    order.base_total_paid.or(by_payment).unwrap_or_default()
}

/// Money that the payment method's gateway has set aside.
pub(super) fn authorised(order: &Order) -> Decimal {
    order.payment.as_ref().and_then(|payment| payment.base_amount_authorized).unwrap_or_default()
}

/// What every tender of an order has of it.
#[derive(Clone, Copy)]
struct Of<'a, 'o> {
    shop: &'a Shop<'o>,
    reference: &'a str,
    date: &'a str,
}

/// Everything that pays the order, the payment first. Never more than the order is worth; what they leave is its open balance.
pub(super) fn tenders<'o>(shop: &Shop<'o>, reference: &str, date: &str) -> Result<Vec<Tender<'o>>, Plan> {
    let of = Of { shop, reference, date };
    let mut tenders: Vec<Tender<'o>> = of.payment()?.into_iter().collect();
    for (key, amount, name) in deducted(shop.order) {
        if !amount.is_zero() {
            let to = mapped(shop, key, amount, name)?;
            tenders.push(of.tender(key, amount, (&to.payment_method, &to.cash_account), None)?);
        }
    }
    let sum: Decimal = tenders.iter().map(|tender| tender.amount).sum();
    if sum > order_value(shop.order) {
        let (paid, value) = (shop.currency.text(sum), shop.currency.text(order_value(shop.order)));
        let message = format!("Order {} is worth {value}, but {paid} was paid.", shop.order.increment_id);
        return Err(shop.reject("orders.rejected.overpaid", message));
    }
    Ok(tenders)
}

/// What Magento has deducted from the grand total, each with what people call it.
fn deducted(order: &Order) -> [(TenderKey, Decimal, &'static str); 3] {
    let extension = &order.extension_attributes;
    let amount = |amount: Option<Decimal>| amount.unwrap_or_default();
    [
        (TenderKey::GiftCard, amount(extension.base_gift_cards_amount), "a gift card"),
        (TenderKey::StoreCredit, amount(extension.base_customer_balance_amount), "store credit"),
        (TenderKey::RewardPoints, amount(extension.base_reward_currency_amount), "reward points"),
    ]
}

/// Where a tender that is not the payment is booked.
fn mapped<'o>(shop: &Shop<'o>, key: TenderKey, amount: Decimal, name: &str) -> Result<&'o Receive, Plan> {
    let receive = shop.scope.first(|scope| {
        let tenders = scope.tenders.as_ref()?;
        match key {
            TenderKey::Payment => None,
            TenderKey::GiftCard => tenders.gift_card.as_ref(),
            TenderKey::StoreCredit => tenders.store_credit.as_ref(),
            TenderKey::RewardPoints => tenders.reward_points.as_ref(),
        }
    });
    receive.ok_or_else(|| {
        let (number, amount) = (&shop.order.increment_id, shop.currency.text(amount));
        let message = format!(
            "Order {number} is paid in part by {name} ({amount}), which is not mapped to a payment method of Acumatica."
        );
        shop.reject("orders.rejected.tender_not_mapped", message)
    })
}

impl<'o> Of<'_, 'o> {
    /// What the payment method has brought; where it has brought nothing yet, what it has authorised, if Acumatica is to capture it.
    ///
    /// Of a payment that was captured in part only that part is booked: the transaction that Magento names last is then the capture's, and
    /// nothing on the order says by what Acumatica could capture the rest. The rest stays open until Magento captures it.
    fn payment(self) -> Result<Option<Tender<'o>>, Plan> {
        let Some(row) = row(self.shop)? else { return Ok(None) };
        let order = self.shop.order;
        let (paid, authorised) = (paid(order), authorised(order));
        if !paid.is_zero() {
            let Some(to) = &row.receive else { return Ok(None) };
            return self.tender(TenderKey::Payment, paid, (&to.payment_method, &to.cash_account), None).map(Some);
        }
        let Some(gateway) = row.authorised.as_ref().filter(|_| !authorised.is_zero()) else { return Ok(None) };
        let Some(transaction) = transaction(order) else {
            let message = format!(
                "Order {} is authorised by `{}`, but Magento names no transaction that Acumatica could capture.",
                order.increment_id, row.method
            );
            return Err(self.shop.reject("orders.rejected.transaction_missing", message));
        };
        let kept = |key: &Option<String>| key.as_deref().and_then(|key| additional(order, key));
        let card = Card {
            processing_center: &gateway.processing_center,
            transaction,
            code: kept(&gateway.code_key),
            profile: kept(&gateway.profile_key),
        };
        let to = (gateway.payment_method.as_str(), gateway.cash_account.as_str());
        self.tender(TenderKey::Payment, authorised, to, Some(card)).map(Some)
    }

    fn tender(
        self,
        key: TenderKey,
        amount: Decimal,
        (payment_method, cash_account): (&'o str, &'o str),
        card: Option<Card<'o>>,
    ) -> Result<Tender<'o>, Plan> {
        let order = self.shop.order;
        let transaction = transaction(order).filter(|_| key == TenderKey::Payment);
        let fits = |text: &&str| text.chars().count() <= PAYMENT_REF_LIMIT;
        Ok(Tender {
            key,
            amount,
            payment_method,
            cash_account,
            external_ref: header::within_limit(self.shop, format!("{}{}", self.reference, key.suffix()))?,
            payment_ref: transaction.filter(fits).unwrap_or(&order.increment_id).to_owned(),
            description: transaction.filter(|text| !fits(text)).map(|text| format!("Transaction {text}")),
            application_date: self.date.to_owned(),
            card,
        })
    }
}

/// The gateway's last transaction.
fn transaction(order: &Order) -> Option<&str> {
    filled(order.payment.as_ref()?.last_trans_id.as_deref())
}

/// A value that the payment's module keeps.
fn additional<'o>(order: &'o Order, key: &str) -> Option<&'o str> {
    let kept = &order.extension_attributes.payment_additional_info;
    filled(kept.iter().find(|kept| kept.key.as_deref() == Some(key))?.value.as_deref())
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// The payments made and applied with the order.
pub(super) fn nested(shop: &Shop<'_>, tenders: &[Tender<'_>]) -> Vec<Payment> {
    let amount = |tender: &Tender<'_>| set(Number(shop.currency.exact(tender.amount)));
    let payment = |tender: &Tender<'_>| Payment {
        doc_type: set("Prepayment"),
        payment_method: set(tender.payment_method),
        cash_account: set(tender.cash_account),
        payment_amount: amount(tender),
        applied_to_order: amount(tender),
        payment_ref: set(tender.payment_ref.as_str()),
        external_ref: set(tender.external_ref.as_str()),
        description: tender.description.as_deref().and_then(set),
        application_date: set(tender.application_date.as_str()),
        hold: set(false),
        processing_center_id: tender.card.as_ref().and_then(|card| set(card.processing_center)),
        credit_card_transaction_info: tender.card.iter().map(|card| card.wire(&tender.application_date)).collect(),
    };
    tenders.iter().map(payment).collect()
}

impl Card<'_> {
    /// The authorisation as Acumatica is told it. Magento does not say when it was made: with the order, whose day is `date`.
    #[must_use]
    pub fn wire(&self, date: &str) -> CardTransaction {
        CardTransaction {
            tran_nbr: set(self.transaction),
            tran_type: set("AUT"),
            tran_date: set(date),
            auth_nbr: self.code.and_then(set),
            ext_profile_id: self.profile.and_then(set),
            need_validation: set(true),
        }
    }
}

//! What tests look at: sales orders as plain structs, and card commands.

use rust_decimal::Decimal;

use super::record::Record;

/// A sales order as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// `OrderType`.
    pub order_type: String,
    /// `OrderNbr`.
    pub nbr: String,
    /// `NoteID`, the id of the record.
    pub note_id: String,
    /// `ExternalRef`; empty when null.
    pub external_ref: String,
    /// `CustomerOrder`; empty when null.
    pub customer_order: String,
    /// `CustomerID`.
    pub customer_id: String,
    /// `Status`, as its label.
    pub status: String,
    /// `Hold`.
    pub hold: bool,
    /// `OrderTotal`.
    pub total: Decimal,
    /// `ControlTotal`.
    pub control_total: Decimal,
    /// `TaxTotal`.
    pub tax: Decimal,
    /// Freight price and premium freight.
    pub freight: Decimal,
    /// `Totals.UnpaidBalance`.
    pub unpaid: Decimal,
    /// `Details`, in their order.
    pub lines: Vec<Line>,
    /// `Payments`, in their order.
    pub payments: Vec<Payment>,
}

/// A line of a sales order.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// `LineNbr`.
    pub nbr: Decimal,
    /// `ExternalRef`; empty when null.
    pub external_ref: String,
    /// `InventoryID`.
    pub inventory_id: String,
    /// `UOM`.
    pub uom: String,
    /// `OrderQty`.
    pub quantity: Decimal,
    /// `UnitPrice`.
    pub unit_price: Decimal,
    /// `ExtendedPrice`.
    pub extended_price: Decimal,
    /// `DiscountAmount`.
    pub discount: Decimal,
    /// `Amount`: extended price minus discount.
    pub amount: Decimal,
}

/// A payment created with a sales order.
#[derive(Clone, Debug, PartialEq)]
pub struct Payment {
    /// `ReferenceNbr`.
    pub nbr: String,
    /// `DocType`, as its label.
    pub doc_type: String,
    /// `PaymentMethod`.
    pub method: String,
    /// `CashAccount`.
    pub cash_account: String,
    /// `PaymentAmount`.
    pub amount: Decimal,
    /// `AppliedToOrder`.
    pub applied: Decimal,
    /// `PaymentRef`; empty when null.
    pub payment_ref: String,
    /// `ExternalRef`; empty when null.
    pub external_ref: String,
    /// Whether `Authorize` or `Capture` was sent: commands that charge the card in Acumatica.
    pub charges_card: bool,
}

/// A payment document: of its own, or created with a sales order.
#[derive(Clone, Debug, PartialEq)]
pub struct PaymentDocument {
    /// `ReferenceNbr`.
    pub nbr: String,
    /// `Type`, as its label.
    pub doc_type: String,
    /// `CustomerID`.
    pub customer_id: String,
    /// `PaymentMethod`.
    pub method: String,
    /// `CashAccount`.
    pub cash_account: String,
    /// `CurrencyID`.
    pub currency: String,
    /// `PaymentAmount`.
    pub amount: Decimal,
    /// `PaymentRef`; empty when null.
    pub payment_ref: String,
    /// `ExternalRef`; empty when null.
    pub external_ref: String,
    /// `Status`, as its label.
    pub status: String,
    /// `OrdersToApply`: order type, order number and the amount applied.
    pub applied: Vec<(String, String, Decimal)>,
    /// `TranType` and `TranNbr` of the card transactions that were imported with it.
    pub card_transactions: Vec<(String, String)>,
}

impl From<&Record> for PaymentDocument {
    fn from(record: &Record) -> Self {
        let own = |record: &Record, field: &str| record.text(field).unwrap_or_default().to_owned();
        let text = |field: &str| own(record, field);
        let applied = record.rows("OrdersToApply").iter();
        let transactions = record.rows("CreditCardTransactionInfo").iter();
        Self {
            nbr: text("ReferenceNbr"),
            doc_type: text("Type"),
            customer_id: text("CustomerID"),
            method: text("PaymentMethod"),
            cash_account: text("CashAccount"),
            currency: text("CurrencyID"),
            amount: record.number("PaymentAmount"),
            payment_ref: text("PaymentRef"),
            external_ref: text("ExternalRef"),
            status: text("Status"),
            applied: applied
                .map(|row| (own(row, "OrderType"), own(row, "OrderNbr"), row.number("AppliedToOrder")))
                .collect(),
            card_transactions: transactions.map(|row| (own(row, "TranType"), own(row, "TranNbr"))).collect(),
        }
    }
}

impl From<&Record> for Order {
    fn from(record: &Record) -> Self {
        let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
        let linked =
            |entity: &str, field: &str| record.linked.get(entity).map_or(Decimal::ZERO, |linked| linked.number(field));
        Self {
            order_type: text("OrderType"),
            nbr: text("OrderNbr"),
            note_id: text("NoteID"),
            external_ref: text("ExternalRef"),
            customer_order: text("CustomerOrder"),
            customer_id: text("CustomerID"),
            status: text("Status"),
            hold: record.flag("Hold"),
            total: record.number("OrderTotal"),
            control_total: record.number("ControlTotal"),
            tax: record.number("TaxTotal"),
            freight: linked("ShippingSettings", "FreightPrice") + linked("ShippingSettings", "PremiumFreight"),
            unpaid: linked("Totals", "UnpaidBalance"),
            lines: record.rows("Details").iter().map(Line::from).collect(),
            payments: record.rows("Payments").iter().map(Payment::from).collect(),
        }
    }
}

impl From<&Record> for Line {
    fn from(record: &Record) -> Self {
        let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
        Self {
            nbr: record.number("LineNbr"),
            external_ref: text("ExternalRef"),
            inventory_id: text("InventoryID"),
            uom: text("UOM"),
            quantity: record.number("OrderQty"),
            unit_price: record.number("UnitPrice"),
            extended_price: record.number("ExtendedPrice"),
            discount: record.number("DiscountAmount"),
            amount: record.number("Amount"),
        }
    }
}

impl From<&Record> for Payment {
    fn from(record: &Record) -> Self {
        let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
        Self {
            nbr: text("ReferenceNbr"),
            doc_type: text("DocType"),
            method: text("PaymentMethod"),
            cash_account: text("CashAccount"),
            amount: record.number("PaymentAmount"),
            applied: record.number("AppliedToOrder"),
            payment_ref: text("PaymentRef"),
            external_ref: text("ExternalRef"),
            charges_card: record.flag("Authorize") || record.flag("Capture"),
        }
    }
}

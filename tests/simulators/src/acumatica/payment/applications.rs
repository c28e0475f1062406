//! Which orders a payment pays. The document and the order's `Payments` row tell of the same application; both are kept.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::super::Acumatica;
use super::super::context::{Context, cannot_be_empty, not_found};
use super::super::order;
use super::super::record::Record;

/// The members that a payment document and an order's row of it share: the document's name, the row's name.
const SHARED: [(&str, &str); 14] = [
    ("ApplicationDate", "ApplicationDate"),
    ("CardAccountNbr", "CardAccountNbr"),
    ("CashAccount", "CashAccount"),
    ("CurrencyID", "Currency"),
    ("Description", "Description"),
    ("ExternalRef", "ExternalRef"),
    ("Hold", "Hold"),
    ("NoteID", "NoteID"),
    ("PaymentAmount", "PaymentAmount"),
    ("PaymentMethod", "PaymentMethod"),
    ("PaymentRef", "PaymentRef"),
    ("ProcessingCenterID", "ProcessingCenterID"),
    ("SaveCard", "SaveCard"),
    ("Status", "Status"),
];

/// Checks `OrdersToApply`: the orders are this customer's, open, in the payment's currency; no more is applied than an order leaves
/// unpaid, nor than the payment is worth.
pub(super) fn check(context: &Context<'_>, prior: Option<&Record>, amount: Decimal, places: u32, draft: &mut Record) {
    let owner = Owner {
        customer: draft.text("CustomerID").map(str::to_owned),
        currency: draft.text("CurrencyID").map(str::to_owned),
    };
    let mut left = amount;
    for row in draft.rows_mut("OrdersToApply") {
        if row.fresh || !row.changed.is_empty() {
            row.default_to("OrderType", order::DEFAULT_TYPE);
            if let Some(found) = owner.order(context, row) {
                let before = prior.and_then(|prior| applied_to(prior, found)).unwrap_or_default();
                let room = open(found, before);
                row.default_to("AppliedToOrder", room.unpaid.min(left).max(Decimal::ZERO));
                let applied = order::round(row.number("AppliedToOrder"), places);
                row.set("AppliedToOrder", applied);
                room.check(applied, row);
            }
        }
        left -= row.number("AppliedToOrder");
        if left < Decimal::ZERO {
            // The text is not established.
            row.fail("AppliedToOrder", "The applied amount cannot exceed the payment amount.");
        }
    }
    draft.set("AppliedToOrders", amount - left);
    draft.set("AvailableBalance", left);
}

/// What an order must share with the payment to be found by it.
struct Owner {
    customer: Option<String>,
    currency: Option<String>,
}

impl Owner {
    /// The order a row names, or an error on the row. That a closed order is not found is inferred.
    fn order<'a>(&self, context: &Context<'a>, row: &mut Record) -> Option<&'a Record> {
        let Some(nbr) = row.text("OrderNbr").map(str::to_owned) else {
            row.fail("OrderNbr", cannot_be_empty("Order Nbr."));
            return None;
        };
        let found = context.order(row.text("OrderType").unwrap_or_default(), &nbr).filter(|order| {
            order.text("CustomerID") == self.customer.as_deref()
                && order.text("CurrencyID") == self.currency.as_deref()
                && !matches!(order.text("Status"), Some("Canceled" | "Completed"))
        });
        let Some(found) = found else {
            row.fail("OrderNbr", not_found("Order Nbr."));
            return None;
        };
        for key in ["OrderType", "OrderNbr"] {
            row.set_or_clear(key, found.fields.get(key).cloned());
        }
        let waits = matches!(found.text("Status"), Some("Pending Approval" | "Rejected"));
        if waits && !context.config.pay_unapproved_orders {
            // The text is not established.
            row.fail("OrderNbr", "A payment cannot be applied to the order in its present status.");
        }
        Some(found)
    }
}

/// What an order can still take from one payment.
struct Room {
    unpaid: Decimal,
    unbilled: Decimal,
}

fn open(order: &Record, before: Decimal) -> Room {
    let total = |field: &str| order.linked.get("Totals").map_or(Decimal::ZERO, |totals| totals.number(field));
    Room { unpaid: total("UnpaidBalance") + before, unbilled: total("UnbilledAmount") }
}

impl Room {
    /// Both texts are the product's; that the unbilled balance is looked at first is inferred.
    fn check(&self, applied: Decimal, row: &mut Record) {
        if applied > self.unbilled {
            row.fail("AppliedToOrder", "The applied amount cannot exceed the unbilled balance.");
        } else if applied > self.unpaid {
            row.fail("AppliedToOrder", order::more_than_unpaid(self.unpaid));
        }
    }
}

/// What this payment applies to that order.
fn applied_to(payment: &Record, order: &Record) -> Option<Decimal> {
    let same = |row: &&Record| ["OrderType", "OrderNbr"].iter().all(|key| row.text(key) == order.text(key));
    payment.rows("OrdersToApply").iter().find(same).map(|row| row.number("AppliedToOrder"))
}

fn is_row_of(row: &Record, payment: &Record) -> bool {
    row.text("DocType") == payment.text("Type") && row.text("ReferenceNbr") == payment.text("ReferenceNbr")
}

fn share(from: &Record, to: &mut Record, names: impl Fn((&'static str, &'static str)) -> (&'static str, &'static str)) {
    for (source, target) in SHARED.map(names) {
        to.set_or_clear(target, from.fields.get(source).cloned());
    }
}

impl Acumatica {
    /// Follows a saved order: its nested payments are payment documents, and a row that is gone is no longer applied.
    pub(in super::super) fn payments_of_order(&mut self, order: &Record, now: Timestamp) {
        for row in order.rows("Payments") {
            let at = self.payments.iter().position(|payment| is_row_of(row, payment)).unwrap_or_else(|| {
                self.payments.push(self.document(order, row));
                self.payments.len() - 1
            });
            let serial = self.numbers.serial();
            let document = &mut self.payments[at];
            let before = document.clone();
            share(row, document, |(document, row)| (row, document));
            let applied = document.rows("OrdersToApply").iter().position(|known| same_order(known, order));
            let applied = applied.unwrap_or_else(|| {
                let mut known = Record::new("PaymentOrderDetail", serial);
                for key in ["OrderType", "OrderNbr"] {
                    known.set_or_clear(key, order.fields.get(key).cloned());
                }
                document.rows_mut("OrdersToApply").push(known);
                document.rows("OrdersToApply").len() - 1
            });
            document.rows_mut("OrdersToApply")[applied].set("AppliedToOrder", row.number("AppliedToOrder"));
            rest(document);
            if *document != before {
                document.set("LastModifiedDateTime", now);
            }
        }
        for document in &mut self.payments {
            let listed = order.rows("Payments").iter().any(|row| is_row_of(row, document));
            if !listed && document.rows("OrdersToApply").iter().any(|known| same_order(known, order)) {
                document.rows_mut("OrdersToApply").retain(|known| !same_order(known, order));
                rest(document);
                document.set("LastModifiedDateTime", now);
            }
        }
    }

    fn document(&self, order: &Record, row: &Record) -> Record {
        let mut document = Record::new("Payment", row.serial);
        document.note = Some(String::new());
        document.set_or_clear("Type", row.fields.get("DocType").cloned());
        document.set_or_clear("ReferenceNbr", row.fields.get("ReferenceNbr").cloned());
        for (field, source) in
            [("CustomerID", "CustomerID"), ("CustomerLocationID", "LocationID"), ("Branch", "Branch")]
        {
            document.set_or_clear(field, order.fields.get(source).cloned());
        }
        let transactions = row.rows("CreditCardTransactionInfo").iter().cloned();
        let transactions = transactions.map(|row| Record { entity: "CreditCardTransactionDetail".to_owned(), ..row });
        document.details.insert("CreditCardTransactionInfo".to_owned(), transactions.collect());
        document.set("AppliedToDocuments", Decimal::ZERO);
        document.set("IsNewCard", false);
        let method = row.text("PaymentMethod").and_then(|id| self.master.payment_methods.get(id));
        document.set("IsCCPayment", method.is_some_and(|method| method.integrated));
        document
    }

    /// Follows a saved payment: the orders it pays show it among their payments and owe less. A paid order leaves credit hold unless
    /// the customer keeps it there. Whether the order's stamp moves is not established.
    pub(in super::super) fn orders_of_payment(&mut self, payment: &Record, now: Timestamp) {
        for at in 0..self.orders.len() {
            let mut order = self.orders[at].clone();
            let listed = order.rows("Payments").iter().position(|row| is_row_of(row, payment));
            match (applied_to(payment, &order), listed) {
                (None, None) => continue,
                (None, Some(row)) => drop(order.rows_mut("Payments").remove(row)),
                (Some(applied), listed) => {
                    let row = listed.unwrap_or_else(|| {
                        let row = order_row(payment, self.numbers.serial());
                        order.rows_mut("Payments").push(row);
                        order.rows("Payments").len() - 1
                    });
                    let row = &mut order.rows_mut("Payments")[row];
                    share(payment, row, |(document, row)| (document, row));
                    row.set("AppliedToOrder", applied);
                    row.set("Balance", row.number("PaymentAmount") - applied);
                }
            }
            self.repaid(&mut order);
            if order != self.orders[at] {
                if self.config.payment_moves_order_stamp {
                    order.set("LastModified", now);
                }
                self.orders[at] = order;
            }
        }
    }

    fn repaid(&self, order: &mut Record) {
        order::paid(order);
        let customer = self.customers.iter().find(|customer| customer.text("CustomerID") == order.text("CustomerID"));
        if let Some(customer) = customer.filter(|_| order.text("Status") == Some("Credit Hold"))
            && order::credit_failure(&self.orders, customer, order).is_none()
        {
            order.set("Status", "Open");
            order.set("CreditHold", false);
        }
    }
}

fn same_order(row: &Record, order: &Record) -> bool {
    ["OrderType", "OrderNbr"].iter().all(|key| row.text(key) == order.text(key))
}

/// What the payment has left for other orders.
fn rest(document: &mut Record) {
    let applied: Decimal = document.rows("OrdersToApply").iter().map(|row| row.number("AppliedToOrder")).sum();
    document.set("AppliedToOrders", applied);
    document.set("AvailableBalance", document.number("PaymentAmount") - applied);
}

fn order_row(payment: &Record, serial: u64) -> Record {
    let mut row = Record::new("SalesOrderPayment", serial);
    row.set_or_clear("DocType", payment.fields.get("Type").cloned());
    row.set_or_clear("ReferenceNbr", payment.fields.get("ReferenceNbr").cloned());
    for flag in ["Authorize", "Capture", "Refund"] {
        row.set(flag, false);
    }
    row
}

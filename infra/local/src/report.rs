//! What happened, as one object for programs and as tables for people.

use std::fmt;

use serde::Serialize;

/// What happened to the orders and the customers of the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Every order, in the order they were placed in.
    pub orders: Vec<Order>,
    /// What was parked on the way.
    pub parked: Vec<Parked>,
    /// Magento's numbers of the orders that a redrive of the dead-letter queue brought through.
    pub redriven: Vec<String>,
    /// Sales orders in the ERP beyond one for each order of the shop.
    pub duplicates: usize,
    /// The customers of the story, each with what happened to it last.
    pub customers: Vec<Customer>,
}

/// One order on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    /// Magento's number.
    pub magento: String,
    /// Acumatica's `OrderNbr`.
    pub acumatica: String,
    /// The order value in Magento, two decimals.
    pub magento_total: String,
    /// Acumatica's `OrderTotal`, two decimals.
    pub acumatica_total: String,
    /// Its last outcome that changed anything, from the sync log.
    pub outcome: String,
    /// How often it was tried, from the sync log.
    pub attempts: usize,
    /// Requests made for it in all attempts, from the sync log.
    pub calls: Calls,
    /// What it is there to show.
    #[serde(skip)]
    pub title: &'static str,
}

/// Requests to the two platforms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// To Magento.
    pub magento: u64,
    /// To Acumatica.
    pub acumatica: u64,
}

/// An order that waited for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parked {
    /// Magento's number.
    pub magento: String,
    /// The stable code.
    pub code: String,
    /// What a merchant reads.
    pub message: String,
}

/// One customer on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Customer {
    /// The keyed hash of the e-mail, by which the tables know the person: [`EmailKey::hash`](flows::link::EmailKey::hash).
    pub email_hash: String,
    /// The account's id in Magento.
    pub magento: String,
    /// Acumatica's `CustomerID`.
    pub acumatica: String,
    /// The last outcome that did something, from the sync log.
    pub outcome: String,
    /// Requests made for that event, from the sync log.
    pub calls: Calls,
    /// What it is there to show.
    #[serde(skip)]
    pub title: &'static str,
}

/// Headings of the orders' table; amounts and counts stand right, words left.
const ORDERS: [(&str, bool); 8] = [
    ("Magento", false),
    ("Acumatica", false),
    ("order value", true),
    ("OrderTotal", true),
    ("outcome", false),
    ("attempts", true),
    ("calls M+A", true),
    ("what it shows", false),
];
/// Headings of the customers' table.
const CUSTOMERS: [(&str, bool); 5] =
    [("Magento", false), ("Acumatica", false), ("outcome", false), ("calls M+A", true), ("what it shows", false)];

impl Report {
    /// The object for programs, in one line.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("a report is texts and counts")
    }

    /// The tables for people.
    #[must_use]
    pub fn table(&self) -> String {
        let orders = self.orders.iter().map(|order| {
            let texts =
                [&order.magento, &order.acumatica, &order.magento_total, &order.acumatica_total, &order.outcome];
            let [magento, acumatica, value, total, outcome] = texts.map(Clone::clone);
            let (attempts, calls) = (order.attempts.to_string(), order.calls.to_string());
            [magento, acumatica, value, total, outcome, attempts, calls, order.title.to_owned()]
        });
        let mut lines = aligned(&ORDERS, orders);
        lines.push(String::new());
        lines.extend(self.parked.iter().map(|parked| format!("{} was parked: {}", parked.magento, parked.message)));
        lines.extend(
            self.redriven.iter().map(|number| format!("{number} came through by the redrive of the dead-letter queue")),
        );
        lines.push(format!("duplicate documents in the ERP: {}", self.duplicates));
        lines.push(String::new());
        let customers = self.customers.iter().map(|customer| {
            let [magento, acumatica, outcome] =
                [&customer.magento, &customer.acumatica, &customer.outcome].map(Clone::clone);
            [magento, acumatica, outcome, customer.calls.to_string(), customer.title.to_owned()]
        });
        lines.extend(aligned(&CUSTOMERS, customers));
        lines.join("\n")
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}+{}", self.magento, self.acumatica)
    }
}

/// A table: its headings, a line below them, its rows.
fn aligned<const N: usize>(headings: &[(&str, bool); N], rows: impl Iterator<Item = [String; N]>) -> Vec<String> {
    let rows: Vec<[String; N]> = std::iter::once(headings.map(|(heading, _)| heading.to_owned())).chain(rows).collect();
    let widths: [usize; N] =
        std::array::from_fn(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default());
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).zip(headings).map(|((text, width), (_, is_amount))| match is_amount {
            true => format!("{text:>width$}"),
            false => format!("{text:<width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.insert(1, "-".repeat(lines.first().map_or(0, |first| first.chars().count())));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_and_two_tables() {
        let order = Order {
            magento: "000000001".to_owned(),
            acumatica: "SO000001".to_owned(),
            magento_total: "39.93".to_owned(),
            acumatica_total: "39.93".to_owned(),
            outcome: "applied".to_owned(),
            attempts: 1,
            calls: Calls { magento: 1, acumatica: 3 },
            title: "a guest",
        };
        let parked =
            Parked { magento: "000000001".to_owned(), code: "a.rejected.b".to_owned(), message: "No.".to_owned() };
        let customer = Customer {
            email_hash: "0a1b".to_owned(),
            magento: "2".to_owned(),
            acumatica: "C000008".to_owned(),
            outcome: "applied".to_owned(),
            calls: Calls { magento: 1, acumatica: 2 },
            title: "a new account",
        };
        let report = Report {
            orders: vec![order],
            parked: vec![parked],
            redriven: vec!["000000001".to_owned()],
            duplicates: 0,
            customers: vec![customer],
        };
        assert_eq!(
            report.json(),
            r#"{"orders":[{"magento":"000000001","acumatica":"SO000001","magento_total":"39.93","acumatica_total":"39.93","outcome":"applied","attempts":1,"calls":{"magento":1,"acumatica":3}}],"parked":[{"magento":"000000001","code":"a.rejected.b","message":"No."}],"redriven":["000000001"],"duplicates":0,"customers":[{"email_hash":"0a1b","magento":"2","acumatica":"C000008","outcome":"applied","calls":{"magento":1,"acumatica":2}}]}"#
        );
        assert_eq!(
            report.table(),
            "Magento    Acumatica  order value  OrderTotal  outcome  attempts  calls M+A  what it shows\n\
             ------------------------------------------------------------------------------------------\n\
             000000001  SO000001         39.93       39.93  applied         1        1+3  a guest\n\
             \n\
             000000001 was parked: No.\n\
             000000001 came through by the redrive of the dead-letter queue\n\
             duplicate documents in the ERP: 0\n\
             \n\
             Magento  Acumatica  outcome  calls M+A  what it shows\n\
             -----------------------------------------------------\n\
             2        C000008    applied        1+2  a new account"
        );
    }
}

//! What happened, as one object for programs and as a table for people.

use serde::Serialize;

/// What happened to the orders of the story.
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

const HEADINGS: [&str; 8] =
    ["Magento", "Acumatica", "order value", "OrderTotal", "outcome", "attempts", "calls M+A", "what it shows"];

impl Report {
    /// The object for programs, in one line.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("a report is texts and counts")
    }

    /// The table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let mut rows = vec![HEADINGS.map(str::to_owned)];
        rows.extend(self.orders.iter().map(|order| {
            let calls = format!("{}+{}", order.calls.magento, order.calls.acumatica);
            let texts =
                [&order.magento, &order.acumatica, &order.magento_total, &order.acumatica_total, &order.outcome];
            let [magento, acumatica, value, total, outcome] = texts.map(Clone::clone);
            [magento, acumatica, value, total, outcome, order.attempts.to_string(), calls, order.title.to_owned()]
        }));
        let widths: [usize; 8] =
            std::array::from_fn(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default());
        let mut lines: Vec<String> = rows.iter().map(|row| aligned(row, &widths)).collect();
        lines.insert(1, "-".repeat(lines.first().map_or(0, |first| first.chars().count())));
        lines.push(String::new());
        lines.extend(self.parked.iter().map(|parked| format!("{} was parked: {}", parked.magento, parked.message)));
        lines.extend(
            self.redriven.iter().map(|number| format!("{number} came through by the redrive of the dead-letter queue")),
        );
        lines.push(format!("duplicate documents in the ERP: {}", self.duplicates));
        lines.join("\n")
    }
}

/// Amounts and counts stand right, words left.
fn aligned(row: &[String; 8], widths: &[usize; 8]) -> String {
    let cells = row.iter().zip(widths).enumerate().map(|(at, (text, width))| match at {
        2 | 3 | 5 | 6 => format!("{text:>width$}"),
        _ => format!("{text:<width$}"),
    });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_and_one_table() {
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
        let report =
            Report { orders: vec![order], parked: vec![parked], redriven: vec!["000000001".to_owned()], duplicates: 0 };
        assert_eq!(
            report.json(),
            r#"{"orders":[{"magento":"000000001","acumatica":"SO000001","magento_total":"39.93","acumatica_total":"39.93","outcome":"applied","attempts":1,"calls":{"magento":1,"acumatica":3}}],"parked":[{"magento":"000000001","code":"a.rejected.b","message":"No."}],"redriven":["000000001"],"duplicates":0}"#
        );
        assert_eq!(
            report.table(),
            "Magento    Acumatica  order value  OrderTotal  outcome  attempts  calls M+A  what it shows\n\
             ------------------------------------------------------------------------------------------\n\
             000000001  SO000001         39.93       39.93  applied         1        1+3  a guest\n\
             \n\
             000000001 was parked: No.\n\
             000000001 came through by the redrive of the dead-letter queue\n\
             duplicate documents in the ERP: 0"
        );
    }
}

//! Views of a platform for a person and for scenario tests.

use serde_json::{Map, Number, Value};

use crate::acumatica::{Acumatica, Record, Scalar};

/// Lets a person look into a platform that runs behind a socket.
pub trait Inspect {
    /// The view of this name, for example `orders` or `customers`; `None` when the platform has no such view.
    fn view(&self, name: &str) -> Option<Value>;
}

impl Inspect for Acumatica {
    /// `orders`, `payments`, `customers`, `locations`, `contacts`, `notifications` that wait, `calls` by route, and `saves`, the number of records saved over the API. Records are plain:
    /// `"OrderNbr": "SO000001"` instead of the `{"value": …}` of the contract.
    fn view(&self, name: &str) -> Option<Value> {
        match name {
            "orders" => Some(self.order_records().iter().map(record).collect()),
            "payments" => Some(self.payment_records().iter().map(record).collect()),
            "customers" => Some(self.customers().iter().map(record).collect()),
            "locations" => Some(self.locations().iter().map(record).collect()),
            "contacts" => Some(self.contacts().iter().map(record).collect()),
            "notifications" => Some(self.outbox.waiting.iter().map(|waiting| body(&waiting.body)).collect()),
            "calls" => Some(self.calls().iter().map(|(route, count)| (route.clone(), Value::from(*count))).collect()),
            "saves" => Some(Value::from(self.saves())),
            _ => None,
        }
    }
}

/// A notification as it is sent: JSON, or the text that is left of it.
fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn record(shown: &Record) -> Value {
    let mut map = Map::new();
    map.insert("id".to_owned(), Value::from(shown.id()));
    map.extend(shown.fields.iter().map(|(name, value)| (name.clone(), scalar(value))));
    map.extend(shown.linked.iter().map(|(name, linked)| (name.clone(), record(linked))));
    map.extend(shown.details.iter().map(|(name, rows)| (name.clone(), rows.iter().map(record).collect())));
    Value::Object(map)
}

fn scalar(value: &Scalar) -> Value {
    match value {
        Scalar::Text(text) => Value::from(text.as_str()),
        Scalar::Number(number) => {
            Value::Number(number.normalize().to_string().parse::<Number>().expect("a decimal prints as a JSON number"))
        }
        Scalar::Flag(flag) => Value::from(*flag),
        Scalar::Moment(moment) => Value::from(moment.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::acumatica::Config;

    #[test]
    fn records_are_shown_plain() {
        let mut order = Record::new("SalesOrder", 1);
        order.set("OrderNbr", "SO000001");
        order.set("Hold", true);
        order.set("OrderTotal", rust_decimal::Decimal::new(1050, 2));
        let mut line = Record::new("SalesOrderDetail", 2);
        line.set("InventoryID", "A");
        order.rows_mut("Details").push(line);
        order.link("Totals", "Totals").set("UnpaidBalance", rust_decimal::Decimal::TEN);
        let shown = record(&order);
        let part = |pointer: &str| shown.pointer(pointer).map(Value::to_string).unwrap_or_default();
        let table = [
            ("/OrderNbr", "\"SO000001\""),
            ("/Hold", "true"),
            ("/OrderTotal", "10.5"),
            ("/Details/0/InventoryID", "\"A\""),
            ("/Totals/UnpaidBalance", "10"),
        ];
        for (pointer, expected) in table {
            assert_eq!(part(pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn an_empty_tenant_has_its_views_and_no_others() {
        let tenant = Acumatica::new(Config::default());
        for (name, expected) in [
            ("orders", Some(json!([]))),
            ("payments", Some(json!([]))),
            ("customers", Some(json!([]))),
            ("locations", Some(json!([]))),
            ("contacts", Some(json!([]))),
            ("notifications", Some(json!([]))),
            ("saves", Some(json!(0))),
            ("secrets", None),
        ] {
            assert_eq!(tenant.view(name), expected, "{name}");
        }
    }
}

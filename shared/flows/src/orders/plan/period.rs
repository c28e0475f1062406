//! An order whose day lies in a closed financial period, moved to the next month.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::plan::Step;

/// How many characters ` of 2026-01-31` has, by which the description of a moved order is longer.
pub(super) const ROOM: usize = 14;

/// The header by which Acumatica takes a request as of another business date.
const BUSINESS_DATE: &str = "PX-CbApiBusinessDate";

/// The same request on the first day of the month after its own, whose period may be open; none where that is later than `latest`. Every
/// date of the document moves along, and its description says which day was Magento's.
#[must_use]
pub fn next_month(step: &Step, latest: Date) -> Option<Step> {
    let of_body = |pointer| step.body().pointer(pointer).and_then(Value::as_str);
    // A slice in the middle has no date but that of the request.
    let of_request = || step.headers().iter().find(|(name, _)| name == BUSINESS_DATE).map(|(_, day)| day.as_str());
    let was: Date =
        of_body("/Date/value").or_else(|| of_body("/ApplicationDate/value")).or_else(of_request)?.parse().ok()?;
    let moved = was.first_of_month().checked_add(1.month()).ok().filter(|moved| *moved <= latest)?;
    let mut step = step.clone();
    let (was, moved) = (was.to_string(), moved.to_string());
    describe(step.body_mut(), &was);
    move_dates(step.body_mut(), &moved);
    for (name, value) in step.headers_mut() {
        if name == BUSINESS_DATE {
            value.clone_from(&moved);
        }
    }
    Some(step)
}

/// The request as it was when it led to `document`, whose day may be of a later month.
#[must_use]
pub fn as_written(step: &Step, document: &Value) -> Step {
    let day =
        |body: &Value| body.pointer("/Date/value").and_then(Value::as_str).and_then(|day| day.get(..10)?.parse().ok());
    let Some(latest) = day(document) else { return step.clone() };
    let mut moved = step.clone();
    while let Some(next) = next_month(&moved, latest) {
        moved = next;
    }
    // A day of somebody else's making is no move of ours.
    if day(moved.body()) == Some(latest) { moved } else { step.clone() }
}

/// Says the day on which Magento has the order, once.
fn describe(body: &mut Value, was: &str) {
    let described = body.pointer_mut("/Description/value");
    let Some(Value::String(text)) = described else { return };
    let (number, rest) = match text.split_once(';') {
        Some((number, rest)) => (number.to_owned(), format!(";{rest}")),
        None => (text.clone(), String::new()),
    };
    if !number.contains(" of ") {
        *text = format!("{number} of {was}{rest}");
    }
}

/// The dates of a sales order, of its payments, and of a payment of its own. When a card was charged is another matter.
fn move_dates(body: &mut Value, moved: &str) {
    for field in ["Date", "ApplicationDate"] {
        if let Some(date) = body.get_mut(field) {
            *date = json!({ "value": moved });
        }
    }
    let payments = body.get_mut("Payments").and_then(Value::as_array_mut);
    for payment in payments.into_iter().flatten() {
        payment["ApplicationDate"] = json!({ "value": moved });
    }
}

#[cfg(test)]
mod tests {
    use acumatica::Put;

    use super::*;
    use crate::plan::StepKey;

    fn step(day: &str, description: &str) -> Step {
        let body = json!({
            "Date": {"value": day}, "Description": {"value": description},
            "Payments": [{"ApplicationDate": {"value": day}, "CreditCardTransactionInfo": [{"TranDate": {"value": day}}]}],
        });
        let headers = vec![("If-None-Match".to_owned(), "*".to_owned()), (BUSINESS_DATE.to_owned(), day.to_owned())];
        let put = Put { entity: "SalesOrder", query: Vec::new(), headers, body };
        Step::new(StepKey::OrderCreate, put)
    }

    /// Date, day of the payment and business date of a step, which are one.
    fn day(step: &Step) -> String {
        let at = |pointer: &str| step.body().pointer(pointer).and_then(Value::as_str).expect(pointer).to_owned();
        let day = at("/Date/value");
        assert_eq!(at("/Payments/0/ApplicationDate/value"), day);
        assert_eq!(step.headers(), [("If-None-Match".into(), "*".into()), (BUSINESS_DATE.into(), day.clone())]);
        day
    }

    #[test]
    fn an_order_moves_month_by_month_until_today() {
        for (written, latest, expected) in [
            ("2026-01-31", "2026-02-01", Some("2026-02-01")),
            ("2026-02-01", "2026-03-15", Some("2026-03-01")),
            ("2025-12-31", "2026-01-20", Some("2026-01-01")),
            ("2024-02-29", "2024-03-01", Some("2024-03-01")),
            // The month of today is the latest.
            ("2026-01-31", "2026-01-31", None),
            ("2026-03-01", "2026-03-31", None),
        ] {
            let moved = next_month(&step(written, "Magento order 1"), latest.parse().expect(latest));
            assert_eq!(moved.as_ref().map(day).as_deref(), expected, "{written} {latest}");
        }
        assert_eq!(next_month(&step("soon", "Magento order 1"), "2026-01-01".parse().expect("a day")), None);
    }

    #[test]
    fn a_slice_moves_by_its_request_alone() {
        let mut slice = step("2026-01-31", "");
        *slice.body_mut() = json!({ "Details": [] });
        let moved = next_month(&slice, "2026-02-10".parse().expect("a day")).expect("a step");
        assert_eq!((moved.body(), moved.headers()[1].1.as_str()), (slice.body(), "2026-02-01"));
    }

    #[test]
    fn a_document_is_compared_with_the_request_of_its_month() {
        for (document, expected) in [
            (json!({"Date": {"value": "2026-03-01T00:00:00+00:00"}}), "2026-03-01"),
            (json!({"Date": {"value": "2026-01-31T00:00:00+00:00"}}), "2026-01-31"),
            // No first of a month, and a day before the order's.
            (json!({"Date": {"value": "2026-03-02T00:00:00+00:00"}}), "2026-01-31"),
            (json!({"Date": {"value": "2025-12-01T00:00:00+00:00"}}), "2026-01-31"),
            (json!({}), "2026-01-31"),
        ] {
            assert_eq!(day(&as_written(&step("2026-01-31", "Magento order 1"), &document)), expected, "{document}");
        }
    }

    #[test]
    fn magentos_day_is_told_once_and_the_cards_stays() {
        let today = "2026-06-15".parse().expect("a day");
        for (described, expected) in [
            ("Magento order 1", "Magento order 1 of 2026-01-31"),
            ("Magento order 1; coupon A of B", "Magento order 1 of 2026-01-31; coupon A of B"),
        ] {
            let once = next_month(&step("2026-01-31", described), today).expect("a step");
            let twice = next_month(&once, today).expect("a step");
            for moved in [&once, &twice] {
                assert_eq!(moved.body()["Description"]["value"], expected);
                let card = moved.body().pointer("/Payments/0/CreditCardTransactionInfo/0/TranDate/value");
                assert_eq!(card, Some(&json!("2026-01-31")));
            }
            assert_eq!(day(&twice), "2026-03-01");
        }
        let (was, told) = ("2026-01-31", " of 2026-01-31");
        assert_eq!((told.len(), was.len()), (ROOM, 10));
    }
}

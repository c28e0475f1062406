//! What is told, and that it is told once.

use super::*;

const BOTH: WriteBack = WriteBack { number: true, comment: true };
const WRITTEN: &str = "Acumatica: written as SO/000123.";

fn fresh() -> Shown {
    Shown { number: None, comment: None, status: Some("pending".to_owned()) }
}

fn told(number: &str, outcome: &str) -> Told {
    Told { number: Some(number.to_owned()), outcome: Some(hash(outcome)), ..Told::default() }
}

/// The number and the comment of a telling.
fn of(telling: &Telling) -> (Option<&str>, Option<&str>) {
    (telling.number.as_deref(), telling.comment.as_ref().map(|comment| comment.text.as_str()))
}

#[test]
fn an_outcome_is_told_in_words_with_the_status_that_was_read() {
    let held = Finding::new("orders.held.total_differs", "The totals differ by 0.01.");
    let parked = Finding::new(
        "orders.rejected.shipping_method_not_mapped",
        "Shipping method `courier` of order 7 is not mapped.",
    );
    for (news, number, comment) in [
        (News::Written("SO/000123", None), Some("SO/000123"), Some(WRITTEN)),
        (
            News::Written("SO/000123", Some(&held)),
            Some("SO/000123"),
            Some("Acumatica: written as SO/000123, on hold there. The totals differ by 0.01."),
        ),
        (
            News::Parked(None, &parked),
            None,
            Some(
                "Acumatica: not written. Shipping method `courier` of order 7 is not mapped. Map the shipping method in the settings.",
            ),
        ),
        (
            News::Parked(Some("SO/000123"), &parked),
            Some("SO/000123"),
            Some(
                "Acumatica: SO/000123 was not brought up to date. Shipping method `courier` of order 7 is not mapped. Map the shipping method in the settings.",
            ),
        ),
        (News::Nothing("SO/000123"), Some("SO/000123"), None),
    ] {
        for (setting, number, comment) in [
            (BOTH, number, comment),
            (WriteBack { number: true, comment: false }, number, None),
            (WriteBack { number: false, comment: true }, None, comment),
            (WriteBack::default(), None, None),
        ] {
            let telling = tell(&fresh(), news, setting, None);
            assert_eq!(of(&telling), (number, comment), "{news:?} {setting:?}");
            let status = telling.comment.as_ref().map(|comment| comment.status.as_str());
            assert_eq!(status, comment.map(|_| "pending"), "{news:?}");
        }
    }
}

#[test]
fn what_the_order_shows_or_the_record_remembers_is_not_told_again() {
    let other = "Acumatica: not written. Something else.";
    let shows = |number: Option<&str>, comment: Option<&str>| Shown {
        number: number.map(str::to_owned),
        comment: comment.map(str::to_owned),
        ..fresh()
    };
    let news = News::Written("SO/000123", None);
    for (what, shown, before, expected) in [
        ("shown", shows(Some("SO/000123"), Some(WRITTEN)), None, (None, None)),
        ("remembered, though hidden", shows(None, None), Some(told("SO/000123", WRITTEN)), (None, None)),
        ("only the number is there", shows(Some("SO/000123"), None), None, (None, Some(WRITTEN))),
        ("another outcome since", shows(Some("SO/000123"), Some(other)), None, (None, Some(WRITTEN))),
        ("another outcome told since", shows(None, None), Some(told("SO/000123", other)), (None, Some(WRITTEN))),
        ("somebody else's number", shows(Some("M-77"), None), None, (None, Some(WRITTEN))),
        (
            "a number of ours",
            shows(Some("SO/000099"), None),
            Some(told("SO/000099", other)),
            (Some("SO/000123"), Some(WRITTEN)),
        ),
    ] {
        let telling = tell(&shown, news, BOTH, before.as_ref());
        assert_eq!(of(&telling), expected, "{what}");
    }
    let told_now = tell(&shows(Some("SO/000123"), Some(WRITTEN)), news, BOTH, None).told;
    assert_eq!(told_now, told("SO/000123", WRITTEN), "what is shown is remembered");
}

#[test]
fn no_comment_is_made_that_would_harm_the_orders_status() {
    let order = |state: &str, status: Option<&str>| {
        let mut document = serde_json::json!({
            "entity_id": 1, "increment_id": "000000001", "state": state, "store_id": 1, "base_currency_code": "USD",
            "created_at": "2026-11-23 09:00:00", "updated_at": "2026-11-23 09:00:00", "base_grand_total": 1,
            "base_subtotal": 1, "items": [],
        });
        document["status"] = serde_json::json!(status);
        Order::read(document).expect("an order")
    };
    for (state, status, expected) in [
        ("new", Some("pending"), Some("pending")),
        ("processing", Some("packing_in_hall_2"), Some("packing_in_hall_2")),
        ("canceled", Some("canceled"), Some("canceled")),
        ("holded", Some("holded"), Some("holded")),
        ("processing", None, None),
        ("processing", Some(""), None),
        ("pending_payment", Some("pending_payment"), None),
        ("payment_review", Some("fraud"), None),
    ] {
        let shown = Shown::of(&order(state, status));
        assert_eq!(shown.status.as_deref(), expected, "{state} {status:?}");
        let telling = tell(&shown, News::Written("SO/000123", None), BOTH, None);
        assert_eq!((telling.comment.is_some(), telling.told.outcome), (expected.is_some(), None), "{state} {status:?}");
    }
}

#[test]
fn the_newest_comment_of_ours_is_known_by_its_id() {
    let entry = |id: Option<u64>, text: Option<&str>| StatusHistory {
        entity_id: id.map(magento::model::wire::Id),
        comment: text.map(str::to_owned),
    };
    let (old, new) = ("Acumatica: not written. A.", "Acumatica: written as SO/1.");
    for (histories, expected) in [
        (vec![], None),
        (vec![entry(Some(9), Some("Captured amount of $5")), entry(Some(10), None)], None),
        (vec![entry(Some(3), Some(old)), entry(Some(4), Some(new)), entry(Some(5), Some("Shipped"))], Some(new)),
        (vec![entry(Some(4), Some(new)), entry(Some(3), Some(old))], Some(new)),
        (vec![entry(None, Some(old)), entry(None, Some(new))], Some(new)),
    ] {
        assert_eq!(newest(&histories).as_deref(), expected);
    }
}

#[test]
fn a_number_longer_than_its_column_is_not_told() {
    let long = format!("SO/{}", "7".repeat(30));
    assert_eq!(of(&tell(&fresh(), News::Nothing(&long), BOTH, None)), (None, None));
}

//! Why a tenant refuses an order: each cause with its status, its form and its field.

use super::{Config, INSERTING, OrderType, Shop, decimal, errors};
use crate::acumatica::{Acumatica, CreditFailure, ErrorForm, NumberingError, PeriodField, Unusable};

/// An open, untaxed order of 24 with further members.
fn order(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(
        r#"{{"CustomerID":{{"value":"C000001"}},"Hold":{{"value":false}},"Date":{{"value":"2026-03-01"}},
            "DisableAutomaticTaxCalculation":{{"value":true}},"Details":[{{"InventoryID":{{"value":"MUG"}},"OrderQty":{{"value":2}}}}]{comma}{members}}}"#
    )
}

fn payment(members: &str) -> String {
    format!(
        r#""Payments":[{{"DocType":{{"value":"Prepayment"}},"PaymentMethod":{{"value":"WEBCARD"}},"PaymentRef":{{"value":"T"}},"PaymentAmount":{{"value":24}},{members}}}]"#
    )
}

fn of_type(order_type: OrderType) -> Config {
    Config { order_types: [("SO".to_owned(), order_type)].into(), ..Config::default() }
}

/// The status of an order that is saved, or its only field error.
fn judge(shop: &mut Shop, sent: &str) -> Result<String, String> {
    let (status, answer) = shop.put("SalesOrder", sent);
    if status == 200 {
        return Ok(answer["Status"]["value"].as_str().unwrap().to_owned());
    }
    assert_eq!((status, errors(&answer)[0].as_str(), errors(&answer).len()), (422, INSERTING, 2), "{answer}");
    assert!(shop.erp.orders().is_empty() && shop.erp.payments().is_empty());
    Err(errors(&answer)[1].clone())
}

#[test]
fn a_number_that_cannot_be_drawn_is_named() {
    let manual = "Cannot generate the next number. Manual Numbering is activated for 'SO'";
    let exhausted = "Cannot generate the next number for the SOORDER sequence.";
    let expired = "Cannot generate the next number for the SOORDER sequence because it is expired.";
    let cases = [
        (OrderType { manual_numbering: true, ..OrderType::default() }, manual),
        (OrderType { numbering_error: Some(NumberingError::Exhausted), ..OrderType::default() }, exhausted),
        (OrderType { numbering_error: Some(NumberingError::Expired), ..OrderType::default() }, expired),
        (
            OrderType { numbering_error: Some(NumberingError::Unassigned), ..OrderType::default() },
            "Numbering ID is null.",
        ),
        (OrderType { active: false, ..OrderType::default() }, "Order Type is inactive."),
    ];
    for (order_type, text) in cases {
        let field = if order_type.active { "OrderNbr" } else { "OrderType" };
        assert_eq!(judge(&mut Shop::with(of_type(order_type)), &order("")), Err(format!("{field}: {text}")));
    }
    // A number given by hand needs no sequence.
    let order_type =
        OrderType { manual_numbering: true, numbering_error: Some(NumberingError::Expired), ..OrderType::default() };
    let sent = order(r#""OrderNbr":{"value":"000000123"}"#);
    assert_eq!(judge(&mut Shop::with(of_type(order_type)), &sent), Ok("Open".into()));
}

#[test]
fn a_failed_credit_check_holds_warns_or_refuses() {
    let limit = Err("CustomerID: The customer's credit limit has been exceeded.".to_owned());
    let status = Err("CustomerID: The customer status is 'Credit Hold'.".to_owned());
    let open = Ok("Open".to_owned());
    let held = Ok("Credit Hold".to_owned());
    // (holds, otherwise, customer, hold) → outcome
    let cases = [
        (true, CreditFailure::Refused, "Active", false, held.clone()),
        (true, CreditFailure::Warning, "Credit Hold", false, held),
        (false, CreditFailure::Warning, "Active", false, open.clone()),
        (false, CreditFailure::Warning, "Credit Hold", false, open),
        (false, CreditFailure::Refused, "Active", false, limit),
        (false, CreditFailure::Refused, "Credit Hold", false, status),
        (false, CreditFailure::Refused, "Active", true, Ok("On Hold".to_owned())),
    ];
    for (hold_on_failed_credit_check, credit_failure, customer, hold, expected) in cases {
        let order_type = OrderType { hold_on_failed_credit_check, ..OrderType::default() };
        let mut shop = Shop::with(Config { credit_failure, ..of_type(order_type) });
        let id = shop.customer.clone();
        shop.erp.set_credit_limit(&id, decimal("23")).unwrap();
        shop.erp.set_customer_status(&id, customer).unwrap();
        let sent = order("").replace(r#""Hold":{"value":false}"#, &format!(r#""Hold":{{"value":{hold}}}"#));
        assert_eq!(judge(&mut shop, &sent), expected, "{credit_failure:?} {customer}");
    }
}

#[test]
fn a_closed_period_is_refused_where_it_is_checked() {
    use PeriodField::{ApplicationDate, Date, PostPeriod};
    let text = "Error: The 02-2026 financial period is inactive in the Company company.";
    let date = |members: &str, day: &str| order(members).replace("2026-03-01", day);
    let paid = payment(r#""ApplicationDate":{"value":"2026-02-28"}"#);
    let period = |period: &str| format!(r#""FinancialSettings":{{"PostPeriod":{{"value":"{period}"}}}}"#);
    let cases = [
        (Date, date("", "2026-02-28"), Some("Date")),
        (Date, date("", "2026-03-01"), None),
        (Date, date("", "2025-02-28"), None),
        (ApplicationDate, date("", "2026-02-28"), None),
        (ApplicationDate, order(&paid), Some("Payments[0]/ApplicationDate")),
        // A payment without a date has the order's.
        (
            ApplicationDate,
            date(&payment(r#""Hold":{"value":false}"#), "2026-02-28"),
            Some("Payments[0]/ApplicationDate"),
        ),
        (ApplicationDate, order(&payment(r#""ApplicationDate":{"value":"2026-03-01"}"#)), None),
        (PostPeriod, order(&period("022026")), Some("FinancialSettings/PostPeriod")),
        (PostPeriod, order(&period("032026")), None),
        (PostPeriod, order(&paid), None),
    ];
    for (field, sent, path) in cases {
        let mut shop = Shop::with(Config { period_fields: [field].into(), ..Config::default() });
        shop.erp.master.closed_periods.insert((2026, 2));
        let expected = path.map_or_else(|| Ok("Open".to_owned()), |path| Err(format!("{path}: {text}")));
        assert_eq!(judge(&mut shop, &sent), expected, "{field:?} {sent}");
    }
    let mut shop = Shop::new();
    shop.erp.master.closed_periods.insert((2026, 2));
    let sent = r#"{"CustomerID":{"value":"C000001"},"PaymentMethod":{"value":"WEBCARD"},"PaymentRef":{"value":"T"},"PaymentAmount":{"value":1},
        "ApplicationDate":{"value":"2026-02-01"}}"#;
    let (status, answer) = shop.put("Payment", sent);
    assert_eq!((status, errors(&answer)[1].clone()), (422, format!("ApplicationDate: {text}")));
}

#[test]
fn an_address_is_checked_part_by_part() {
    let not_found = |field: &str| Err(format!("ShipToAddress/{field}: '{field}' cannot be found in the system."));
    let mask = Err("ShipToAddress/PostalCode: The postal code does not fit the mask of the country.".to_owned());
    let open = || Ok("Open".to_owned());
    let cases = [
        (("US", "MI", "49628-7978"), open()),
        (("US", "MI", "49628"), open()),
        (("US", "MI", "4962"), mask.clone()),
        (("US", "MI", "49628-79A8"), mask.clone()),
        (("CA", "ON", "K1A 0B1"), open()),
        (("CA", "ON", "K1A0B1"), mask),
        (("DE", "Bayern", "anything"), open()),
        (("US", "XX", "49628"), not_found("State")),
        (("XX", "", "49628"), not_found("Country")),
    ];
    for ((country, state, code), expected) in cases {
        let mut shop = Shop::new();
        let masks = &mut shop.erp.master.postal_masks;
        masks.insert("US".into(), vec!["99999".into(), "99999-9999".into()]);
        masks.insert("CA".into(), vec!["A9A 9A9".into()]);
        let sent = order(&format!(
            r#""ShipToAddressOverride":{{"value":true}},"ShipToAddress":{{"Country":{{"value":"{country}"}},"State":{{"value":"{state}"}},"PostalCode":{{"value":"{code}"}}}}"#
        ));
        assert_eq!(judge(&mut shop, &sent), expected, "{country} {state} {code}");
    }
}

#[test]
fn a_currency_the_customer_does_not_allow_is_ignored_or_refused() {
    let refused = Err("CurrencyID: The currency is not allowed for the customer.".to_owned());
    let euros = order(r#""CurrencyID":{"value":"EUR"}"#);
    let dollars = order(r#""CurrencyID":{"value":"USD"}"#);
    let open = || Ok("Open".to_owned());
    for (currency_not_allowed, sent, expected) in [
        (Unusable::Ignored, &euros, open()),
        (Unusable::Refused, &euros, refused),
        (Unusable::Refused, &dollars, open()),
    ] {
        let mut shop = Shop::with(Config { currency_not_allowed, ..Config::default() });
        assert_eq!(judge(&mut shop, sent), expected);
    }
}

#[test]
fn taken_numbers_and_references_are_refused() {
    let mut shop = Shop::with(of_type(OrderType { manual_numbering: true, ..OrderType::default() }));
    shop.erp.add_order("SO", "000000123", "C000001", "other");
    let sent = order(r#""OrderNbr":{"value":"000000123"}"#);
    let answer = shop.send("PUT", "SalesOrder", &[("If-None-Match", "*")], &sent);
    assert_eq!(answer.status(), 412);
    assert_eq!((shop.erp.saves(), shop.erp.orders()[0].external_ref.as_str()), (0, "other"));
}

#[test]
fn the_form_of_a_refusal_is_the_tenants() {
    let (entity, object) = (ErrorForm::Entity, ErrorForm::ErrorObject);
    let strict = || of_type(OrderType { require_control_total: true, ..OrderType::default() });
    let total = |form| Config { error_forms: [("ControlTotal".to_owned(), form)].into(), ..strict() };
    let balance = "ControlTotal: The document is out of the balance.";
    let unknown = "ShipVia: 'Ship Via' cannot be found in the system.";
    let via = order(r#""ShipVia":{"value":"NONE"},"ControlTotal":{"value":24}"#);
    let wrong = order(r#""ControlTotal":{"value":23}"#);
    let cases = [
        (strict(), &wrong, 422, balance),
        (total(object), &wrong, 500, balance),
        (total(entity), &wrong, 422, balance),
        (total(object), &via, 422, unknown),
        (Config { error_form: object, ..strict() }, &via, 500, unknown),
        (Config { error_form: object, ..total(entity) }, &wrong, 422, balance),
    ];
    for (config, sent, expected, text) in cases {
        let mut shop = Shop::with(config);
        let (status, answer) = shop.put("SalesOrder", sent);
        assert_eq!(status, expected, "{answer}");
        if status == 422 {
            assert_eq!(errors(&answer), [INSERTING, text]);
        } else {
            assert_eq!(answer["exceptionType"], "PX.Api.ContractBased.OutcomeEntityHasErrorsException");
            assert_eq!(answer["exceptionMessage"], INSERTING[2..]);
            assert_eq!(answer["innerException"]["exceptionType"], "PX.Data.PXOuterException");
            assert_eq!(answer["innerException"]["exceptionMessage"], text);
        }
        assert!(shop.erp.orders().is_empty());
        // On hold it is saved whatever the control total says.
        let held = wrong.replace(r#""Hold":{"value":false}"#, r#""Hold":{"value":true}"#);
        assert_eq!(shop.put("SalesOrder", &held).1["Status"]["value"], "On Hold");
    }
}

/// What a person does in the tenant.
type Mend = fn(&mut Acumatica);

#[test]
fn a_cause_that_is_mended_lets_the_order_in() {
    let mends: [(&str, Mend); 3] = [
        (r#""ShipVia":{"value":"NEW"}"#, |erp| {
            erp.master.ship_vias.insert("NEW".into(), crate::acumatica::ShipVia::default());
        }),
        (r#""FinancialSettings":{"Terms":{"value":"45D"}}"#, |erp| {
            erp.master.terms.insert("45D".into(), false);
        }),
        (r#""Branch":{"value":"EU"}"#, |erp| {
            erp.master.branches.insert("EU".into());
        }),
    ];
    for (members, mend) in mends {
        let mut shop = Shop::new();
        assert!(judge(&mut shop, &order(members)).is_err(), "{members}");
        mend(&mut shop.erp);
        assert_eq!(judge(&mut shop, &order(members)), Ok("Open".into()), "{members}");
    }
}

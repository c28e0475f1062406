//! A dry run as a slip of paper: what a person checks with a pencil. Each amount stands once; what adds up stands above its sum.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::dry_run::DryRun;

/// Where amounts of an order stand; they are printed in their own rows, everything else as `field  value`.
const ROWS: [&str; 3] = ["Details", "TaxDetails", "Payments"];
/// Freight has a row of its own.
const FREIGHT: [&str; 2] = ["PremiumFreight", "FreightPrice"];
/// The column in which amounts end.
const WIDTH: usize = 64;

/// The slip of a dry run.
#[must_use]
pub fn slip(run: &DryRun) -> String {
    let mut slip = String::new();
    row(&mut slip, run.outcome, "");
    for text in [run.code, run.message.as_deref()].into_iter().flatten() {
        row(&mut slip, text, "");
    }
    for call in &run.calls {
        slip.push('\n');
        self::call(&mut slip, call);
    }
    let total = |name: &str| run.totals.get(name).and_then(Value::as_str);
    slip.push('\n');
    let sent = run.calls.iter().any(|call| call.pointer("/body/TaxDetails").is_some());
    let tax = run.totals.pointer("/parts/tax").and_then(Value::as_str).filter(|tax| not_zero(tax));
    if let (false, Some(tax)) = (sent, tax) {
        row(&mut slip, "tax that Acumatica is to come to", tax);
    }
    if let Some(forced) = run.totals.pointer("/parts/tax_forced").and_then(Value::as_str) {
        row(&mut slip, "of the tax, by rounding of the rates", forced);
    }
    match (total("magento"), total("acumatica")) {
        (Some(magento), Some(acumatica)) if magento == acumatica => row(&mut slip, "order value, in both", magento),
        (Some(magento), Some(acumatica)) => {
            row(&mut slip, "order value in Magento", magento);
            row(&mut slip, "in Acumatica", acumatica);
            row(&mut slip, "difference", total("difference").unwrap_or_default());
        }
        (magento, _) => row(&mut slip, "order value in Magento", magento.unwrap_or_default()),
    }
    slip
}

fn call(slip: &mut String, call: &Value) {
    let text = |name: &str| call.get(name).and_then(Value::as_str).unwrap_or_default();
    row(slip, &format!("{} {} {}", text("system"), text("method"), text("path")), "");
    for (name, value) in call.get("headers").and_then(Value::as_object).into_iter().flatten() {
        row(slip, &format!("  {name}: {}", value.as_str().unwrap_or_default()), "");
    }
    let Some(body) = call.get("body").and_then(Value::as_object) else { return };
    fields(slip, "", body);
    let rows = |name: &str| body.get(name).and_then(Value::as_array).into_iter().flatten();
    rows("Details").for_each(|line| self::line(slip, line));
    for (name, value) in body.get("ShippingSettings").and_then(Value::as_object).into_iter().flatten() {
        if FREIGHT.contains(&name.as_str()) {
            row(slip, &format!("  freight ({name})"), &plain(value));
        }
    }
    rows("TaxDetails").for_each(|tax| self::tax(slip, tax));
    rows("Payments").for_each(|payment| self::payment(slip, payment));
}

/// Everything that is no amount, one field a row.
fn fields(slip: &mut String, path: &str, body: &Map<String, Value>) {
    for (name, value) in body {
        if (path.is_empty() && ROWS.contains(&name.as_str())) || FREIGHT.contains(&name.as_str()) {
            continue;
        }
        let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
        match value {
            Value::Object(members) if members.contains_key("value") => {
                // The control total is the order value, which stands below.
                let shown = if name == "ControlTotal" { "the order value".to_owned() } else { plain(value) };
                let _ = writeln!(slip, "  {path:<36} {shown}");
            }
            Value::Object(members) if name.ends_with("Address") || name.ends_with("Contact") => {
                party(slip, &path, members)
            }
            Value::Object(members) => fields(slip, &path, members),
            Value::Array(entries) => {
                for (n, entry) in entries.iter().enumerate() {
                    if let Some(members) = entry.as_object() {
                        fields(slip, &format!("{path}[{n}]"), members);
                    }
                }
            }
            other => {
                let _ = writeln!(slip, "  {path:<36} {}", plain(other));
            }
        }
    }
}

/// An address or a contact in one row, its own address below.
fn party(slip: &mut String, path: &str, members: &Map<String, Value>) {
    let parts: Vec<String> = members
        .iter()
        .filter(|(_, value)| value.get("value").is_some())
        .map(|(name, value)| format!("{name} {}", plain(value)))
        .collect();
    let _ = writeln!(slip, "  {path:<36} {}", parts.join(" | "));
    for (name, value) in members {
        if let Some(members) = value.as_object().filter(|members| !members.contains_key("value")) {
            party(slip, &format!("{path}/{name}"), members);
        }
    }
}

/// `  line 501  MUG-BLUE  2 × 12.00 …  24.00`, and the discount below it.
fn line(slip: &mut String, line: &Value) {
    let of = |name: &str| at(line, name);
    let unit = of("UOM").map(|uom| format!(" {uom}")).unwrap_or_default();
    let what = format!(
        "  line {}  {}  {}{unit} × {}",
        of("ExternalRef").unwrap_or_default(),
        of("InventoryID").unwrap_or_default(),
        of("OrderQty").unwrap_or_default(),
        of("UnitPrice").unwrap_or_default()
    );
    row(slip, &what, &of("ExtendedPrice").unwrap_or_else(|| "quantity × price".to_owned()));
    if let Some(discount) = of("DiscountAmount").filter(|discount| not_zero(discount)) {
        row(slip, "    discount", &format!("-{discount}"));
    }
    let known = [
        "ExternalRef",
        "InventoryID",
        "OrderQty",
        "UOM",
        "UnitPrice",
        "ExtendedPrice",
        "DiscountAmount",
        "ManualPrice",
    ];
    for (name, value) in line.as_object().into_iter().flatten() {
        if !known.contains(&name.as_str()) && name != "ManualDiscount" {
            for (n, text) in plain(value).lines().enumerate() {
                let name = if n == 0 { name.as_str() } else { "" };
                let _ = writeln!(slip, "    {name:<34} {text}");
            }
        }
    }
}

/// `  tax MISALES  6 % on 24.00  1.44`.
fn tax(slip: &mut String, tax: &Value) {
    let rate = at(tax, "TaxRate").map(|rate| format!("  {rate} %")).unwrap_or_default();
    let taxable = at(tax, "TaxableAmount").map(|amount| format!(" on {amount}")).unwrap_or_default();
    let what = format!("  tax {}{rate}{taxable}", at(tax, "TaxID").unwrap_or_default());
    row(slip, &what, &at(tax, "TaxAmount").unwrap_or_default());
}

/// `  paid CHECK 10200  30.44`.
fn payment(slip: &mut String, payment: &Value) {
    let of = |name: &str| at(payment, name).unwrap_or_default();
    row(slip, &format!("  paid {} {}", of("PaymentMethod"), of("CashAccount")), &of("PaymentAmount"));
    if of("AppliedToOrder") != of("PaymentAmount") {
        row(slip, "    of which for this order", &of("AppliedToOrder"));
    }
    let known = ["PaymentMethod", "CashAccount", "PaymentAmount", "AppliedToOrder"];
    if let Some(members) = payment.as_object() {
        let rest: Map<String, Value> = members
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        let mut text = String::new();
        fields(&mut text, "", &rest);
        text.lines().for_each(|line| {
            let _ = writeln!(slip, "  {line}");
        });
    }
}

fn not_zero(amount: &str) -> bool {
    amount.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

fn at(record: &Value, field: &str) -> Option<String> {
    record.get(field).map(plain).filter(|text| !text.is_empty())
}

/// A wrapped value in the digits in which it is sent.
fn plain(value: &Value) -> String {
    match value {
        Value::Object(members) => members.get("value").map(plain).unwrap_or_default(),
        Value::Null => "(empty)".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A row with its amount at the right.
fn row(slip: &mut String, what: &str, amount: &str) {
    if amount.is_empty() {
        let _ = writeln!(slip, "{what}");
    } else {
        let gap = WIDTH.saturating_sub(what.chars().count() + amount.chars().count()).max(2);
        let _ = writeln!(slip, "{what}{}{amount}", " ".repeat(gap));
    }
}

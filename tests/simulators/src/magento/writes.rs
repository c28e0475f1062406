//! The two writes a connector of orders makes: columns of an order, and a comment. Both save the order row, so both move `updated_at`
//! and make the shop's module send an event (Magento 2.4.6, module-sales `OrderRepository::save`, `OrderManagement::addComment`).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::columns::{self, Kind};
use super::error::ApiError;
use super::state;

/// Characters that `ext_order_id` holds (module-sales etc/db_schema.xml).
const EXT_ORDER_ID: usize = 32;

/// The object under a service method's parameter name. An absent one and null are the same (framework Webapi/ServiceInputProcessor).
fn parameter(body: &[u8], name: &str, now: Timestamp) -> Result<Map<String, Value>, ApiError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| ApiError::new(400, "Decoding error."))?;
    match body.get(name) {
        None | Some(Value::Null) => Err(ApiError::required(name)),
        Some(Value::Object(fields)) => Ok(fields.clone()),
        Some(_) => Err(ApiError::masked(now)),
    }
}

/// Which order `POST /orders` saves, and the columns it names. Without an id the route would make a new order.
pub(super) fn entity(body: &[u8], now: Timestamp) -> Result<(u64, Map<String, Value>), ApiError> {
    let mut fields = parameter(body, "entity", now)?;
    let id = match fields.remove("entity_id") {
        None | Some(Value::Null) => return Err(ApiError::not_simulated("an order made from outside")),
        Some(Value::Number(id)) => id.as_u64(),
        Some(Value::String(id)) => id.parse().ok(),
        Some(_) => None,
    };
    let id = id.ok_or_else(|| ApiError::wrong_type("entity_id", "int"))?;
    for (name, value) in &fields {
        match columns::order(name) {
            // No accessor in the order's interface: a LogicException, which is masked.
            None => return Err(ApiError::masked(now)),
            Some((_, Kind::Text)) if name.starts_with("ext_") && value.is_string() => {}
            Some(_) => return Err(ApiError::not_simulated(&format!("saving `{name}` of an order"))),
        }
        if value.as_str().is_some_and(|text| text.chars().count() > EXT_ORDER_ID) {
            return Err(ApiError::not_simulated(&format!("`{name}` that is longer than its column")));
        }
    }
    Ok((id, fields))
}

/// Saves the columns given. The answer is the entity that was sent, so what was not sent is null in it, and nothing of that is written.
pub(super) fn save(order: &mut Value, id: u64, fields: Map<String, Value>, now: Timestamp) -> Value {
    let mut answer = json!({"entity_id": id, "grand_total": null, "total_due": 0, "customer_email": null});
    for (name, value) in fields {
        order[&name] = value.clone();
        answer[&name] = value;
    }
    state::touch(order, now);
    answer["updated_at"] = order["updated_at"].clone();
    answer
}

/// A comment as `POST /orders/:id/comments` takes it.
pub(super) fn comment(body: &[u8], now: Timestamp) -> Result<Map<String, Value>, ApiError> {
    let fields = parameter(body, "statusHistory", now)?;
    let known = ["comment", "is_customer_notified", "is_visible_on_front", "status", "parent_id", "created_at"];
    if fields.keys().any(|name| !known.contains(&name.as_str())) {
        return Err(ApiError::masked(now));
    }
    let whole = |name: &str| fields.get(name).is_some_and(Value::is_u64);
    if !fields.get("comment").is_some_and(Value::is_string) || known[1..3].iter().any(|name| !whole(name)) {
        return Err(ApiError::not_simulated("a comment without its text and its two flags"));
    }
    if fields["is_customer_notified"] != 0 {
        return Err(ApiError::not_simulated("a comment that is mailed to the shopper"));
    }
    Ok(fields)
}

/// Adds the comment to the order's history. The order's status becomes the comment's, which is none where none is sent; it is not
/// compared with the order's state.
pub(super) fn add_comment(
    order: &mut Value,
    id: u64,
    fields: &Map<String, Value>,
    number: u64,
    now: Timestamp,
) -> Value {
    let status = fields.get("status").cloned().unwrap_or_default();
    let mut entry = json!({
        "comment": fields["comment"], "created_at": state::stamp(now), "entity_id": number, "entity_name": "order",
        "is_customer_notified": fields["is_customer_notified"], "is_visible_on_front": fields["is_visible_on_front"],
        "parent_id": id,
    });
    if let Value::Object(order) = order {
        if status.is_null() {
            order.remove("status");
        } else {
            order.insert("status".to_owned(), status.clone());
        }
    }
    if !status.is_null() {
        entry["status"] = status;
    }
    match order.get_mut("status_histories").and_then(Value::as_array_mut) {
        Some(entries) => entries.push(entry),
        None => order["status_histories"] = json!([entry]),
    }
    state::touch(order, now);
    json!(true)
}

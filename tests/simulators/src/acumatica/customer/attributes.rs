//! Attributes of a customer: those of its class, with values as their control takes them.

use super::super::context::{cannot_be_empty, not_found};
use super::super::decode::{Patch, moment};
use super::super::master::{Attribute, Control, Master};
use super::super::merge::Numbers;
use super::super::record::{Record, Scalar};

/// Spells the attributes of a request by their ids: ids and displayed names are taken, ids are given back (Integration Development
/// Guide, "Attributes"; the Postman collection sends a stock item's `Operation System`).
pub(crate) fn spell(master: &Master, patch: &mut Patch) {
    for row in patch.details.get_mut("Attributes").into_iter().flatten() {
        let Some(sent) = row.text("AttributeID").map(str::to_owned) else { continue };
        if let Some(id) = find(master, &sent) {
            row.fields.insert("AttributeID".to_owned(), Some(Scalar::Text(id.to_owned())));
        }
        // An empty value is none.
        if row.fields.contains_key("Value") && row.text("Value").is_none() {
            row.fields.insert("Value".to_owned(), None);
        }
    }
}

fn find<'a>(master: &'a Master, sent: &str) -> Option<&'a str> {
    let sent = sent.trim();
    let by_id = master.attributes.keys().find(|id| id.eq_ignore_ascii_case(sent));
    let named = |(_, attribute): &(&String, &Attribute)| attribute.description.eq_ignore_ascii_case(sent);
    by_id.or_else(|| master.attributes.iter().find(named).map(|(id, _)| id)).map(String::as_str)
}

/// Checks the rows and adds those of the class that are missing, in the order of the class. What another class left behind stays as long
/// as it has a value, and is not active: not established.
pub(crate) fn apply(master: &Master, numbers: &mut Numbers, draft: &mut Record) {
    let class = draft.text("CustomerClass").and_then(|id| master.customer_classes.get(id));
    let listed = class.map_or(&[][..], |class| &class.attributes);
    let note_id = draft.id();
    let mut rows = std::mem::take(draft.rows_mut("Attributes"));
    let mut ordered = Vec::with_capacity(listed.len());
    for of_class in listed {
        let held = rows.iter().position(|row| row.text("AttributeID") == Some(&of_class.id));
        let mut row = match held {
            Some(at) => rows.remove(at),
            None => {
                let mut row = Record::new("AttributeValue", numbers.serial());
                row.set("AttributeID", of_class.id.clone());
                if draft.fresh {
                    row.set_or_clear("Value", of_class.default_value.clone().map(Scalar::Text));
                }
                row
            }
        };
        row.set("IsActive", of_class.active);
        row.set("Required", of_class.required);
        check(master, &note_id, of_class.required, &mut row);
        ordered.push(row);
    }
    // Rows of no attribute of the class: refused when they are sent, kept when they were there before.
    for mut row in rows {
        let known = row.text("AttributeID").is_some_and(|id| master.attributes.contains_key(id));
        if row.fresh || !known {
            row.fail("AttributeID", not_found("Attribute"));
        } else if row.text("Value").is_none() {
            continue;
        }
        row.set("IsActive", false);
        row.set("Required", false);
        if known {
            check(master, &note_id, false, &mut row);
        }
        ordered.push(row);
    }
    if ordered.is_empty() {
        draft.details.remove("Attributes");
    } else {
        *draft.rows_mut("Attributes") = ordered;
    }
}

fn check(master: &Master, note_id: &str, required: bool, row: &mut Record) {
    let Some(attribute) = row.text("AttributeID").and_then(|id| master.attributes.get(id)) else { return };
    row.set("AttributeDescription", attribute.description.clone());
    row.set("RefNoteID", note_id);
    match row.text("Value").map(str::to_owned) {
        None => {
            row.fields.remove("Value");
            if required {
                row.fail("Value", cannot_be_empty(&attribute.description));
            }
        }
        Some(sent) => match canonical(attribute, &sent) {
            Some(value) => row.set("Value", value),
            // That another value is an error on the field is documented for drop-downs; the text is not established.
            None => row
                .fail("Value", format!("The value '{sent}' is not valid for the {} attribute.", attribute.description)),
        },
    }
    let shown = row.text("Value").and_then(|value| attribute.value(value)).map(|value| value.description.clone());
    row.set_or_clear("ValueDescription", shown.map(Scalar::Text));
}

/// The internal value: of a combo its id, whichever of id and description is sent; of a multi-select combo the ids, separated by commas,
/// which takes ids only; of a check box 0 or 1 (Integration Development Guide, "Attributes"). How dates are spelt is not established:
/// they stay as they are sent.
fn canonical(attribute: &Attribute, sent: &str) -> Option<String> {
    match attribute.control {
        Control::Text => Some(sent.to_owned()),
        Control::CheckBox => matches!(sent, "0" | "1").then(|| sent.to_owned()),
        Control::Datetime => moment(sent, false).map(|_| sent.to_owned()),
        Control::Combo => {
            let described = attribute.values.iter().find(|value| value.description.eq_ignore_ascii_case(sent));
            attribute.value(sent).or(described).map(|value| value.id.clone())
        }
        Control::MultiSelectCombo => {
            let ids: Option<Vec<_>> = sent.split(',').map(|id| attribute.value(id.trim())).collect();
            ids.map(|values| values.iter().map(|value| value.id.as_str()).collect::<Vec<_>>().join(","))
        }
    }
}

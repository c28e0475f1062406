//! Groups and attributes of customers (Magento 2.4.6, module-customer `Api/Data/GroupInterface`, `AttributeMetadataInterface`).

use serde_json::{Value, json};

use super::super::columns::Kind;
use super::super::config::Config;
use super::super::error::ApiError;
use super::no_such;

/// A customer group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerGroup {
    /// 0 is "NOT LOGGED IN".
    pub id: u32,
    /// Its name, at most 32 characters.
    pub code: String,
    /// Tax class of its members.
    pub tax_class_id: u32,
    /// Name of that class.
    pub tax_class_name: String,
    /// Websites that its members cannot use.
    pub excluded_websites: Vec<u32>,
}

impl CustomerGroup {
    /// A group in the tax class that a new shop has.
    #[must_use]
    pub fn new(id: u32, code: &str) -> Self {
        Self {
            id,
            code: code.into(),
            tax_class_id: 3,
            tax_class_name: "Retail Customer".into(),
            excluded_websites: Vec::new(),
        }
    }

    /// The four groups that a new shop has.
    pub(crate) fn samples() -> Vec<Self> {
        [(0, "NOT LOGGED IN"), (1, "General"), (2, "Wholesale"), (3, "Retailer")]
            .map(|(id, code)| Self::new(id, code))
            .into()
    }

    /// The document of `GET /V1/customerGroups/:id`.
    pub(super) fn document(&self) -> Value {
        let mut group = json!({
            "id": self.id, "code": self.code, "tax_class_id": self.tax_class_id, "tax_class_name": self.tax_class_name,
        });
        if !self.excluded_websites.is_empty() {
            group["extension_attributes"] = json!({"exclude_website_ids": self.excluded_websites});
        }
        group
    }
}

/// The group of this id.
pub(super) fn group(config: &Config, id: u64) -> Result<Value, ApiError> {
    let group = config.customer_groups.iter().find(|group| u64::from(group.id) == id);
    group.map(CustomerGroup::document).ok_or_else(|| no_such("id", id))
}

/// Columns of groups: the repository translates the interface's names to those of the table.
pub(super) fn column(field: &str) -> Option<(&'static str, Kind)> {
    match field {
        "id" | "customer_group_id" => Some(("id", Kind::Number)),
        "code" | "customer_group_code" => Some(("code", Kind::Text)),
        "tax_class_id" => Some(("tax_class_id", Kind::Number)),
        _ => None,
    }
}

/// An attribute that the merchant added to customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerAttribute {
    /// Its `attribute_code`.
    pub code: String,
    /// `text`, `select`, `multiselect`, `boolean`, `date` and so on.
    pub input: String,
    /// Ids and labels of the options of a select or multiselect. Values of customers hold the ids.
    pub options: Vec<(String, String)>,
}

impl CustomerAttribute {
    /// A text.
    #[must_use]
    pub fn text(code: &str) -> Self {
        Self { code: code.into(), input: "text".into(), options: Vec::new() }
    }

    /// One of several options, given by id and label.
    #[must_use]
    pub fn select(code: &str, options: &[(&str, &str)]) -> Self {
        let option = |(id, label): &(&str, &str)| ((*id).to_owned(), (*label).to_owned());
        Self { code: code.into(), input: "select".into(), options: options.iter().map(option).collect() }
    }

    /// Values are texts, those of a select the id of an option, those of a multiselect ids with commas between them.
    pub(super) fn check(&self, value: &Value) -> Result<(), ApiError> {
        let ids = match value {
            Value::Null => return Ok(()),
            Value::String(text) if text.is_empty() => return Ok(()),
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                return Err(ApiError::not_simulated(&format!("a value of {:?} that is no text", self.code)));
            }
        };
        let known = |id: &str| self.options.iter().any(|(known, _)| known == id);
        let fits = match self.input.as_str() {
            "select" => known(&ids),
            "multiselect" => ids.split(',').all(known),
            _ => true,
        };
        if fits {
            Ok(())
        } else {
            Err(ApiError::not_simulated(&format!("a value of {:?} that is none of its options", self.code)))
        }
    }

    fn document(&self) -> Value {
        let option = |(id, label): &(String, String)| json!({"label": label, "value": id});
        metadata(&self.code, &self.input, false, self.options.iter().map(option).collect())
    }
}

/// `GET /V1/attributeMetadata/customer`, shortened: the members of every customer, and the merchant's attributes.
pub(super) fn all_metadata(config: &Config) -> Value {
    let system = [
        ("website_id", "select"),
        ("store_id", "select"),
        ("group_id", "select"),
        ("disable_auto_group_change", "boolean"),
        ("prefix", "text"),
        ("firstname", "text"),
        ("middlename", "text"),
        ("lastname", "text"),
        ("suffix", "text"),
        ("email", "text"),
        ("dob", "date"),
        ("taxvat", "text"),
        ("gender", "select"),
    ];
    let system = system.into_iter().map(|(code, input)| metadata(code, input, true, Value::Array(Vec::new())));
    system.chain(config.customer_attributes.iter().map(CustomerAttribute::document)).collect()
}

fn metadata(code: &str, input: &str, system: bool, options: Value) -> Value {
    let required = ["firstname", "lastname", "email"].contains(&code);
    json!({
        "attribute_code": code, "frontend_input": input, "frontend_label": code, "store_label": code, "options": options,
        "validation_rules": [], "required": required, "visible": true,
        "system": system, "user_defined": !system,
    })
}

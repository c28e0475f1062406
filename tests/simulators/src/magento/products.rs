//! Products, as far as a reader of one attribute needs them: the search by SKU and the custom attributes.

use serde_json::{Value, json};

use super::columns::Kind;

/// A product to be put into the shop.
#[derive(Clone, Debug)]
pub struct ProductDraft {
    sku: String,
    attributes: Vec<(String, Value)>,
}

impl ProductDraft {
    /// An enabled simple product, named after its SKU.
    #[must_use]
    pub fn new(sku: &str) -> Self {
        Self { sku: sku.into(), attributes: Vec::new() }
    }

    /// The value of a custom attribute: a text, also for numbers and ids of options, and a list only for `category_ids`
    /// (Magento 2.4.6, framework Api/AttributeValue).
    #[must_use]
    pub fn attribute(mut self, code: &str, value: impl Into<Value>) -> Self {
        self.attributes.push((code.into(), value.into()));
        self
    }

    /// The product as lists and `GET /V1/products/:sku` answer it, shortened.
    pub(crate) fn document(&self, id: u64) -> Value {
        let attributes: Vec<Value> =
            self.attributes.iter().map(|(code, value)| json!({"attribute_code": code, "value": value})).collect();
        json!({
            "id": id, "sku": self.sku, "name": self.sku, "attribute_set_id": 4, "price": 0, "status": 1, "visibility": 4,
            "type_id": "simple", "extension_attributes": {"website_ids": [1]}, "product_links": [],
            "custom_attributes": attributes,
        })
    }

    pub(crate) fn key(&self) -> String {
        self.sku.to_lowercase()
    }
}

/// Attributes of products by which they can be found here; the id is `entity_id` in criteria and `id` in the document.
pub(crate) fn column(field: &str) -> Option<(&'static str, Kind)> {
    match field {
        "entity_id" => Some(("id", Kind::Number)),
        "sku" => Some(("sku", Kind::Text)),
        "name" => Some(("name", Kind::Text)),
        "type_id" => Some(("type_id", Kind::Text)),
        "status" => Some(("status", Kind::Number)),
        _ => None,
    }
}

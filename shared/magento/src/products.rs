//! What products say of themselves: one attribute of several products at once.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::auth::encode;
use crate::client::{Client, Page};
use crate::error::Error;
use crate::search::Criteria;

/// Characters of SKUs in one request: firewalls and proxies in front of shops refuse long addresses, often beyond 2,000 characters in all.
const MOST_CHARACTERS: usize = 1_000;
/// SKUs in one request: shops can limit the size of a page.
const MOST_SKUS: usize = 100;

#[derive(Deserialize)]
struct Product {
    sku: String,
    #[serde(default)]
    custom_attributes: Vec<CustomAttribute>,
}

#[derive(Deserialize)]
struct CustomAttribute {
    attribute_code: String,
    #[serde(default)]
    value: Value,
}

impl Client {
    /// The value of an attribute of each of these products: `GET /rest/V1/products` with the SKUs as criteria, in as many requests as their
    /// length takes, which is one for most orders. Products that Magento does not have, or whose attribute is empty or no single value, are
    /// left out. SKUs compare without regard to case, as in Magento's database; the answer has them as they were asked for.
    ///
    /// # Errors
    /// [`Error`]. A 401 costs one more call, which tells a dead token from a missing right.
    pub async fn products_attribute(&self, skus: &[&str], code: &str) -> Result<BTreeMap<String, String>, Error> {
        let mut found = BTreeMap::new();
        for skus in requests(skus) {
            let size = u16::try_from(skus.len()).unwrap_or(u16::MAX);
            let query = Criteria::first(size).one_of("sku", &skus).fields("items[sku,custom_attributes]").pairs();
            let attempted = format!("read attribute {} of Magento products", seams::quote::quote(code));
            let page = self.get::<Page<Product>>("/V1/products", &query, &attempted).await;
            for product in self.explain_401(page).await?.items.unwrap_or_default() {
                let asked = skus.iter().find(|sku| sku.to_lowercase() == product.sku.trim().to_lowercase());
                if let (Some(sku), Some(value)) = (asked, value(&product, code)) {
                    found.insert((*sku).to_owned(), value);
                }
            }
        }
        Ok(found)
    }
}

/// The SKUs of each request.
fn requests<'a>(skus: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut requests: Vec<Vec<&str>> = Vec::new();
    let mut characters = 0;
    for sku in skus {
        let length = encode(sku).len() + 3;
        match requests.last_mut() {
            Some(request) if request.len() < MOST_SKUS && characters + length <= MOST_CHARACTERS => {
                request.push(*sku);
                characters += length;
            }
            _ => {
                requests.push(vec![*sku]);
                characters = length;
            }
        }
    }
    requests
}

fn value(product: &Product, code: &str) -> Option<String> {
    let attribute = product.custom_attributes.iter().find(|attribute| attribute.attribute_code == code)?;
    let text = match &attribute.value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

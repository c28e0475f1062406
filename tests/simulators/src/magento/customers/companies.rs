//! Companies of Adobe Commerce, where the module is on (Adobe Commerce REST documentation, "Company objects" and "Manage company users").

use serde_json::{Map, Value, json};

use super::super::columns::Kind;
use super::super::config::Config;
use super::super::error::ApiError;
use super::{Book, no_such};

/// Whether a company may order: 0 pending, 1 approved, 2 rejected, 3 blocked.
const APPROVED: u8 = 1;

/// A company to be put into the shop.
#[derive(Clone, Debug)]
pub struct CompanyDraft {
    /// Name.
    pub name: String,
    /// E-mail of the company, not of a person.
    pub email: String,
    /// The customer who administers it.
    pub super_user_id: u64,
    /// Group of its members.
    pub customer_group_id: u32,
    /// 0 pending, 1 approved, 2 rejected, 3 blocked.
    pub status: u8,
    /// VAT or tax id.
    pub vat_tax_id: Option<String>,
}

impl CompanyDraft {
    /// An approved company in group 1 at an address in California.
    #[must_use]
    pub fn new(name: &str, email: &str, super_user_id: u64) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
            super_user_id,
            customer_group_id: 1,
            status: APPROVED,
            vat_tax_id: None,
        }
    }

    /// The members of the document that a caller may send.
    fn fields(&self) -> Map<String, Value> {
        let document = json!({
            "status": self.status, "company_name": self.name, "legal_name": self.name, "company_email": self.email,
            "vat_tax_id": self.vat_tax_id, "street": ["100 Big Tree Avenue"], "city": "San Francisco", "country_id": "US",
            "region": "California", "region_id": "12", "postcode": "99999", "telephone": "4155551212",
            "customer_group_id": self.customer_group_id, "sales_representative_id": 1, "super_user_id": self.super_user_id,
        });
        match document {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

/// Members that a company has, as documented.
const MEMBERS: [&str; 19] = [
    "id",
    "status",
    "company_name",
    "legal_name",
    "company_email",
    "vat_tax_id",
    "reseller_id",
    "comment",
    "street",
    "city",
    "country_id",
    "region",
    "region_id",
    "postcode",
    "telephone",
    "customer_group_id",
    "sales_representative_id",
    "super_user_id",
    "extension_attributes",
];

/// Columns of companies that can be searched.
pub(super) fn column(field: &str) -> Option<(&'static str, Kind)> {
    match field {
        "id" | "entity_id" => Some(("id", Kind::Number)),
        "status" => Some(("status", Kind::Number)),
        "customer_group_id" => Some(("customer_group_id", Kind::Number)),
        "super_user_id" => Some(("super_user_id", Kind::Number)),
        "region_id" => Some(("region_id", Kind::Number)),
        "company_name" => Some(("company_name", Kind::Text)),
        "legal_name" => Some(("legal_name", Kind::Text)),
        "company_email" => Some(("company_email", Kind::Text)),
        "vat_tax_id" => Some(("vat_tax_id", Kind::Text)),
        "reseller_id" => Some(("reseller_id", Kind::Text)),
        _ => None,
    }
}

impl Book {
    pub(super) fn company(&self, id: u64) -> Result<Value, ApiError> {
        // The two-letter name of the parameter is not documented; the general one is.
        self.companies.get(&id).cloned().ok_or_else(|| no_such("id", id))
    }

    pub(super) fn companies(&self) -> impl Iterator<Item = &Value> {
        self.companies.values()
    }

    pub(super) fn add_company(&mut self, draft: &CompanyDraft) -> u64 {
        self.insert_company(draft.fields())
    }

    /// `POST /V1/company/`. What it does without one of these members is not documented.
    pub(super) fn create_company(&mut self, sent: Map<String, Value>, masked: ApiError) -> Result<Value, ApiError> {
        if sent.keys().any(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(masked);
        }
        let needed =
            ["company_name", "company_email", "street", "city", "country_id", "postcode", "telephone", "super_user_id"];
        if let Some(missing) = needed.into_iter().find(|name| sent.get(*name).is_none_or(Value::is_null)) {
            return Err(ApiError::not_simulated(&format!("a company without {missing}")));
        }
        let id = self.insert_company(sent);
        self.company(id)
    }

    pub(super) fn change_company(&mut self, id: u64, field: &str, value: Value) {
        self.companies.get_mut(&id).expect("the company is there")[field] = value;
    }

    fn insert_company(&mut self, mut fields: Map<String, Value>) -> u64 {
        let id = self.companies.keys().next_back().map_or(1, |last| last + 1);
        fields.insert("id".into(), json!(id));
        // Two getters are declared as never null (documented responses).
        for name in ["reject_reason", "rejected_at"] {
            fields.insert(name.into(), Value::Null);
        }
        self.companies.insert(id, Value::Object(fields));
        id
    }
}

impl Config {
    /// Whether the shop has companies: Adobe Commerce with its B2B modules. Without them their routes match none.
    pub(crate) fn has_companies(&self) -> bool {
        self.modules.iter().any(|module| module == "Magento_Company")
    }
}

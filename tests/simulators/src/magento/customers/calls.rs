//! The routes of customers.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::columns;
use super::super::criteria::Criteria;
use super::super::error::ApiError;
use super::super::{Magento, search, whole};
use super::fields::Sent;
use super::values::{self, parameter};
use super::{companies, groups, no_such};

/// A route of this entity that is simulated, with its path parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Get(String),
    Search,
    Create,
    Save(String),
    Delete(String),
    IsEmailAvailable,
    Address(String),
    DeleteAddress(String),
    Group(String),
    Groups,
    Attributes,
    Company(String),
    Companies,
    CreateCompany,
}

impl Call {
    /// The call behind a route.
    pub(crate) fn of(route: &str, last: String) -> Option<Self> {
        Some(match route {
            "GET /V1/customers/:customerId" => Self::Get(last),
            "GET /V1/customers/search" => Self::Search,
            "POST /V1/customers" => Self::Create,
            "PUT /V1/customers/:customerId" => Self::Save(last),
            "DELETE /V1/customers/:customerId" => Self::Delete(last),
            "POST /V1/customers/isEmailAvailable" => Self::IsEmailAvailable,
            "GET /V1/customers/addresses/:addressId" => Self::Address(last),
            "DELETE /V1/addresses/:addressId" => Self::DeleteAddress(last),
            "GET /V1/customerGroups/:id" => Self::Group(last),
            "GET /V1/customerGroups/search" => Self::Groups,
            "GET /V1/attributeMetadata/customer" => Self::Attributes,
            "GET /V1/company/:companyId" => Self::Company(last),
            "GET /V1/company/" => Self::Companies,
            "POST /V1/company/" => Self::CreateCompany,
            _ => return None,
        })
    }
}

impl Magento {
    /// Carries a call out. `manager` says whether the caller may manage customers, which the anonymous route for new accounts asks.
    pub(crate) fn customer_call(
        &mut self,
        call: &Call,
        query: &str,
        body: &[u8],
        manager: bool,
        now: Timestamp,
    ) -> Result<Value, ApiError> {
        match call {
            Call::Get(id) => {
                let id = whole(id)?;
                self.book.account(id).cloned().ok_or_else(|| no_such("customerId", id))
            }
            Call::Search => self.search_customers(query, now),
            Call::Create => {
                let sent = self.sent_customer(body, now)?;
                self.book.create(sent, manager, &self.config, now)
            }
            Call::Save(id) => {
                let id = whole(id)?;
                let sent = self.sent_customer(body, now)?;
                self.book.save(id, sent, &self.config, now)
            }
            Call::Delete(id) => {
                let id = whole(id)?;
                self.book.remove(id).map(|_| json!(true)).ok_or_else(|| no_such("customerId", id))
            }
            Call::IsEmailAvailable => self.is_email_available(body),
            Call::Address(id) => {
                let id = whole(id)?;
                self.book.address(id).cloned().ok_or_else(|| no_such("addressId", id))
            }
            Call::DeleteAddress(id) => {
                let id = whole(id)?;
                self.book.address(id).ok_or_else(|| no_such("addressId", id))?;
                self.remove_address(now, id);
                Ok(json!(true))
            }
            Call::Group(id) => groups::group(&self.config, whole(id)?),
            Call::Groups => {
                let documents: Vec<Value> =
                    self.config.customer_groups.iter().map(groups::CustomerGroup::document).collect();
                let documents: Vec<&Value> = documents.iter().collect();
                self.list(query, &documents, groups::column, now)
            }
            Call::Attributes => Ok(groups::all_metadata(&self.config)),
            Call::Company(id) => self.book.company(whole(id)?),
            Call::Companies => {
                let documents: Vec<&Value> = self.book.companies().collect();
                self.list(query, &documents, companies::column, now)
            }
            Call::CreateCompany => {
                let sent = parameter(&values::body(body)?, "company", now)?;
                self.book.create_company(sent, ApiError::masked(now))
            }
        }
    }

    fn sent_customer(&self, body: &[u8], now: Timestamp) -> Result<Sent, ApiError> {
        let body = values::body(body)?;
        Sent::read(&parameter(&body, "customer", now)?, &self.config, now)
    }

    /// A list whose unknown fields are errors of the statement, which are masked.
    fn list(
        &self,
        query: &str,
        documents: &[&Value],
        columns: search::Columns,
        now: Timestamp,
    ) -> Result<Value, ApiError> {
        let criteria = Criteria::from_query(query, now)?;
        let repeats = self.config.paging_past_end_repeats_last;
        search::run(&criteria, documents, columns, |_| ApiError::masked(now), repeats, now)
    }

    fn search_customers(&self, query: &str, now: Timestamp) -> Result<Value, ApiError> {
        let criteria = Criteria::from_query(query, now)?;
        let documents: Vec<&Value> = self.book.documents().collect();
        let unknown = |field: &str| {
            let attribute = self.config.customer_attributes.iter().any(|attribute| attribute.code == field);
            if attribute || field.starts_with("billing_") {
                return ApiError::not_simulated(&format!("a search for customers by {field}"));
            }
            ApiError::new(400, format!("Invalid attribute name: {field}"))
        };
        let repeats = self.config.paging_past_end_repeats_last;
        search::run(&criteria, &documents, columns::customer, unknown, repeats, now)
    }

    /// Shops that do not tell strangers who has an account answer true whatever is asked.
    fn is_email_available(&self, body: &[u8]) -> Result<Value, ApiError> {
        let body = values::body(body)?;
        let email = body["customerEmail"].as_str().ok_or_else(|| ApiError::required("customerEmail"))?.to_lowercase();
        let website = match body.get("websiteId").map(values::whole) {
            Some(Some(id)) => id,
            // Without it the scope's website counts; here there is one.
            _ if self.config.websites.len() == 1 => i64::from(self.config.websites[0].id),
            _ => {
                return Err(ApiError::not_simulated(
                    "isEmailAvailable without websiteId in a shop of several websites",
                ));
            }
        };
        let taken = |account: &&Value| {
            account["email"].as_str().is_some_and(|taken| taken.to_lowercase() == email)
                && (self.config.accounts_are_global || account["website_id"] == website)
        };
        Ok(json!(self.config.accounts_are_secret || self.book.documents().find(taken).is_none()))
    }
}

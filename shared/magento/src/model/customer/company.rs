//! Companies of Adobe Commerce's B2B module.

use serde::Deserialize;

use crate::model::wire::{Id, or_default};

/// What binds a customer to a company.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CompanyMember {
    /// The company; 0 for customers without one.
    pub company_id: Option<Id>,
    /// 1 where the member may sign in, 0 where not.
    pub status: Option<Id>,
    /// What the member does there.
    pub job_title: Option<String>,
    /// The member's telephone at work.
    pub telephone: Option<String>,
}

/// A company as `GET /V1/company/:companyId` returns it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Company {
    /// The internal key.
    pub id: Id,
    /// 0 pending approval, 1 approved, 2 rejected, 3 blocked; some answers leave it out.
    pub status: Option<Id>,
    /// The name shown.
    pub company_name: Option<String>,
    /// The name in the register.
    pub legal_name: Option<String>,
    /// The company's own address for mail; need not be unique.
    pub company_email: Option<String>,
    /// VAT number.
    pub vat_tax_id: Option<String>,
    /// The number as a reseller, by which it is exempt from sales tax.
    pub reseller_id: Option<String>,
    /// One or two lines.
    #[serde(default, deserialize_with = "or_default")]
    pub street: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// ISO 3166 alpha-2.
    pub country_id: Option<String>,
    /// The region's name.
    pub region: Option<String>,
    /// The region's number; a string in Magento's documents.
    pub region_id: Option<Id>,
    /// Postal code.
    pub postcode: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// The group of all members.
    pub customer_group_id: Option<Id>,
    /// The member who administers the company.
    pub super_user_id: Option<Id>,
}

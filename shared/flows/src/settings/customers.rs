//! Customers, both ways.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Store;
use crate::merge::{Field, Owner};

/// Customers, both ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Customers {
    /// Off: customers are made by orders alone, and never changed.
    pub enabled: bool,
    /// Which changes are carried over.
    #[serde(default)]
    pub direction: CustomerDirection,
    /// Whose value wins where both sides have changed a field, and the field has no owner of its own.
    #[serde(default = "default_owner")]
    pub system_of_record: Owner,
    /// Whose value wins, by field: `name`, `billing.address`, `attribute.<code>`, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, Owner>")]
    pub owners: BTreeMap<Field, Owner>,
    /// Tries before a customer is parked, 1 to 8.
    #[serde(default = "default_max_attempts")]
    #[schemars(range(min = 1, max = 8))]
    pub max_attempts: u32,
    /// What becomes of two customers in Acumatica with one e-mail.
    #[serde(default)]
    pub ambiguous_email: AmbiguousEmail,
    /// What becomes of two accounts in Magento with one e-mail, on websites that do not share their accounts.
    #[serde(default)]
    pub shared_email: SharedEmail,
    /// E-mails that are no person's, such as a marketplace's. The first row that fits holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked_emails: Vec<MaskedRow>,
    /// What becomes of a customer that is inactive, or gone, on the other side. Nobody is ever deleted.
    #[serde(default)]
    pub gone: Gone,
    /// Addresses beyond the default ones: `locations` costs one more read and one more save for each that has changed.
    #[serde(default)]
    pub further_addresses: FurtherAddresses,
    /// Companies of Adobe Commerce and their people.
    #[serde(default)]
    pub companies: Companies,
    /// What holds for every website.
    pub default: CustomerScope,
    /// What differs by website code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub websites: BTreeMap<String, CustomerScope>,
}

fn default_owner() -> Owner {
    Owner::Acumatica
}

fn default_max_attempts() -> u32 {
    5
}

/// Which changes are carried over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerDirection {
    /// Both sides'.
    #[default]
    Both,
    /// The shop's alone.
    MagentoToAcumatica,
    /// The ERP's alone.
    AcumaticaToMagento,
}

impl CustomerDirection {
    fn is_both(&self) -> bool {
        *self == Self::Both
    }

    /// Whether changes of the ERP go to the shop.
    #[must_use]
    pub fn to_magento(self) -> bool {
        self != Self::MagentoToAcumatica
    }

    /// Whether changes of the shop go to the ERP.
    #[must_use]
    pub fn to_acumatica(self) -> bool {
        self != Self::AcumaticaToMagento
    }
}

/// What becomes of two customers in Acumatica with one e-mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AmbiguousEmail {
    /// The record is parked until a person decides.
    #[default]
    Park,
    /// The only active one; parked where several are.
    OnlyActive,
    /// The active one with the lowest `CustomerID`.
    FirstActive,
}

/// What becomes of two accounts in Magento with one e-mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SharedEmail {
    /// The second one is parked.
    #[default]
    Park,
    /// The account that came first is synced, the others are skipped; orders of all go to the one customer.
    First,
}

/// What becomes of an e-mail that is no person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaskedRow {
    /// The e-mail, in which a `*` stands for any text: `*@marketplace.amazon.com`.
    pub email: String,
    /// What becomes of its customer.
    pub becomes: Masked,
}

/// What becomes of a customer with a masked e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Masked {
    /// It is skipped.
    Skip,
    /// It is a customer like any other.
    Sync,
    /// It is parked until a person decides.
    Park,
}

/// What becomes of the other side's customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gone {
    /// The account was deleted in Magento: what becomes of Acumatica's customer.
    #[serde(default)]
    pub from_magento: AccountDeleted,
    /// The customer is inactive in Acumatica, or deleted: what becomes of Magento's account.
    #[serde(default)]
    pub from_acumatica: CustomerInactive,
}

/// The account was deleted in Magento.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountDeleted {
    /// Nothing; the log says so at level info.
    #[default]
    Nothing,
    /// Nothing; the log says so as a warning.
    Log,
    /// Acumatica's customer becomes inactive.
    Deactivate,
}

/// The customer is inactive in Acumatica, or deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum CustomerInactive {
    /// Nothing; the log says so at level info.
    #[default]
    Nothing,
    /// Nothing; the log says so as a warning.
    Log,
    /// Magento has no inactive accounts: the account goes into a group that may not buy.
    Group {
        /// That group.
        group_id: u64,
    },
}

/// Addresses beyond the default ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FurtherAddresses {
    /// They stay where they are.
    #[default]
    NotSynced,
    /// Each is a location of the customer in Acumatica.
    Locations,
}

/// Companies of Adobe Commerce's B2B module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Companies {
    /// On: a company is a customer in Acumatica, and its people are contacts of that customer; an account that has a customer of its own
    /// already keeps it. Off: an account of a company is a customer like any other.
    #[serde(default)]
    pub enabled: bool,
}

/// One level of the scope. Whatever is absent is inherited from the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerScope {
    /// Magento's customer groups ↔ Acumatica's customer class and price class. A row that is read backwards (from Acumatica) must be the only
    /// one of its class and price class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupRow>,
    /// Which of Acumatica's customers are made in Magento, and how; none: only those that Magento has are synced. Making one may send
    /// Magento's welcome e-mail: Magento's own configuration decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Accounts>,
    /// Attributes of Magento's customers ↔ attributes and fields of Acumatica's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeRow>,
    /// Where Magento's newsletter subscription stands in Acumatica; absent: it is not synced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newsletter: Option<AttributeTarget>,
}

/// A customer group ↔ a customer class and a price class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupRow {
    /// Magento's group.
    pub group_id: u64,
    /// Acumatica's customer class.
    pub customer_class: String,
    /// Acumatica's customer price class; left alone when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_class: Option<String>,
    /// Which way the row is read: several groups may have one class where all but one of them are read to Acumatica alone.
    #[serde(default, skip_serializing_if = "CustomerDirection::is_both")]
    pub direction: CustomerDirection,
}

/// How Acumatica's customers become accounts. Magento's own configuration decides whether it sends its welcome e-mail to an account that is
/// made so; we know of no switch in its API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Customers of these classes.
    pub classes: Vec<String>,
    /// The code of the store view that their accounts are made in.
    pub store_view: String,
    /// Magento's id of that store view's website, as its `/V1/store/websites` says.
    pub website_id: u64,
}

/// An attribute of Magento's customers ↔ one of Acumatica's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeRow {
    /// Magento's attribute code.
    pub code: String,
    /// What it is in Acumatica.
    pub acumatica: AttributeTarget,
    /// How a value is written on both sides.
    #[serde(default)]
    pub kind: AttributeKind,
    /// Which changes are carried over.
    #[serde(default)]
    pub direction: CustomerDirection,
    /// Magento's values ↔ Acumatica's, where they differ: option ids, labels. Values that no row has are the same on both sides, but for
    /// `choice`, which then has no other side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueRow>,
}

/// What an attribute is in Acumatica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AttributeTarget {
    /// An attribute of the customer class: `AttributeID`.
    Attribute(String),
    /// A field of the customer.
    Field(CustomerField),
}

/// Fields of Acumatica's customers that attributes may be synced with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CustomerField {
    /// Credit terms.
    Terms,
    /// Tax zone.
    TaxZone,
    /// The number of the certificate by which no tax is charged.
    TaxExemptionNumber,
    /// The number by which the customer's own system calls it.
    AccountRef,
}

/// How an attribute's values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// As they are.
    #[default]
    Text,
    /// A whole or decimal number: `7`, `7.50`.
    Number,
    /// Yes or no: `1` and `0` in both, `true` and `false` on the way in.
    Boolean,
    /// A day, with or without a time behind it: it is written as `2026-11-23`.
    Date,
    /// One of a list: Magento's option id ↔ Acumatica's value, by `values`.
    Choice,
    /// Several of a list, with commas between them, by `values`.
    Choices,
}

/// A value of Magento ↔ one of Acumatica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueRow {
    /// Magento's.
    pub magento: String,
    /// Acumatica's.
    pub acumatica: String,
}

impl Default for Customers {
    fn default() -> Self {
        Self {
            enabled: false,
            direction: CustomerDirection::default(),
            system_of_record: default_owner(),
            owners: BTreeMap::new(),
            max_attempts: default_max_attempts(),
            ambiguous_email: AmbiguousEmail::default(),
            shared_email: SharedEmail::default(),
            masked_emails: Vec::new(),
            gone: Gone::default(),
            further_addresses: FurtherAddresses::default(),
            companies: Companies::default(),
            default: CustomerScope::default(),
            websites: BTreeMap::new(),
        }
    }
}

impl Customers {
    /// What holds for accounts of a store view's website: its own scope over the default.
    #[must_use]
    pub fn of<'a>(&'a self, store: Option<&Store>) -> Customer<'a> {
        let own = store.and_then(|store| self.websites.get(&store.website));
        Customer { levels: own.into_iter().chain([&self.default]).collect() }
    }
}

/// The levels that hold for one account, narrowest first.
#[derive(Clone, Debug)]
pub struct Customer<'a> {
    levels: Vec<&'a CustomerScope>,
}

impl<'a> Customer<'a> {
    /// The value of the narrowest level that has one.
    pub fn first<T>(&self, field: impl Fn(&'a CustomerScope) -> Option<T>) -> Option<T> {
        self.levels.iter().find_map(|level| field(level))
    }

    /// All rows of a table, narrower levels first.
    pub fn rows<T: 'a>(self, table: impl Fn(&'a CustomerScope) -> &'a [T]) -> impl Iterator<Item = &'a T> {
        self.levels.into_iter().flat_map(table)
    }
}

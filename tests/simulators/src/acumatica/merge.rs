//! Applies what a request wants to a record: fields one by one, detail rows by id or key.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Refusal;
use super::decode::Patch;
use super::facts::{Facts, Kind};
use super::record::{Record, guid};

/// Draws the identities of new rows and the numbers of new documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) serial: u64,
    pub(crate) order: u64,
    pub(crate) payment: u64,
    pub(crate) customer: u64,
    pub(crate) location: u64,
    pub(crate) contact: u32,
}

impl Numbers {
    pub(crate) fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }
}

/// One merge, for one session.
pub(crate) struct Merge<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) session: u64,
    pub(crate) numbers: &'a mut Numbers,
    pub(crate) custom_fields: &'a BTreeSet<String>,
}

impl Merge<'_> {
    /// Applies `patch` to `record`. Values equal to the stored ones are skipped (Integration Development Guide, "PUT and PATCH");
    /// read-only fields that a client sends are ignored (recorded 2023: `OrderTotal`, `TaxTotal`).
    ///
    /// # Errors
    /// When a row's id names no row.
    pub(crate) fn apply(&mut self, record: &mut Record, patch: &Patch) -> Result<(), Refusal> {
        for (field, message) in &patch.errors {
            record.fail(field, message.clone());
        }
        let keys = &self.facts.entity(&record.entity).keys;
        for (field, value) in &patch.fields {
            let fixed = keys.contains(field) || is_read_only(&record.entity, field);
            if !fixed && (record.fields.get(field) != value.as_ref() || record.fresh) {
                record.set_or_clear(field, value.clone());
                record.changed.insert(field.clone());
            }
        }
        if let Some(note) = &patch.note {
            record.note = Some(note.clone());
        }
        for ((view, field), value) in &patch.custom {
            if self.custom_fields.contains(&format!("{view}.{field}")) {
                let key = (view.clone(), field.clone());
                match value {
                    Some(value) => record.custom.insert(key, value.clone()),
                    None => record.custom.remove(&key),
                };
            }
        }
        for (name, inner) in &patch.linked {
            if let Some(Kind::Linked(entity)) = self.facts.entity(&record.entity).member(name) {
                self.apply(record.link(name, entity), inner)?;
            }
        }
        for (name, patches) in &patch.details {
            if let Some(Kind::Details(entity)) = self.facts.entity(&record.entity).member(name) {
                self.rows(record.rows_mut(name), entity, patches)?;
            }
        }
        Ok(())
    }

    /// No id and no key: a new row. Id or key: that row. With `delete`: gone. Rows not sent stay (Integration Development Guide and
    /// Postman collection).
    fn rows(&mut self, rows: &mut Vec<Record>, entity: &str, patches: &[Patch]) -> Result<(), Refusal> {
        let named = patches.iter().any(|patch| patch.id.is_some());
        let by_id: BTreeMap<String, u64> =
            rows.iter().filter(|_| named).map(|row| (guid(row.serial, self.session), row.serial)).collect();
        for patch in patches {
            let found = match &patch.id {
                Some(id) => {
                    let serial = by_id.get(&id.to_lowercase()).ok_or_else(Refusal::no_entity)?;
                    let at = rows.iter().position(|row| row.serial == *serial);
                    Some(at.ok_or_else(Refusal::no_entity)?)
                }
                None => rows.iter().position(|row| has_key_of(row, patch)),
            };
            match found {
                Some(at) if patch.delete => {
                    rows.remove(at);
                }
                Some(at) => self.apply(&mut rows[at], patch)?,
                None if patch.delete => {}
                None => {
                    let mut row = Record::new(entity, self.numbers.serial());
                    row.fresh = true;
                    self.apply(&mut row, patch)?;
                    rows.push(row);
                }
            }
        }
        Ok(())
    }
}

/// The fields that identify a row within its list where there is no id (Integration Development Guide names `LineNbr`; the others are
/// inferred from the tables' keys).
fn row_key(entity: &str) -> &'static [&'static str] {
    match entity {
        "SalesOrderDetail" => &["LineNbr"],
        "TaxDetail" => &["TaxID"],
        "SalesOrderPayment" => &["DocType", "ReferenceNbr"],
        "PaymentOrderDetail" => &["OrderType", "OrderNbr"],
        "AttributeValue" => &["AttributeID"],
        "CustomerContact" => &["ContactID"],
        _ => &[],
    }
}

fn has_key_of(row: &Record, patch: &Patch) -> bool {
    let key = row_key(&row.entity);
    let equal = |field: &&str| match patch.fields.get(*field) {
        Some(Some(value)) => row.fields.get(*field) == Some(value),
        _ => false,
    };
    !key.is_empty() && key.iter().all(equal)
}

/// Fields the ERP computes or numbers itself.
fn is_read_only(entity: &str, field: &str) -> bool {
    let list: &[&str] = match entity {
        "SalesOrder" => &[
            "Approved",
            "BaseCurrencyID",
            "CreatedDate",
            "CreditHold",
            "LastModified",
            "MaxRiskScore",
            "NoteID",
            "OrderTotal",
            "OrderedQty",
            "Status",
            "TaxTotal",
            "VATExemptTotal",
            "VATTaxableTotal",
        ],
        "SalesOrderDetail" => &[
            "Amount",
            "AverageCost",
            "Completed",
            "DiscountedUnitPrice",
            "LastModifiedDate",
            "LineNbr",
            "LineType",
            "NoteID",
            "OpenQty",
            "QtyOnShipments",
            "UnbilledAmount",
        ],
        "SalesOrderPayment" => &["Balance", "LastModifiedDateTime", "NoteID", "Status", "TransferredtoInvoice"],
        "Payment" => &[
            "AppliedToDocuments",
            "AppliedToOrders",
            "AvailableBalance",
            "IsCCPayment",
            "LastModifiedDateTime",
            "NoteID",
            "Status",
        ],
        "Totals" => &[
            "DiscountTotal",
            "FreightCost",
            "FreightCostIsuptodate",
            "LineTotalAmount",
            "MiscTotalAmount",
            "OrderVolume",
            "OrderWeight",
            "PackageWeight",
            "TaxTotal",
            "UnbilledAmount",
            "UnbilledQty",
            "UnpaidBalance",
        ],
        "ShippingSettings" => &["FreightCost", "FreightCostIsuptodate", "OrderVolume", "OrderWeight", "PackageWeight"],
        "Customer" => &["BAccountID", "CreatedDateTime", "LastModifiedDateTime", "NoteID", "PrimaryContactID"],
        "CreditVerificationRules" => {
            &["FirstDueDate", "OpenOrdersBalance", "RemainingCreditLimit", "UnreleasedBalance"]
        }
        // Which location is the default one is inferred to be changed by an action of the form only.
        "CustomerLocation" => &["CreatedDateTime", "Default", "LastModifiedDateTime", "NoteID"],
        // Integration Development Guide, "Attributes".
        "AttributeValue" => &["AttributeDescription", "RefNoteID", "Required", "ValueDescription"],
        "Contact" => &["ContactID", "DisplayName", "LastModifiedDateTime", "NoteID"],
        _ => &[],
    };
    list.contains(&field)
}

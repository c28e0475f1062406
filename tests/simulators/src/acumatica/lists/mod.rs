//! Master data as the records its entities show.

mod customers;
mod items;

use super::facts::Facts;
use super::master::Master;
use super::record::Record;

/// The records of a master data entity; `None` when it is not master data.
pub(crate) fn records(facts: &Facts, master: &Master, entity: &str) -> Option<Vec<Record>> {
    let rows: Vec<Record> = match entity {
        "StockItem" | "NonStockItem" | "TemplateItems" => items::records(master, entity)?,
        "CustomerClass" | "CustomerPriceClass" | "AttributeDefinition" => customers::records(master, entity)?,
        "TaxCategory" => master
            .tax_categories
            .iter()
            .map(|(id, taxes)| {
                let listed = |tax: &String| row("TaxCategoryTaxDetail", &[("TaxCategory", id), ("TaxID", tax)]);
                let category = active(row("TaxCategory", &[("TaxCategoryID", id)]), true);
                with_rows(category, "Details", taxes.iter().map(listed).collect())
            })
            .collect(),
        "ShipVia" => master
            .ship_vias
            .iter()
            .map(|(id, via)| row("ShipVia", &[("CarrierID", id), ("Description", &via.description)]))
            .collect(),
        "PaymentMethod" => master.payment_methods.keys().map(|id| payment_method(master, id)).collect(),
        "TaxZone" => master
            .tax_zones
            .iter()
            .map(|(id, zone)| {
                let taxes =
                    zone.taxes().iter().map(|tax| row("TaxZoneApplicableTaxDetail", &[("TaxID", tax)])).collect();
                with_rows(row("TaxZone", &[("TaxZoneID", id)]), "ApplicableTaxes", taxes)
            })
            .collect(),
        "Tax" => master
            .taxes
            .iter()
            .map(|(id, rate)| {
                let mut schedule = row("TaxScheduleDetail", &[("TaxID", id)]);
                schedule.set("TaxRate", *rate);
                with_rows(row("Tax", &[("TaxID", id)]), "TaxSchedule", vec![schedule])
            })
            .collect(),
        "Warehouse" => {
            master.warehouses.iter().map(|id| active(row("Warehouse", &[("WarehouseID", id)]), true)).collect()
        }
        _ => return None,
    };
    let mut rows = rows;
    number(facts, entity, &mut rows);
    Some(rows)
}

/// Ids that depend on the key only, so that they persist while the data changes.
fn number(facts: &Facts, entity: &str, rows: &mut [Record]) {
    let key = facts.entity(entity).keys.first().cloned().unwrap_or_default();
    for row in rows {
        let name = format!("{entity}/{}", row.text(&key).unwrap_or_default());
        // FNV-1a, kept clear of the serials of documents by its top bit.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        row.serial = hash | (1 << 63);
        let serial = row.serial;
        for (at, detail) in (1_u64..).zip(row.details.values_mut().flatten()) {
            detail.serial = serial.wrapping_add(at) | (1 << 63);
        }
    }
}

fn payment_method(master: &Master, id: &str) -> Record {
    let method = &master.payment_methods[id];
    let mut record =
        active(row("PaymentMethod", &[("PaymentMethodID", id), ("Description", &method.description)]), method.active);
    record.set("UseInAR", true);
    record.set("IntegratedProcessing", method.integrated);
    let accounts = method.cash_accounts.iter().enumerate().map(|(at, account)| {
        let mut row = row("PaymentMethodAllowedCashAccountDetail", &[("CashAccount", account), ("PaymentMethod", id)]);
        row.set("UseInAR", true);
        row.set("ARDefault", at == 0);
        row
    });
    with_rows(record, "AllowedCashAccounts", accounts.collect())
}

fn row(entity: &str, fields: &[(&str, &str)]) -> Record {
    let mut record = Record::new(entity, 0);
    fields.iter().for_each(|(field, value)| record.set(field, *value));
    record
}

fn active(mut record: Record, active: bool) -> Record {
    record.set("Active", active);
    record
}

fn with_rows(mut record: Record, list: &str, rows: Vec<Record>) -> Record {
    record.details.insert(list.to_owned(), rows);
    record
}

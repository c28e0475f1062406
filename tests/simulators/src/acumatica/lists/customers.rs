//! What customers refer to: classes, price classes and attributes.

use rust_decimal::Decimal;

use super::super::master::{Attribute, CustomerClass, Master};
use super::super::record::{Record, Scalar};
use super::{row, with_rows};

/// The records of one of the three entities; `None` for another entity.
pub(super) fn records(master: &Master, entity: &str) -> Option<Vec<Record>> {
    match entity {
        "CustomerClass" => {
            Some(master.customer_classes.iter().map(|(id, class)| customer_class(master, id, class)).collect())
        }
        "CustomerPriceClass" => {
            let price_class = |(id, description): (&String, &String)| {
                row("CustomerPriceClass", &[("PriceClassID", id), ("Description", description)])
            };
            Some(master.price_classes.iter().map(price_class).collect())
        }
        "AttributeDefinition" => {
            Some(master.attributes.iter().map(|(id, attribute)| definition(id, attribute)).collect())
        }
        _ => None,
    }
}

fn customer_class(master: &Master, id: &str, class: &CustomerClass) -> Record {
    let mut record =
        row("CustomerClass", &[("ClassID", id), ("Description", &class.description), ("CurrencyID", &class.currency)]);
    let optional = [
        ("Terms", &class.terms),
        ("TaxZoneID", &class.tax_zone),
        ("ShipVia", &class.ship_via),
        ("PaymentMethod", &class.payment_method),
        ("StatementCycleID", &class.statement_cycle),
        ("Country", &class.country),
    ];
    for (field, value) in optional {
        record.set_or_clear(field, value.clone().map(Scalar::Text));
    }
    record.set("EnableCurrencyOverride", class.currency_override);
    let attributes = (1_u32..).zip(&class.attributes).map(|(order, of_class)| {
        let mut row = row("BusinessAccountClassAttributeDetail", &[("AttributeID", &of_class.id)]);
        let description = master.attributes.get(&of_class.id).map(|attribute| attribute.description.clone());
        row.set_or_clear("Description", description.map(Scalar::Text));
        row.set_or_clear("DefaultValue", of_class.default_value.clone().map(Scalar::Text));
        row.set("Active", of_class.active);
        row.set("Required", of_class.required);
        row.set("SortOrder", Decimal::from(order));
        row
    });
    let attributes = attributes.collect();
    with_rows(record, "Attributes", attributes)
}

fn definition(id: &str, attribute: &Attribute) -> Record {
    let fields = [
        ("AttributeID", id),
        ("Description", attribute.description.as_str()),
        ("ControlType", attribute.control.label()),
    ];
    let mut record = row("AttributeDefinition", &fields);
    record.set("Internal", false);
    let values = (1_u32..).zip(&attribute.values).map(|(order, value)| {
        let fields = [("ValueID", value.id.as_str()), ("Description", value.description.as_str())];
        let mut row = row("AttributeDefinitionValue", &fields);
        row.set("Disabled", false);
        row.set("SortOrder", Decimal::from(order));
        row
    });
    let values = values.collect();
    with_rows(record, "Values", values)
}

//! How long a value may be that is mapped to a field of Acumatica: database column lengths of endpoint Default/24.200.001 (Acumatica's C#
//! client library, generated from the contract), in characters. Where the source states none (branches, cash accounts, countries, …), none is checked.

/// A field of Acumatica and how many characters it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// The entity that holds the field.
    pub(super) entity: &'static str,
    /// The field.
    pub(super) name: &'static str,
    /// Characters; none where the source states no length.
    pub(super) length: Option<usize>,
}

const fn field(entity: &'static str, name: &'static str, length: usize) -> Field {
    Field { entity, name, length: Some(length) }
}

pub(super) const ORDER_TYPE: Field = field("SalesOrder", "OrderType", 2);
pub(super) const BRANCH: Field = Field { entity: "SalesOrder", name: "Branch", length: None };
pub(super) const WAREHOUSE: Field = field("Warehouse", "WarehouseID", 30);
pub(super) const CUSTOMER_CLASS: Field = field("Customer", "CustomerClass", 10);
pub(super) const CUSTOMER: Field = field("Customer", "CustomerID", 30);
pub(super) const FREIGHT_TAX_CATEGORY: Field = field("ShippingSettings", "FreightTaxCategory", 15);
pub(super) const TAX_ZONE: Field = field("FinancialSettings", "CustomerTaxZone", 10);
pub(super) const TAX: Field = field("TaxDetail", "TaxID", 60);
pub(super) const SHIP_VIA: Field = field("SalesOrder", "ShipVia", 15);
pub(super) const SHIPPING_TERMS: Field = field("ShippingSettings", "ShippingTerms", 10);
pub(super) const PAYMENT_METHOD: Field = field("SalesOrderPayment", "PaymentMethod", 10);
pub(super) const CASH_ACCOUNT: Field = Field { entity: "SalesOrderPayment", name: "CashAccount", length: None };
pub(super) const PROCESSING_CENTER: Field = field("SalesOrderPayment", "ProcessingCenterID", 10);
pub(super) const ITEM: Field = field("StockItem", "InventoryID", 30);
pub(super) const UNIT: Field = field("SalesOrderDetail", "UOM", 6);
pub(super) const TAX_CATEGORY: Field = field("SalesOrderDetail", "TaxCategory", 15);
pub(super) const PO_SOURCE: Field = Field { entity: "SalesOrderDetail", name: "POSource", length: None };
pub(super) const VENDOR: Field = Field { entity: "SalesOrderDetail", name: "VendorID", length: None };
pub(super) const COUNTRY: Field = Field { entity: "Address", name: "Country", length: None };
pub(super) const STATE: Field = Field { entity: "Address", name: "State", length: None };
pub(super) const TERMS: Field = field("FinancialSettings", "Terms", 10);
pub(super) const PRICE_CLASS: Field = field("Customer", "PriceClassID", 10);
pub(super) const CUSTOMER_TERMS: Field = field("Customer", "Terms", 10);
pub(super) const CUSTOMER_TAX_ZONE: Field = field("Customer", "TaxZone", 10);
pub(super) const TAX_EXEMPTION: Field = field("Customer", "TaxExemptionNumber", 30);
pub(super) const ACCOUNT_REF: Field = field("Customer", "AccountRef", 50);
pub(super) const ATTRIBUTE: Field = field("AttributeDefinition", "AttributeID", 10);
pub(super) const ATTRIBUTE_VALUE: Field = Field { entity: "AttributeValue", name: "Value", length: None };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_the_one_of_the_endpoint() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/simulators/facts/acumatica-24.200.001.json");
        let facts: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for field in [
            ORDER_TYPE,
            BRANCH,
            WAREHOUSE,
            CUSTOMER_CLASS,
            CUSTOMER,
            FREIGHT_TAX_CATEGORY,
            TAX_ZONE,
            TAX,
            SHIP_VIA,
            SHIPPING_TERMS,
            PAYMENT_METHOD,
            CASH_ACCOUNT,
            TERMS,
            PROCESSING_CENTER,
            ITEM,
            UNIT,
            TAX_CATEGORY,
            PO_SOURCE,
            VENDOR,
            COUNTRY,
            STATE,
            PRICE_CLASS,
            CUSTOMER_TERMS,
            CUSTOMER_TAX_ZONE,
            TAX_EXEMPTION,
            ACCOUNT_REF,
            ATTRIBUTE,
            ATTRIBUTE_VALUE,
        ] {
            assert!(facts["entities"][field.entity][field.name].is_string(), "{field:?} does not exist");
            let stated =
                facts["max_lengths"][field.entity][field.name].as_u64().map(|length| length.try_into().unwrap());
            assert_eq!(field.length, stated, "{field:?}");
        }
    }
}

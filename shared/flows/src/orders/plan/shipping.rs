//! Shipping method → ship via and terms; Magento's shipping amount → freight.

use acumatica::model::sales_order::{SalesOrder, ShippingSettings};
use acumatica::model::value::{Number, set};
use rust_decimal::Decimal;

use super::{Shop, parties};
use crate::plan::Plan;
use crate::settings::{FreightMode, ShippingRow, matches};

/// The row of the shipping method's mapping; none for orders without anything to ship.
pub(super) fn shipping_row<'a>(shop: &Shop<'a>) -> Result<Option<&'a ShippingRow>, Plan> {
    let order = shop.order;
    let Some(method) =
        parties::shipping(shop).and_then(|shipping| shipping.method.as_deref()).filter(|method| !method.is_empty())
    else {
        if order.is_virtual.0 {
            return Ok(None);
        }
        let message = format!("Order {} is to be shipped, but Magento names no shipping method.", order.increment_id);
        return Err(shop.reject("orders.rejected.shipping_method_missing", message));
    };
    let row = shop.scope.row(|scope| &scope.shipping_methods, |row| matches(&row.method, method));
    row.map(Some).ok_or_else(|| {
        let message = format!("Shipping method `{method}` of order {} is not mapped.", order.increment_id);
        shop.reject("orders.rejected.shipping_method_not_mapped", message)
    })
}

pub(super) fn shipping(
    shop: &Shop<'_>,
    freight: Decimal,
    document: &mut SalesOrder,
) -> Result<Option<ShippingSettings>, Plan> {
    let row = shipping_row(shop)?;
    document.ship_via = row.and_then(|row| set(row.ship_via.as_str()));
    if row.is_none() && freight.is_zero() {
        return Ok(None);
    }
    let setting = shop.required("freight", shop.scope.first(|scope| scope.freight.as_ref()))?;
    let amount = || set(Number(shop.currency.exact(freight)));
    let mut settings = ShippingSettings {
        shipping_terms: row.and_then(|row| row.terms.as_deref()).and_then(set),
        freight_tax_category: setting.tax_category.as_deref().and_then(set),
        ..ShippingSettings::default()
    };
    match setting.mode {
        FreightMode::Premium => settings.premium_freight = amount(),
        FreightMode::Override => {
            settings.override_freight_price = set(true);
            settings.freight_price = amount();
        }
    }
    Ok(Some(settings))
}

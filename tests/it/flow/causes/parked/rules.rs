//! What Acumatica refuses by rules of its own that a tenant may have or not.

use rust_decimal::Decimal;
use simulators::acumatica::{
    Acumatica, AlternateId, CreditFailure, ErrorForm, Item, NumberingError, PeriodField, TaxZone, Unusable,
};
use simulators::magento::OrderDraft;

use super::super::super::world::Shop;
use super::super::{ADA, Promised, plain};
use super::{Case, carrier, default};

/// Changes the ERP behind the API.
fn erp(shop: &mut Shop, change: impl FnOnce(&mut Acumatica)) {
    shop.erp.with(change);
}

fn credit_limit(shop: &mut Shop, limit: Decimal) {
    let customer = shop.erp.with(|erp| erp.customers()[0].text("CustomerID").expect("a number").to_owned());
    shop.erp.with(|erp| erp.set_credit_limit(&customer, limit)).expect("the customer");
}

fn zone_with(shop: &mut Shop, tax: &str) {
    let zone = TaxZone::Internal { taxes: [tax.to_owned()].into() };
    erp(shop, |erp| drop(erp.master.tax_zones.insert("WEBSHOP".to_owned(), zone)));
}

/// An item that can be ordered as `MUG`.
fn called_mug(shop: &mut Shop, inventory_id: &str) {
    let item = Item { alternate_ids: ["MUG".to_owned()].into(), ..Item::default() };
    erp(shop, |erp| erp.add_item(inventory_id, item));
}

pub(super) const CASES: &[Case] = &[
    Case {
        promised: Promised::ClosedPeriod,
        plant: |shop| {
            erp(shop, |erp| {
                erp.config.period_fields.insert(PeriodField::Date);
                erp.master.closed_periods.insert((2026, 11));
            });
        },
        order: plain,
        code: "acumatica.rejected.period_closed",
        sentence: "Acumatica refused Date of order 000000001: The 11-2026 financial period is inactive in the Company company.",
        erp_calls: 2,
        mend: |shop| erp(shop, |erp| erp.master.closed_periods.clear()),
        by_settings: false,
    },
    Case {
        promised: Promised::Numbering,
        plant: |shop| shop.order_type(|kind| kind.numbering_error = Some(NumberingError::Exhausted)),
        order: plain,
        code: "acumatica.rejected.numbering",
        sentence: "Acumatica refused OrderNbr of order 000000001: Cannot generate the next number for the SOORDER sequence.",
        erp_calls: 2,
        mend: |shop| shop.order_type(|kind| kind.numbering_error = None),
        by_settings: false,
    },
    Case {
        promised: Promised::CreditOrHold,
        plant: |shop| {
            shop.order_type(|kind| kind.hold_on_failed_credit_check = false);
            erp(shop, |erp| erp.config.credit_failure = CreditFailure::Refused);
            credit_limit(shop, Decimal::TEN);
        },
        order: plain,
        code: "acumatica.rejected.credit_limit",
        sentence: "Acumatica refused CustomerID `C000001` of order 000000001: The customer's credit limit has been exceeded.",
        erp_calls: 2,
        mend: |shop| credit_limit(shop, Decimal::ONE_THOUSAND),
        by_settings: false,
    },
    Case {
        promised: Promised::Tax,
        plant: |shop| {
            zone_with(shop, "CADIST");
            erp(shop, |erp| erp.config.inapplicable_tax = Unusable::Refused);
        },
        order: plain,
        code: "acumatica.rejected.tax_not_applicable",
        sentence: "Acumatica refused tax `CASTATE` of order 000000001: The tax is not applicable to the document.",
        erp_calls: 2,
        mend: |shop| zone_with(shop, "CASTATE"),
        by_settings: false,
    },
    Case {
        promised: Promised::ItemNotDefined,
        plant: |shop| {
            called_mug(shop, "MUG-BLUE");
            called_mug(shop, "MUG-RED");
            erp(shop, |erp| erp.config.ambiguous_alternate_id = AlternateId::Refused);
        },
        order: |shop| shop.place(&OrderDraft::guest(ADA).simple("MUG", 1, 10).shipping("flatrate_flatrate", 5)),
        code: "acumatica.rejected.item_not_usable",
        sentence: "Acumatica refused item `MUG` of order 000000001: More than one item has the alternate ID \"MUG\".",
        erp_calls: 2,
        mend: |shop| erp(shop, |erp| erp.add_item("MUG", Item::default())),
        by_settings: false,
    },
    Case {
        promised: Promised::Address,
        plant: |shop| {
            let masks = vec!["AAA 999".to_owned()];
            erp(shop, |erp| drop(erp.master.postal_masks.insert("US".to_owned(), masks)));
        },
        order: plain,
        code: "acumatica.rejected.address",
        sentence: "Acumatica refused BillToAddress/PostalCode of order 000000001: The postal code does not fit the mask of the country.",
        erp_calls: 2,
        mend: |shop| erp(shop, |erp| erp.master.postal_masks.clear()),
        by_settings: false,
    },
    Case {
        // The same refusal as an error object, which names no place.
        promised: Promised::ShippingMethod,
        plant: |shop| {
            erp(shop, |erp| erp.config.error_form = ErrorForm::ErrorObject);
            shop.change_settings(|all| default(all).shipping_methods[0] = carrier("*", "ROCKET"));
        },
        order: plain,
        code: "acumatica.rejected.ship_via_not_found",
        sentence: "Acumatica refused ShipVia `ROCKET` of order 000000001: 'Ship Via' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| shop.change_settings(|all| default(all).shipping_methods[0] = carrier("*", "LOCAL")),
        by_settings: true,
    },
];

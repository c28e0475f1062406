//! The parts put together: a new sales order, and what it adds up to.

use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::{Number, set};
use serde::Deserialize as _;

use super::super::facts::Facts;
use super::{Shop, amounts, extras, header, holds, lines, parties, shipping, steps, taxes, tenders};
use crate::plan::{Amounts, Parts, Plan, Step, Work};
use crate::settings::ControlTotal;

/// A new sales order, after its customer where there is none.
pub(super) fn create(facts: &Facts<'_>, shop: &Shop<'_>) -> Result<Plan, Plan> {
    let (money, unexplained) = lines::money_lines(shop)?;
    let extras = extras::extras(shop)?;
    let tax = taxes::tax(shop, &money)?;
    let freight = amounts::sound_freight(shop)?;
    let reference = header::own_reference(facts, shop)?;
    let date = header::date(shop)?;

    let mut document = header::header(shop, &reference, &date)?;
    parties::set_addresses(shop, &mut document)?;
    document.shipping_settings = shipping::shipping(shop, freight, &mut document)?;
    document.financial_settings = taxes::financial(shop, &mut document)?;
    document.details = lines::details(shop, &money)?;
    document.details.extend(extras::details(shop, &extras));
    document.tax_details.clone_from(&tax.rows);
    let tenders = tenders::tenders(shop, &reference, &date)?;
    document.payments = tenders::nested(shop, &tenders);

    let parts = Parts {
        lines: money.iter().map(|line| line.gross).sum(),
        discount: money.iter().map(|line| line.discount).sum(),
        freight,
        tax: tax.total,
        extra: extras.iter().map(|extra| extra.amount).sum(),
        tenders: tenders.iter().map(|tender| tender.amount).sum(),
        tax_forced: tax.forced,
    };
    let magento = amounts::order_value(shop.order);
    let finding = holds::first(shop, &document, &tax, unexplained.then_some(parts.lines));
    // What was begun is sent in part only.
    let begun = facts.bound.map(|_| amounts::added_up(&document));
    document.hold = set(finding.is_some());
    if shop.scope.first(|scope| scope.control_total) == Some(ControlTotal::Required) {
        document.control_total = set(Number(shop.currency.exact(magento)));
    }
    let steps = steps::steps(facts, shop, document, &reference, &date, magento)?;
    let acumatica = begun.unwrap_or_else(|| amounts::added_up(&sent(&steps))) + tax.by_erp;
    let amounts = Some(Amounts { magento, acumatica, parts, decimals: shop.currency.decimals() });
    let work = Box::new(Work { steps, amounts });
    Ok(match finding {
        Some(finding) => Plan::Hold(work, finding),
        None => Plan::Create(work),
    })
}

/// The sales order among the steps, read back from what is sent: the last slice, with the lines of all.
fn sent(steps: &[Step]) -> SalesOrder {
    let mut lines = Vec::new();
    let mut whole = SalesOrder::default();
    for step in steps.iter().filter(|step| step.entity() == "SalesOrder") {
        whole = SalesOrder::deserialize(step.body()).unwrap_or_default();
        lines.append(&mut whole.details);
    }
    SalesOrder { details: lines, ..whole }
}

//! Items → `Details`: `kinds` which items carry money; `gross` what they cost; `discount` what is taken off; `items` which item of
//! Acumatica a line is; `options` what the shopper chose; `split` amounts that no unit price gives exactly; [`echo`] what the ERP took.

mod discount;
pub mod echo;
mod gross;
mod items;
mod kinds;
mod options;
mod split;
mod text;

use acumatica::model::sales_order::Line;
use acumatica::model::value::{Number, set};
use magento::model::order::Item;
use magento::model::wire::Id;
use rust_decimal::Decimal;

pub use items::Asked;
pub(super) use items::asked;
use kinds::Carrier;
pub use split::{Part, parts};

use super::Shop;
use crate::money::spread;
use crate::plan::Plan;
use crate::settings::LineAmounts;

/// The decimals of a unit price where the settings do not say; the exact amount stands in `ExtendedPrice`.
const UNIT_PRICE_DECIMALS: u32 = 4;

/// A line of goods.
#[derive(Clone, Debug)]
pub struct MoneyLine<'a> {
    /// The item whose SKU, name and quantity the line has.
    pub item: &'a Item,
    /// The item whose amounts these are, and by which Magento lists the taxes: the line itself, or the bundle it is a component of.
    pub money: Id,
    /// What it costs before discount and tax.
    pub gross: Decimal,
    /// What is taken off it, never more than `gross`.
    pub discount: Decimal,
    /// The item with the key `money`, on the first of its lines: what belongs to the whole of it stands there.
    pub whole: Option<&'a Item>,
}

/// The lines with their amounts. The second part says that no reading of Magento's row totals adds up to its subtotal.
pub(super) fn money_lines<'a>(shop: &Shop<'a>) -> Result<(Vec<MoneyLine<'a>>, bool), Plan> {
    let carriers = kinds::carriers(shop)?;
    let known = gross::gross(shop, &carriers)?;
    let unexplained = known.is_none();
    let mut gross = known.unwrap_or_else(|| carriers.iter().map(|carrier| gross::row(carrier.item)).collect());
    let discounts = discount::own(shop, &carriers, &mut gross)?;
    let mut lines = Vec::with_capacity(carriers.len());
    for ((carrier, gross), discount) in carriers.iter().zip(gross).zip(discounts) {
        lines_of(shop, carrier, gross, discount, &mut lines);
    }
    discount::spread_rest(shop, &carriers, &mut lines)?;
    Ok((lines, unexplained))
}

/// One line, or those of a bundle's components, over which its price is spread and then its discount, capped at each.
fn lines_of<'a>(
    shop: &Shop<'a>,
    carrier: &Carrier<'a>,
    gross: Decimal,
    discount: Decimal,
    lines: &mut Vec<MoneyLine<'a>>,
) {
    let money = carrier.item.item_id;
    let of = |item, gross, discount, whole| MoneyLine { item, money, gross, discount, whole };
    let caps = vec![gross; carrier.components.len()];
    let prices = spread(gross, &carrier.weights(), &caps, &shop.currency);
    let shares = prices.and_then(|prices| {
        let discounts = spread(discount, &prices, &prices, &shop.currency)?;
        Some(prices.into_iter().zip(discounts))
    });
    match shares {
        Some(shares) if !carrier.components.is_empty() => {
            let mut whole = Some(carrier.item);
            lines.extend(
                carrier.components.iter().zip(shares).map(|(item, (gross, off))| of(item, gross, off, whole.take())),
            );
        }
        _ => lines.push(of(carrier.item, gross, discount, Some(carrier.item))),
    }
}

/// The document's lines of goods, each with those of its options behind it.
pub(super) fn details(shop: &Shop<'_>, lines: &[MoneyLine<'_>]) -> Result<Vec<Line>, Plan> {
    let form = Form::of(shop);
    let mut details = Vec::with_capacity(lines.len());
    for line in lines {
        form.add(shop, line, &mut details)?;
    }
    Ok(details)
}

/// What all lines of an order share.
pub(super) struct Form<'a> {
    decimals: u32,
    split: bool,
    branch: Option<&'a str>,
    warehouse: Option<&'a str>,
}

impl<'a> Form<'a> {
    /// As the settings of the store view say.
    pub(super) fn of(shop: &Shop<'a>) -> Self {
        Self {
            decimals: shop.scope.first(|scope| scope.unit_price_decimals).unwrap_or(UNIT_PRICE_DECIMALS),
            split: shop.scope.first(|scope| scope.line_amounts) == Some(LineAmounts::Split),
            branch: shop.scope.first(|scope| scope.branch.as_deref()),
            warehouse: shop.scope.first(|scope| scope.warehouse.as_deref()),
        }
    }

    /// A line at a price that the ERP must not look up, with nothing taken off that is not said here.
    pub(super) fn line(&self, shop: &Shop<'_>, part: &Part, discount: Decimal, reference: String) -> Line {
        Line {
            order_qty: set(Number(part.quantity.normalize())),
            unit_price: set(Number(shop.currency.exact(part.unit_price))),
            manual_price: set(true),
            extended_price: set(Number(shop.currency.exact(part.gross))),
            discount_amount: set(Number(shop.currency.exact(discount))),
            manual_discount: set(true),
            branch: self.branch.and_then(set),
            external_ref: set(reference),
            ..Line::default()
        }
    }

    /// The line, in two where it is split, and its options' lines.
    fn add(&self, shop: &Shop<'_>, line: &MoneyLine<'_>, details: &mut Vec<Line>) -> Result<(), Plan> {
        let named = items::named(shop, line)?;
        let choices = options::choices(line);
        let (own, noted) = options::apart(shop, &choices);
        let name = text::described(line.item.name.as_deref().unwrap_or_default());
        let whole = if self.split {
            parts(named.quantity, line.gross, self.decimals, &shop.currency)
        } else {
            vec![split::whole(named.quantity, line.gross, self.decimals)]
        };
        let grosses: Vec<Decimal> = whole.iter().map(|part| part.gross).collect();
        let discounts =
            spread(line.discount, &grosses, &grosses, &shop.currency).unwrap_or_else(|| vec![line.discount]);
        let id = line.item.item_id.0;
        let vendor = items::drop_ship(shop, line.item);
        for (n, (part, discount)) in whole.iter().zip(discounts).enumerate() {
            let reference = if n == 0 { id.to_string() } else { format!("{id}/{}", n + 1) };
            let mut detail = self.line(shop, part, discount, reference);
            named.put(&mut detail);
            detail.warehouse_id = self.warehouse.and_then(set);
            detail.line_description = name.short.as_deref().and_then(set);
            if let Some(row) = vendor {
                detail.mark_for_po = set(true);
                detail.po_source = set(row.po_source.as_str());
                detail.vendor_id = row.vendor.as_deref().and_then(set);
            }
            if n == 0 {
                detail.note = text::note(name.full.as_deref(), &noted);
                detail.gift_message = text::gift_message(line);
            }
            details.push(detail);
        }
        for choice in own {
            details.push(options::line(self, shop, line, &choice));
        }
        Ok(())
    }
}

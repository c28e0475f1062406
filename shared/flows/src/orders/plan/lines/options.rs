//! What the shopper chose: in the line's note, or as lines of their own at no price, because the product's price has theirs in it.

use acumatica::model::sales_order::Line;
use acumatica::model::value::set;
use magento::model::order::{CustomOption, Item};
use rust_decimal::Decimal;

use super::super::Shop;
use super::{Form, MoneyLine, Part, text};
use crate::settings::{CustomOptions, OptionRow};

/// One choice of a custom option. Magento's order holds ids and values, not the options' texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice<'a> {
    /// The option's id.
    pub(super) option_id: &'a str,
    /// The value's id, or the text entered.
    pub(super) value: &'a str,
    /// The option has several values, of which this is one.
    several: bool,
}

/// The choices on a line: its own, and on the first line of a bundle the bundle's.
pub(super) fn choices<'a>(line: &MoneyLine<'a>) -> Vec<Choice<'a>> {
    let whole = line.whole.filter(|whole| whole.item_id != line.item.item_id);
    whole.into_iter().chain([line.item]).flat_map(of_item).flat_map(of_option).collect()
}

fn of_item(item: &Item) -> &[CustomOption] {
    item.product_option.as_ref().map(|option| option.extension_attributes.custom_options.as_slice()).unwrap_or_default()
}

/// A check box group or multiple select holds the ids of its values with commas between them (Magento 2.4.6, module-catalog
/// Model/Product/Option/Type/Select); a comma in an entered text is only a comma.
fn of_option(option: &CustomOption) -> Vec<Choice<'_>> {
    let value = option.option_value.as_deref().unwrap_or_default();
    let is_id = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let several = value.contains(',') && value.split(',').all(is_id);
    let choice = |value| Choice { option_id: &option.option_id, value, several };
    if several { value.split(',').map(choice).collect() } else { vec![choice(value)] }
}

/// Choices that are lines of their own, each with its row, and what is left for the note, option by option.
pub(super) fn apart<'a, 'b>(
    shop: &Shop<'a>,
    choices: &'b [Choice<'a>],
) -> (Vec<(&'b Choice<'a>, &'a OptionRow)>, Vec<String>) {
    let lines = shop.scope.first(|scope| scope.custom_options) == Some(CustomOptions::Lines);
    let row = |choice: &Choice<'_>| {
        let fits = |row: &OptionRow| {
            row.option_id == choice.option_id && row.option_value.as_deref().is_none_or(|value| value == choice.value)
        };
        shop.scope.row(|scope| &scope.option_items, fits).filter(|_| lines)
    };
    let mut own = Vec::new();
    let mut noted: Vec<(&str, String)> = Vec::new();
    for choice in choices {
        match (row(choice), noted.last_mut()) {
            (Some(row), _) => own.push((choice, row)),
            (None, Some((id, values))) if choice.several && *id == choice.option_id => {
                values.push(',');
                values.push_str(choice.value);
            }
            (None, _) => noted.push((choice.option_id, choice.value.to_owned())),
        }
    }
    (own, noted.into_iter().map(|(id, values)| format!("Option {id}: {values}")).collect())
}

/// The line of a choice: as many pieces as the item's, at no price.
pub(super) fn line(
    form: &Form<'_>,
    shop: &Shop<'_>,
    of: &MoneyLine<'_>,
    (choice, row): &(&Choice<'_>, &OptionRow),
) -> Line {
    let part = Part { quantity: of.item.qty_ordered, unit_price: Decimal::ZERO, gross: Decimal::ZERO };
    let mut reference = format!("{}/option/{}", of.item.item_id.0, choice.option_id);
    if choice.several {
        reference = format!("{reference}/{}", choice.value);
    }
    let mut line = form.line(shop, &part, Decimal::ZERO, reference);
    let description = text::described(&format!("Option {}: {}", choice.option_id, choice.value));
    line.inventory_id = set(row.inventory_id.as_str());
    line.line_description = description.short.as_deref().and_then(set);
    line.note = text::note(description.full.as_deref(), &[]);
    line
}

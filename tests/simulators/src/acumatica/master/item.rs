//! Items, and how a line finds one.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Master;

/// An item that can be sold.
#[derive(Clone, Debug)]
pub struct Item {
    /// Barcodes and other cross-references by which a line may name the item.
    pub alternate_ids: BTreeSet<String>,
    /// `Active`, `Inactive`, `No Sales`, …
    pub status: String,
    /// Copied to lines that send none.
    pub description: String,
    /// The unit of lines that send none.
    pub base_uom: String,
    /// The units a line may use besides the base unit, and how many base units one of them is.
    pub other_uoms: BTreeMap<String, Decimal>,
    /// The tax category of lines that send none.
    pub tax_category: Option<String>,
    /// The sales price found without a manual price; zero when there is none.
    pub default_price: Decimal,
    /// Stock item, or non-stock item (whose amounts count as miscellaneous).
    pub stock: bool,
    /// The warehouses that keep it, the first being the default of lines.
    pub warehouses: Vec<String>,
    /// A template item (form IN203000): the parent of matrix items, which documents refuse.
    pub template: bool,
    /// A kit (form IN209500): sold as any other item; its components are not simulated.
    pub kit: bool,
}

impl Default for Item {
    /// An active, untaxed stock item in pieces, without a price or a warehouse.
    fn default() -> Self {
        Self {
            alternate_ids: BTreeSet::new(),
            status: "Active".to_owned(),
            description: String::new(),
            base_uom: "EA".to_owned(),
            other_uoms: BTreeMap::new(),
            tax_category: None,
            default_price: Decimal::ZERO,
            stock: true,
            warehouses: Vec::new(),
            template: false,
            kit: false,
        }
    }
}

/// What an identifier on a line finds.
pub(crate) enum Lookup<'a> {
    /// The item with this inventory id, or the only one with this alternate id.
    One(&'a str, &'a Item),
    /// Several items have this alternate id; this is the first.
    Several(&'a str, &'a Item),
    /// Nothing has it.
    Nothing,
}

impl Master {
    /// The item of exactly this inventory id.
    pub(crate) fn item(&self, inventory_id: &str) -> Option<&Item> {
        self.items.get(inventory_id)
    }

    /// The item a line means, by inventory id or alternate id. Identifiers ignore case and trailing blanks.
    pub(crate) fn find_item(&self, id: &str) -> Lookup<'_> {
        let id = id.trim();
        let by_id =
            self.items.get_key_value(id).or_else(|| self.items.iter().find(|(key, _)| key.eq_ignore_ascii_case(id)));
        if let Some((key, item)) = by_id {
            return Lookup::One(key, item);
        }
        let has = |item: &Item| item.alternate_ids.iter().any(|alternate| alternate.eq_ignore_ascii_case(id));
        let mut hits = self.items.iter().filter(|(_, item)| has(item));
        match (hits.next(), hits.next()) {
            (None, _) => Lookup::Nothing,
            (Some((key, item)), None) => Lookup::One(key, item),
            (Some((key, item)), Some(_)) => Lookup::Several(key, item),
        }
    }
}

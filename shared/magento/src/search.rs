//! Search criteria: the query string by which Magento's list routes are filtered and paged.
//!
//! Filters inside one group are alternatives, groups are all required. [`Criteria::equal`] opens a group each time, [`Criteria::one_of`]
//! makes one of all values. A list route without any criterion answers 400, so [`Criteria`] always sends a page size.

/// What a list route shall return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criteria {
    groups: Vec<Vec<Filter>>,
    sort: Option<&'static str>,
    page_size: u16,
    page: u32,
    fields: Option<&'static str>,
}

/// Field, value, condition type.
type Filter = (&'static str, String, &'static str);

impl Criteria {
    /// Everything, at most `page_size` of it. Shops can limit the page size, to 300 by default where the limit is switched on.
    #[must_use]
    pub fn first(page_size: u16) -> Self {
        Self { groups: Vec::new(), sort: None, page_size, page: 1, fields: None }
    }

    /// Only records whose `field`, a column of the entity's table, is exactly `value`.
    #[must_use]
    pub fn equal(self, field: &'static str, value: impl Into<String>) -> Self {
        self.alone(field, value.into(), "eq")
    }

    /// Only records whose `field` is greater than `value`.
    #[must_use]
    pub fn greater(self, field: &'static str, value: impl Into<String>) -> Self {
        self.alone(field, value.into(), "gt")
    }

    /// Only records whose `field` is `value` or greater.
    #[must_use]
    pub fn at_least(self, field: &'static str, value: impl Into<String>) -> Self {
        self.alone(field, value.into(), "gteq")
    }

    /// Only records whose `field` is less than `value`.
    #[must_use]
    pub fn less(self, field: &'static str, value: impl Into<String>) -> Self {
        self.alone(field, value.into(), "lt")
    }

    fn alone(mut self, field: &'static str, value: String, condition: &'static str) -> Self {
        self.groups.push(vec![(field, value, condition)]);
        self
    }

    /// Only records whose `field` is one of `values`. They go as one list with commas between them; a value with a comma in it, which such
    /// a list would take apart, is an alternative of its own.
    #[must_use]
    pub fn one_of(mut self, field: &'static str, values: &[&str]) -> Self {
        let (apart, listed): (Vec<&str>, Vec<&str>) = values.iter().partition(|value| value.contains(','));
        let list = (!listed.is_empty()).then(|| (field, listed.join(","), "in"));
        let apart = apart.into_iter().map(|value| (field, value.to_owned(), "eq"));
        self.groups.push(list.into_iter().chain(apart).collect());
        self
    }

    /// Smallest `field` first. Magento promises no order by itself.
    #[must_use]
    pub fn sorted_by(mut self, field: &'static str) -> Self {
        self.sort = Some(field);
        self
    }

    /// The page of this number, the first being 1. Some versions answer a number beyond the end with the last page again, so count.
    #[must_use]
    pub fn page(mut self, number: u32) -> Self {
        self.page = number;
        self
    }

    /// Trims the answer to these members, in Magento's notation: `items[entity_id,increment_id],total_count`.
    #[must_use]
    pub fn fields(mut self, fields: &'static str) -> Self {
        self.fields = Some(fields);
        self
    }

    /// The pairs of the query string, before encoding.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (group, filters) in self.groups.iter().enumerate() {
            for (n, (field, value, condition)) in filters.iter().enumerate() {
                let filter = format!("searchCriteria[filter_groups][{group}][filters][{n}]");
                pairs.push((format!("{filter}[field]"), (*field).to_owned()));
                pairs.push((format!("{filter}[value]"), value.clone()));
                pairs.push((format!("{filter}[condition_type]"), (*condition).to_owned()));
            }
        }
        if let Some(field) = self.sort {
            pairs.push(("searchCriteria[sortOrders][0][field]".to_owned(), field.to_owned()));
            pairs.push(("searchCriteria[sortOrders][0][direction]".to_owned(), "ASC".to_owned()));
        }
        pairs.push(("searchCriteria[pageSize]".to_owned(), self.page_size.to_string()));
        pairs.push(("searchCriteria[currentPage]".to_owned(), self.page.to_string()));
        if let Some(fields) = self.fields {
            pairs.push(("fields".to_owned(), fields.to_owned()));
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::Criteria;

    #[test]
    fn each_filter_is_a_group_of_its_own() {
        let pairs =
            Criteria::first(5).equal("increment_id", "000000001").equal("store_id", "1").fields("items[state]").pairs();
        let text: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(
            text,
            [
                "searchCriteria[filter_groups][0][filters][0][field]=increment_id",
                "searchCriteria[filter_groups][0][filters][0][value]=000000001",
                "searchCriteria[filter_groups][0][filters][0][condition_type]=eq",
                "searchCriteria[filter_groups][1][filters][0][field]=store_id",
                "searchCriteria[filter_groups][1][filters][0][value]=1",
                "searchCriteria[filter_groups][1][filters][0][condition_type]=eq",
                "searchCriteria[pageSize]=5",
                "searchCriteria[currentPage]=1",
                "fields=items[state]",
            ]
        );
    }

    #[test]
    fn bounds_order_and_page() {
        let criteria =
            Criteria::first(100).at_least("updated_at", "A").less("updated_at", "B").greater("entity_id", "7");
        let text: Vec<String> =
            criteria.sorted_by("entity_id").page(2).pairs().into_iter().map(|(_, value)| value).collect();
        let expected = [
            "updated_at",
            "A",
            "gteq",
            "updated_at",
            "B",
            "lt",
            "entity_id",
            "7",
            "gt",
            "entity_id",
            "ASC",
            "100",
            "2",
        ];
        assert_eq!(text, expected);
    }

    #[test]
    fn one_of_several_values_is_one_group() {
        let pairs = Criteria::first(3).one_of("sku", &["A", "B,2", "C"]).pairs();
        let text: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(
            text[..6],
            [
                "searchCriteria[filter_groups][0][filters][0][field]=sku",
                "searchCriteria[filter_groups][0][filters][0][value]=A,C",
                "searchCriteria[filter_groups][0][filters][0][condition_type]=in",
                "searchCriteria[filter_groups][0][filters][1][field]=sku",
                "searchCriteria[filter_groups][0][filters][1][value]=B,2",
                "searchCriteria[filter_groups][0][filters][1][condition_type]=eq",
            ]
        );
    }
}

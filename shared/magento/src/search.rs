//! Search criteria: the query string by which Magento's list routes are filtered and paged.
//!
//! Filters inside one group are alternatives, groups are all required. Only groups of one filter are needed so far, so [`Criteria::equal`]
//! opens a group each time. A list route without any criterion answers 400, so [`Criteria`] always sends a page size.

/// What a list route shall return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criteria {
    filters: Vec<(&'static str, String)>,
    page_size: u16,
    fields: Option<&'static str>,
}

impl Criteria {
    /// Everything, at most `page_size` of it. Shops can limit the page size, to 300 by default where the limit is switched on.
    #[must_use]
    pub fn first(page_size: u16) -> Self {
        Self { filters: Vec::new(), page_size, fields: None }
    }

    /// Only records whose `field`, a column of the entity's table, is exactly `value`.
    #[must_use]
    pub fn equal(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.filters.push((field, value.into()));
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
        for (group, (field, value)) in self.filters.iter().enumerate() {
            let filter = format!("searchCriteria[filter_groups][{group}][filters][0]");
            pairs.push((format!("{filter}[field]"), (*field).to_owned()));
            pairs.push((format!("{filter}[value]"), value.clone()));
            pairs.push((format!("{filter}[condition_type]"), "eq".to_owned()));
        }
        pairs.push(("searchCriteria[pageSize]".to_owned(), self.page_size.to_string()));
        pairs.push(("searchCriteria[currentPage]".to_owned(), "1".to_owned()));
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
}

//! `searchCriteria` from the query string to a typed value and back into the echo.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::error::ApiError;
use super::query::{Param, snake};

/// What a list route was asked for. Groups are joined by AND, filters within a group by OR.
#[derive(Clone, Debug, Default)]
pub(crate) struct Criteria {
    pub(crate) groups: Vec<Vec<Filter>>,
    pub(crate) sort: Vec<Sort>,
    pub(crate) page_size: Option<usize>,
    pub(crate) current_page: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) field: String,
    pub(crate) value: String,
    pub(crate) condition: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Sort {
    pub(crate) field: String,
    pub(crate) ascending: bool,
}

impl Criteria {
    /// Reads the argument of a list route. It is a required argument of the service, so its absence is an error while an empty value is
    /// not; a property that the class does not have is a `LogicException`, masked as 500 (framework Webapi/ServiceInputProcessor).
    pub(crate) fn from_query(query: &str, now: Timestamp) -> Result<Self, ApiError> {
        let params = Param::parse(query);
        let given = params.iter().find(|(name, _)| snake(name) == "search_criteria");
        let (_, given) = given.ok_or_else(|| ApiError::required("searchCriteria"))?;
        let mut criteria = Self::default();
        for (name, value) in given.entries() {
            match snake(name).as_str() {
                "filter_groups" => criteria.groups = each(value, |group| group_of(group, now))?,
                "sort_orders" => criteria.sort = each(value, |sort| sort_of(sort, now))?,
                "page_size" => criteria.page_size = Some(whole(name, value)?),
                "current_page" => criteria.current_page = Some(whole(name, value)?),
                _ => return Err(ApiError::masked(now)),
            }
        }
        Ok(criteria)
    }

    /// The criteria as a search result repeats them (framework Api/SearchResults).
    pub(crate) fn echo(&self) -> Value {
        let filter =
            |filter: &Filter| json!({"field": filter.field, "value": filter.value, "condition_type": filter.condition});
        let groups: Vec<Value> =
            self.groups.iter().map(|group| json!({"filters": group.iter().map(filter).collect::<Vec<_>>()})).collect();
        let mut echo = json!({"filter_groups": groups});
        if !self.sort.is_empty() {
            let direction = |sort: &Sort| if sort.ascending { "ASC" } else { "DESC" };
            let sorts: Vec<Value> =
                self.sort.iter().map(|sort| json!({"field": sort.field, "direction": direction(sort)})).collect();
            echo["sort_orders"] = Value::Array(sorts);
        }
        if let Some(size) = self.page_size {
            echo["page_size"] = json!(size);
        }
        if let Some(page) = self.current_page {
            echo["current_page"] = json!(page);
        }
        echo
    }
}

fn each<T>(list: &Param, read: impl Fn(&Param) -> Result<T, ApiError>) -> Result<Vec<T>, ApiError> {
    list.entries().iter().map(|(_, entry)| read(entry)).collect()
}

fn group_of(group: &Param, now: Timestamp) -> Result<Vec<Filter>, ApiError> {
    let mut filters = Vec::new();
    for (name, value) in group.entries() {
        match snake(name).as_str() {
            "filters" => filters = each(value, |filter| filter_of(filter, now))?,
            _ => return Err(ApiError::masked(now)),
        }
    }
    Ok(filters)
}

fn filter_of(filter: &Param, now: Timestamp) -> Result<Filter, ApiError> {
    let mut read = Filter { field: String::new(), value: String::new(), condition: "eq".into() };
    for (name, value) in filter.entries() {
        let text = value.text().unwrap_or_default().to_owned();
        match snake(name).as_str() {
            "field" => read.field = text,
            "value" => read.value = text,
            // An empty condition falls back to equality (framework Api/SearchCriteria/CollectionProcessor/FilterProcessor).
            "condition_type" if text.is_empty() => {}
            "condition_type" => read.condition = text,
            _ => return Err(ApiError::masked(now)),
        }
    }
    Ok(read)
}

fn sort_of(sort: &Param, now: Timestamp) -> Result<Sort, ApiError> {
    let mut read = Sort { field: String::new(), ascending: true };
    for (name, value) in sort.entries() {
        let text = value.text().unwrap_or_default();
        match (snake(name).as_str(), text.to_ascii_uppercase().as_str()) {
            ("field", _) => text.clone_into(&mut read.field),
            ("direction", "ASC") => read.ascending = true,
            ("direction", "DESC") => read.ascending = false,
            ("direction", _) => {
                // Framework Api/SortOrder.
                let message =
                    "The sort order has to be specified as %1 for ascending order or %2 for descending order.";
                return Err(ApiError::new(400, message).with(json!(["ASC", "DESC"])));
            }
            _ => return Err(ApiError::masked(now)),
        }
    }
    Ok(read)
}

fn whole(name: &str, value: &Param) -> Result<usize, ApiError> {
    let text = value.text().unwrap_or_default();
    text.parse().map_err(|_| {
        let details = ApiError::wrong_type(text, "int").message;
        ApiError::new(400, format!("Error occurred during \"{name}\" processing. {details}"))
    })
}

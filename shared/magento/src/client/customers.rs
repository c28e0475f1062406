//! What the client reads of customers. An e-mail that is looked for stands neither in what was attempted nor in what is quoted.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Client, Page};
use crate::error::{Error, Undecodable};
use crate::model::customer::{Company, Customer, CustomerId, Group};
use crate::model::directory::{Country, Region};
use crate::model::order::OrderId;
use crate::model::wire::Id;
use crate::search::Criteria;

/// Where customers are searched for, below `/rest`.
pub const CUSTOMERS_SEARCH: &str = "/V1/customers/search";
/// How many customers a search by e-mail returns at most: as many websites may have an account of their own for one address.
const MOST_OF_ONE_EMAIL: u16 = 20;
/// How many are asked for within one website, which can have one at most: two, so that a doubled one is seen.
const MOST_OF_ONE_WEBSITE: u16 = 2;
/// Records in a page of a list that is read whole: the limit that Magento sets by default where page sizes are limited.
const WHOLE_LIST_PAGE: u16 = 300;

/// What [`Client::customers_by_email`] searches by, at [`CUSTOMERS_SEARCH`].
#[must_use]
pub fn by_email(email: &str, website_id: Option<u64>) -> Criteria {
    let email = email.trim();
    match website_id {
        Some(id) => Criteria::first(MOST_OF_ONE_WEBSITE).equal("email", email).equal("website_id", id.to_string()),
        None => Criteria::first(MOST_OF_ONE_EMAIL).equal("email", email),
    }
}

impl Client {
    /// One customer as it is now: `GET /rest/V1/customers/{id}`. Needs `Magento_Customer::customer`, like the other reads of customers.
    ///
    /// # Errors
    /// [`Error::is_not_found`] if Magento says that there is no such customer. A 401 costs one more call, which tells a dead token from a
    /// missing right.
    pub async fn customer(&self, id: CustomerId) -> Result<Customer, Error> {
        let attempted = format!("read Magento customer {id}");
        let result = self.get::<Value>(&format!("/V1/customers/{id}"), &[], &attempted).await;
        customer(self.explain_401(result).await?, &attempted)
    }

    /// The customers with this e-mail, of one website or of all: none, one, or one per website. Magento compares e-mails without regard to case.
    ///
    /// # Errors
    /// As [`Client::customer`], but never not found.
    pub async fn customers_by_email(&self, email: &str, website_id: Option<u64>) -> Result<Vec<Customer>, Error> {
        let found = self.customers(&by_email(email, website_id), "find Magento customers by email").await;
        found.map_err(|error| error.concealing(&[email.trim()]))
    }

    /// The next customers in the order of their ids: a page that customers who come and go meanwhile do not shift. The last page is the one
    /// shorter than `page_size`; the first is asked for by 0.
    ///
    /// # Errors
    /// As [`Client::customers_by_email`].
    pub async fn customers_after(&self, last_id: u64, page_size: u16) -> Result<Vec<Customer>, Error> {
        let criteria = Criteria::first(page_size).greater("entity_id", last_id.to_string()).sorted_by("entity_id");
        self.customers(&criteria, &format!("list Magento customers after {last_id}")).await
    }

    /// The next customers, in the order of their ids, saved from one instant until just before another. Both are cut to seconds. A save shows
    /// the time it began at: end a little before now, and begin a little before the last end.
    ///
    /// # Errors
    /// As [`Client::customers_by_email`].
    pub async fn customers_updated_since(
        &self,
        from: Timestamp,
        before: Timestamp,
        last_id: u64,
        page_size: u16,
    ) -> Result<Vec<Customer>, Error> {
        let criteria = Criteria::first(page_size)
            .at_least("updated_at", stamp(from))
            .less("updated_at", stamp(before))
            .greater("entity_id", last_id.to_string())
            .sorted_by("entity_id");
        self.customers(&criteria, &format!("list changed Magento customers after {last_id}")).await
    }

    /// All customer groups, the one of guests (0) included. Needs `Magento_Customer::group`.
    ///
    /// # Errors
    /// As [`Client::customers_by_email`].
    pub async fn customer_groups(&self) -> Result<Vec<Group>, Error> {
        self.whole_list("/V1/customerGroups/search", "read Magento customer groups", |group: &Group| group.id).await
    }

    /// One company: `GET /rest/V1/company/{id}`. A shop without Adobe Commerce's B2B module has no such route.
    ///
    /// # Errors
    /// As [`Client::customer`].
    pub async fn company(&self, id: Id) -> Result<Company, Error> {
        let Id(id) = id;
        let result = self.get(&format!("/V1/company/{id}"), &[], &format!("read Magento company {id}")).await;
        self.explain_401(result).await
    }

    /// All companies.
    ///
    /// # Errors
    /// As [`Client::company`], but never not found.
    pub async fn companies(&self) -> Result<Vec<Company>, Error> {
        self.whole_list("/V1/company/", "read Magento companies", |company: &Company| company.id).await
    }

    /// The regions that addresses of a country choose from: `GET /rest/V1/directory/countries/{country}`; empty where the shop does not know the
    /// country, whose addresses it then refuses by itself. Asked for once an hour.
    ///
    /// # Errors
    /// As [`Client::customers_by_email`].
    pub async fn regions(&self, country: &str) -> Result<Vec<Region>, Error> {
        let (shop, now) = (self.connection.base_url().as_str(), self.clock.now());
        if let Some(regions) = self.directory.get(shop, country, now) {
            return Ok(regions);
        }
        let attempted = "read the regions of a country";
        let route = format!("/V1/directory/countries/{}", crate::auth::encode(country));
        match self.explain_401(self.get::<Country>(&route, &[], attempted).await).await {
            Ok(answer) => {
                self.directory.keep(shop, country, now, &answer.available_regions);
                Ok(answer.available_regions)
            }
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The orders that were placed with an e-mail or by an account, all of them, oldest first: an account's older orders may have another e-mail
    /// than it has now, and a guest's have no account. Needs `Magento_Sales::actions_view`.
    ///
    /// # Errors
    /// As [`Client::customers_by_email`].
    pub async fn orders_placed(&self, by: Buyer<'_>) -> Result<Vec<OrderId>, Error> {
        let (mut placed, mut last) = (Vec::new(), 0);
        loop {
            let criteria =
                Criteria::first(WHOLE_LIST_PAGE).greater("entity_id", last.to_string()).sorted_by("entity_id");
            let criteria = match by {
                Buyer::Email(email) => criteria.equal("customer_email", email.trim()),
                Buyer::Account(id) => criteria.equal("customer_id", id.to_string()),
            };
            let query = criteria.fields("items[entity_id],total_count").pairs();
            let page = self.get::<Page<Placed>>("/V1/orders", &query, "find Magento orders of a customer").await;
            let page = self.explain_401(page).await.map_err(|error| match by {
                Buyer::Email(email) => error.concealing(&[email.trim()]),
                Buyer::Account(_) => error,
            })?;
            let items = page.items.unwrap_or_default();
            let is_last = items.len() < usize::from(WHOLE_LIST_PAGE);
            let highest = items.iter().map(|order| order.entity_id.0.0).max().filter(|highest| *highest > last);
            placed.extend(items.into_iter().map(|order| order.entity_id));
            match highest {
                Some(highest) if !is_last => last = highest,
                _ => return Ok(placed),
            }
        }
    }

    async fn customers(&self, criteria: &Criteria, attempted: &str) -> Result<Vec<Customer>, Error> {
        let page = self.get::<Page<Value>>(CUSTOMERS_SEARCH, &criteria.pairs(), attempted).await;
        let documents = self.explain_401(page).await?.items.unwrap_or_default();
        documents.into_iter().map(|document| customer(document, attempted)).collect()
    }

    /// A list by page numbers. Some versions answer a page beyond the end with the last one again: the total says when to stop, or a page that
    /// brings nothing new.
    async fn whole_list<T: DeserializeOwned>(
        &self,
        route: &str,
        attempted: &str,
        id: impl Fn(&T) -> Id,
    ) -> Result<Vec<T>, Error> {
        let mut all: BTreeMap<Id, T> = BTreeMap::new();
        for number in 1.. {
            let query = Criteria::first(WHOLE_LIST_PAGE).page(number).pairs();
            let page = self.explain_401(self.get::<Page<T>>(route, &query, attempted).await).await?;
            let known = all.len();
            all.extend(page.items.unwrap_or_default().into_iter().map(|record| (id(&record), record)));
            let read = u64::from(number) * u64::from(WHOLE_LIST_PAGE);
            if all.len() == known || page.total_count.is_some_and(|total| total <= read) {
                break;
            }
        }
        Ok(all.into_values().collect())
    }
}

/// Who placed an order.
#[derive(Clone, Copy)]
pub enum Buyer<'a> {
    /// Whoever gave this e-mail.
    Email(&'a str),
    /// An account.
    Account(CustomerId),
}

#[derive(Deserialize)]
struct Placed {
    entity_id: OrderId,
}

fn customer(document: Value, attempted: &str) -> Result<Customer, Error> {
    Customer::read(document).map_err(|cause| Error::undecodable(Undecodable::new(&cause), attempted))
}

/// An instant as Magento keeps it: UTC, to the second, without an offset.
fn stamp(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

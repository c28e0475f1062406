//! An operator's requests (`infra/admin-api.md`), sent to the admin function itself as `aws lambda invoke` does.

use serde_json::{Value, json};

use crate::Problem;
use crate::cloud::Cloud;
use crate::report::Parked;

/// The operations of a stack.
pub struct Admin<'a> {
    cloud: &'a Cloud,
}

/// What the connection test found, where it was not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was tried, what came of it, and what to do.
    pub sentence: String,
    /// Whether the link cannot be activated because of it.
    pub is_needed: bool,
}

impl<'a> Admin<'a> {
    pub(crate) fn new(cloud: &'a Cloud) -> Self {
        Self { cloud }
    }

    /// Makes a link with these settings; answers its id.
    ///
    /// # Errors
    /// Every problem of the settings.
    pub async fn create_link(&self, settings: &Value) -> Result<String, Problem> {
        let created = self.ask(json!({"method": "PUT", "path": "/admin/settings", "body": settings})).await?;
        Ok(text(&created, "link"))
    }

    /// The settings of a link and their version.
    ///
    /// # Errors
    /// What the function says.
    pub async fn settings(&self, link: &str) -> Result<(Value, u64), Problem> {
        let mut found = self.ask(json!({"method": "GET", "path": format!("/admin/links/{link}/settings")})).await?;
        let version = found["version"].as_u64().unwrap_or_default();
        Ok((found["settings"].take(), version))
    }

    /// Replaces the settings that were read as `version`.
    ///
    /// # Errors
    /// Every problem of the settings, or that they are newer.
    pub async fn replace_settings(&self, link: &str, settings: &Value, version: u64) -> Result<(), Problem> {
        let path = format!("/admin/links/{link}/settings");
        let if_match = json!({"If-Match": format!("\"{version}\"")});
        self.ask(json!({"method": "PUT", "path": path, "headers": if_match, "body": settings})).await.map(|_| ())
    }

    /// Tests both connections; answers what was found wanting, which may be nothing.
    ///
    /// # Errors
    /// What the function says.
    pub async fn test_connections(&self, link: &str) -> Result<Vec<Finding>, Problem> {
        let path = format!("/admin/links/{link}/test-connections");
        let tested = self.ask(json!({"method": "POST", "path": path})).await?;
        let checks = tested["checks"].as_array().map(Vec::as_slice).unwrap_or_default();
        let wanting = checks.iter().filter(|check| check["passed"] != true).map(|check| Finding {
            sentence: format!("{}: {} {}", text(check, "name"), text(check, "detail"), text(check, "fix")),
            is_needed: check["needed"] == true,
        });
        Ok(wanting.collect())
    }

    /// Activates a link whose connections were tested.
    ///
    /// # Errors
    /// What the function says.
    pub async fn activate(&self, link: &str) -> Result<(), Problem> {
        let path = format!("/admin/links/{link}/activation");
        self.ask(json!({"method": "POST", "path": path, "body": {"state": "active"}})).await.map(|_| ())
    }

    /// Every parked order of a link.
    ///
    /// # Errors
    /// What the function says.
    pub async fn parked(&self, link: &str) -> Result<Vec<Parked>, Problem> {
        let entries = self.pages(&format!("/admin/links/{link}/parked"), json!({}), "parked").await?;
        let parked = |entry: &Value| Parked {
            magento: text(entry, "number"),
            code: text(entry, "code"),
            message: text(entry, "message"),
        };
        Ok(entries.iter().map(parked).collect())
    }

    /// Starts SQS's move of the orders' dead letters back into their queue.
    ///
    /// # Errors
    /// What SQS says.
    pub async fn redrive(&self) -> Result<(), Problem> {
        self.ask(json!({"method": "POST", "path": "/admin/queues/order/redrive"})).await.map(|_| ())
    }

    /// Every entry of the sync log about an order, newest first.
    ///
    /// # Errors
    /// What the function says.
    pub async fn log(&self, link: &str, number: &str) -> Result<Vec<Value>, Problem> {
        self.pages(&format!("/admin/links/{link}/log"), json!({"words": number}), "entries").await
    }

    /// Every entry of the sync log about a record, newest first.
    ///
    /// # Errors
    /// What the function says.
    pub async fn log_of(&self, link: &str, record: &str) -> Result<Vec<Value>, Problem> {
        self.pages(&format!("/admin/links/{link}/log"), json!({"record": record}), "entries").await
    }

    /// All pages of a list.
    async fn pages(&self, path: &str, mut query: Value, list: &str) -> Result<Vec<Value>, Problem> {
        let mut all = Vec::new();
        loop {
            let mut page = self.ask(json!({"method": "GET", "path": path, "query": query})).await?;
            all.extend(page[list].as_array_mut().map(std::mem::take).unwrap_or_default());
            match page["next"].take() {
                Value::Null => return Ok(all),
                next => query["cursor"] = next,
            }
        }
    }

    async fn ask(&self, request: Value) -> Result<Value, Problem> {
        let mut answer = self.cloud.invoke("AdminFunctionName", &request).await?;
        match answer["status"].as_u64() {
            Some(200..300) => Ok(answer["body"].take()),
            _ => Err(Problem::new(format!(
                "{} {}: {}",
                text(&request, "method"),
                text(&request, "path"),
                answer["body"]
            ))),
        }
    }
}

/// Requests worth trying by hand.
pub(crate) fn examples(link: &str) -> Vec<(&'static str, Value)> {
    let get = |path: &str| json!({"method": "GET", "path": format!("/admin/links/{link}/{path}")});
    let sync = json!({"numbers": ["000000001"]});
    let path = format!("/admin/links/{link}/orders/sync");
    vec![
        ("what waits for a person, and what to do about it", get("parked")),
        ("the sync log, newest first", get("log")),
        ("the sync log of a customer", {
            let mut of_customer = get("log");
            of_customer["query"] = json!({"record": format!("{link}/customer/2")});
            of_customer
        }),
        ("the settings", get("settings")),
        ("sync an order now", json!({"method": "POST", "path": path, "body": sync})),
    ]
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

//! A request that writes, to either platform, as data.

use acumatica::Put;
use serde_json::Value;

use super::Step;

/// A request that writes.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// To the ERP.
    Acumatica(Put),
    /// To the shop.
    Magento(magento::Write),
}

impl From<Put> for Write {
    fn from(put: Put) -> Self {
        Write::Acumatica(put)
    }
}

impl From<magento::Write> for Write {
    fn from(write: magento::Write) -> Self {
        Write::Magento(write)
    }
}

impl Step {
    /// What is sent.
    #[must_use]
    pub fn body(&self) -> &Value {
        match &self.write {
            Write::Acumatica(put) => &put.body,
            Write::Magento(write) => &write.body,
        }
    }

    /// What is sent, to be changed before it is.
    pub fn body_mut(&mut self) -> &mut Value {
        match &mut self.write {
            Write::Acumatica(put) => &mut put.body,
            Write::Magento(write) => &mut write.body,
        }
    }

    /// Acumatica's entity, or Magento's route: where it goes below the platform's API.
    #[must_use]
    pub fn entity(&self) -> &str {
        match &self.write {
            Write::Acumatica(put) => put.entity,
            Write::Magento(write) => &write.route,
        }
    }

    /// What stands in the query: requests to Magento have none.
    #[must_use]
    pub fn query(&self) -> &[(String, String)] {
        match &self.write {
            Write::Acumatica(put) => &put.query,
            Write::Magento(_) => &[],
        }
    }

    /// Headers of its own: requests to Magento have none.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        match &self.write {
            Write::Acumatica(put) => &put.headers,
            Write::Magento(_) => &[],
        }
    }

    /// Headers of its own, to be changed before they are sent.
    pub fn headers_mut(&mut self) -> &mut [(String, String)] {
        match &mut self.write {
            Write::Acumatica(put) => &mut put.headers,
            Write::Magento(_) => &mut [],
        }
    }
}

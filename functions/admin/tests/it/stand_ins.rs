//! What stands in for the outside: time, secrets, a network with two hosts, and a table and a queue that are away.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use queue::{Envelope, Name, Queue, QueueError};
use runtime::secrets::{SecretError, Source};
use seams::Secret;
use seams::http::{Failure, Request, Response, Transport};
use simulators::acumatica::Acumatica;
use simulators::fault::InProcess;
use simulators::magento::Magento;
use store::Table;
use store::table::{Item, Key, Limit, Page, Partition, Range, TableError, Written};

/// Secrets by the end of their names, because a link's id is not known before it is made.
#[derive(Default)]
pub(crate) struct Vault(Mutex<BTreeMap<&'static str, String>>);

impl Vault {
    pub(crate) fn set(&self, platform: &'static str, text: String) {
        self.0.lock().unwrap().insert(platform, text);
    }

    pub(crate) fn lose(&self, platform: &str) {
        self.0.lock().unwrap().remove(platform);
    }
}

#[async_trait]
impl Source for Vault {
    async fn read(&self, name: &str) -> Result<Secret, SecretError> {
        let platform = name.rsplit('/').next().unwrap_or_default();
        let text = self.0.lock().unwrap().get(platform).cloned();
        text.map(Secret::new).ok_or_else(|| SecretError::Missing(name.to_owned()))
    }
}

/// Two hosts, and nothing else.
pub(crate) struct Network {
    pub(crate) shop: InProcess<Magento>,
    pub(crate) erp: InProcess<Acumatica>,
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: Request, timeout: Duration) -> Result<Response, Failure> {
        match request.uri().host() {
            Some("shop.example.com") => self.shop.send(request, timeout).await,
            Some("erp.example.com") => self.erp.send(request, timeout).await,
            host => Err(Failure::Unsent(format!("no host {host:?}"))),
        }
    }
}

/// A table or queue that does not answer.
pub(crate) struct Away;

fn no_table<T>() -> Result<T, TableError> {
    Err(TableError::NotApplied("throttled".to_owned()))
}

fn no_queue<T>() -> Result<T, QueueError> {
    Err(QueueError::Unavailable("throttled".to_owned()))
}

#[async_trait]
impl Table for Away {
    async fn get(&self, _: &Key) -> Result<Option<Item>, TableError> {
        no_table()
    }

    async fn batch_get(&self, _: &[Key]) -> Result<Vec<Item>, TableError> {
        no_table()
    }

    async fn insert_if_absent(&self, _: Item) -> Result<Written, TableError> {
        no_table()
    }

    async fn replace_if_rev(&self, _: Item) -> Result<Written, TableError> {
        no_table()
    }

    async fn query(&self, _: &Partition, _: &Range, _: &Limit) -> Result<Page, TableError> {
        no_table()
    }

    async fn remove_if_rev(&self, _: &Key, _: u64) -> Result<Written, TableError> {
        no_table()
    }
}

#[async_trait]
impl Queue for Away {
    async fn send(&self, _: Name, _: &Envelope) -> Result<(), QueueError> {
        no_queue()
    }

    async fn set_visibility(&self, _: Name, _: &str, _: u32) -> Result<(), QueueError> {
        no_queue()
    }

    async fn start_redrive(&self, _: Name) -> Result<String, QueueError> {
        no_queue()
    }

    async fn dead_letters(&self, _: Name) -> Result<u64, QueueError> {
        no_queue()
    }
}

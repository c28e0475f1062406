//! Reading both sides, a page at a time. Of a person nothing is kept but ids, codes and keyed hashes.
//!
//! Magento's accounts are read in the order of their ids: nobody can be missed. Acumatica promises no order of its lists, so each customer is noted
//! with the page on which it was seen: a reading which has seen as many customers as rows has seen them all, whatever the order of each page
//! was; one that has seen a customer twice has missed another and is done again.

use std::collections::{BTreeMap, BTreeSet};

use acumatica::client::Query;
use acumatica::model::customer::{Customer, EXPAND};
use magento::model::customer::Customer as Account;
use serde_json::json;

use super::super::{Desk, Refusal, Unusable};
use super::people::{Accounts, Here, Keys, Place, There, decode, encode, put, remove};
use super::progress::{Phase, Progress};
use crate::customers::ENTITY;
use crate::customers::facts::{Facts, Regions};
use crate::customers::plan::{self, Both, cells};
use crate::link::EmailKey;
use crate::merge::{Base, Halves, Hashes, Side};
use crate::settings::Settings;

/// Accounts of a page; shops that limit pages do so at 300 by default.
const ACCOUNTS: u16 = 100;
/// Customers of a page: what Acumatica answers within seconds, and as many as are looked up at once.
const CUSTOMERS: u32 = 100;
/// Readings of all customers, where people keep saving customers meanwhile.
const MOST_PASSES: u32 = 5;
/// Accounts of one e-mail that a customer is compared with; operators choose among more without a comparison.
const COMPARED: usize = 4;

/// What reading needs.
pub(super) struct Reader<'a> {
    pub(super) desk: &'a Desk<'a>,
    pub(super) link: &'a str,
    pub(super) settings: &'a Settings,
    pub(super) emails: &'a EmailKey,
    pub(super) magento: &'a magento::Client,
    pub(super) acumatica: &'a acumatica::Client,
}

impl Reader<'_> {
    /// The next page of the side that is read.
    pub(super) async fn page(&self, progress: &mut Progress) -> Result<(), Refusal> {
        match progress.phase {
            Phase::ReadingMagento => self.accounts(progress).await,
            _ => self.customers(progress).await,
        }
    }

    async fn accounts(&self, progress: &mut Progress) -> Result<(), Refusal> {
        let read = self.magento.customers_after(progress.last_account, ACCOUNTS).await;
        let accounts = read.map_err(|error| unanswered(&error.attempted, error.code))?;
        for account in &accounts {
            self.account(account).await?;
        }
        progress.read_magento += accounts.len() as u64;
        progress.last_account =
            accounts.iter().map(|account| account.id.number()).max().unwrap_or(progress.last_account);
        if accounts.len() < usize::from(ACCOUNTS) {
            progress.phase = Phase::ReadingAcumatica;
        }
        Ok(())
    }

    async fn account(&self, account: &Account) -> Result<(), Refusal> {
        let id = account.id.number();
        let key = self.record_key(id);
        let regions = Regions::new();
        let facts = self.facts(Some(account), None, &key, &regions);
        let no_key = plan::no_key(&facts).map(|finding| finding.code.to_owned());
        let here = Here {
            id,
            website: account.website_id.map(|id| id.0),
            store: account.store_id.map(|id| id.0),
            group: account.group_id.map(|id| id.0),
            updated: account.updated_at.clone(),
            alone: plan::stays_alone(&facts).map(|finding| finding.code.to_owned()),
            fields: Halves::of(Side::Magento, &Both::of(&facts).account, &facts.hashes),
            not_bound: None,
            no_key,
        };
        let keys = self.keys();
        let email = plan::email(&facts).filter(|_| here.no_key.is_none());
        let place = keys.accounts(&keys.of_email(email, &format!("m{id}")));
        let mut accounts = self.accounts_at(&place).await?;
        accounts.put(here);
        put(self.desk, place.key(self.link), encode(&accounts)).await?;
        let before = put(self.desk, keys.place_of_account(id), encode(&place)).await?;
        let before: Option<Place> = before.map(decode).transpose()?;
        let Some(before) = before.filter(|before| !before.is(&place)) else { return Ok(()) };
        // An earlier try of this page read another e-mail of the account.
        let mut accounts = self.accounts_at(&before).await?;
        accounts.remove(id);
        put(self.desk, before.key(self.link), encode(&accounts)).await?;
        Ok(())
    }

    async fn accounts_at(&self, place: &Place) -> Result<Accounts, Refusal> {
        let item = self.desk.world.state.get(&place.key(self.link)).await?;
        Ok(item.map(|item| decode(item.body)).transpose()?.unwrap_or_default())
    }

    async fn customers(&self, progress: &mut Progress) -> Result<(), Refusal> {
        let expand = EXPAND.iter().map(|name| (*name).to_owned()).collect();
        let query = Query { expand, ..Query::default() };
        let read = self.acumatica.page("Customer", &query, progress.rows, CUSTOMERS).await;
        let page = read.map_err(|error| unanswered(&error.attempted, error.code))?;
        let rows = u32::try_from(page.records.len()).unwrap_or(CUSTOMERS);
        let customers = page.records.into_iter().map(customer).collect::<Result<Vec<_>, _>>()?;
        let seen = format!("{}/{}", progress.pass, progress.rows);
        let accounts = self.accounts_of(&customers).await?;
        let mut numbers = BTreeSet::new();
        for customer in &customers {
            let number = number(customer)?;
            let is_new = self.customer(customer, &number, &accounts, &seen).await?;
            if numbers.insert(number) && is_new {
                progress.distinct += 1;
            }
        }
        progress.rows += rows;
        if page.is_last {
            if progress.unseen() > 0 && progress.pass < MOST_PASSES {
                (progress.pass, progress.rows, progress.distinct) = (progress.pass + 1, 0, 0);
            } else {
                progress.begin(Phase::Comparing);
            }
        }
        Ok(())
    }

    /// The accounts of a page's customers, by where they stand: one look-up.
    async fn accounts_of(&self, customers: &[Customer]) -> Result<BTreeMap<String, Accounts>, Refusal> {
        let keys = self.keys();
        let regions = Regions::new();
        let place = |customer: &Customer| {
            let facts = self.facts(None, Some(customer), "", &regions);
            Some(keys.accounts(&self.emails.hash(plan::email(&facts)?)).key(self.link))
        };
        let wanted: BTreeSet<_> = customers.iter().filter_map(place).collect();
        let items = self.desk.world.state.batch_get(&wanted.into_iter().collect::<Vec<_>>()).await?;
        let read = items.into_iter().map(|item| Ok((item.key.sort, decode(item.body)?)));
        read.collect()
    }

    /// Keeps a customer; whether this pass had not seen it on another page.
    async fn customer(
        &self,
        customer: &Customer,
        number: &str,
        accounts: &BTreeMap<String, Accounts>,
        seen: &str,
    ) -> Result<bool, Refusal> {
        let regions = Regions::new();
        let facts = self.facts(None, Some(customer), "", &regions);
        let no_key = plan::no_key(&facts).map(|finding| finding.code.to_owned());
        let note = customer.note_id.as_ref().map(|note| note.0.as_str()).or(customer.id.as_deref());
        let note = note.ok_or_else(|| unreadable("NoteID"))?.to_lowercase();
        let keys = self.keys();
        let email = plan::email(&facts).filter(|_| no_key.is_none());
        let hash = keys.of_email(email, &format!("a{note}"));
        let of_email = accounts.get(&keys.accounts(&hash).sort).map(|accounts| accounts.accounts.as_slice());
        let compared = of_email.unwrap_or_default().iter().take(COMPARED);
        let there = There {
            number: number.to_owned(),
            class: cells::plain(customer.customer_class.as_ref()),
            active: cells::plain(customer.status.as_ref()).as_deref() == Some("Active"),
            modified: cells::plain(customer.last_modified_date_time.as_ref()),
            alone: plan::stays_alone(&facts).map(|finding| finding.code.to_owned()),
            bases: compared.map(|account| (account.id, self.base(account, customer))).collect(),
            no_key,
            note,
        };
        let place = keys.customer(&hash, &there.note);
        put(self.desk, place.key(self.link), encode(&there)).await?;
        let place = Place { seen: Some(seen.to_owned()), ..place };
        let before = put(self.desk, keys.place_of_customer(number), encode(&place)).await?;
        let before: Option<Place> = before.map(decode).transpose()?;
        let Some(before) = before else { return Ok(true) };
        if !before.is(&place) {
            remove(self.desk, &before.key(self.link)).await?;
        }
        let pass = |seen: &str| seen.split('/').next().map(str::to_owned);
        let of_this_pass = before.seen.as_deref().is_some_and(|before| pass(before) == pass(seen));
        Ok(!of_this_pass || before.seen.as_deref() == Some(seen))
    }

    /// What the two agree in, with the hashes of the record that the pair will have.
    fn base(&self, account: &Here, customer: &Customer) -> Base {
        let (key, regions, outline) = (self.record_key(account.id), Regions::new(), account.outline());
        let facts = self.facts(Some(&outline), Some(customer), &key, &regions);
        let both = Both::of(&facts);
        // What a group means may depend on the customer's price class.
        let group = Halves::of(Side::Magento, &both.account, &facts.hashes).only(&[cells::GROUP]);
        let magento = account.fields.clone().with(group);
        let of_customer = cells::of_customer(&facts, customer);
        Base::agreed(&magento, &Halves::of(Side::Acumatica, &of_customer, &facts.hashes), &facts.hashes)
    }

    fn facts<'f>(
        &'f self,
        account: Option<&'f Account>,
        customer: Option<&'f Customer>,
        key: &'f str,
        regions: &'f Regions,
    ) -> Facts<'f> {
        Facts {
            link: self.link,
            settings: self.settings,
            account,
            customer,
            base: None,
            further: None,
            paired: false,
            newer: Side::Acumatica,
            hashes: Hashes::new(self.emails, key),
            regions,
        }
    }

    fn record_key(&self, account: u64) -> String {
        format!("{}/{ENTITY}/{account}", self.link)
    }

    fn keys(&self) -> Keys<'_> {
        Keys { link: self.link, emails: self.emails }
    }
}

fn customer(document: serde_json::Value) -> Result<Customer, Refusal> {
    acumatica::error::decode(document).map_err(|undecodable| unreadable(&undecodable.path))
}

fn number(customer: &Customer) -> Result<String, Refusal> {
    cells::plain(customer.customer_id.as_ref()).ok_or_else(|| unreadable("CustomerID"))
}

fn unreadable(path: &str) -> Refusal {
    const CODE: &str = "acumatica.bug.undecodable";
    Refusal::with(502, format!("A customer of Acumatica cannot be read at `{path}`."), json!({ "code": CODE }))
}

fn unanswered(attempted: &str, code: &'static str) -> Refusal {
    Refusal::with(502, format!("Could not {attempted} ({code}). {}", crate::codes::fix(code)), json!({ "code": code }))
}

/// No client of a platform.
pub(super) fn unusable(Unusable { code, why }: Unusable) -> Refusal {
    Refusal::with(502, why, json!({ "code": code }))
}

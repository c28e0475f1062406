//! What shoppers and administrators do to accounts, for tests: each saves what it changes as the shop does, and is told to the modules.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::super::order::{Address, OrderDraft};
use super::super::{Magento, state};
use super::account::{self, DEFAULTS, default_of, set_default};
use super::draft::address_fields;
use super::{CompanyDraft, CustomerDraft, Occurrence, address};

impl Magento {
    /// Puts an account in at `now`, as when somebody registers, and returns its id. Nothing in it is checked.
    pub fn add_customer(&mut self, now: Timestamp, draft: &CustomerDraft) -> u64 {
        let id = self.book.next_account();
        let view = self.config.store_views.iter().find(|view| view.id == draft.store_id);
        let mut document = draft.document(id, view.map_or("Default Store View", |view| view.name.as_str()), now);
        for which in DEFAULTS {
            set_default(&mut document, which, None);
        }
        self.book.accounts.insert(id, document);
        self.book.tell("customer.created", id);
        for (at, address) in draft.addresses.iter().enumerate() {
            let address = self.insert_address(id, address);
            self.book.tell("customer.address.created", address);
            for which in DEFAULTS.into_iter().filter(|_| at == 0) {
                self.book.accounts.entry(id).and_modify(|account| set_default(account, which, Some(address)));
            }
        }
        self.book.accounts.entry(id).and_modify(account::flag_defaults);
        id
    }

    /// Puts a whole account in, as recorded or made by hand, and returns its id. Nothing in it is computed or checked.
    ///
    /// # Panics
    /// When it has no whole number as `id`.
    pub fn insert_customer(&mut self, document: Value) -> u64 {
        let id = document["id"].as_u64().expect("a customer has a whole number as id");
        self.book.last_account = self.book.last_account.max(id);
        for address in document["addresses"].as_array().into_iter().flatten().filter_map(|it| it["id"].as_u64()) {
            self.book.last_address = self.book.last_address.max(address);
            self.book.owners.insert(address, id);
        }
        self.book.accounts.insert(id, document);
        id
    }

    /// The account's document.
    #[must_use]
    pub fn customer(&self, id: u64) -> Option<&Value> {
        self.book.account(id)
    }

    /// The ids of all accounts, in order.
    #[must_use]
    pub fn customer_ids(&self) -> Vec<u64> {
        self.book.accounts.keys().copied().collect()
    }

    /// Saves the account with another value of one of its own members, for example `firstname`, `email` or `group_id`; null clears it.
    /// Nothing is checked.
    ///
    /// # Panics
    /// For an account that is not there.
    pub fn edit_customer(&mut self, now: Timestamp, id: u64, field: &str, value: Value) {
        let value = if value.is_null() { json!("") } else { value };
        self.book.change(id, now, |account| account::write(account, Map::from_iter([(field.to_owned(), value)])));
        self.book.tell("customer.updated", id);
    }

    /// Saves the account with another value of an attribute; null clears it.
    ///
    /// # Panics
    /// For an account that is not there.
    pub fn set_customer_attribute(&mut self, now: Timestamp, id: u64, code: &str, value: &Value) {
        self.book.change(id, now, |account| account::write_attribute(account, code, value));
        self.book.tell("customer.updated", id);
    }

    /// Subscribes the account to the newsletter, or ends that. Subscriptions are a table of their own.
    ///
    /// # Panics
    /// For an account that is not there.
    pub fn subscribe_customer(&mut self, now: Timestamp, id: u64, subscribed: bool) {
        self.related(now, id, |account| account::subscribe(account, subscribed));
    }

    /// Adds an address to the account and returns its id.
    ///
    /// # Panics
    /// For an account that is not there.
    pub fn add_address(&mut self, now: Timestamp, customer: u64, address: &Address) -> u64 {
        let id = self.insert_address(customer, address);
        self.related(now, customer, |_| {});
        self.book.tell("customer.address.created", id);
        id
    }

    /// Saves an address with another value of one of its members; null clears it. A region is an object of its three members.
    ///
    /// # Panics
    /// For an address that is not there.
    pub fn edit_customer_address(&mut self, now: Timestamp, id: u64, field: &str, value: Value) {
        let owner = *self.book.owners.get(&id).expect("the address to be edited exists");
        let mut written = self.book.address(id).cloned().expect("an address that has an owner is in the account");
        let fields = match (field, value) {
            ("region", Value::Object(region)) => region,
            (_, value) => Map::from_iter([(field.to_owned(), if value.is_null() { json!("") } else { value })]),
        };
        address::write(&mut written, fields, &self.config);
        self.book.put_address(owner, id, written);
        self.related(now, owner, |_| {});
        self.book.tell("customer.address.updated", id);
    }

    /// Deletes an address. Where it was a default, the account's row is saved as well.
    ///
    /// # Panics
    /// For an address that is not there.
    pub fn remove_address(&mut self, now: Timestamp, id: u64) {
        let is_default = |account: &Value| DEFAULTS.iter().any(|which| default_of(account, which) == Some(id));
        let owner = *self.book.owners.get(&id).expect("the address to be removed exists");
        let was_default = self.book.account(owner).is_some_and(is_default);
        self.book.drop_address(id);
        if was_default {
            self.book.change(owner, now, |_| {});
        } else {
            self.related(now, owner, |_| {});
        }
    }

    /// Makes addresses of the account its defaults, or none; the account's row is saved.
    ///
    /// # Panics
    /// For an account that is not there.
    pub fn set_defaults(&mut self, now: Timestamp, id: u64, billing: Option<u64>, shipping: Option<u64>) {
        self.book.change(id, now, |account| {
            for (which, address) in DEFAULTS.into_iter().zip([billing, shipping]) {
                set_default(account, which, address);
            }
        });
        self.book.tell("customer.updated", id);
    }

    /// Deletes an account with its addresses, of which the modules for events say nothing. Orders keep the id.
    pub fn delete_customer(&mut self, id: u64) -> Option<Value> {
        self.book.remove(id)
    }

    /// Somebody signs in.
    pub fn log_in(&mut self, id: u64) {
        self.book.tell("customer.login", id);
    }

    /// Puts a company in and returns its id; its administrator becomes a member.
    ///
    /// # Panics
    /// When its administrator is no account.
    pub fn add_company(&mut self, now: Timestamp, draft: &CompanyDraft) -> u64 {
        let id = self.book.add_company(draft);
        self.join_company(now, draft.super_user_id, id, "Administrator");
        id
    }

    /// Makes an account a member of a company.
    ///
    /// # Panics
    /// For an account that is not there.
    pub fn join_company(&mut self, now: Timestamp, customer: u64, company: u64, job_title: &str) {
        let membership = json!({"customer_id": customer, "company_id": company, "status": 1, "job_title": job_title});
        self.book.change(customer, now, |account| account["extension_attributes"]["company_attributes"] = membership);
        self.book.tell("customer.updated", customer);
    }

    /// What an order says of the company of the account that has placed it; none of an account without one. Whether such an order has further
    /// members is not established.
    pub(in super::super) fn company_of(&self, customer: u64) -> Option<Value> {
        let account = self.book.account(customer).filter(|_| self.config.has_companies())?;
        let id =
            account.pointer("/extension_attributes/company_attributes/company_id")?.as_u64().filter(|id| *id > 0)?;
        let company = self.book.company(id).ok()?;
        Some(json!({"company_id": id, "company_name": company["company_name"]}))
    }

    /// Changes a member of a company, such as its status.
    ///
    /// # Panics
    /// For a company that is not there.
    pub fn edit_company(&mut self, id: u64, field: &str, value: impl Into<Value>) {
        self.book.change_company(id, field, value.into());
    }

    /// An order of this account: its e-mail, group and store, and its default addresses, where it has any.
    ///
    /// # Panics
    /// For an account that is not there.
    #[must_use]
    pub fn order_of(&self, customer: u64) -> OrderDraft {
        let account = self.book.account(customer).expect("the account that orders exists");
        let number = |name: &str| account[name].as_u64().and_then(|id| u32::try_from(id).ok()).unwrap_or_default();
        let draft = OrderDraft::registered(customer, account["email"].as_str().unwrap_or_default());
        let draft = OrderDraft { account: Some((customer, number("group_id"))), ..draft }.store(number("store_id"));
        let default =
            |which| default_of(account, which).and_then(|id| Some((id, Address::of_account(self.book.address(id)?))));
        let [billing, shipping] = DEFAULTS.map(default);
        let draft = match billing {
            Some((id, address)) => OrderDraft { billing_book: Some(id), ..draft.billing(address) },
            None => draft,
        };
        match shipping {
            Some((id, address)) => OrderDraft { delivery_book: Some(id), ..draft.ship_to(address) },
            None => draft,
        }
    }

    /// Links the guest orders of the account's e-mail with it, and returns their ids. Each order is saved.
    ///
    /// # Panics
    /// For an account that is not there.
    pub fn assign_guest_orders(&mut self, now: Timestamp, customer: u64) -> Vec<u64> {
        let account = self.book.account(customer).cloned().expect("the account to be assigned to exists");
        let mut assigned = Vec::new();
        for (id, order) in &mut self.orders {
            if order.get("customer_id").is_some() || order["customer_email"] != account["email"] {
                continue;
            }
            order["customer_id"] = account["id"].clone();
            order["customer_is_guest"] = json!(0);
            order["customer_group_id"] = account["group_id"].clone();
            order["customer_firstname"] = account["firstname"].clone();
            order["customer_lastname"] = account["lastname"].clone();
            state::touch(order, now);
            assigned.push(*id);
        }
        assigned
    }

    /// What happened to customers and addresses since this was last asked for, in order.
    pub fn take_occurrences(&mut self) -> Vec<Occurrence> {
        std::mem::take(&mut self.book.occurrences)
    }

    fn insert_address(&mut self, customer: u64, address: &Address) -> u64 {
        let id = self.book.next_address();
        let mut written = json!({"id": id, "customer_id": customer});
        address::write(&mut written, address_fields(address), &self.config);
        self.book.put_address(customer, id, written);
        id
    }

    /// Saves something that belongs to the account and is not its row.
    fn related(&mut self, now: Timestamp, id: u64, change: impl FnOnce(&mut Value)) {
        if self.config.related_saves_move_customer {
            self.book.change(id, now, change);
            return;
        }
        let account = self.book.accounts.get_mut(&id).expect("the account exists");
        change(account);
        account::flag_defaults(account);
    }
}

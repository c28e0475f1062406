//! What each way of a customer costs: reads and writes of either platform, by the requests that went out.

use flows::delivery::Outcome;
use queue::Name;
use serde_json::json;
use simulators::acumatica::Change;
use simulators::fault::Call;
use simulators::magento::CustomerDraft;

use super::crash::{CUSTOMER, pair};
use super::world::{People, ada};

/// Outcome, reads and writes of Magento, reads and writes of Acumatica.
type Cost = (Outcome, [usize; 2], [usize; 2]);

fn requests(calls: &[Call]) -> [usize; 2] {
    let of = |reads: bool| calls.iter().filter(|call| (call.method == "GET") == reads).count();
    [of(true), of(false)]
}

/// Everything that is heard, a turn at a time.
fn costs(people: &People) -> Vec<Cost> {
    let mut costs = Vec::new();
    loop {
        people.hear();
        let (before, in_erp) = (people.shop.magento.calls().len(), people.shop.erp.calls().len());
        let Some(delivery) = people.shop.queue.take(Name::Customers) else { return costs };
        let gate = crate::flow::seams::Gate::default();
        let report = crate::flow::world::ready(people.work(&gate, Name::Customers, &delivery));
        let (magento, acumatica) = (people.shop.magento.calls(), people.shop.erp.calls());
        costs.push((report.outcome, requests(&magento[before..]), requests(&acumatica[in_erp..])));
    }
}

fn new_account(people: &mut People) {
    people.register(&ada());
}

fn new_customer(people: &mut People) {
    people.enter(&[
        Change::to("CustomerName", "Grace Hopper"),
        Change::to("CustomerClass", "WEB"),
        Change::to("MainContact/Email", "grace@example.com"),
    ]);
}

fn account_changed(people: &mut People) {
    pair(people);
    people.edit(1, "taxvat", json!("US-1"));
}

fn customer_changed(people: &mut People) {
    pair(people);
    people.change_in_erp(CUSTOMER, &[Change::to("TaxRegistrationID", "US-1")]);
}

fn address_changed(people: &mut People) {
    pair(people);
    people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Address/City", "Detroit")]);
}

fn both_changed(people: &mut People) {
    pair(people);
    people.edit(1, "taxvat", json!("US-1"));
    people.change_in_erp(CUSTOMER, &[Change::to("AccountRef", "A-1"), Change::to("MainContact/Attention", "Ada King")]);
}

fn unbound(people: &mut People) {
    people.shop.erp.with(|erp| erp.add_customer("Ada Byron", "ada@example.com"));
    people.register(&CustomerDraft::new("ada@example.com", "Ada", "Byron"));
}

fn address_changed_again(people: &mut People) {
    address_changed(people);
    people.settle();
    people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Address/City", "Calder")]);
}

/// What is done, how, and what each event of it costs.
type Case<'a> = (&'a str, fn(&mut People), &'a [Cost]);

#[test]
fn each_way_costs_what_it_must() {
    use Outcome::{Adopted, Applied, Unchanged};
    let (echo_in_erp, echo_in_shop) = ((Unchanged, [0, 0], [1, 0]), (Unchanged, [1, 0], [0, 0]));
    let cases: [Case<'_>; 8] = [
        ("a look-up and a save", new_account, &[(Applied, [1, 0], [1, 1]), echo_in_erp]),
        ("a look-up and a save in the shop", new_customer, &[(Applied, [1, 1], [1, 0]), echo_in_shop]),
        ("a known one: a read and a save", account_changed, &[(Applied, [1, 0], [1, 1]), echo_in_erp]),
        ("the same in the shop", customer_changed, &[(Applied, [1, 1], [1, 0]), echo_in_shop]),
        // Besides: the regions of its country once an hour, and another look before the list of addresses is replaced.
        ("an address in the shop", address_changed, &[(Applied, [3, 1], [1, 0]), echo_in_shop]),
        ("another one", address_changed_again, &[(Applied, [2, 1], [1, 0]), echo_in_shop]),
        ("there and not bound: two reads", unbound, &[(Adopted, [1, 0], [2, 0])]),
        // The account's event brings both into step: what the two others tell of is known by then.
        ("both sides at once", both_changed, &[(Applied, [3, 1], [1, 1]), echo_in_erp, echo_in_shop, echo_in_erp]),
    ];
    for (what, arrange, expected) in cases {
        let mut people = People::new();
        arrange(&mut people);
        let mut costs = costs(&people);
        if what.starts_with("both") {
            // How many pushes there were is the ERP's affair.
            costs.dedup();
            let writes: usize = costs[1..].iter().map(|(_, magento, acumatica)| magento[1] + acumatica[1]).sum();
            assert_eq!((costs[0].2, writes), (expected[0].2, 0), "{what}: {costs:?}");
            assert!(costs[1..].iter().all(|cost| expected[1..].contains(cost)), "{what}: {costs:?}");
            continue;
        }
        assert_eq!(costs, expected, "{what}");
    }
}

//! Search criteria over orders and customers.

use super::*;

/// Five orders, a second apart: 1 and 2 for a@, 3 for B@ with a coupon, 4 canceled, 5 worth 100.
fn five() -> Magento {
    let mut shop = shop();
    for (at, email) in ["a@example.com", "a@example.com", "B@example.com", "c_d@example.com", "cxd@example.com"]
        .into_iter()
        .enumerate()
    {
        let draft = OrderDraft::guest(email).simple("A", 1, if at == 4 { 100 } else { 9 });
        let draft = if at == 2 { draft.discount_percent(10).coupon("TEN") } else { draft };
        shop.place(after(at as i64), &draft);
    }
    shop.set_state(after(10), 4, "canceled");
    shop
}

/// A filter in group `group`, place `place`.
fn filter(group: usize, place: usize, field: &str, condition: &str, value: &str) -> String {
    let at = format!("searchCriteria[filter_groups][{group}][filters][{place}]");
    format!("{at}[field]={field}&{at}[condition_type]={condition}&{at}[value]={value}")
        .replace('[', "%5B")
        .replace(']', "%5D")
}

fn ids(body: &Value) -> Vec<u64> {
    body["items"].as_array().unwrap().iter().map(|item| item["entity_id"].as_u64().unwrap()).collect()
}

fn search(shop: &mut Magento, query: &str) -> Vec<u64> {
    let (status, body) = get(shop, &format!("/rest/V1/orders?{query}"));
    assert_eq!(status, 200, "{query}: {body}");
    ids(&body)
}

#[test]
fn every_condition_selects_what_the_database_would() {
    let table = [
        ("entity_id", "eq", "3", vec![3]),
        ("entity_id", "neq", "3", vec![1, 2, 4, 5]),
        ("entity_id", "gt", "3", vec![4, 5]),
        ("entity_id", "gteq", "3", vec![3, 4, 5]),
        ("entity_id", "lt", "3", vec![1, 2]),
        ("entity_id", "lteq", "3", vec![1, 2, 3]),
        ("entity_id", "in", "2,5,77", vec![2, 5]),
        ("entity_id", "nin", "2,5,77", vec![1, 3, 4]),
        // A number, not a text: 100 is more than 9.
        ("grand_total", "gt", "9", vec![5]),
        ("grand_total", "eq", "100.00", vec![5]),
        // Texts compare without case.
        ("customer_email", "eq", "b@EXAMPLE.com", vec![3]),
        ("customer_email", "like", "a%25", vec![1, 2]),
        // An underscore stands for any character.
        ("customer_email", "like", "c_d@%25", vec![4, 5]),
        ("customer_email", "nlike", "c%25", vec![1, 2, 3]),
        ("coupon_code", "null", "", vec![1, 2, 4, 5]),
        ("coupon_code", "notnull", "", vec![3]),
        // NULL is neither equal nor unequal.
        ("coupon_code", "neq", "OTHER", vec![3]),
        ("applied_rule_ids", "finset", "1", vec![3]),
        ("created_at", "gteq", "2024-03-11%2009:14:05", vec![4, 5]),
        ("created_at", "gt", "2024-03-11", vec![1, 2, 3, 4, 5]),
        ("updated_at", "from", "2024-03-11T09:14:06", vec![4, 5]),
        ("updated_at", "to", "2024-03-11+09:14:02", vec![1]),
        ("state", "", "canceled", vec![4]),
    ];
    let mut shop = five();
    for (field, condition, value, expected) in table {
        assert_eq!(search(&mut shop, &filter(0, 0, field, condition, value)), expected, "{field} {condition} {value}");
    }
}

#[test]
fn filters_of_a_group_are_alternatives_and_groups_restrict() {
    let mut shop = five();
    let either = format!("{}&{}", filter(0, 0, "entity_id", "eq", "1"), filter(0, 1, "entity_id", "eq", "4"));
    assert_eq!(search(&mut shop, &either), [1, 4]);
    let both = format!("{either}&{}", filter(1, 0, "state", "eq", "canceled"));
    assert_eq!(search(&mut shop, &both), [4]);
    let none = format!("{}&{}", filter(0, 0, "entity_id", "eq", "1"), filter(1, 0, "entity_id", "eq", "4"));
    assert_eq!(search(&mut shop, &none), Vec::<u64>::new());
}

#[test]
fn answers_are_sorted_paged_and_echoed() {
    let mut shop = five();
    let sorted = "searchCriteria[sortOrders][0][field]=customer_email&searchCriteria[sortOrders][0][direction]=desc\
        &searchCriteria[sortOrders][1][field]=entity_id&searchCriteria[sortOrders][1][direction]=DESC";
    let sorted = sorted.replace('[', "%5B").replace(']', "%5D");
    assert_eq!(search(&mut shop, &sorted), [5, 4, 3, 2, 1]);
    let page = |number: usize| format!("searchCriteria%5BpageSize%5D=2&searchCriteria%5Bcurrent_page%5D={number}");
    assert_eq!(search(&mut shop, &page(1)), [1, 2]);
    assert_eq!(search(&mut shop, &page(3)), [5]);
    assert_eq!(search(&mut shop, &page(4)), Vec::<u64>::new());
    shop.config().paging_past_end_repeats_last = true;
    assert_eq!(search(&mut shop, &page(4)), [5]);
    let query = format!("{}&{}", filter(0, 0, "entity_id", "in", "1,2"), page(1));
    let (_, body) =
        get(&mut shop, &format!("/rest/V1/orders?{query}&fields=search_criteria,total_count,items[entity_id]"));
    let expected = json!({
        "items": [{"entity_id": 1}, {"entity_id": 2}],
        "search_criteria": {
            "filter_groups": [{"filters": [{"field": "entity_id", "value": "1,2", "condition_type": "in"}]}],
            "page_size": 2, "current_page": 1,
        },
        "total_count": 2,
    });
    assert_eq!(body.to_string(), expected.to_string());
}

#[test]
fn wrong_criteria_are_refused() {
    let required = json!({"message": "\"%fieldName\" is required. Enter and try again.", "parameters": {"fieldName": "searchCriteria"}});
    let masked = "Internal Error. Details are available in Magento log file. Report ID: webapi-";
    let table = [
        ("", 400, required["message"].as_str().unwrap()),
        ("?fields=items", 400, required["message"].as_str().unwrap()),
        ("?searchCriteria=", 200, ""),
        ("?search_criteria", 200, ""),
        (
            "?searchCriteria%5BpageSize%5D=many",
            400,
            "Error occurred during \"pageSize\" processing. The \"many\" value's type is invalid. The \"int\" type was expected. Verify and try again.",
        ),
        ("?searchCriteria%5Blimit%5D=1", 500, masked),
        ("?searchCriteria%5Bfilter_groups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bfeld%5D=state", 500, masked),
        (
            "?searchCriteria%5BsortOrders%5D%5B0%5D%5Bdirection%5D=UP",
            400,
            "The sort order has to be specified as %1 for ascending order or %2 for descending order.",
        ),
        ("?searchCriteria%5BsortOrders%5D%5B0%5D%5Bfield%5D=sku", 500, masked),
        (&format!("?{}", filter(0, 0, "billing_city", "eq", "Calder")), 500, masked),
        (&format!("?{}", filter(0, 0, "created_at", "gt", "yesterday")), 500, masked),
        (&format!("?{}", filter(0, 0, "created_at", "gt", "2024-03-11T09:14:02Z")), 500, masked),
        (&format!("?{}", filter(0, 0, "state", "regexp", "new")), 501, "Not simulated: condition type regexp"),
    ];
    // An empty shop refuses as a full one does.
    for mut shop in [shop(), five()] {
        for (query, expected, text) in table {
            let (status, body) = get(&mut shop, &format!("/rest/V1/orders{query}"));
            assert_eq!(status, expected, "{query}");
            assert!(body["message"].as_str().unwrap_or_default().starts_with(text), "{query}: {body}");
        }
        assert_eq!(get(&mut shop, "/rest/V1/orders").1, required);
    }
}

#[test]
fn customers_are_searched_by_their_attributes() {
    let mut shop = shop();
    let address = Address::us("Ada", "Sample");
    let ada = shop.add_customer(now(), &CustomerDraft::new("ada@example.com", "Ada", "Sample").address(address));
    shop.add_customer(now(), &CustomerDraft::new("bob@example.com", "Bob", "Sample"));
    let (_, found) =
        get(&mut shop, &format!("/rest/V1/customers/search?{}", filter(0, 0, "email", "eq", "ADA@example.com")));
    assert_eq!(
        values(
            &found,
            &["/total_count", "/items/0/id", "/items/0/default_billing", "/items/0/addresses/0/region/region_code"]
        ),
        ["1", "1", "\"1\"", "\"MI\""]
    );
    let (_, found) =
        get(&mut shop, &format!("/rest/V1/customers/search?{}", filter(0, 0, "entity_id", "gt", &ada.to_string())));
    assert_eq!(values(&found, &["/total_count", "/items/0/email"]), ["1", "\"bob@example.com\""]);
    let (status, body) = get(&mut shop, &format!("/rest/V1/customers/search?{}", filter(0, 0, "shoe_size", "eq", "9")));
    assert_eq!((status, body), (400, json!({"message": "Invalid attribute name: shoe_size"})));
}

/// What a reader of changes asks for: who changed since, in the order of ids, from the last one seen, a page at a time.
#[test]
fn changed_customers_are_read_in_pages() {
    let mut shop = shop();
    for (at, name) in ["ada", "bob", "cy", "di"].into_iter().enumerate() {
        let draft =
            CustomerDraft::new(&format!("{name}@example.com"), name, "Sample").group(if at < 2 { 1 } else { 2 });
        shop.add_customer(after(i64::try_from(at).unwrap()), &draft);
    }
    shop.edit_customer(after(60), 1, "taxvat", json!("DE1"));
    let sort = "searchCriteria[sortOrders][0][field]=entity_id&searchCriteria[sortOrders][0][direction]=ASC";
    let page = "searchCriteria[pageSize]=2&searchCriteria[currentPage]=1";
    let since = |second: &str| filter(0, 0, "updated_at", "gteq", &format!("2024-03-11%2009:14:{second}"));
    for (query, total, expected) in [
        (since("04"), 3, vec![1, 3]),
        (format!("{}&{}", since("04"), filter(1, 0, "entity_id", "gt", "1")), 2, vec![3, 4]),
        (format!("{}&{}", since("04"), filter(1, 0, "updated_at", "lt", "2024-03-11%2009:15:00")), 2, vec![3, 4]),
        (filter(0, 0, "group_id", "eq", "2"), 2, vec![3, 4]),
        (filter(0, 0, "email", "in", "DI@example.com,ada@example.com"), 2, vec![1, 4]),
        (filter(0, 0, "taxvat", "notnull", "1"), 1, vec![1]),
    ] {
        let query = format!("{query}&{sort}&{page}&fields=items[id],total_count");
        let query = query.replace('[', "%5B").replace(']', "%5D");
        let (status, body) = get(&mut shop, &format!("/rest/V1/customers/search?{query}"));
        let expected: Vec<Value> = expected.into_iter().map(|id| json!({ "id": id })).collect();
        assert_eq!((status, body), (200, json!({"items": expected, "total_count": total})), "{query}");
    }
    for field in ["billing_telephone", "tier"] {
        shop.config().customer_attributes = vec![CustomerAttribute::text("tier")];
        let (status, body) = get(&mut shop, &format!("/rest/V1/customers/search?{}", filter(0, 0, field, "eq", "9")));
        let expected = format!("Not simulated: a search for customers by {field}");
        assert_eq!((status, &body["message"]), (501, &json!(expected)));
    }
}

/// SKUs compare without case, and what is not there is left out.
#[test]
fn products_are_found_by_their_skus() {
    let mut shop = shop();
    for (sku, item) in [("MUG", "10"), ("PEN", "20"), ("CAP", "30")] {
        shop.add_product(&ProductDraft::new(sku).attribute("erp_item", item));
    }
    let fields = "fields=items%5Bsku%2Ccustom_attributes%5D";
    let query = format!("{}&{}&{fields}", filter(0, 0, "sku", "in", "mug,BAG"), filter(0, 1, "sku", "eq", "CAP"));
    let (status, body) = get(&mut shop, &format!("/rest/V1/products?{query}"));
    assert_eq!(status, 200, "{body}");
    let found: Vec<_> = body["items"].as_array().unwrap().iter().map(|item| item["sku"].as_str().unwrap()).collect();
    assert_eq!(found, ["CAP", "MUG"]);
    assert_eq!(body["items"][1]["custom_attributes"][0]["value"], "10");
    let wrong = filter(0, 0, "colour_of_the_box", "eq", "red");
    assert_eq!(get(&mut shop, &format!("/rest/V1/products?{wrong}")).0, 400);
}

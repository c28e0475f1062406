//! What is sent, to the letter.

use magento::Connection;
use magento::auth::Credentials;
use magento::client::{BadConnection, READ_TIMEOUT};
use magento::model::order::OrderId;
use seams::Secret;
use seams::base_url::BadUrl;

use super::script::{answer, header};
use super::{client, client_with};

const SHOP: &str = "https://shop.example.com/rest";

#[tokio::test]
async fn store_calls_ask_and_read_the_three_lists() {
    let (client, script) = client([
        answer(200, r#"[{"id":1,"code":"base","name":"Main Website","default_group_id":1}]"#),
        answer(200, r#"[{"id":2,"code":"de","name":"German","website_id":1,"store_group_id":1,"is_active":1}]"#),
        answer(
            200,
            r#"[{"id":2,"code":"de","website_id":1,"locale":"de_DE","base_currency_code":"EUR","default_display_currency_code":"EUR",
            "timezone":"Europe/Berlin","weight_unit":"kgs","base_url":"https://shop.example.com/"}]"#,
        ),
    ]);
    assert_eq!(client.websites().await.unwrap()[0].code, "base");
    assert_eq!(client.store_views().await.unwrap()[0].code, "de");
    assert_eq!(client.store_configs().await.unwrap()[0].timezone, "Europe/Berlin");
    let routes = ["websites", "storeViews", "storeConfigs"].map(|name| format!("GET {SHOP}/V1/store/{name}"));
    assert_eq!(script.lines(), routes);
    assert_eq!(client.calls(), 3);
    for (request, timeout) in script.asked() {
        assert_eq!(header(&request, "authorization"), "Bearer planted-token");
        assert_eq!(header(&request, "accept"), "application/json");
        assert!(request.body().is_empty());
        assert_eq!(timeout, READ_TIMEOUT);
        assert!(!format!("{request:?}").contains("planted"), "the header is marked as sensitive");
    }
}

#[tokio::test]
async fn a_search_by_number_filters_projects_and_takes_null_for_empty() {
    let hit = r#"{"items":[{"entity_id":12,"increment_id":"A 1","store_id":2,"state":"new"}],"total_count":1}"#;
    let (client, script) = client([answer(200, hit), answer(200, r#"{"items":null,"total_count":0}"#)]);
    let hits = client.orders_by_increment_id("A 1").await.unwrap();
    assert_eq!((hits[0].entity_id.to_string().as_str(), hits[0].increment_id.as_str()), ("12", "A 1"));
    assert_eq!((hits[0].store_id.map(|id| id.0), hits[0].state.as_deref()), (Some(2), Some("new")));
    assert!(client.orders_by_increment_id("A=1+2").await.unwrap().is_empty());
    let filter = "searchCriteria%5Bfilter_groups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5B";
    let rest = "searchCriteria%5BpageSize%5D=20&searchCriteria%5BcurrentPage%5D=1\
                &fields=items%5Bentity_id%2Cincrement_id%2Cstore_id%2Cstate%5D%2Ctotal_count";
    let expected = ["A%201", "A%3D1%2B2"].map(|value| {
        format!("GET {SHOP}/V1/orders?{filter}field%5D=increment_id&{filter}value%5D={value}&{filter}condition_type%5D=eq&{rest}")
    });
    assert_eq!(script.lines(), expected);
}

#[tokio::test]
async fn oauth_signs_each_request_with_a_fresh_nonce_and_the_clock() {
    let secret = |name: &str| Secret::new(format!("{name}0123456789abcdefghijklmnopqrst"));
    let credentials = Credentials::OAuth1 {
        consumer_key: secret("ck"),
        consumer_secret: secret("cs"),
        token: secret("tk"),
        token_secret: secret("ts"),
    };
    let (client, script) = client_with(credentials, [answer(200, "[]"), answer(200, "[]")]);
    client.websites().await.unwrap();
    client.websites().await.unwrap();
    // Nonces: Python's sha256 of the first two ids, "0" * 26 and "0" * 25 + "1". Signatures: Python's hmac over the base string.
    let expected = [
        ("575b83480d348cd3168ffbb874e26156", "vpH3k848nP9IlbOu1ADHZOzniBvucvCry0PMGMyTECY%3D"),
        ("8954022ad2f9b2622b44e6b6d4ca9080", "UFI%2FYgOvlLIi8scyF61g7RkiIZ1BMKLW6pRpNEe%2Bb5E%3D"),
    ];
    for ((request, _), (nonce, signature)) in script.asked().iter().zip(expected) {
        let text = format!(
            "OAuth oauth_consumer_key=\"ck0123456789abcdefghijklmnopqrst\",oauth_nonce=\"{nonce}\",oauth_signature=\"{signature}\",\
             oauth_signature_method=\"HMAC-SHA256\",oauth_timestamp=\"1700000000\",\
             oauth_token=\"tk0123456789abcdefghijklmnopqrst\",oauth_version=\"1.0\""
        );
        assert_eq!(header(request, "authorization"), text);
    }
    assert!(!format!("{client:?}").contains("0123456789"), "{client:?}");
}

#[test]
fn connections_without_safe_address_or_usable_credentials_are_refused() {
    let bearer = |token: &str| Credentials::Bearer { token: Secret::new(token) };
    for (url, token, expected) in [
        ("https://shop.example.com", "t", None),
        ("http://127.0.0.1:8080", "t", None),
        ("http://shop.example.com", "t", Some(BadConnection::Url(BadUrl::NotHttps))),
        ("https://u:p@shop.example.com", "t", Some(BadConnection::Url(BadUrl::UserInfo))),
        ("https://shop.example.com?a", "t", Some(BadConnection::Url(BadUrl::Query))),
        ("https://shop.example.com", "", Some(BadConnection::Credentials)),
        ("https://shop.example.com", "a\nb", Some(BadConnection::Credentials)),
        ("https://shop.example.com", "a\"b", Some(BadConnection::Credentials)),
    ] {
        assert_eq!(Connection::new(url, bearer(token)).err(), expected, "{url}");
    }
}

#[tokio::test]
async fn an_order_is_read_by_its_id() {
    let (client, script) = client([answer(
        404,
        r#"{"message":"The entity that was requested doesn't exist. Verify the entity and try again."}"#,
    )]);
    let error = client.order(OrderId::parse("12").unwrap()).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(script.lines(), [format!("GET {SHOP}/V1/orders/12")]);
}

#[tokio::test]
async fn an_attribute_of_products_is_one_call_for_most_orders() {
    let page = r#"{"items":[
        {"sku":"mug","custom_attributes":[{"attribute_code":"color","value":"7"},{"attribute_code":"erp_item","value":" 10-20 "}]},
        {"sku":"PEN","custom_attributes":[{"attribute_code":"erp_item","value":30}]},
        {"sku":"CAP","custom_attributes":[{"attribute_code":"erp_item","value":""}]},
        {"sku":"BAG","custom_attributes":[{"attribute_code":"erp_item","value":["1"]}]},
        {"sku":"BOX"}]}"#;
    let (client, script) = client([answer(200, page)]);
    let found = client.products_attribute(&["MUG", "PEN", "CAP", "BAG", "BOX", "A,B"], "erp_item").await.unwrap();
    // By the SKUs that were asked for; nothing for what is empty, no single value, or not there.
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [("MUG".into(), "10-20".into()), ("PEN".into(), "30".into())]);
    let filter = |n: usize| format!("searchCriteria%5Bfilter_groups%5D%5B0%5D%5Bfilters%5D%5B{n}%5D%5B");
    let (list, alone) = (filter(0), filter(1));
    let expected = format!(
        "GET {SHOP}/V1/products?{list}field%5D=sku&{list}value%5D=MUG%2CPEN%2CCAP%2CBAG%2CBOX&{list}condition_type%5D=in\
         &{alone}field%5D=sku&{alone}value%5D=A%2CB&{alone}condition_type%5D=eq\
         &searchCriteria%5BpageSize%5D=6&searchCriteria%5BcurrentPage%5D=1&fields=items%5Bsku%2Ccustom_attributes%5D"
    );
    assert_eq!(script.lines(), [expected]);
}

#[tokio::test]
async fn many_or_long_skus_take_more_calls() {
    for (count, length, calls) in [(0, 5, 0), (100, 5, 1), (101, 5, 2), (20, 47, 1), (21, 47, 2), (64, 64, 5)] {
        let (client, script) = client((0..calls).map(|_| answer(200, r#"{"items":[]}"#)));
        let skus: Vec<String> = (0..count).map(|n| format!("{n:0>length$}")).collect();
        let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
        assert!(client.products_attribute(&skus, "erp_item").await.unwrap().is_empty());
        assert_eq!(script.lines().len(), calls, "{count} of {length}");
        assert!(script.lines().iter().all(|line| line.len() < 1_600), "{:?}", script.lines());
    }
}

use serde_json::json;

use crate::settings::parse::tests::check;

const KEY: &str = include_str!("../../../../magento/tests/keys/test-only-one.public.pem");
const SHORT: &str = include_str!("../../../../magento/tests/keys/test-only-short.public.pem");
const PRIVATE: &str = include_str!("../../../../magento/tests/keys/test-only-one.private.pem");

#[test]
fn senders_must_be_able_to_prove_themselves() {
    let keys = "/magento/webhook/adobe_commerce/public_keys";
    let commerce = |keys: serde_json::Value| ("/magento/webhook/adobe_commerce", json!({ "public_keys": keys }));
    let first = format!("{keys}/0");
    let second = format!("{keys}/1");
    for (change, expected) in [
        (commerce(json!([KEY])), vec![]),
        (commerce(json!([KEY, KEY])), vec![]),
        (commerce(json!([])), vec![(keys, "must hold one key, or two while one is being replaced")]),
        (commerce(json!([KEY, KEY, KEY])), vec![(keys, "must hold one key, or two while one is being replaced")]),
        (commerce(json!([KEY, SHORT])), vec![(second.as_str(), "must be an RSA key of 2048 to 8192 bits")]),
        (
            commerce(json!(["abc"])),
            vec![(
                first.as_str(),
                "must be a public key in PEM form, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----",
            )],
        ),
        (
            commerce(json!([PRIVATE])),
            vec![(
                first.as_str(),
                "is a private key; give the public one, and replace this pair, because its secret is out",
            )],
        ),
        (("/magento/webhook/adobe_io", json!({ "client_id": "ca7b36f23be94dcb9d2ebb97f0276e3f" })), vec![]),
        (
            ("/magento/webhook/adobe_io", json!({ "client_id": "" })),
            vec![("/magento/webhook/adobe_io/client_id", "must be a text without spaces around it, not empty")],
        ),
        (("/magento/webhook/mageplaza", json!({})), vec![]),
        (
            ("/magento/webhook/mageplaza", json!({ "header": "x secret" })),
            vec![("/magento/webhook/mageplaza/header", "\"x secret\" cannot be the name of an HTTP header")],
        ),
        (("/acumatica/push", json!({})), vec![]),
        (("/acumatica/push", json!({ "header": "X-Push", "company": "Company" })), vec![]),
        (
            ("/acumatica/push", json!({ "header": "", "company": " Company" })),
            vec![
                ("/acumatica/push/company", "must be a text without spaces around it, not empty"),
                ("/acumatica/push/header", "\"\" cannot be the name of an HTTP header"),
            ],
        ),
    ] {
        check(&[change], &expected);
    }
}

use std::sync::atomic::{AtomicU32, Ordering};

use flows::settings::MagentoAuth;

use super::*;
use crate::testing::{at, block_on, forward};
use seams::clock::Virtual;

/// Secrets that a test can change, and a count of how often they were read.
#[derive(Default)]
pub(crate) struct Fixed {
    pub(crate) texts: std::sync::Mutex<BTreeMap<String, String>>,
    pub(crate) reads: AtomicU32,
}

impl Fixed {
    pub(crate) fn set(&self, name: &str, text: &str) {
        self.texts.lock().unwrap().insert(name.to_owned(), text.to_owned());
    }
}

#[async_trait]
impl Source for Fixed {
    async fn read(&self, name: &str) -> Result<Secret, SecretError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let text = self.texts.lock().unwrap().get(name).cloned();
        text.map(Secret::new).ok_or_else(|| SecretError::Missing(name.to_owned()))
    }
}

fn secrets(source: &Arc<Fixed>, clock: &Arc<Virtual>) -> Secrets {
    Secrets::new(source.clone(), clock.clone(), "stack")
}

#[test]
fn a_secret_is_kept_for_five_minutes_and_refreshed_at_most_every_ten_seconds() {
    let (source, clock) = (Arc::new(Fixed::default()), Arc::new(at("2026-11-23T04:00:00Z")));
    source.set("stack/abcd2345/magento", r#"{"bearer":"b","webhook_secrets":["one"]}"#);
    let secrets = secrets(&source, &clock);
    block_on(async {
        let first = |secrets: Vec<Secret>| secrets[0].expose().to_owned();
        assert_eq!(first(secrets.webhook_secrets("abcd2345").await.unwrap()), "one");
        source.set("stack/abcd2345/magento", r#"{"bearer":"b","webhook_secrets":["two","one"]}"#);
        forward(&clock, 9);
        assert_eq!(secrets.refresh("abcd2345", Platform::Magento).await, Ok(false), "too soon");
        assert_eq!(first(secrets.webhook_secrets("abcd2345").await.unwrap()), "one");
        forward(&clock, 1);
        assert_eq!(secrets.refresh("abcd2345", Platform::Magento).await, Ok(true));
        assert_eq!(first(secrets.webhook_secrets("abcd2345").await.unwrap()), "two");
        forward(&clock, 10);
        assert_eq!(secrets.refresh("abcd2345", Platform::Magento).await, Ok(false), "read, and the same");
        source.set("stack/abcd2345/magento", r#"{"bearer":"b","webhook_secrets":["two"]}"#);
        forward(&clock, 299);
        assert_eq!(secrets.webhook_secrets("abcd2345").await.unwrap().len(), 2);
        forward(&clock, 1);
        assert_eq!(secrets.webhook_secrets("abcd2345").await.unwrap().len(), 1);
        assert_eq!(source.reads.load(Ordering::Relaxed), 4);
    });
}

#[test]
fn what_is_missing_is_named_and_nothing_is_quoted() {
    let clock = Arc::new(at("2026-11-23T04:00:00Z"));
    let oauth = r#"{"consumer_key":"canary","consumer_secret":"canary","token":"canary","token_secret":"canary"}"#;
    let cases = [
        (None, "the secret stack/abcd2345/magento does not exist or may not be read"),
        (Some("canary"), "the secret stack/abcd2345/magento is not JSON"),
        (
            Some(r#"{"bearer":"canary","webhook_secrets":"canary"}"#),
            "the secret stack/abcd2345/magento is not a JSON object of texts",
        ),
        (Some(oauth), "the secret stack/abcd2345/magento has no bearer, which the settings' way of signing in needs"),
        (
            Some(r#"{"bearer":""}"#),
            "the secret stack/abcd2345/magento has no bearer, which the settings' way of signing in needs",
        ),
    ];
    for (text, expected) in cases {
        let source = Arc::new(Fixed::default());
        if let Some(text) = text {
            source.set("stack/abcd2345/magento", text);
        }
        let error = block_on(secrets(&source, &clock).magento("abcd2345", MagentoAuth::Bearer)).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
    for webhook in [r"[]", r#"["a","b","c"]"#, r#"["canary",""]"#] {
        let source = Arc::new(Fixed::default());
        source.set("stack/abcd2345/magento", &format!(r#"{{"webhook_secrets":{webhook}}}"#));
        let error = block_on(secrets(&source, &clock).webhook_secrets("abcd2345")).expect_err(webhook).to_string();
        assert!(error.ends_with("must hold one or two texts, none empty, in webhook_secrets"), "{error}");
    }
    for push in ["{}", r#"{"push_secrets":[]}"#, r#"{"push_secrets":["canary",""]}"#] {
        let source = Arc::new(Fixed::default());
        source.set("stack/abcd2345/acumatica", push);
        let error = block_on(secrets(&source, &clock).push_secrets("abcd2345")).expect_err(push).to_string();
        let expected = "the secret stack/abcd2345/acumatica must hold one or two texts, none empty, in push_secrets";
        assert_eq!(error, expected);
    }
    for (text, expected) in [
        (r#"{"client_id":"a","client_secret":"b","username":"c"}"#, "has no password"),
        (
            r#"{"client_id":"a","client_secret":"b","username":"c","password":""}"#,
            "has an empty client_id, client_secret, username or password",
        ),
    ] {
        let source = Arc::new(Fixed::default());
        source.set("stack/abcd2345/acumatica", text);
        let error = block_on(secrets(&source, &clock).acumatica("abcd2345")).expect_err(text).to_string();
        assert_eq!(error, format!("the secret stack/abcd2345/acumatica {expected}"));
    }
}

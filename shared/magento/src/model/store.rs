//! Websites, store views and their configuration, as `GET /V1/store/…` returns them (Magento 2.4.6, module-store).

use serde::Deserialize;

use super::wire::{Flag, Id};

/// A website: the level that prices, stock and the base currency can differ by.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Website {
    /// 0 is the admin website, which sells nothing.
    pub id: Id,
    /// Stable technical name, such as `base`.
    pub code: String,
    /// Name shown to people.
    pub name: String,
}

/// A store view: the level at which orders are placed (`store_id` of an order).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoreView {
    /// 0 is the admin view.
    pub id: Id,
    /// Stable technical name, such as `default`; part of URLs.
    pub code: String,
    /// Name shown to people.
    pub name: String,
    /// The website it belongs to.
    pub website_id: Id,
    /// Whether shoppers can use it. Sent as 1 and 0.
    pub is_active: Flag,
}

/// What a store view is configured to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoreConfig {
    /// Id of the store view.
    pub id: Id,
    /// Code of the store view.
    pub code: String,
    /// The website it belongs to.
    pub website_id: Id,
    /// Such as `en_US`.
    pub locale: String,
    /// ISO 4217 code of the currency that `base_…` amounts are in.
    pub base_currency_code: String,
    /// ISO 4217 code of the currency shown to shoppers unless they switch.
    pub default_display_currency_code: String,
    /// IANA name: days of orders are counted in it, while their timestamps are UTC.
    pub timezone: String,
    /// `lbs` or `kgs`.
    pub weight_unit: String,
    /// Address of the store view's pages.
    pub base_url: String,
}

#[cfg(test)]
mod tests {
    use super::{StoreConfig, StoreView, Website};

    /// Recorded from Magento 2.3 (OCA/connector-magento 12.0, `metadata.yaml`), shortened.
    #[test]
    fn recorded_answers_decode() {
        let websites: Vec<Website> =
            serde_json::from_str(r#"[{"id":1,"code":"base","name":"Main Website","default_group_id":1}]"#).unwrap();
        assert_eq!((websites[0].id.0, websites[0].code.as_str()), (1, "base"));
        let view =
            r#"{"id":1,"code":"default","name":"Default Store View","website_id":1,"store_group_id":1,"is_active":1}"#;
        for (text, active) in [(view.to_owned(), true), (view.replace("\"is_active\":1", "\"is_active\":false"), false)]
        {
            assert_eq!(serde_json::from_str::<StoreView>(&text).unwrap().is_active.0, active);
        }
        let configs: Vec<StoreConfig> = serde_json::from_str(
            r#"[{"id":1,"code":"default","website_id":1,"locale":"en_US","base_currency_code":"USD",
            "default_display_currency_code":"USD","timezone":"Europe\/Amsterdam","weight_unit":"lbs","base_url":"http:\/\/magento\/"}]"#,
        )
        .unwrap();
        assert_eq!(
            (configs[0].timezone.as_str(), configs[0].base_url.as_str()),
            ("Europe/Amsterdam", "http://magento/")
        );
    }
}

//! The value wrapper: every business field is `{"value": x}`, and null is `{}`.

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

/// A wrapped field. Absent fields are left out of a request and so left alone by the server; an empty answer `{}` reads as `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<T>(pub T);

impl<T: Serialize> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("value", &self.0)?;
        map.end()
    }
}

/// `Some` wrapped value: what requests are built of.
pub fn set<T>(value: impl Into<T>) -> Option<Value<T>> {
    Some(Value(value.into()))
}

/// Reads `{"value": x}`, `{"value": null}`, `{}` and null.
///
/// # Errors
/// When the wrapped value is of another type.
pub fn read<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<Value<T>>, D::Error> {
    #[derive(Deserialize)]
    struct Wrapper<T> {
        #[serde(default = "none")]
        value: Option<T>,
    }
    fn none<T>() -> Option<T> {
        None
    }
    let wrapper: Option<Wrapper<T>> = Option::deserialize(deserializer)?;
    Ok(wrapper.and_then(|wrapper| wrapper.value).map(Value))
}

/// A number: sent as a JSON number with its scale kept, never through a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(#[serde(with = "rust_decimal::serde::arbitrary_precision")] pub rust_decimal::Decimal);

impl From<rust_decimal::Decimal> for Number {
    fn from(decimal: rust_decimal::Decimal) -> Self {
        Number(decimal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Line {
        #[serde(default, deserialize_with = "read", skip_serializing_if = "Option::is_none")]
        price: Option<Value<Number>>,
    }

    #[test]
    fn null_has_four_spellings_and_scale_survives() {
        for (json, price) in [
            ("{}", None),
            (r#"{"price":{}}"#, None),
            (r#"{"price":{"value":null}}"#, None),
            (r#"{"price":null}"#, None),
            (r#"{"price":{"value":280.000000}}"#, Some("280.000000")),
            (r#"{"price":{"value":0.1234567890123456789}}"#, Some("0.1234567890123456789")),
        ] {
            let line: Line = serde_json::from_str(json).expect(json);
            assert_eq!(line.price.as_ref().map(|price| price.0.0.to_string()).as_deref(), price, "{json}");
        }
        let line = Line { price: set(Number("4.10".parse().expect("decimal"))) };
        assert_eq!(serde_json::to_string(&line).expect("json"), r#"{"price":{"value":4.10}}"#);
    }
}

//! What an error's body says: Magento's sentences and the fields they name.

use seams::http::Response;
use serde_json::Value;

/// The parameters in which Magento's messages carry the name of a field (Magento 2.4.6, framework `Webapi`, `Exception/InputException`).
const FIELD_NAMES: [&str; 3] = ["fieldName", "field_name", "field"];

/// What an error's body is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// What Magento itself says.
    Message {
        /// Its sentences, placeholders filled in.
        text: String,
        /// The fields they name, each once.
        fields: Vec<String>,
    },
    /// A web page: something in front of Magento, or its maintenance page.
    Html,
    /// Nothing, or nothing readable.
    Other,
}

impl Body {
    /// Reads `{"message", "parameters", "errors"}`, or the form of a PHP fatal error, `{"messages": {"error": [{"message"}]}}`.
    pub(crate) fn read(answer: &Response) -> Self {
        let content_type = answer.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if seams::quote::is_html(content_type, answer.body()) {
            return Body::Html;
        }
        let Ok(body @ Value::Object(_)) = serde_json::from_slice::<Value>(answer.body()) else {
            return Body::Other;
        };
        let fatal = body.pointer("/messages/error/0");
        let further = body.get("errors").and_then(Value::as_array).into_iter().flatten();
        let errors: Vec<&Value> = fatal.into_iter().chain([&body]).chain(further).collect();
        let texts: Vec<String> = errors.iter().filter_map(|error| render(error)).collect();
        if texts.is_empty() {
            return Body::Other;
        }
        let mut fields = Vec::new();
        for field in errors.iter().filter_map(|error| field(error)) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        Body::Message { text: texts.join(" "), fields }
    }

    pub(crate) fn fields(&self) -> &[String] {
        match self {
            Body::Message { fields, .. } => fields,
            Body::Html | Body::Other => &[],
        }
    }

    pub(crate) fn contains(&self, texts: &[&str]) -> bool {
        matches!(self, Body::Message { text, .. } if texts.iter().any(|part| text.contains(part)))
    }
}

/// The field that an error is about: a parameter of its message, or the quoted word that a rendered message starts with.
fn field(error: &Value) -> Option<String> {
    let parameters = error.get("parameters");
    let named = FIELD_NAMES.iter().find_map(|name| parameters?.get(name)?.as_str());
    let rendered =
        || error.get("message")?.as_str()?.strip_prefix('"')?.split_once("\" is required").map(|(name, _)| name);
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    named.or_else(rendered).filter(is_name).map(ToOwned::to_owned)
}

/// A message with its placeholders filled in: `%name` from an object, `%1` from a list. Longer names first, so that `%1` spares `%10`.
fn render(error: &Value) -> Option<String> {
    let mut message = error.get("message")?.as_str()?.to_owned();
    let mut parameters: Vec<(String, String)> = match error.get("parameters") {
        Some(Value::Object(named)) => named.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        Some(Value::Array(list)) => {
            list.iter().enumerate().map(|(at, value)| ((at + 1).to_string(), plain(value))).collect()
        }
        _ => Vec::new(),
    };
    parameters.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, value) in parameters {
        message = message.replace(&format!("%{name}"), &value);
    }
    Some(message)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

//! The JSON Schema of the settings, generated from the types: what an editor checks while a person types, and what
//! [`parse`](super::parse) checks first. Committed as `infra/settings.schema.json`; a test here keeps that file up to date.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Settings;

/// The schema, JSON Schema 2020-12.
#[must_use]
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Settings>().to_value()
}

/// The schema as the committed file holds it: indented, with a newline at its end.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", schema())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    /// Paths of settings without a sentence of their own, and of choices without one. A choice's tag needs none, nor does the only member of
    /// a choice that is called by it: its form has one.
    fn undescribed(path: &str, schema: &Value, found: &mut Vec<String>) {
        let properties = schema["properties"].as_object().filter(|named| !path.ends_with("/oneOf") || named.len() > 1);
        for (name, property) in properties.into_iter().flatten() {
            if property.get("const").is_none() && property.get("description").is_none() {
                found.push(format!("{path}/{name}"));
            }
        }
        for form in schema["oneOf"].as_array().into_iter().flatten() {
            if form.get("description").is_none() {
                found.push(format!("{path}: {form}"));
            }
        }
        match schema {
            Value::Object(members) => {
                members.iter().for_each(|(name, inner)| undescribed(&format!("{path}/{name}"), inner, found))
            }
            Value::Array(inner) => inner.iter().for_each(|inner| undescribed(path, inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_setting_says_what_it_is() {
        let mut found = Vec::new();
        undescribed("", &super::schema(), &mut found);
        assert_eq!(found, Vec::<String>::new());
        undescribed("", &serde_json::json!({"properties": {"a": {"type": "string"}}}), &mut found);
        assert_eq!(found, ["/a"]);
    }

    #[test]
    fn the_committed_schema_is_the_one_of_the_types() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let committed = std::fs::read_to_string(root.join("infra/settings.schema.json")).unwrap_or_default();
        if committed != super::text() {
            let fresh = root.join("target/settings.schema.json");
            std::fs::write(&fresh, super::text()).unwrap();
            panic!(
                "infra/settings.schema.json is not what the types say; review {} and copy it there",
                fresh.display()
            );
        }
    }
}

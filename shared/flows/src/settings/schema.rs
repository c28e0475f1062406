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

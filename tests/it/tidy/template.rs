//! The deployment template, read so that a check can ask for numbers and resources.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

/// `template.yaml`, its short forms (`!Ref X`) written out (`{"Ref": "X"}`).
pub(super) struct Template(Value);

/// One resource: its name in the template, and its whole declaration.
#[derive(Clone, Copy)]
pub(super) struct Resource<'a> {
    /// Logical id.
    pub(super) name: &'a str,
    /// `Type`, `Properties`, `DeletionPolicy`, …
    pub(super) whole: &'a Value,
}

impl<'a> Resource<'a> {
    /// A property by its path.
    pub(super) fn property(self, pointer: &str) -> &'a Value {
        self.whole.pointer(&format!("/Properties{pointer}")).unwrap_or(&Value::Null)
    }
}

impl Template {
    /// The template of the repository.
    pub(super) fn ours() -> Self {
        Self::parse(&super::read("template.yaml"))
    }

    /// The template of the repository with some text replaced; panics where that text does not stand, so that no counter-example is idle.
    pub(super) fn with(from: &str, to: &str) -> Self {
        let text = super::read("template.yaml");
        assert!(text.contains(from), "template.yaml does not contain {from:?}");
        Self::parse(&text.replacen(from, to, 1))
    }

    fn parse(text: &str) -> Self {
        let documents = Yaml::load_from_str(text).expect("template.yaml is YAML");
        Self(to_json(&documents[0]))
    }

    /// The resources of one type, in the order of their names.
    pub(super) fn resources(&self, kind: &str) -> Vec<Resource<'_>> {
        self.all_resources().into_iter().filter(|resource| resource.whole["Type"] == kind).collect()
    }

    /// All resources, in the order of their names.
    pub(super) fn all_resources(&self) -> Vec<Resource<'_>> {
        let resources = self.0["Resources"].as_object().expect("a template has resources");
        resources.iter().map(|(name, whole)| Resource { name, whole }).collect()
    }

    /// What the stack tells of itself, by name.
    pub(super) fn outputs(&self) -> &Map<String, Value> {
        self.0["Outputs"].as_object().expect("a template has outputs")
    }

    /// A resource by its name.
    pub(super) fn resource(&self, name: &str) -> Option<Resource<'_>> {
        self.all_resources().into_iter().find(|resource| resource.name == name)
    }

    /// The number that a value is when no parameter is given.
    pub(super) fn number(&self, value: &Value) -> Option<i64> {
        match value.get("Ref").and_then(Value::as_str) {
            Some(parameter) => self.default(parameter),
            None => value.as_i64(),
        }
    }

    /// The default of a parameter that is a number.
    pub(super) fn default(&self, parameter: &str) -> Option<i64> {
        self.0["Parameters"][parameter]["Default"].as_i64()
    }

    /// A property of a function, or what `Globals` says of all functions.
    pub(super) fn of_function<'a>(&'a self, function: Resource<'a>, pointer: &str) -> &'a Value {
        match function.property(pointer) {
            Value::Null => self.0.pointer(&format!("/Globals/Function{pointer}")).unwrap_or(&Value::Null),
            own => own,
        }
    }
}

/// The resource that a value names: `!Ref X` and `!GetAtt X.Arn` name X.
pub(super) fn target(value: &Value) -> Option<&str> {
    if let Some(name) = value.get("Ref").and_then(Value::as_str) {
        return Some(name);
    }
    let attribute = value.get("Fn::GetAtt").and_then(Value::as_str)?;
    attribute.split('.').next()
}

/// The values of a list, or the one value that stands where a list may.
pub(super) fn one_or_many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(many) => many.iter().collect(),
        one => vec![one],
    }
}

fn to_json(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Boolean(value)) => Value::Bool(*value),
        Yaml::Value(Scalar::Integer(value)) => Value::from(*value),
        Yaml::Value(Scalar::String(value)) => Value::from(value.as_ref()),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Sequence(items) => items.iter().map(to_json).collect(),
        Yaml::Mapping(entries) => {
            let entry =
                |(key, value): (&Yaml<'_>, &Yaml<'_>)| (key.as_str().unwrap_or_default().to_owned(), to_json(value));
            Value::Object(entries.iter().map(entry).collect())
        }
        Yaml::Tagged(tag, value) => {
            let long = match tag.suffix.as_str() {
                "Ref" | "Condition" => tag.suffix.clone(),
                function => format!("Fn::{function}"),
            };
            Value::Object(Map::from_iter([(long, to_json(value))]))
        }
        other => panic!("template.yaml holds what CloudFormation does not read: {other:?}"),
    }
}

#[test]
fn short_forms_are_written_out() {
    let read =
        to_json(&Yaml::load_from_str("a: !Ref X\nb: !Sub ${X}/y\nc: [!GetAtt X.Arn, !If [C, 1, \"1\"]]").unwrap()[0]);
    let expected = serde_json::json!({
        "a": {"Ref": "X"}, "b": {"Fn::Sub": "${X}/y"}, "c": [{"Fn::GetAtt": "X.Arn"}, {"Fn::If": ["C", 1, "1"]}],
    });
    assert_eq!(read, expected);
    assert_eq!(target(&expected["a"]), Some("X"));
    assert_eq!(target(&expected["c"][0]), Some("X"));
}

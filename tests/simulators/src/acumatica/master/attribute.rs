//! Attributes (form CS205000), as classes list them.

/// An attribute's definition.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Shown to users.
    pub description: String,
    /// What its values are.
    pub control: Control,
    /// The values of a combo, in their order.
    pub values: Vec<AttributeChoice>,
}

impl Attribute {
    /// The value of this id.
    pub(crate) fn value(&self, id: &str) -> Option<&AttributeChoice> {
        self.values.iter().find(|value| value.id.eq_ignore_ascii_case(id))
    }
}

/// One value of a combo.
#[derive(Clone, Debug)]
pub struct AttributeChoice {
    /// `ValueID`, the internal value.
    pub id: String,
    /// Shown to users.
    pub description: String,
}

/// `ControlType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Any text.
    Text,
    /// One of its values.
    Combo,
    /// Several of its values.
    MultiSelectCombo,
    /// 0 or 1.
    CheckBox,
    /// A date.
    Datetime,
}

impl Control {
    /// The label of the drop-down (help topic "To Add an Attribute").
    pub(crate) fn label(self) -> &'static str {
        match self {
            Control::Text => "Text",
            Control::Combo => "Combo",
            Control::MultiSelectCombo => "Multi Select Combo",
            Control::CheckBox => "Check Box",
            Control::Datetime => "Datetime",
        }
    }
}

/// An attribute as a class lists it.
#[derive(Clone, Debug)]
pub struct ClassAttribute {
    /// `AttributeID`.
    pub id: String,
    /// Whether records of the class need a value.
    pub required: bool,
    /// Whether it is active.
    pub active: bool,
    /// The value of new records.
    pub default_value: Option<String>,
}

impl ClassAttribute {
    /// An active attribute that may be left empty.
    #[must_use]
    pub fn optional(id: &str) -> Self {
        Self { id: id.to_owned(), required: false, active: true, default_value: None }
    }
}

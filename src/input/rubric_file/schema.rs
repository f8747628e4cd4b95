//! The JSON Schema of the files, for editors: made by asking the reader what it asks for.

use serde_json::{Map, Value, json};
use toml::de::DeTable;

use super::RubricSource;
use super::keys;
use super::problem::Problems;
use super::shape::{Condition, Node, Object, Property, Shape, When};
use super::table::Table;
use super::{roster, rubric, tasks, trial};

/// Numbers of either sign stay below this.
const TOO_LARGE: i64 = super::value::TOO_LARGE;

/// A kind of file, each with a schema of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// `<id>.toml`
    Rubric,
    /// The task table.
    Tasks,
    /// The roster.
    Roster,
    /// `<id>.test.toml`
    Test,
}

impl Document {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Rubric, Self::Tasks, Self::Roster, Self::Test];

    /// The name of its schema: `rubric.schema.json`.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Rubric => "rubric.schema.json",
            Self::Tasks => "tasks.schema.json",
            Self::Roster => "roster.schema.json",
            Self::Test => "test.schema.json",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Rubric => "考核细则",
            Self::Tasks => "任务表",
            Self::Roster => "被考核单位名册",
            Self::Test => "细则的自测",
        }
    }

    fn object(self) -> Object {
        let sources = [RubricSource {
            name: String::new(),
            text: String::new().into(),
        }];
        let problems = Problems::default();
        let file = problems.file(&sources, 0);
        let empty = DeTable::default();
        match self {
            Self::Rubric => Table::probe(file, &empty, rubric::draft),
            Self::Tasks => Table::probe(file, &empty, tasks::draft),
            Self::Roster => Table::probe(file, &empty, roster::draft),
            Self::Test => Table::probe(file, &empty, trial::trial_file),
        }
    }
}

/// The schema of a kind of file, as text.
pub fn schema(document: Document) -> String {
    let mut schema = of_object(&document.object());
    schema.insert(
        "$schema".to_owned(),
        json!("http://json-schema.org/draft-07/schema#"),
    );
    schema.insert("title".to_owned(), json!(document.title()));
    format!("{:#}\n", Value::Object(schema))
}

fn of_object(object: &Object) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("properties".to_owned(), properties(&object.properties));
    let required: Vec<&str> = object
        .properties
        .iter()
        .filter(|property| property.required)
        .map(|property| property.key)
        .collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if !object.conditions.is_empty() {
        let conditions: Vec<Value> = object.conditions.iter().map(of_condition).collect();
        schema.insert("allOf".to_owned(), json!(conditions));
    }
    schema
}

fn properties(properties: &[Property]) -> Value {
    let property = |property: &Property| {
        let mut schema = of_node(&property.node);
        let about = keys::about(property.key);
        schema.insert("description".to_owned(), json!(about));
        (property.key.to_owned(), Value::Object(schema))
    };
    Value::Object(properties.iter().map(property).collect())
}

fn of_condition(condition: &Condition) -> Value {
    let when = match &condition.when {
        When::Always => json!(true),
        When::Is(key, word) => json!({
            "required": [key], "properties": { *key: { "const": word } }
        }),
        When::IsNot(key, word) => json!({
            "required": [key], "properties": { *key: { "not": { "const": word } } }
        }),
        When::Has(key) => json!({ "required": [key] }),
        When::Lacks(keys) => {
            let any: Vec<Value> = keys
                .iter()
                .map(|key| json!({ "required": [key] }))
                .collect();
            json!({ "not": { "anyOf": any } })
        }
    };
    let refused = condition.refused.iter();
    let mut then: Map<String, Value> = refused
        .map(|key| ((*key).to_owned(), json!(false)))
        .collect();
    for property in &condition.narrowed {
        then.insert(
            property.key.to_owned(),
            Value::Object(of_node(&property.node)),
        );
    }
    let mut consequence = Map::new();
    if !condition.required.is_empty() {
        consequence.insert("required".to_owned(), json!(condition.required));
    }
    if !then.is_empty() {
        consequence.insert("properties".to_owned(), Value::Object(then));
    }
    json!({ "if": when, "then": consequence })
}

fn of_node(node: &Node) -> Map<String, Value> {
    let schema = match node {
        Node::Value(shape) => of_shape(*shape),
        Node::Words(words) => of_words(words),
        Node::Table(object) => return of_object(object),
        Node::Tables(object) => {
            json!({ "type": "array", "minItems": 1, "items": of_object(object) })
        }
        Node::ById(object) => {
            // What a table leaves out is taken from the one around it.
            let mut inner = of_object(object);
            inner.remove("required");
            json!({ "type": "object", "additionalProperties": inner })
        }
        Node::ByName(shape) => {
            json!({ "type": "object", "additionalProperties": of_shape(*shape) })
        }
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// The words, and for editors that show it what each of them means.
fn of_words(words: &[(&str, &str)]) -> Value {
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let meanings: Vec<&str> = words.iter().map(|(_, meaning)| *meaning).collect();
    if meanings.iter().all(|meaning| meaning.is_empty()) {
        return json!({ "enum": names });
    }
    json!({ "enum": names, "x-taplo": { "docs": { "enumValues": meanings } } })
}

fn of_shape(shape: Shape) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string", "pattern": "\\S" }),
        Shape::Pattern(pattern) => json!({ "type": "string", "pattern": pattern }),
        Shape::Number => json!({ "type": "number", "minimum": 0, "exclusiveMaximum": TOO_LARGE }),
        Shape::AnyNumber => json!({
            "type": "number", "exclusiveMinimum": -TOO_LARGE, "exclusiveMaximum": TOO_LARGE
        }),
        Shape::Share => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Shape::Whole { least, most } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Shape::Written => json!({
            "anyOf": [of_shape(Shape::Text), of_shape(Shape::AnyNumber), { "type": "boolean" }]
        }),
        Shape::Arithmetic => json!({
            "anyOf": [of_shape(Shape::Text), of_shape(Shape::AnyNumber)]
        }),
        Shape::List(entry) => json!({ "type": "array", "items": of_shape(*entry) }),
    }
}

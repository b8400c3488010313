//! JSON objects whose fields pass through as they were written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::row::Options;

/// A JSON object with its fields in order, each as it was written.
pub(super) struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    pub(super) fn get(&self, field: &str) -> Option<&RawValue> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_ref())
    }

    pub(super) fn set<T: Serialize + ?Sized>(&mut self, field: &str, value: &T) -> Result<(), String> {
        let value = to_raw_value(value).map_err(|error| error.to_string())?;
        match self.0.iter_mut().find(|(name, _)| name == field) {
            Some(known) => known.1 = value,
            None => self.0.push((field.to_owned(), value)),
        }
        Ok(())
    }

    /// The field with the text, which must occur once: programs differ in which of two they take.
    pub(super) fn text_field(&self, options: &Options) -> Result<String, String> {
        let named = options.html_field.as_ref().or(options.text_field.as_ref());
        let field = match named {
            Some(field) => {
                self.get(field).map(|_| field.as_str()).ok_or_else(|| format!("it has no field `{field}`"))?
            }
            None => ["text", "html"]
                .into_iter()
                .find(|field| self.get(field).is_some())
                .ok_or("it has neither a `text` nor an `html` field; name the field with --text-field")?,
        };
        match self.0.iter().filter(|(name, _)| name == field).count() {
            1 => Ok(field.to_owned()),
            _ => Err(format!("it has the field `{field}` twice")),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object, M::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Object(fields))
    }
}

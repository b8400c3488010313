//! What follows from the table of keys: the JSON Schema for editors, and the file `weedout init` writes.

use std::fmt::Write;

use serde_json::{Value, json};

use super::key::{KEYS, Kind};

/// The JSON Schema of `weedout.toml`, as it is committed.
pub fn schema() -> String {
    let properties: serde_json::Map<String, Value> = KEYS
        .iter()
        .map(|key| {
            let mut property = shape(key.kind);
            property["description"] = key.about.into();
            (key.name.to_owned(), property)
        })
        .collect();
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "weedout.toml",
        "description": "Configuration of weedout",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

fn shape(kind: Kind) -> Value {
    match kind {
        Kind::Choice(words) => json!({ "type": "string", "enum": words }),
        Kind::Path => json!({ "type": "string", "minLength": 1 }),
        Kind::List => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Share => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
    }
}

/// A configuration in which every key is explained and none is set.
pub fn example() -> String {
    let mut text = String::from("# Configuration of weedout; `weedout config` shows what is in effect.\n");
    for key in KEYS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n# {}.\n# {} = {}", key.about, key.name, key.example);
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_committed_schema_is_fresh() {
        let committed = include_str!("../../weedout.schema.json");
        assert!(committed == schema(), "write it again: weedout config --schema > weedout.schema.json");
    }

    #[test]
    fn every_example_is_taken() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("in")).unwrap();
        std::fs::write(root.path().join("weedout.toml"), example()).unwrap();
        let path = root.path().join("in/weedout.toml");
        let text: String = example()
            .lines()
            .map(|line| if line.contains(" = ") { format!("{}\n", &line[2..]) } else { String::new() })
            .collect();
        std::fs::write(&path, &text).unwrap();
        let config = Config::load(&path).unwrap();
        assert_eq!(config.allow_hosts.value, ["sponsor.example"]);
        assert_eq!(text.lines().count(), KEYS.len());
    }
}

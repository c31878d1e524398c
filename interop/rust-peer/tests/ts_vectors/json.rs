//! Reading the vectors.

use std::{fs, path::Path};

use serde_json::Value;

/// A file of the vectors folder.
pub fn load(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// A list in a file.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key} is no list"))
}

/// A text in a file.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is no text"))
}

/// Bytes in a file, which are hex there.
pub fn bytes(value: &Value, key: &str) -> Vec<u8> {
    hex::decode(text(value, key)).unwrap_or_else(|error| panic!("{key}: {error}"))
}

/// A point in time in a file: seconds since the Unix epoch, as a decimal string.
pub fn seconds(value: &Value, key: &str) -> i64 {
    text(value, key).parse().unwrap_or_else(|error| panic!("{key}: {error}"))
}

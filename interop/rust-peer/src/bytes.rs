//! Bytes in commands. Errors name the field.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Decodes hex of either case, with or without `0x`.
pub fn from_hex(field: &str, text: &str) -> Result<Vec<u8>, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    hex::decode(digits).map_err(|error| format!("{field}: {error}"))
}

/// Decodes standard base64 with padding.
pub fn from_base64(field: &str, text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|error| format!("{field}: {error}"))
}

/// Encodes as standard base64 with padding.
pub fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

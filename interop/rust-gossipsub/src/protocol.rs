//! Lines of stdin as commands, and the replies to them.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(tag = "cmd", rename_all = "snake_case")]
pub enum Command {
    Dial {
        address: String,
    },
    Publish(PacketToPublish),
    PublishRaw {
        #[serde(deserialize_with = "bytes")]
        data_hex: Vec<u8>,
    },
}

/// A de-mls packet.
#[derive(Deserialize)]
pub struct PacketToPublish {
    pub conversation_id: String,
    pub subtopic: String,
    #[serde(deserialize_with = "bytes")]
    pub app_id_hex: Vec<u8>,
    #[serde(deserialize_with = "bytes")]
    pub payload_hex: Vec<u8>,
    /// Nanoseconds since the Unix epoch; a decimal string, since JavaScript numbers are not exact to so many
    /// digits.
    #[serde(deserialize_with = "integer")]
    pub timestamp: i64,
}

/// The command of a line, and the `id` that the reply repeats.
pub fn parse(line: &[u8]) -> (Value, Result<Command, String>) {
    match serde_json::from_slice::<Value>(line) {
        Ok(request) => {
            let id = request.get("id").cloned().unwrap_or_default();
            (id, serde_json::from_value(request).map_err(|error| error.to_string()))
        }
        Err(error) => (Value::Null, Err(error.to_string())),
    }
}

pub fn reply(id: Value, result: Result<Value, String>) -> Value {
    match result {
        Ok(result) => json!({ "type": "reply", "id": id, "ok": true, "result": result }),
        Err(error) => json!({ "type": "reply", "id": id, "ok": false, "error": error }),
    }
}

fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    hex::decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

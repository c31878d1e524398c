//! WakuMessage (Waku RFC 14), with the values that de-mls uses.

use prost::Message;
use serde_json::{Value, json};

use crate::protocol::PacketToPublish;

/// Protocol id of Waku relay: gossipsub under another name.
pub const PROTOCOL_ID: &str = "/vac/waku/relay/2.0.0";

/// The one topic that de-mls uses: cluster 15, shard 1.
pub const TOPIC: &str = "/waku/2/rs/15/1";

/// `version` of a message whose payload is encrypted by the application.
const VERSION: u32 = 2;

#[derive(Clone, PartialEq, Message)]
pub struct WakuMessage {
    #[prost(bytes = "vec", tag = "1")]
    payload: Vec<u8>,
    #[prost(string, tag = "2")]
    content_topic: String,
    #[prost(uint32, optional, tag = "3")]
    version: Option<u32>,
    /// Nanoseconds since the Unix epoch.
    #[prost(sint64, optional, tag = "10")]
    timestamp: Option<i64>,
    /// The sender's app id.
    #[prost(bytes = "vec", optional, tag = "11")]
    meta: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "21")]
    rate_limit_proof: Option<Vec<u8>>,
    #[prost(bool, optional, tag = "31")]
    ephemeral: Option<bool>,
}

/// A packet as one WakuMessage.
pub fn encode(packet: PacketToPublish) -> Vec<u8> {
    let content_topic = format!("/{}/1/{}/proto", packet.conversation_id, packet.subtopic);
    WakuMessage {
        payload: packet.payload_hex,
        content_topic,
        version: Some(VERSION),
        timestamp: Some(packet.timestamp),
        meta: Some(packet.app_id_hex),
        rate_limit_proof: None,
        ephemeral: None,
    }
    .encode_to_vec()
}

/// The fields of a message; `null` if `data` is not a WakuMessage.
pub fn view(data: &[u8]) -> Value {
    let Ok(message) = WakuMessage::decode(data) else { return Value::Null };
    json!({
        "payload_hex": hex::encode(message.payload),
        "content_topic": message.content_topic,
        "version": message.version,
        "timestamp": message.timestamp.map(|nanoseconds| nanoseconds.to_string()),
        "meta_hex": message.meta.map(hex::encode),
    })
}

//! The input lines: one JSON object each, distinguished by `cmd`.

use de_mls::app::CreatorVote;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::ConfigOverrides;

/// A command with the fields common to all commands.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// The user of the command; only `poll_all`, `tick` and `quit` have none.
    #[serde(default)]
    pub user: Option<String>,
    #[serde(flatten)]
    pub command: Command,
}

/// The commands of the peer protocol, by its names.
#[derive(Debug, Deserialize)]
#[serde(tag = "cmd", rename_all = "snake_case")]
pub enum Command {
    NewUser {
        secret_key_hex: String,
        #[serde(default)]
        config: ConfigOverrides,
        #[serde(default)]
        verbose: bool,
    },
    CreateConversation {
        conversation_id: String,
        #[serde(default)]
        config: ConfigOverrides,
    },
    Join {
        conversation_id: String,
        #[serde(default)]
        config: ConfigOverrides,
    },
    KeyPackage,
    SendKeyPackage {
        conversation_id: String,
        key_package_b64: Option<String>,
    },
    Invite {
        conversation_id: String,
        key_package_b64: String,
        #[serde(default)]
        creator_vote: OwnVote,
        #[serde(default)]
        mode: InviteMode,
    },
    Remove {
        conversation_id: String,
        identity_hex: String,
        #[serde(default)]
        creator_vote: OwnVote,
    },
    BanRequest {
        conversation_id: String,
        identity_hex: String,
    },
    Propose {
        conversation_id: String,
        request_hex: String,
        #[serde(default)]
        creator_vote: OwnVote,
    },
    Vote {
        conversation_id: String,
        proposal_id: u32,
        vote: bool,
    },
    SendMessage {
        conversation_id: String,
        text: Option<String>,
        data_hex: Option<String>,
    },
    Leave {
        conversation_id: String,
    },
    Inbound(Inbound),
    Poll,
    PollAll,
    Tick {
        ms: u64,
    },
    State {
        conversation_id: String,
    },
    List,
    SendSync {
        conversation_id: String,
    },
    RegenerateStewardList {
        conversation_id: String,
    },
    EncryptRaw {
        conversation_id: String,
        app_message_hex: String,
    },
    Quit,
}

/// A packet that the driver delivers.
#[derive(Debug, Deserialize)]
pub struct Inbound {
    pub payload_b64: String,
    pub subtopic: String,
    pub conversation_id: String,
    /// Hex.
    pub app_id: String,
    /// Time of arrival at the transport, which the crate does not read.
    #[serde(default)]
    pub timestamp: i64,
}

/// Whether a proposer's yes vote is bundled with its proposal. The default is that it is, as in the crate's
/// own calls.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnVote {
    #[default]
    Yes,
    Deferred,
}

impl From<OwnVote> for CreatorVote {
    fn from(vote: OwnVote) -> Self {
        match vote {
            OwnVote::Yes => Self::Yes,
            OwnVote::Deferred => Self::Deferred,
        }
    }
}

/// Handling of an invited key package. By default a vote is opened.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteMode {
    #[default]
    Propose,
    /// As for a key package received on the welcome subtopic.
    Buffer,
}

/// The `id` of a line, if any, and its request or an error.
///
/// A field with the value `null` counts as absent.
pub fn parse(line: &[u8]) -> (Option<Value>, Result<Request, String>) {
    let mut value: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(error) => return (None, Err(format!("not JSON: {error}"))),
    };
    let id = value.get("id").cloned();
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, field| !field.is_null());
    }
    let request = serde_json::from_value(value).map_err(|error| format!("bad command: {error}"));
    (id, request)
}

/// The reply to a command, with the command's `id`.
pub fn reply(id: Option<Value>, result: Result<Value, String>) -> Value {
    let mut reply = match result {
        Ok(result) => json!({ "type": "reply", "ok": true, "result": result }),
        Err(error) => json!({ "type": "reply", "ok": false, "error": error }),
    };
    if let Some(id) = id {
        reply["id"] = id;
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(line: &str) -> (Option<Value>, String) {
        let (id, request) = parse(line.as_bytes());
        (id, request.expect_err("a bad line"))
    }

    #[test]
    fn a_line_that_is_not_json_has_no_id() {
        for line in ["nope", ""] {
            let (id, error) = error_of(line);
            assert_eq!(id, None);
            assert!(error.starts_with("not JSON"), "{error}");
        }
    }

    #[test]
    fn a_reply_repeats_the_id_and_has_none_of_its_own() {
        assert_eq!(reply(Some(json!("a")), Ok(Value::Null))["id"], "a");
        assert_eq!(reply(None, Err("no".to_owned())), json!({ "type": "reply", "ok": false, "error": "no" }));
    }

    #[test]
    fn a_null_field_counts_as_left_out() {
        let line = br#"{"cmd":"join","user":"a","conversation_id":"c","config":null}"#;
        assert!(matches!(parse(line).1.unwrap().command, Command::Join { .. }));
    }

    #[test]
    fn an_unknown_command_keeps_its_id() {
        let (id, error) = error_of(r#"{"id":[7],"cmd":"dance"}"#);
        assert_eq!(id, Some(json!([7])));
        assert!(error.contains("dance"), "{error}");
    }

    #[test]
    fn a_proposers_yes_is_bundled_unless_deferred() {
        let parsed = |line: &str| parse(line.as_bytes()).1.unwrap().command;
        let absent = parsed(r#"{"cmd":"remove","user":"a","conversation_id":"c","identity_hex":""}"#);
        assert!(matches!(absent, Command::Remove { creator_vote: OwnVote::Yes, .. }));
        let deferred = parsed(
            r#"{"cmd":"propose","user":"a","conversation_id":"","request_hex":"","creator_vote":"deferred"}"#,
        );
        assert!(matches!(deferred, Command::Propose { creator_vote: OwnVote::Deferred, .. }));
    }

    #[test]
    fn a_misspelt_config_key_is_refused() {
        let (_, error) =
            error_of(r#"{"cmd":"new_user","user":"a","secret_key_hex":"","config":{"freez_ms":1}}"#);
        assert!(error.contains("freez_ms"), "{error}");
    }
}

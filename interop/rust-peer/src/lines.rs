//! Lines other than replies.

use de_mls::{
    core::SessionEvent,
    ds::{APP_MSG_SUBTOPIC, OutboundPacket, WELCOME_SUBTOPIC},
    protos::de_mls::messages::v1::{AppMessage, WelcomeMessage},
};
use hashgraph_like_consensus::types::ConsensusEvent;
use prost::Message;
use serde_json::{Value, json};

use crate::{bytes, observations::Observations, view};

/// Lines to print, in order.
pub type Lines = Vec<Value>;

/// The first line of a process.
pub fn ready() -> Value {
    json!({ "type": "ready", "version": "de-mls 3.0.0", "pid": std::process::id() })
}

/// Writes lines about the events of one user.
pub struct Reporter {
    user: String,
    observations: Observations,
    packets_published: u64,
}

impl Reporter {
    /// Creates a reporter for the user `name`; `observations` have the plaintexts of its ciphertexts.
    pub fn new(name: &str, observations: Observations) -> Self {
        Self { user: name.to_owned(), observations, packets_published: 0 }
    }

    /// A packet to publish. The packets of each user are numbered from 1.
    pub fn packet(&mut self, packet: &OutboundPacket) -> Value {
        self.packets_published += 1;
        json!({
            "type": "packet",
            "user": self.user,
            "seq": self.packets_published,
            "conversation_id": packet.conversation_id,
            "subtopic": packet.subtopic,
            "app_id": hex::encode(&packet.app_id),
            "payload_b64": bytes::to_base64(&packet.payload),
            "meaning": self.meaning(packet),
        })
    }

    /// The plaintext of a packet, or its content if it is not encrypted: a key package, a welcome or a commit
    /// candidate.
    fn meaning(&self, packet: &OutboundPacket) -> Option<Value> {
        if let Some(message) = self.observations.take_sealed(&packet.payload) {
            return Some(view::app_message(&message));
        }
        let payload = packet.payload.as_slice();
        match packet.subtopic.as_str() {
            APP_MSG_SUBTOPIC => AppMessage::decode(payload).ok().as_ref().map(view::app_message),
            WELCOME_SUBTOPIC => WelcomeMessage::decode(payload).ok().as_ref().map(view::welcome_message),
            _ => None,
        }
    }

    /// An event of a conversation: its name and its fields.
    pub fn event(&self, conversation_id: &str, event: &SessionEvent) -> Value {
        let (name, fields) = event_fields(event);
        let mut line = json!({
            "type": "event",
            "user": self.user,
            "conversation_id": conversation_id,
            "event": name,
        });
        if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
            line.extend(fields);
        }
        line
    }

    /// A conversation was `created` or `removed`.
    pub fn lifecycle(&self, event: &str, conversation_id: &str) -> Value {
        json!({
            "type": "lifecycle",
            "user": self.user,
            "event": event,
            "conversation_id": conversation_id,
        })
    }

    /// A proposal was decided, or failed.
    pub fn consensus(&self, conversation_id: &str, outcome: &ConsensusEvent) -> Value {
        json!({
            "type": "consensus",
            "user": self.user,
            "conversation_id": conversation_id,
            "outcome": outcome_view(outcome),
        })
    }

    /// A freeze ended: `applied` or `timed_out`.
    pub fn freeze(&self, conversation_id: &str, status: &str) -> Value {
        json!({
            "type": "freeze",
            "user": self.user,
            "conversation_id": conversation_id,
            "status": status,
        })
    }

    /// A step other than a command has failed.
    pub fn error(&self, conversation_id: &str, op: &str, error: &str) -> Value {
        json!({
            "type": "error",
            "user": self.user,
            "conversation_id": conversation_id,
            "op": op,
            "error": error,
        })
    }
}

fn event_fields(event: &SessionEvent) -> (&'static str, Value) {
    match event {
        SessionEvent::AppMessage(message) => ("app_message", json!({ "app": view::app_message(message) })),
        SessionEvent::Joined => ("joined", json!({})),
        SessionEvent::Leaving => ("leaving", json!({})),
        SessionEvent::Error { operation, message } => {
            ("error", json!({ "operation": operation, "message": message }))
        }
        SessionEvent::OwnProposalSubmitted { proposal_id, request } => (
            "own_proposal_submitted",
            json!({ "proposal_id": proposal_id, "request": view::update(request) }),
        ),
        SessionEvent::CommitApplied(batch) => {
            ("commit_applied", json!({ "batch": batch.iter().map(view::update).collect::<Vec<_>>() }))
        }
        SessionEvent::PhaseChange(state) => ("phase_change", json!({ "state": state.to_string() })),
        SessionEvent::ProposalDecided(outcome) => {
            ("proposal_decided", json!({ "outcome": outcome_view(outcome) }))
        }
    }
}

fn outcome_view(outcome: &ConsensusEvent) -> Value {
    match outcome {
        ConsensusEvent::ConsensusReached { proposal_id, result, .. } => {
            json!({ "kind": "reached", "proposal_id": proposal_id, "result": result })
        }
        ConsensusEvent::ConsensusFailed { proposal_id, .. } => {
            json!({ "kind": "failed", "proposal_id": proposal_id })
        }
    }
}

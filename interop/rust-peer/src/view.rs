//! Decoded views: protobuf messages as JSON for a driver to read.
//!
//! Bytes are lower-case hex. 64-bit integers are decimal strings, since many JSON parsers round them.

use de_mls::protos::de_mls::messages::v1::{
    AppMessage, ConversationSync, ConversationUpdateRequest, PeerScore, TimingConfig, ViolationEvidence,
    WelcomeMessage, app_message, conversation_update_request, welcome_message,
};
use hashgraph_like_consensus::protos::consensus::v1::{Proposal, Vote};
use prost::Message;
use serde_json::{Value, json};

/// An `AppMessage`, by the kind of its payload; `{"kind":"none"}` without one.
pub fn app_message(message: &AppMessage) -> Value {
    use app_message::Payload;
    match &message.payload {
        None => none(),
        Some(Payload::ConversationMessage(chat)) => json!({
            "kind": "conversation_message",
            "text": String::from_utf8_lossy(&chat.message),
            "message": hex::encode(&chat.message),
            "sender": chat.sender,
            "conversation_name": chat.conversation_name,
        }),
        Some(Payload::BanRequest(ban)) => json!({
            "kind": "ban_request",
            "user_to_ban": hex::encode(&ban.user_to_ban),
            "conversation_name": ban.conversation_name,
        }),
        Some(Payload::Proposal(inner)) => json!({ "kind": "proposal", "proposal": proposal(inner) }),
        Some(Payload::Vote(inner)) => json!({ "kind": "vote", "vote": vote(inner) }),
        Some(Payload::VotePayload(banner)) => json!({
            "kind": "vote_payload",
            "conversation_id": banner.conversation_id,
            "proposal_id": banner.proposal_id,
            "payload": hex::encode(&banner.payload),
            "decoded_payload": decoded_update(&banner.payload),
            "timestamp": banner.timestamp.to_string(),
        }),
        Some(Payload::UserVote(cast)) => json!({
            "kind": "user_vote",
            "proposal_id": cast.proposal_id,
            "vote": cast.vote,
            "conversation_name": cast.conversation_name,
        }),
        Some(Payload::ProposalAdded(added)) => json!({
            "kind": "proposal_added",
            "conversation_id": added.conversation_id,
            "request": added.request.as_ref().map(update),
        }),
        Some(Payload::CommitCandidate(candidate)) => json!({
            "kind": "commit_candidate",
            "conversation_name": hex::encode(&candidate.conversation_name),
            "mls_proposals": hex_each(&candidate.mls_proposals),
            "commit_message": hex::encode(&candidate.commit_message),
            "steward_identity": hex::encode(&candidate.steward_identity),
        }),
        Some(Payload::ConversationSync(inner)) => conversation_sync(inner),
    }
}

/// A `WelcomeMessage`, by the kind of its payload; `{"kind":"none"}` without one.
pub fn welcome_message(message: &WelcomeMessage) -> Value {
    use welcome_message::Payload;
    match &message.payload {
        None => none(),
        Some(Payload::UserKeyPackage(package)) => json!({
            "kind": "user_key_package",
            "key_package_bytes": hex::encode(&package.key_package_bytes),
        }),
        Some(Payload::InvitationToJoin(invitation)) => json!({
            "kind": "invitation_to_join",
            "mls_message_out_bytes": hex::encode(&invitation.mls_message_out_bytes),
        }),
    }
}

/// A `ConversationUpdateRequest`, by the kind of its payload; `{"kind":"none"}` without one.
pub fn update(request: &ConversationUpdateRequest) -> Value {
    use conversation_update_request::Payload;
    match &request.payload {
        None => none(),
        Some(Payload::InviteMember(invite)) => json!({
            "kind": "invite_member",
            "identity": hex::encode(&invite.identity),
            "key_package_bytes": hex::encode(&invite.key_package_bytes),
        }),
        Some(Payload::RemoveMember(remove)) => json!({
            "kind": "remove_member",
            "identity": hex::encode(&remove.identity),
        }),
        Some(Payload::EmergencyCriteria(emergency)) => json!({
            "kind": "emergency_criteria",
            "evidence": emergency.evidence.as_ref().map(evidence),
        }),
        Some(Payload::StewardElection(election)) => json!({
            "kind": "steward_election",
            "proposed_stewards": hex_each(&election.proposed_stewards),
            "election_epoch": election.election_epoch.to_string(),
            "retry_round": election.retry_round,
        }),
    }
}

/// A consensus proposal. Its payload is also decoded if it is an update request.
pub fn proposal(proposal: &Proposal) -> Value {
    json!({
        "name": proposal.name,
        "payload": hex::encode(&proposal.payload),
        "decoded_payload": decoded_update(&proposal.payload),
        "proposal_id": proposal.proposal_id,
        "proposal_owner": hex::encode(&proposal.proposal_owner),
        "votes": proposal.votes.iter().map(vote).collect::<Vec<_>>(),
        "expected_voters_count": proposal.expected_voters_count,
        "round": proposal.round,
        "timestamp": proposal.timestamp.to_string(),
        "expiration_timestamp": proposal.expiration_timestamp.to_string(),
        "liveness_criteria_yes": proposal.liveness_criteria_yes,
    })
}

fn vote(vote: &Vote) -> Value {
    json!({
        "vote_id": vote.vote_id,
        "vote_owner": hex::encode(&vote.vote_owner),
        "proposal_id": vote.proposal_id,
        "timestamp": vote.timestamp.to_string(),
        "vote": vote.vote,
        "parent_hash": hex::encode(&vote.parent_hash),
        "received_hash": hex::encode(&vote.received_hash),
        "vote_hash": hex::encode(&vote.vote_hash),
        "signature": hex::encode(&vote.signature),
    })
}

fn conversation_sync(sync: &ConversationSync) -> Value {
    json!({
        "kind": "conversation_sync",
        "steward_members": hex_each(&sync.steward_members),
        "election_epoch": sync.election_epoch.to_string(),
        "sn_min": sync.sn_min,
        "sn_max": sync.sn_max,
        "allow_subset_candidates": sync.allow_subset_candidates,
        "peer_scores": sync.peer_scores.iter().map(peer_score).collect::<Vec<_>>(),
        "timing": sync.timing.as_ref().map(timing),
        "retry_round": sync.retry_round,
        "max_reelection_attempts": sync.max_reelection_attempts,
        "liveness_criteria_yes": sync.liveness_criteria_yes,
        "threshold_peer_score": sync.threshold_peer_score.to_string(),
        "pending_update_max_epochs": sync.pending_update_max_epochs,
    })
}

fn peer_score(entry: &PeerScore) -> Value {
    json!({ "member_id": hex::encode(&entry.member_id), "score": entry.score.to_string() })
}

fn timing(timing: &TimingConfig) -> Value {
    json!({
        "commit_inactivity_duration_ms": timing.commit_inactivity_duration_ms.to_string(),
        "freeze_duration_ms": timing.freeze_duration_ms.to_string(),
        "proposal_expiration_ms": timing.proposal_expiration_ms.to_string(),
        "consensus_timeout_ms": timing.consensus_timeout_ms.to_string(),
        "recovery_inactivity_duration_ms": timing.recovery_inactivity_duration_ms.to_string(),
    })
}

fn evidence(evidence: &ViolationEvidence) -> Value {
    json!({
        "violation_type": evidence.violation_type,
        "target_member_id": hex::encode(&evidence.target_member_id),
        "evidence_payload": hex::encode(&evidence.evidence_payload),
        "epoch": evidence.epoch.to_string(),
        "creator_member_id": hex::encode(&evidence.creator_member_id),
    })
}

/// `null` for bytes that are not a `ConversationUpdateRequest`, since the payload of a proposal may be any
/// bytes.
fn decoded_update(payload: &[u8]) -> Option<Value> {
    ConversationUpdateRequest::decode(payload).ok().as_ref().map(update)
}

fn hex_each(items: &[Vec<u8>]) -> Vec<String> {
    items.iter().map(hex::encode).collect()
}

fn none() -> Value {
    json!({ "kind": "none" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTORS: &str = include_str!("../../../vectors/01_protobuf.json");

    /// This program's view of the message in a vector.
    fn shown(message_type: &str, encoded: &[u8]) -> Value {
        match message_type {
            "AppMessage" => app_message(&AppMessage::decode(encoded).unwrap()),
            "WelcomeMessage" => welcome_message(&WelcomeMessage::decode(encoded).unwrap()),
            "consensus.v1.Proposal" => proposal(&Proposal::decode(encoded).unwrap()),
            "consensus.v1.Vote" => vote(&Vote::decode(encoded).unwrap()),
            other => panic!("no view of {other}"),
        }
    }

    #[test]
    fn every_recorded_message_is_shown_as_recorded() {
        let recorded: Value = serde_json::from_str(VECTORS).unwrap();
        let vectors = recorded["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 47);
        for vector in vectors {
            let encoded = hex::decode(vector["hex"].as_str().unwrap()).unwrap();
            let value = shown(vector["type"].as_str().unwrap(), &encoded);
            assert_eq!(value, vector["value"], "{}", vector["name"]);
        }
    }
}

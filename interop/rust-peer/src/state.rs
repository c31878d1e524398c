//! The `state` of a conversation, as one member sees it.

use std::collections::HashMap;

use de_mls::core::StewardList;
use hashgraph_like_consensus::{
    session::{ConsensusSession, ConsensusState},
    storage::ConsensusStorage,
};
use serde_json::{Value, json};

use crate::{
    failure::describe,
    member::{Member, Session, SessionGuard, read},
    observations::StewardListSnapshot,
    view,
};

/// The result of the command `state`. Content of hash maps is sorted, so that equal states have equal
/// results.
///
/// # Errors
/// The user is not in the conversation, or its MLS group or consensus storage fails.
pub async fn state(member: &Member, conversation_id: &str) -> Result<Value, String> {
    let session = member.session(conversation_id)?;
    let consensus = consensus_sessions(&session, conversation_id).await?;
    let runner = read(&session);
    let (epoch, retry_round) = runner.get_epoch_and_retry().map_err(describe)?;
    let (received, expected) = runner.get_freeze_candidate_count();
    let scores = sorted_scores(&runner);
    Ok(json!({
        "conversation_id": conversation_id,
        "state": runner.get_conversation_state().to_string(),
        "epoch": epoch,
        "retry_round": retry_round,
        "self": member.id(),
        "is_steward": runner.is_steward_for_self(),
        "members": members(&runner, &scores)?,
        "scores": scores.iter().map(|(id, score)| json!({ "id": id, "score": score })).collect::<Vec<_>>(),
        "pending_leave": pending_leave(&runner),
        "pending_updates": runner.get_pending_update_count(),
        "freeze": { "received": received, "expected": expected },
        "approved": approved(&runner),
        "steward_list": member.observations.steward_list(conversation_id).as_ref().map(steward_list),
        "consensus": consensus,
    }))
}

fn sorted_scores(runner: &SessionGuard<'_>) -> Vec<(String, i64)> {
    let mut scores: Vec<(String, i64)> =
        runner.get_member_scores().into_iter().map(|(id, score)| (hex::encode(id), score)).collect();
    scores.sort();
    scores
}

/// In the order of the MLS leaves. A member that is not scored yet has a `null` score.
fn members(runner: &SessionGuard<'_>, scores: &[(String, i64)]) -> Result<Vec<Value>, String> {
    let ids = runner.get_conversation_members().map_err(describe)?;
    // Without a group there are no roles. For them the crate returns an error and not an empty list.
    let roles: HashMap<Vec<u8>, String> = runner
        .get_member_roles()
        .unwrap_or_default()
        .into_iter()
        .map(|(id, role)| (id, role.to_string()))
        .collect();
    Ok(ids
        .into_iter()
        .map(|id| {
            let role = roles.get(&id);
            let id = hex::encode(id);
            let score = scores.iter().find(|(scored, _)| *scored == id).map(|(_, score)| score);
            json!({ "id": id, "score": score, "role": role })
        })
        .collect())
}

/// Empty before the join; the crate returns an error then.
fn pending_leave(runner: &SessionGuard<'_>) -> Vec<String> {
    runner.get_pending_leave_identities().unwrap_or_default().into_iter().map(hex::encode).collect()
}

/// Sorted by kind and identity, since the crate does not give the order of approval.
fn approved(runner: &SessionGuard<'_>) -> Vec<Value> {
    let mut updates: Vec<Value> =
        runner.get_approved_proposal_for_current_epoch().iter().map(view::update).collect();
    updates.sort_by_cached_key(|update| (update["kind"].to_string(), update["identity"].to_string()));
    updates
}

fn steward_list(snapshot: &StewardListSnapshot) -> Value {
    let list = snapshot.list.as_ref();
    let members = list.map_or(&[][..], StewardList::members);
    json!({
        "has_list": list.is_some(),
        "members": members.iter().map(hex::encode).collect::<Vec<_>>(),
        "election_epoch": list.map(StewardList::election_epoch),
        "list_retry_round": list.map(StewardList::retry_round),
        "retry_round": snapshot.retry_round,
        "max_retries": snapshot.max_retries,
        "sn_min": snapshot.config.sn_min,
        "sn_max": snapshot.config.sn_max,
        "allow_subset_candidates": snapshot.config.allow_subset_candidates,
    })
}

/// The sessions that the consensus storage still holds (ten at most), oldest proposal first.
async fn consensus_sessions(session: &Session, conversation_id: &str) -> Result<Vec<Value>, String> {
    let consensus = read(session).consensus.clone();
    let mut sessions = consensus
        .storage()
        .list_scope_sessions(&conversation_id.to_owned())
        .await
        .map_err(describe)?
        .unwrap_or_default();
    sessions.sort_by_key(|session| (session.proposal.timestamp, session.proposal.proposal_id));
    Ok(sessions.iter().map(consensus_session).collect())
}

fn consensus_session(session: &ConsensusSession) -> Value {
    let state = match session.state {
        ConsensusState::Active => "active",
        ConsensusState::Failed => "failed",
        ConsensusState::ConsensusReached(true) => "yes",
        ConsensusState::ConsensusReached(false) => "no",
    };
    json!({
        "proposal_id": session.proposal.proposal_id,
        "state": state,
        "votes": session.votes.len(),
        "yes": session.votes.values().filter(|vote| vote.vote).count(),
        "proposal": view::proposal(&session.proposal),
    })
}

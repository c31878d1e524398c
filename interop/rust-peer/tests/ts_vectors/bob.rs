//! The bob of vectors/08_mls.json as a member, made from the crate's own types.

use std::sync::Arc;

use alloy::signers::local::PrivateKeySigner;
use de_mls::{
    core::ConversationPluginsFactory,
    defaults::{DefaultConversationPluginsFactory, DefaultMlsService, MemoryDeMlsStorage},
    identity::Identity,
    mls_crypto::{
        DeMlsStorage, DecryptResult, MlsCredentials, MlsProposalOutput, MlsService, StagedCandidateResult,
    },
    protos::de_mls::messages::v1::{
        AppMessage, CommitCandidate, WelcomeMessage, app_message, welcome_message,
    },
};
use hashgraph_like_consensus::{
    protos::consensus::v1::{Proposal, Vote},
    service::DefaultConsensusService,
    signing::EthereumConsensusSigner,
    storage::ConsensusStorage,
};
use prost::Message;
use serde_json::Value;

use crate::{
    clock,
    json::{bytes, list, load, seconds, text},
    key_package, view,
};

/// Result of a check; the error is the fault of a vector.
pub type Verdict<T> = Result<T, String>;

/// A member that only receives.
pub struct Bob {
    factory: DefaultConversationPluginsFactory,
    /// `None` until the welcome arrives.
    mls: Option<DefaultMlsService>,
    consensus: DefaultConsensusService,
}

impl Bob {
    /// Creates bob with the private part of his key package, from his store as recorded before any welcome.
    pub fn restored() -> Self {
        let recorded = load("08_mls.json");
        let storage = MemoryDeMlsStorage::new();
        for entry in list(&recorded, "bob_storage_before_welcome") {
            let value = text(entry, "value_text").as_bytes().to_vec();
            storage.mls_storage().values.write().expect("a lock").insert(bytes(entry, "key_hex"), value);
            storage.store_key_package_ref(&reference_in(text(entry, "key_text"))).expect("room for it");
        }
        // His signature key is a new one, since the crate accepts no existing key. A member that only
        // receives signs nothing.
        let identity = Recorded(bytes(&recorded["members"], "bob"));
        let credentials = MlsCredentials::from_identity(&identity).expect("credentials");
        let signer = EthereumConsensusSigner::new(PrivateKeySigner::random());
        Self {
            factory: DefaultConversationPluginsFactory::new(Arc::new(storage), Arc::new(credentials)),
            mls: None,
            consensus: DefaultConsensusService::new(signer),
        }
    }

    /// Processes one packet of the conversation as the crate's session does, and compares it with the vector.
    pub async fn receive(&mut self, packet: &Value, members: &Value) -> Verdict<()> {
        clock::set(seconds(packet, "at"));
        let from = bytes(members, text(packet, "from"));
        let payload = bytes(packet, "payload");
        match text(packet, "kind") {
            "invitation_to_join" => self.join(&payload),
            "user_key_package" => ask(&payload, &from),
            "commit_candidate" => self.follow(&payload, &from),
            _ => self.open(&payload, &from, packet).await,
        }
    }

    /// The name of bob's conversation.
    pub fn conversation(&self) -> String {
        self.joined().conversation_id().to_owned()
    }

    pub fn epoch(&self) -> u64 {
        self.joined().current_epoch().expect("an epoch")
    }

    /// The members' ids in order.
    pub fn members(&self) -> Vec<String> {
        let mut members: Vec<_> = self.joined().members().expect("members").iter().map(hex::encode).collect();
        members.sort();
        members
    }

    /// Whether a proposal was accepted, by the votes that bob has received.
    pub async fn decision(&self, proposal_id: u32) -> Verdict<bool> {
        let storage = self.consensus.storage();
        storage.get_consensus_result(&self.conversation(), proposal_id).await.map_err(described)
    }

    fn joined(&self) -> &DefaultMlsService {
        self.mls.as_ref().expect("a member")
    }

    fn join(&mut self, payload: &[u8]) -> Verdict<()> {
        let Some(welcome_message::Payload::InvitationToJoin(invitation)) = welcome(payload)? else {
            return Err("no invitation".to_owned());
        };
        let mls = self.factory.welcome_mls(&invitation.mls_message_out_bytes).map_err(described)?;
        self.mls = Some(mls.ok_or("the welcome is not for bob")?);
        Ok(())
    }

    /// Stages a candidate, and merges it.
    fn follow(&mut self, payload: &[u8], from: &[u8]) -> Verdict<()> {
        let candidate = candidate(payload)?;
        let mls = self.mls.as_mut().ok_or("not joined")?;
        expect("the conversation", candidate.conversation_name, mls.conversation_id().as_bytes().to_vec())?;
        expect("the steward", &*candidate.steward_identity, from)?;
        let staged = mls
            .stage_remote_commit(&candidate.mls_proposals, &candidate.commit_message)
            .map_err(described)?;
        let StagedCandidateResult::Staged { commit_sender, proposal_senders, self_removed, actions } = staged
        else {
            return Err("the candidate was not staged".to_owned());
        };
        expect("the committer", &*commit_sender, from)?;
        expect("the proposers", proposal_senders, vec![from.to_vec(); candidate.mls_proposals.len()])?;
        expect("bob's removal", self_removed, false)?;
        mls.merge_staged_commit().map_err(described)?;
        match actions.as_slice() {
            [MlsProposalOutput::Add(added)] => {
                expect("the newcomer's membership", mls.is_member(added), true)
            }
            [MlsProposalOutput::Remove(removed)] => {
                expect("the membership left", mls.is_member(removed), false)
            }
            other => Err(format!("one addition or removal was to be staged, not {other:?}")),
        }
    }

    /// Decrypts a message, and processes it if it is a proposal or a vote.
    async fn open(&mut self, payload: &[u8], from: &[u8], packet: &Value) -> Verdict<()> {
        let mls = self.mls.as_mut().ok_or("not joined")?;
        let DecryptResult::Application(opened, sender) =
            mls.decrypt_application_only(payload).map_err(described)?
        else {
            return Err("the message was ignored".to_owned());
        };
        expect("the sender", &*sender, from)?;
        expect("the content", &*opened, &*bytes(packet, "sealed"))?;
        let message = AppMessage::decode(&*opened).map_err(described)?;
        expect("the fields", &view::app_message(&message), &packet["decoded"])?;
        match message.payload {
            Some(app_message::Payload::Proposal(proposal)) => self.count_proposal(proposal).await,
            Some(app_message::Payload::Vote(vote)) => self.count_vote(vote).await,
            _ => Ok(()),
        }
    }

    /// Processes a proposal. First checks that the same proposal with a forged vote is rejected, so that
    /// signatures are verified.
    async fn count_proposal(&self, proposal: Proposal) -> Verdict<()> {
        let scope = self.conversation();
        let mut forged = proposal.clone();
        if let Some(vote) = forged.votes.first_mut() {
            vote.signature[0] ^= 1;
            if self.consensus.process_incoming_proposal(&scope, forged).await.is_ok() {
                return Err("a proposal with a forged vote was taken".to_owned());
            }
        }
        self.consensus.process_incoming_proposal(&scope, proposal).await.map_err(described)
    }

    /// Processes a vote. First checks that a forged one is rejected.
    async fn count_vote(&self, vote: Vote) -> Verdict<()> {
        let scope = self.conversation();
        let mut forged = vote.clone();
        forged.signature[0] ^= 1;
        if self.consensus.process_incoming_vote(&scope, forged).await.is_ok() {
            return Err("a forged vote was counted".to_owned());
        }
        self.consensus.process_incoming_vote(&scope, vote).await.map_err(described)
    }
}

/// Checks the key package of a joiner.
fn ask(payload: &[u8], from: &[u8]) -> Verdict<()> {
    let Some(welcome_message::Payload::UserKeyPackage(asked)) = welcome(payload)? else {
        return Err("no key package".to_owned());
    };
    let key_package = key_package::validated_json(&asked.key_package_bytes)?;
    expect("the owner", key_package::identity(&key_package), from)
}

fn welcome(payload: &[u8]) -> Verdict<Option<welcome_message::Payload>> {
    Ok(WelcomeMessage::decode(payload).map_err(described)?.payload)
}

fn candidate(payload: &[u8]) -> Verdict<CommitCandidate> {
    match AppMessage::decode(payload).map_err(described)?.payload {
        Some(app_message::Payload::CommitCandidate(candidate)) => Ok(candidate),
        _ => Err("no commit candidate".to_owned()),
    }
}

/// Key package reference in an entry's key: a label, the JSON of the reference and two version bytes.
fn reference_in(key: &str) -> Vec<u8> {
    let json = key.trim_start_matches("KeyPackage").trim_end_matches(|end| end != '}');
    let reference: Value = serde_json::from_str(json).expect("a reference");
    serde_json::from_value(reference["value"]["vec"].clone()).expect("bytes")
}

/// Fails unless `actual` equals `expected`.
pub fn expect<T: PartialEq + std::fmt::Debug>(what: &str, actual: T, expected: T) -> Verdict<()> {
    if actual == expected { Ok(()) } else { Err(format!("{what}: {actual:?} instead of {expected:?}")) }
}

/// An error in words.
pub fn described(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// An identity given by its bytes.
pub struct Recorded(pub Vec<u8>);

impl Identity for Recorded {
    fn identity_bytes(&self) -> &[u8] {
        &self.0
    }

    fn identity_display(&self) -> &str {
        "bob"
    }
}

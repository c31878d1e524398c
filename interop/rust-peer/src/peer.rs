//! The users of a process, and the commands on them.

use std::{collections::BTreeMap, sync::PoisonError};

use de_mls::{
    app::{CreatorVote, SessionRunner},
    ds::InboundPacket,
    identity::Identity,
    mls_crypto::{KeyPackageBytes, key_package_bytes_from_json},
    protos::de_mls::messages::v1::{
        BanRequest, ConversationUpdateRequest, InviteMember, RemoveMember,
        conversation_update_request::Payload,
    },
};
use prost::Message;
use serde_json::{Value, json};

use crate::{
    bytes::{from_base64, from_hex, to_base64},
    config::ConfigOverrides,
    failure::describe,
    lines::Lines,
    member::{Member, read},
    protocol::{Command, Inbound, InviteMode, Request},
    state::state,
};

/// Result of a command.
type Answer = Result<Value, String>;

/// The users of this process, by name.
#[derive(Default)]
pub struct Peer {
    members: BTreeMap<String, Member>,
}

impl Peer {
    /// Runs a command, and prints its effects even if it fails.
    pub async fn execute(&mut self, request: Request, lines: &mut Lines) -> Answer {
        if let Command::PollAll = request.command {
            self.poll_all(lines).await;
            return Ok(Value::Null);
        }
        let name = request.user.ok_or("user: missing")?;
        if let Command::NewUser { secret_key_hex, config, .. } = &request.command {
            return self.new_user(&name, secret_key_hex, config);
        }
        let member = self.members.get_mut(&name).ok_or_else(|| format!("user: no user {name:?}"))?;
        let answer = act(member, request.command, lines).await;
        member.settle(lines).await;
        answer
    }

    /// Fires the due timers of every user.
    pub async fn poll_all(&mut self, lines: &mut Lines) {
        for member in self.members.values_mut() {
            member.poll(lines).await;
        }
    }

    fn new_user(&mut self, name: &str, secret_key_hex: &str, config: &ConfigOverrides) -> Answer {
        if self.members.contains_key(name) {
            return Err(format!("user: {name:?} exists"));
        }
        let secret_key = from_hex("secret_key_hex", secret_key_hex)?;
        let member = Member::new(name, &secret_key, config)?;
        let answer = json!({
            "identity": member.id(),
            "display": member.identity.identity_display(),
            "identity_string": member.user.identity_string(),
            "mls_signature_public": hex::encode(&member.mls_signature_public),
        });
        self.members.insert(name.to_owned(), member);
        Ok(answer)
    }
}

/// Runs a command of one user.
async fn act(member: &mut Member, command: Command, lines: &mut Lines) -> Answer {
    match command {
        Command::CreateConversation { conversation_id, config } => {
            done(member.enter(&conversation_id, true, &config).await)
        }
        Command::Join { conversation_id, config } => {
            done(member.enter(&conversation_id, false, &config).await)
        }
        Command::KeyPackage => key_package(member),
        Command::SendKeyPackage { conversation_id, key_package_b64 } => {
            send_key_package(member, &conversation_id, key_package_b64.as_deref()).await
        }
        Command::Invite { conversation_id, key_package_b64, creator_vote, mode } => {
            invite(member, &conversation_id, &key_package_b64, creator_vote.into(), mode).await
        }
        Command::Remove { conversation_id, identity_hex, creator_vote } => {
            let identity = from_hex("identity_hex", &identity_hex)?;
            let request = update(Payload::RemoveMember(RemoveMember { identity }));
            propose(member, &conversation_id, request, creator_vote.into()).await
        }
        Command::BanRequest { conversation_id, identity_hex } => {
            ban(member, &conversation_id, &identity_hex).await
        }
        Command::Propose { conversation_id, request_hex, creator_vote } => {
            let encoded = from_hex("request_hex", &request_hex)?;
            let request = ConversationUpdateRequest::decode(encoded.as_slice())
                .map_err(|error| format!("request_hex: {error}"))?;
            propose(member, &conversation_id, request, creator_vote.into()).await
        }
        Command::Vote { conversation_id, proposal_id, vote } => {
            let session = member.session(&conversation_id)?;
            done(SessionRunner::process_user_vote(&session, proposal_id, vote).await.map_err(describe))
        }
        Command::SendMessage { conversation_id, text, data_hex } => {
            send_message(member, &conversation_id, text, data_hex.as_deref()).await
        }
        Command::Leave { conversation_id } => {
            done(member.user.leave_conversation(&conversation_id).await.map_err(describe))
        }
        Command::Inbound(packet) => inbound(member, packet).await,
        Command::Poll => {
            member.poll(lines).await;
            Ok(Value::Null)
        }
        Command::State { conversation_id } => state(member, &conversation_id).await,
        Command::List => Ok(json!(member.conversation_ids())),
        Command::SendSync { conversation_id } => {
            let session = member.session(&conversation_id)?;
            done(SessionRunner::send_conversation_sync(&session).await.map_err(describe))
        }
        Command::RegenerateStewardList { conversation_id } => {
            regenerate_steward_list(member, &conversation_id)
        }
        Command::EncryptRaw { conversation_id, app_message_hex } => {
            let plaintext = from_hex("app_message_hex", &app_message_hex)?;
            let payload = member.encrypt_raw(&conversation_id, &plaintext)?;
            Ok(json!({ "payload_b64": to_base64(&payload) }))
        }
        Command::NewUser { .. } | Command::PollAll | Command::Tick { .. } | Command::Quit => {
            Err("cmd: not for one user".to_owned())
        }
    }
}

fn key_package(member: &Member) -> Answer {
    let package = member.user.generate_key_package().map_err(describe)?;
    Ok(json!({
        "key_package_b64": to_base64(package.as_bytes()),
        "identity": hex::encode(package.identity()),
    }))
}

/// A given key package is published unchecked, since a driver may want to publish an invalid one.
async fn send_key_package(member: &Member, conversation_id: &str, given: Option<&str>) -> Answer {
    let session = member.session(conversation_id)?;
    let package = match given {
        None => member.user.generate_key_package().map_err(describe)?,
        Some(text) => {
            let identity = member.identity.identity_bytes().to_vec();
            KeyPackageBytes::new(from_base64("key_package_b64", text)?, identity)
        }
    };
    done(SessionRunner::send_kp_message(&session, package).await.map_err(describe))
}

async fn invite(
    member: &Member,
    conversation_id: &str,
    key_package_b64: &str,
    creator_vote: CreatorVote,
    mode: InviteMode,
) -> Answer {
    let json_bytes = from_base64("key_package_b64", key_package_b64)?;
    let (key_package_bytes, identity) = key_package_bytes_from_json(json_bytes).map_err(describe)?;
    let session = member.session(conversation_id)?;
    // The crate's own welcome handler drops a member's key package before it is buffered.
    let is_member = read(&session).get_conversation_members().map_err(describe)?.contains(&identity);
    let request = update(Payload::InviteMember(InviteMember { key_package_bytes, identity }));
    match mode {
        InviteMode::Propose => propose(member, conversation_id, request, creator_vote).await,
        InviteMode::Buffer if is_member => Ok(Value::Null),
        InviteMode::Buffer => {
            let buffered = SessionRunner::handle_incoming_update_request(&session, request).await;
            done(buffered.map_err(describe))
        }
    }
}

async fn propose(
    member: &Member,
    conversation_id: &str,
    request: ConversationUpdateRequest,
    creator_vote: CreatorVote,
) -> Answer {
    let session = member.session(conversation_id)?;
    done(SessionRunner::initiate_proposal(&session, request, creator_vote).await.map_err(describe))
}

async fn ban(member: &Member, conversation_id: &str, identity_hex: &str) -> Answer {
    let request = BanRequest {
        user_to_ban: from_hex("identity_hex", identity_hex)?,
        conversation_name: conversation_id.to_owned(),
    };
    let session = member.session(conversation_id)?;
    done(SessionRunner::process_ban_request(&session, request).await.map_err(describe))
}

async fn send_message(
    member: &Member,
    conversation_id: &str,
    text: Option<String>,
    data_hex: Option<&str>,
) -> Answer {
    let message = match (text, data_hex) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(data)) => from_hex("data_hex", data)?,
        _ => return Err("text or data_hex: give one of them".to_owned()),
    };
    let session = member.session(conversation_id)?;
    done(SessionRunner::send_app_message(&session, message).await.map_err(describe))
}

async fn inbound(member: &Member, packet: Inbound) -> Answer {
    let packet = InboundPacket::new(
        from_base64("payload_b64", &packet.payload_b64)?,
        &packet.subtopic,
        &packet.conversation_id,
        from_hex("app_id", &packet.app_id)?,
        packet.timestamp,
    );
    done(member.user.process_inbound_packet(packet).await.map_err(describe))
}

fn regenerate_steward_list(member: &Member, conversation_id: &str) -> Answer {
    let session = member.session(conversation_id)?;
    let mut runner = session.write().unwrap_or_else(PoisonError::into_inner);
    done(runner.regenerate_steward_list().map_err(describe))
}

fn update(payload: Payload) -> ConversationUpdateRequest {
    ConversationUpdateRequest { payload: Some(payload) }
}

/// `result` is null for commands without a result.
fn done(result: Result<(), String>) -> Answer {
    result.map(|()| Value::Null)
}

//! The MLS service alone: messages, and the commit of an Add, its processing and the join.

use std::{error::Error, sync::Arc};

use alloy::signers::local::PrivateKeySigner;
use de_mls::{
    defaults::{DefaultMlsService, MemoryDeMlsStorage},
    mls_crypto::{
        DecryptResult, KeyPackageBytes, MlsCommitInput, MlsCredentials, MlsService, StagedCandidateResult,
    },
    protos::de_mls::messages::v1::{AppMessage, ConversationMessage, app_message::Payload},
};
use prost::Message;

use super::{
    Outcome,
    cpu_time::{median, timed},
    print,
};
use crate::{failure::describe, identity::EthereumIdentity};

const CONVERSATION: &str = "garden";
/// Group sizes before the addition.
const SIZES: [usize; 3] = [2, 50, 200];
const MESSAGES: usize = 500;
const COMMITS: usize = 15;

/// A user's keys.
struct Keys {
    storage: Arc<MemoryDeMlsStorage>,
    credentials: Arc<MlsCredentials>,
}

impl Keys {
    fn new() -> Result<Self, Box<dyn Error>> {
        let identity = EthereumIdentity::of(&PrivateKeySigner::random());
        let credentials = MlsCredentials::from_identity(&identity).map_err(describe)?;
        Ok(Self { storage: Arc::new(MemoryDeMlsStorage::new()), credentials: Arc::new(credentials) })
    }

    fn key_package(&self) -> Result<KeyPackageBytes, Box<dyn Error>> {
        let package = DefaultMlsService::generate_key_package(&self.storage, &self.credentials);
        Ok(package.map_err(describe)?)
    }

    fn create(&self) -> Result<DefaultMlsService, Box<dyn Error>> {
        let (storage, credentials) = (Arc::clone(&self.storage), Arc::clone(&self.credentials));
        let service = DefaultMlsService::new_as_creator(CONVERSATION.to_owned(), storage, credentials);
        Ok(service.map_err(describe)?)
    }

    fn join(&self, welcome: &[u8]) -> Result<DefaultMlsService, Box<dyn Error>> {
        let (storage, credentials) = (Arc::clone(&self.storage), Arc::clone(&self.credentials));
        let joined = DefaultMlsService::new_from_welcome(welcome, storage, credentials).map_err(describe)?;
        Ok(joined.ok_or("a welcome for somebody else")?)
    }
}

/// Seals and opens chat in a group of two.
pub fn messages() -> Outcome {
    let (mut founder, mut second) = group(2)?;
    for (label, bytes) in [("256 B", 256), ("4 KiB", 4096)] {
        let (mut seal_ms, mut open_ms) = (Vec::new(), Vec::new());
        for _ in 0..MESSAGES {
            let message = chat(bytes);
            let (packet, ms) = timed(|| founder.build_message(&message, b"app"));
            seal_ms.push(ms);
            let payload = packet.map_err(describe)?.payload;
            let (opened, ms) = timed(|| open(&mut second, &payload));
            open_ms.push(ms);
            opened?;
        }
        print(&format!("seal {label}"), median(seal_ms));
        print(&format!("open {label}"), median(open_ms));
    }
    Ok(())
}

/// Commits an Add, processes the commit and joins, at each size up to `most_members`.
pub fn commits(most_members: usize) -> Outcome {
    for size in SIZES.into_iter().filter(|size| *size <= most_members) {
        let (mut founder, mut second) = group(size)?;
        let (mut commit_ms, mut process_ms, mut join_ms) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..COMMITS {
            let newcomer = Keys::new()?;
            let addition = [MlsCommitInput::Add(newcomer.key_package()?)];
            let (candidate, ms) = timed(|| founder.create_commit_candidate(&addition));
            commit_ms.push(ms);
            let candidate = candidate.map_err(describe)?;
            founder.discard_own_commit().map_err(describe)?;

            let (staged, ms) = timed(|| second.stage_remote_commit(&candidate.proposals, &candidate.commit));
            process_ms.push(ms);
            if matches!(staged.map_err(describe)?, StagedCandidateResult::Aborted { .. }) {
                return Err("a commit was not staged".into());
            }
            second.discard_staged_commit().map_err(describe)?;

            let welcome = candidate.welcome.ok_or("an Add has a welcome")?;
            let (joined, ms) = timed(|| newcomer.join(&welcome));
            join_ms.push(ms);
            joined?;
        }
        print(&format!("commit at {size}"), median(commit_ms));
        print(&format!("process at {size}"), median(process_ms));
        print(&format!("join at {size}"), median(join_ms));
    }
    Ok(())
}

/// A group whose members were all added by the first commit, in the states of its founder and its second
/// member.
fn group(size: usize) -> Result<(DefaultMlsService, DefaultMlsService), Box<dyn Error>> {
    let mut founder = Keys::new()?.create()?;
    let others = (1..size).map(|_| Keys::new()).collect::<Result<Vec<_>, _>>()?;
    let additions = others
        .iter()
        .map(|keys| keys.key_package().map(MlsCommitInput::Add))
        .collect::<Result<Vec<_>, _>>()?;
    let candidate = founder.create_commit_candidate(&additions).map_err(describe)?;
    founder.merge_own_commit().map_err(describe)?;
    let second = others[0].join(&candidate.welcome.ok_or("an Add has a welcome")?)?;
    Ok((founder, second))
}

fn chat(bytes: usize) -> AppMessage {
    AppMessage {
        payload: Some(Payload::ConversationMessage(ConversationMessage {
            message: vec![b'a'; bytes],
            sender: "founder".to_owned(),
            conversation_name: CONVERSATION.to_owned(),
        })),
    }
}

fn open(service: &mut DefaultMlsService, payload: &[u8]) -> Result<AppMessage, Box<dyn Error>> {
    match service.decrypt_application_only(payload).map_err(describe)? {
        DecryptResult::Application(bytes, ..) => Ok(AppMessage::decode(bytes.as_slice())?),
        _ => Err("not an application message".into()),
    }
}

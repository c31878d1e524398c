//! A user with one conversation and the crate's own plug-ins, as in an application.

use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError, RwLockReadGuard},
};

use alloy::signers::local::PrivateKeySigner;
use de_mls::{
    app::{ConsensusContext, ConversationConfig, SessionEntry, SessionRunner, User, UserPlugins},
    core::{ConversationState, ScoringConfig, SessionEvent, StewardListConfig},
    defaults::{DefaultConsensusPlugin, DefaultConversationPluginsFactory, MemoryDeMlsStorage},
    ds::{InboundPacket, OutboundPacket},
    mls_crypto::MlsCredentials,
    protos::de_mls::messages::v1::app_message::Payload,
};
use hashgraph_like_consensus::{
    events::ConsensusEventBus, signing::EthereumConsensusSigner, types::ConsensusEvent,
};
use tokio::sync::broadcast::Receiver;

use crate::{failure::describe, identity::EthereumIdentity, transport::Outbox};

type Runner = SessionRunner<DefaultConsensusPlugin, DefaultConversationPluginsFactory>;
type Session = SessionEntry<DefaultConsensusPlugin, DefaultConversationPluginsFactory>;

/// A user, and its session once it has entered the conversation.
pub struct Gardener {
    pub user: User<DefaultConsensusPlugin, DefaultConversationPluginsFactory>,
    outbox: Arc<Mutex<Outbox>>,
    entered: Option<(Session, Receiver<(String, ConsensusEvent)>)>,
}

impl Gardener {
    /// A user with fresh keys.
    pub fn new(config: ConversationConfig) -> Result<Self, Box<dyn Error>> {
        let signer = PrivateKeySigner::random();
        let identity = EthereumIdentity::of(&signer);
        let credentials = MlsCredentials::from_identity(&identity).map_err(describe)?;
        let outbox = Arc::new(Mutex::new(Outbox::default()));
        let plugins = UserPlugins {
            conversation_plugins: DefaultConversationPluginsFactory::new(
                Arc::new(MemoryDeMlsStorage::new()),
                Arc::new(credentials),
            ),
            consensus: ConsensusContext::new(EthereumConsensusSigner::new(signer)),
            default_conversation_config: config,
            default_scoring_config: ScoringConfig::default(),
            default_steward_list_config: StewardListConfig::default(),
        };
        let user = User::new_with_plugins(Box::new(identity), plugins, outbox.clone());
        Ok(Self { user, outbox, entered: None })
    }

    /// Creates the conversation, or asks to join it.
    pub async fn enter(&mut self, conversation: &str, as_creator: bool) -> Result<(), Box<dyn Error>> {
        self.user.start_conversation(conversation, as_creator).await.map_err(describe)?;
        let session = self.user.lookup_entry(conversation).map_err(describe)?.ok_or("no session")?;
        let outcomes = read(&session).consensus.event_bus().subscribe();
        self.entered = Some((session, outcomes));
        Ok(())
    }

    /// Publishes a key package.
    pub async fn knock(&self) -> Result<(), Box<dyn Error>> {
        let package = self.user.generate_key_package().map_err(describe)?;
        Ok(SessionRunner::send_kp_message(self.session()?, package).await.map_err(describe)?)
    }

    /// Receives a packet. Rejections are ignored, as by a network.
    pub async fn hear(&mut self, packet: &OutboundPacket) -> Result<(), Box<dyn Error>> {
        let inbound = InboundPacket::new(
            packet.payload.clone(),
            &packet.subtopic,
            &packet.conversation_id,
            packet.app_id.clone(),
            0,
        );
        let _ = self.user.process_inbound_packet(inbound).await;
        self.settle().await
    }

    /// Fires due timers.
    pub async fn poll(&mut self) -> Result<(), Box<dyn Error>> {
        let session = Arc::clone(self.session()?);
        SessionRunner::tick_deadlines(&session).await.map_err(describe)?;
        self.settle().await?;
        SessionRunner::check_pending_join(&session).map_err(describe)?;
        SessionRunner::poll_freeze_status(&session).await.map_err(describe)?;
        self.settle().await?;
        SessionRunner::check_member_freeze(&session).await.map_err(describe)?;
        self.settle().await
    }

    /// Votes yes on every request, and applies the outcomes.
    async fn settle(&mut self) -> Result<(), Box<dyn Error>> {
        let Some((session, outcomes)) = &mut self.entered else { return Ok(()) };
        loop {
            let mut rests = true;
            let events = read(session).drain_events();
            for event in events {
                if let SessionEvent::AppMessage(message) = event
                    && let Some(Payload::VotePayload(banner)) = message.payload
                {
                    // The default vote may have been cast already.
                    let _ = SessionRunner::process_user_vote(session, banner.proposal_id, true).await;
                    rests = false;
                }
            }
            while let Ok((_, outcome)) = outcomes.try_recv() {
                SessionRunner::apply_consensus_outcome(session, outcome).await.map_err(describe)?;
                rests = false;
            }
            if rests {
                return Ok(());
            }
        }
    }

    /// Packets published since the last call.
    pub fn take_packets(&self) -> Vec<OutboundPacket> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether it is in the phase working in a conversation of `size` members.
    pub fn works_among(&self, size: usize) -> bool {
        self.entered.as_ref().is_some_and(|(session, _)| {
            let runner = read(session);
            runner.get_conversation_state() == ConversationState::Working
                && runner.get_conversation_members().is_ok_and(|members| members.len() == size)
        })
    }

    fn session(&self) -> Result<&Session, Box<dyn Error>> {
        Ok(&self.entered.as_ref().ok_or("not in the conversation")?.0)
    }
}

fn read(session: &Session) -> RwLockReadGuard<'_, Runner> {
    session.read().unwrap_or_else(PoisonError::into_inner)
}

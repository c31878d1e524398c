//! A user of this process: a de-mls `User` with the tasks of its integrator.
//!
//! In de-mls 3.0.0 the integrator polls every conversation, and passes consensus outcomes from a
//! conversation's event bus back to it. Otherwise no approved change would be applied.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLockReadGuard},
};

use alloy::signers::local::PrivateKeySigner;
use de_mls::{
    app::{
        ConsensusContext, DispatchOutcome, FreezeTimeoutStatus, PendingJoinTick, SessionEntry, SessionRunner,
        User, UserError, UserPlugins,
    },
    core::ConversationLifecycle,
    defaults::{DefaultConsensusPlugin, DefaultConversationPluginsFactory, MemoryDeMlsStorage},
    identity::Identity,
    mls_crypto::{MlsCredentials, MlsService},
};
use hashgraph_like_consensus::{
    events::ConsensusEventBus, signing::EthereumConsensusSigner, types::ConsensusEvent,
};
use tokio::sync::broadcast::{Receiver, error::TryRecvError};

use crate::{
    config::{Config, ConfigOverrides},
    factory::ObservedPluginsFactory,
    failure::describe,
    identity::EthereumIdentity,
    lines::{Lines, Reporter},
    observations::Observations,
    transport::Outbox,
};

/// A conversation's runner, as the crate returns it.
pub type Session = SessionEntry<DefaultConsensusPlugin, ObservedPluginsFactory>;

/// A session of this process for reading.
pub type SessionGuard<'a> =
    RwLockReadGuard<'a, SessionRunner<DefaultConsensusPlugin, ObservedPluginsFactory>>;

/// One user and its conversations.
pub struct Member {
    pub user: User<DefaultConsensusPlugin, ObservedPluginsFactory>,
    pub identity: EthereumIdentity,
    pub mls_signature_public: Vec<u8>,
    pub observations: Observations,
    config: Config,
    outbox: Arc<Mutex<Outbox>>,
    conversations: BTreeMap<String, Conversation>,
    reporter: Reporter,
}

/// Kept from `Created` to `Removed`, so that the last events of a conversation are still read after its
/// removal from the registry.
struct Conversation {
    session: Session,
    outcomes: Receiver<(String, ConsensusEvent)>,
}

impl Member {
    /// Creates the user `name` with the vote key `secret_key` (secp256k1, 32 bytes).
    pub fn new(name: &str, secret_key: &[u8], overrides: &ConfigOverrides) -> Result<Self, String> {
        // The signer would pad a key that is too short.
        if secret_key.len() != 32 {
            return Err(format!("secret_key_hex: {} bytes and not 32", secret_key.len()));
        }
        let signer = PrivateKeySigner::from_slice(secret_key)
            .map_err(|error| format!("secret_key_hex: not a secp256k1 key: {error}"))?;
        let identity = EthereumIdentity::of(&signer);
        let config = Config::default().with(overrides)?;
        let credentials = MlsCredentials::from_identity(&identity).map_err(describe)?;
        let mls_signature_public = credentials.signer().to_public_vec();
        let observations = Observations::default();
        let outbox = Arc::new(Mutex::new(Outbox::default()));
        let factory = DefaultConversationPluginsFactory::new(
            Arc::new(MemoryDeMlsStorage::new()),
            Arc::new(credentials),
        );
        let plugins = UserPlugins {
            conversation_plugins: ObservedPluginsFactory::new(factory, observations.clone()),
            consensus: ConsensusContext::new(EthereumConsensusSigner::new(signer)),
            default_conversation_config: config.conversation.clone(),
            default_scoring_config: config.scoring.clone(),
            default_steward_list_config: config.steward_list.clone(),
        };
        let user = User::new_with_plugins(Box::new(identity.clone()), plugins, outbox.clone());
        Ok(Self {
            user,
            identity,
            mls_signature_public,
            reporter: Reporter::new(name, observations.clone()),
            observations,
            config,
            outbox,
            conversations: BTreeMap::new(),
        })
    }

    /// The identity in hex.
    pub fn id(&self) -> String {
        hex::encode(self.identity.identity_bytes())
    }

    /// The session of a conversation that this user is in, or is joining.
    pub fn session(&self, conversation_id: &str) -> Result<Session, String> {
        self.conversations
            .get(conversation_id)
            .map(|conversation| Arc::clone(&conversation.session))
            .ok_or_else(|| describe(UserError::ConversationNotFound))
    }

    /// The ids of its conversations, in ascending order.
    pub fn conversation_ids(&self) -> Vec<String> {
        self.conversations.keys().cloned().collect()
    }

    /// Creates a conversation, or enters `PendingJoin`, with the user's config and `overrides`.
    pub async fn enter(
        &mut self,
        conversation_id: &str,
        as_creator: bool,
        overrides: &ConfigOverrides,
    ) -> Result<(), String> {
        let config = self.config.with(overrides)?;
        // Scores and steward bounds have no parameter here, so they are set as the user's defaults.
        self.user.set_default_scoring_config(config.scoring);
        self.user.set_default_steward_list_config(config.steward_list);
        let entered =
            self.user.create_conversation_with_config(conversation_id, as_creator, config.conversation).await;
        self.user.set_default_scoring_config(self.config.scoring.clone());
        self.user.set_default_steward_list_config(self.config.steward_list.clone());
        entered.map_err(describe)
    }

    /// Encrypts any `plaintext` in a conversation's group.
    pub fn encrypt_raw(&self, conversation_id: &str, plaintext: &[u8]) -> Result<Vec<u8>, String> {
        self.session(conversation_id)?;
        let group =
            self.observations.group(conversation_id).ok_or("no MLS group yet: the join is pending")?;
        group.borrow_mut().encrypt(plaintext).map_err(describe)
    }

    /// Fires the due timers of each conversation.
    pub async fn poll(&mut self, lines: &mut Lines) {
        for conversation_id in self.conversation_ids() {
            if let Ok(session) = self.session(&conversation_id) {
                self.poll_conversation(&conversation_id, &session, lines).await;
            }
        }
    }

    /// Settles after each step, so that outcomes are forwarded at once.
    async fn poll_conversation(&mut self, conversation_id: &str, session: &Session, lines: &mut Lines) {
        let ticked = SessionRunner::tick_deadlines(session).await;
        self.report_failure(conversation_id, "tick_deadlines", ticked, lines);
        self.settle(lines).await;

        let pending = SessionRunner::check_pending_join(session);
        let pending = self.report_failure(conversation_id, "check_pending_join", pending, lines);
        if pending == Some(PendingJoinTick::Expired) {
            return self.finish_leaving(conversation_id, lines).await;
        }

        let frozen = SessionRunner::poll_freeze_status(session).await;
        let frozen = self.report_failure(conversation_id, "poll_freeze_status", frozen, lines);
        if let Some((status, dispatched)) = frozen {
            self.report_freeze(conversation_id, &status, lines);
            if dispatched == DispatchOutcome::LeaveRequested {
                return self.finish_leaving(conversation_id, lines).await;
            }
        }
        self.settle(lines).await;

        let inactive = SessionRunner::check_member_freeze(session).await;
        self.report_failure(conversation_id, "check_member_freeze", inactive, lines);
        self.settle(lines).await;
    }

    /// The part of leaving that the integrator must do.
    async fn finish_leaving(&mut self, conversation_id: &str, lines: &mut Lines) {
        let finished = self.user.finalize_self_leave(conversation_id).await;
        self.report_failure(conversation_id, "finalize_self_leave", finished, lines);
        self.settle(lines).await;
    }

    /// Prints the events and forwards the outcomes, until there are no more.
    pub async fn settle(&mut self, lines: &mut Lines) {
        loop {
            let lifecycle = self.user.drain_lifecycle_events();
            self.open_created(&lifecycle, lines);
            self.print_events(lines);
            self.print_packets(lines);
            self.close_removed(&lifecycle, lines);
            if !self.forward_next_outcome(lines).await {
                return;
            }
        }
    }

    fn open_created(&mut self, lifecycle: &[ConversationLifecycle], lines: &mut Lines) {
        for event in lifecycle {
            let ConversationLifecycle::Created(conversation_id) = event else {
                continue;
            };
            lines.push(self.reporter.lifecycle("created", conversation_id));
            if let Ok(Some(session)) = self.user.lookup_entry(conversation_id) {
                let outcomes = read(&session).consensus.event_bus().subscribe();
                self.conversations.insert(conversation_id.clone(), Conversation { session, outcomes });
            }
        }
    }

    fn close_removed(&mut self, lifecycle: &[ConversationLifecycle], lines: &mut Lines) {
        for event in lifecycle {
            let ConversationLifecycle::Removed(conversation_id) = event else {
                continue;
            };
            self.conversations.remove(conversation_id);
            self.observations.forget(conversation_id);
            lines.push(self.reporter.lifecycle("removed", conversation_id));
        }
    }

    fn print_events(&self, lines: &mut Lines) {
        for (conversation_id, conversation) in &self.conversations {
            for event in read(&conversation.session).drain_events() {
                lines.push(self.reporter.event(conversation_id, &event));
            }
        }
    }

    fn print_packets(&mut self, lines: &mut Lines) {
        let packets = self.outbox.lock().unwrap_or_else(PoisonError::into_inner).take();
        for packet in &packets {
            lines.push(self.reporter.packet(packet));
        }
    }

    /// Applies one outcome; `false` if there is none.
    async fn forward_next_outcome(&mut self, lines: &mut Lines) -> bool {
        let Some((conversation_id, session, outcome)) = self.next_outcome(lines) else {
            return false;
        };
        lines.push(self.reporter.consensus(&conversation_id, &outcome));
        let applied = SessionRunner::apply_consensus_outcome(&session, outcome).await;
        self.report_failure(&conversation_id, "apply_consensus_outcome", applied, lines);
        true
    }

    fn next_outcome(&mut self, lines: &mut Lines) -> Option<(String, Session, ConsensusEvent)> {
        for (conversation_id, conversation) in &mut self.conversations {
            match conversation.outcomes.try_recv() {
                Ok((_, outcome)) => {
                    return Some((conversation_id.clone(), Arc::clone(&conversation.session), outcome));
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => {}
                Err(lagged @ TryRecvError::Lagged(_)) => {
                    lines.push(self.reporter.error(conversation_id, "consensus_events", &describe(lagged)));
                }
            }
        }
        None
    }

    fn report_freeze(&self, conversation_id: &str, status: &FreezeTimeoutStatus, lines: &mut Lines) {
        let status = match status {
            FreezeTimeoutStatus::NotFreezing | FreezeTimeoutStatus::StillFreezing => return,
            FreezeTimeoutStatus::Applied => "applied",
            FreezeTimeoutStatus::TimedOut { .. } => "timed_out",
        };
        lines.push(self.reporter.freeze(conversation_id, status));
    }

    /// The value of a background step, or `None` and an `error` line.
    fn report_failure<T>(
        &self,
        conversation_id: &str,
        op: &str,
        result: Result<T, UserError>,
        lines: &mut Lines,
    ) -> Option<T> {
        result.map_err(|error| lines.push(self.reporter.error(conversation_id, op, &describe(error)))).ok()
    }
}

/// Locks a session for reading. A lock is never poisoned:
///
/// there is one thread, and a panic ends the process.
pub fn read(session: &Session) -> SessionGuard<'_> {
    session.read().unwrap_or_else(PoisonError::into_inner)
}

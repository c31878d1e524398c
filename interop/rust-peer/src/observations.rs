//! A peer's access to plug-ins that the crate does not share.
//!
//! A `SessionRunner` owns its plug-ins and returns no references to them. The delegating plug-ins of this
//! program put a handle here for each conversation. `encrypt_raw`, `state` and the `meaning` of packets use
//! these handles.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use de_mls::{
    core::{StewardList, StewardListConfig},
    defaults::DefaultMlsService,
    protos::de_mls::messages::v1::AppMessage,
};

/// An MLS group, shared by the session that changes it and the peer that observes it.
pub type SharedMls = Rc<RefCell<DefaultMlsService>>;

/// A steward-list plug-in as it stood after its last change.
#[derive(Clone)]
pub struct StewardListSnapshot {
    /// The active list; `None` for a joiner before its `ConversationSync`.
    pub list: Option<StewardList>,
    /// The bounds of the next list.
    pub config: StewardListConfig,
    /// Number of rejected elections since the last commit, unlike the round of the active list.
    pub retry_round: u32,
    /// Retries before the deadlock emergency.
    pub max_retries: u32,
}

/// The observations of one user. Clones share them.
///
/// `Rc` and not `Arc`: a peer and its users run on one thread.
#[derive(Clone, Default)]
pub struct Observations(Rc<RefCell<Observed>>);

#[derive(Default)]
struct Observed {
    groups: HashMap<String, SharedMls>,
    steward_lists: HashMap<String, StewardListSnapshot>,
    /// The plaintext of each ciphertext, until its packet is printed.
    sealed: HashMap<Vec<u8>, AppMessage>,
}

impl Observations {
    /// Stores the group of a conversation.
    pub fn group_opened(&self, conversation_id: &str, group: SharedMls) {
        self.0.borrow_mut().groups.insert(conversation_id.to_owned(), group);
    }

    /// Replaces the snapshot of a conversation's steward list.
    pub fn steward_list_changed(&self, conversation_id: &str, snapshot: StewardListSnapshot) {
        self.0.borrow_mut().steward_lists.insert(conversation_id.to_owned(), snapshot);
    }

    /// Remembers the plaintext of a packet about to be published.
    pub fn sealed(&self, payload: &[u8], message: &AppMessage) {
        self.0.borrow_mut().sealed.insert(payload.to_vec(), message.clone());
    }

    /// The group of a conversation; `None` while it is not joined.
    pub fn group(&self, conversation_id: &str) -> Option<SharedMls> {
        self.0.borrow().groups.get(conversation_id).cloned()
    }

    /// The steward list of a conversation; `None` for one that this user is not in.
    pub fn steward_list(&self, conversation_id: &str) -> Option<StewardListSnapshot> {
        self.0.borrow().steward_lists.get(conversation_id).cloned()
    }

    /// Removes and returns the plaintext of a packet's payload, if this user encrypted it.
    pub fn take_sealed(&self, payload: &[u8]) -> Option<AppMessage> {
        self.0.borrow_mut().sealed.remove(payload)
    }

    /// Drops every handle of a conversation that was left.
    pub fn forget(&self, conversation_id: &str) {
        let mut observed = self.0.borrow_mut();
        observed.groups.remove(conversation_id);
        observed.steward_lists.remove(conversation_id);
    }
}

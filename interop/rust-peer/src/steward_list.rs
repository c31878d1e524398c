//! The default steward list, which also publishes a snapshot after each change.

use de_mls::{
    core::{
        CoreError, ElectionDecision, StewardList, StewardListConfig, StewardListEvent, StewardListPlugin,
    },
    defaults::DefaultStewardList,
};

use crate::observations::{Observations, StewardListSnapshot};

/// Delegates every call to the default plug-in.
///
/// It publishes snapshots, and is not shared as the MLS service is, since the trait returns references to
/// parts of the list.
pub struct ObservedStewardList {
    conversation_id: String,
    plugin: DefaultStewardList,
    observations: Observations,
}

impl ObservedStewardList {
    /// Wraps `plugin`, the list of `conversation_id`, and publishes a snapshot of it.
    pub fn new(conversation_id: String, plugin: DefaultStewardList, observations: Observations) -> Self {
        let list = Self { conversation_id, plugin, observations };
        list.publish();
        list
    }

    fn publish(&self) {
        let snapshot = StewardListSnapshot {
            list: self.plugin.current_list().cloned(),
            config: self.plugin.config().clone(),
            retry_round: self.plugin.retry_round(),
            max_retries: self.plugin.max_retries(),
        };
        self.observations.steward_list_changed(&self.conversation_id, snapshot);
    }
}

impl StewardListPlugin for ObservedStewardList {
    fn config(&self) -> &StewardListConfig {
        self.plugin.config()
    }

    fn set_config(&mut self, config: StewardListConfig) {
        self.plugin.set_config(config);
        self.publish();
    }

    fn current_list(&self) -> Option<&StewardList> {
        self.plugin.current_list()
    }

    fn election_epoch(&self) -> Option<u64> {
        self.plugin.election_epoch()
    }

    fn retry_round(&self) -> u32 {
        self.plugin.retry_round()
    }

    fn max_retries(&self) -> u32 {
        self.plugin.max_retries()
    }

    fn set_max_retries(&mut self, max: u32) {
        self.plugin.set_max_retries(max);
        self.publish();
    }

    fn is_steward(&self, identity: &[u8]) -> bool {
        self.plugin.is_steward(identity)
    }

    fn is_exhausted(&self, epoch: u64) -> bool {
        self.plugin.is_exhausted(epoch)
    }

    fn epoch_steward<F: Fn(&[u8]) -> bool>(&self, epoch: u64, eligible: F) -> Option<&[u8]> {
        self.plugin.epoch_steward(epoch, eligible)
    }

    fn epoch_and_backup<F: Fn(&[u8]) -> bool>(
        &self,
        epoch: u64,
        eligible: F,
    ) -> (Option<&[u8]>, Option<&[u8]>) {
        self.plugin.epoch_and_backup(epoch, eligible)
    }

    fn steward_members<F: Fn(&[u8]) -> bool>(&self, eligible: F) -> Vec<Vec<u8>> {
        self.plugin.steward_members(eligible)
    }

    fn election_proposer<F: Fn(&[u8]) -> bool>(&self, eligible: F) -> Option<&[u8]> {
        self.plugin.election_proposer(eligible)
    }

    fn install_list(
        &mut self,
        epoch: u64,
        candidate_pool: &[Vec<u8>],
        sn: usize,
        retry_round: u32,
    ) -> Result<Vec<StewardListEvent>, CoreError> {
        let events = self.plugin.install_list(epoch, candidate_pool, sn, retry_round);
        self.publish();
        events
    }

    fn maybe_auto_fill(
        &mut self,
        epoch: u64,
        members: &[Vec<u8>],
    ) -> Result<Vec<StewardListEvent>, CoreError> {
        let events = self.plugin.maybe_auto_fill(epoch, members);
        self.publish();
        events
    }

    fn validate_proposed(
        &self,
        proposed: &[Vec<u8>],
        epoch: u64,
        candidate_pool: &[Vec<u8>],
        retry_round: u32,
    ) -> Result<bool, CoreError> {
        self.plugin.validate_proposed(proposed, epoch, candidate_pool, retry_round)
    }

    fn propose_election<F: Fn(&[u8]) -> bool>(
        &self,
        epoch: u64,
        candidate_pool: &[Vec<u8>],
        self_identity: &[u8],
        eligible: F,
        recovery: bool,
    ) -> Result<ElectionDecision, CoreError> {
        self.plugin.propose_election(epoch, candidate_pool, self_identity, eligible, recovery)
    }

    fn bump_retry(&mut self) -> Vec<StewardListEvent> {
        let events = self.plugin.bump_retry();
        self.publish();
        events
    }

    fn reset_retry(&mut self) {
        self.plugin.reset_retry();
        self.publish();
    }
}

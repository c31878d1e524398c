//! The default MLS service, made accessible from outside its session.

use std::{cell::RefCell, rc::Rc};

use de_mls::{
    defaults::DefaultMlsService,
    ds::OutboundPacket,
    mls_crypto::{
        CommitCandidate, DecryptResult, MlsCommitInput, MlsError, MlsMessageKind, MlsService,
        StagedCandidateResult,
    },
    protos::de_mls::messages::v1::AppMessage,
};

use crate::observations::{Observations, SharedMls};

/// Delegates every call to the default service. Records each plaintext for the `meaning` of packets.
pub struct ObservedMls {
    /// A copy beside the service, since the trait returns a reference, which a `RefCell` cannot.
    conversation_id: String,
    service: SharedMls,
    observations: Observations,
}

impl ObservedMls {
    /// Wraps `service` and puts a handle to it into `observations`.
    pub fn new(service: DefaultMlsService, observations: Observations) -> Self {
        let conversation_id = service.conversation_id().to_owned();
        let service = Rc::new(RefCell::new(service));
        observations.group_opened(&conversation_id, Rc::clone(&service));
        Self { conversation_id, service, observations }
    }
}

impl MlsService for ObservedMls {
    fn conversation_id(&self) -> &str {
        &self.conversation_id
    }

    fn commit_batch_max(&self) -> usize {
        self.service.borrow().commit_batch_max()
    }

    fn delete(&mut self) -> Result<(), MlsError> {
        self.service.borrow_mut().delete()
    }

    fn members(&self) -> Result<Vec<Vec<u8>>, MlsError> {
        self.service.borrow().members()
    }

    fn is_member(&self, identity: &[u8]) -> bool {
        self.service.borrow().is_member(identity)
    }

    fn current_epoch(&self) -> Result<u64, MlsError> {
        self.service.borrow().current_epoch()
    }

    fn create_commit_candidate(&mut self, updates: &[MlsCommitInput]) -> Result<CommitCandidate, MlsError> {
        self.service.borrow_mut().create_commit_candidate(updates)
    }

    fn merge_own_commit(&mut self) -> Result<(), MlsError> {
        self.service.borrow_mut().merge_own_commit()
    }

    fn discard_own_commit(&mut self) -> Result<(), MlsError> {
        self.service.borrow_mut().discard_own_commit()
    }

    fn stage_remote_commit(
        &mut self,
        proposals: &[Vec<u8>],
        commit_bytes: &[u8],
    ) -> Result<StagedCandidateResult, MlsError> {
        self.service.borrow_mut().stage_remote_commit(proposals, commit_bytes)
    }

    fn merge_staged_commit(&mut self) -> Result<(), MlsError> {
        self.service.borrow_mut().merge_staged_commit()
    }

    fn discard_staged_commit(&mut self) -> Result<(), MlsError> {
        self.service.borrow_mut().discard_staged_commit()
    }

    fn encrypt(&mut self, plaintext: &[u8]) -> Result<Vec<u8>, MlsError> {
        self.service.borrow_mut().encrypt(plaintext)
    }

    fn build_message(&mut self, app_msg: &AppMessage, app_id: &[u8]) -> Result<OutboundPacket, MlsError> {
        let packet = self.service.borrow_mut().build_message(app_msg, app_id)?;
        self.observations.sealed(&packet.payload, app_msg);
        Ok(packet)
    }

    fn decrypt_application_only(&mut self, ciphertext: &[u8]) -> Result<DecryptResult, MlsError> {
        self.service.borrow_mut().decrypt_application_only(ciphertext)
    }

    fn decrypt(&mut self, ciphertext: &[u8]) -> Result<DecryptResult, MlsError> {
        self.service.borrow_mut().decrypt(ciphertext)
    }

    fn inspect_message_kind(&self, message_bytes: &[u8]) -> Result<MlsMessageKind, MlsError> {
        self.service.borrow().inspect_message_kind(message_bytes)
    }
}

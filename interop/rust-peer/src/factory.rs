//! The plug-ins of a user: the crate's defaults, wrapped so that the peer can observe them.

use de_mls::{
    core::{ConversationPluginsFactory, ScoringConfig, StewardListConfig},
    defaults::{DefaultConversationPluginsFactory, DefaultPeerScoring},
    mls_crypto::{KeyPackageBytes, MlsError},
};

use crate::{mls::ObservedMls, observations::Observations, steward_list::ObservedStewardList};

/// Delegates to the default factory. Scoring needs no wrapper: a session returns its scores.
pub struct ObservedPluginsFactory {
    factory: DefaultConversationPluginsFactory,
    observations: Observations,
}

impl ObservedPluginsFactory {
    /// A factory whose plug-ins report to `observations`.
    pub fn new(factory: DefaultConversationPluginsFactory, observations: Observations) -> Self {
        Self { factory, observations }
    }
}

impl ConversationPluginsFactory for ObservedPluginsFactory {
    type Mls = ObservedMls;
    type Scoring = DefaultPeerScoring;
    type StewardList = ObservedStewardList;

    fn create_mls(&self, conversation_id: String) -> Result<Self::Mls, MlsError> {
        let service = self.factory.create_mls(conversation_id)?;
        Ok(ObservedMls::new(service, self.observations.clone()))
    }

    fn welcome_mls(&self, welcome_bytes: &[u8]) -> Result<Option<Self::Mls>, MlsError> {
        let service = self.factory.welcome_mls(welcome_bytes)?;
        Ok(service.map(|service| ObservedMls::new(service, self.observations.clone())))
    }

    fn make_scoring(&self, config: &ScoringConfig) -> Self::Scoring {
        self.factory.make_scoring(config)
    }

    fn make_steward_list(&self, conversation_id: &[u8], config: StewardListConfig) -> Self::StewardList {
        let plugin = self.factory.make_steward_list(conversation_id, config);
        let conversation_id = String::from_utf8_lossy(conversation_id).into_owned();
        ObservedStewardList::new(conversation_id, plugin, self.observations.clone())
    }

    fn generate_key_package(&self) -> Result<KeyPackageBytes, MlsError> {
        self.factory.generate_key_package()
    }
}

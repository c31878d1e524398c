//! The `config` of a command, which overrides the crate's defaults.

use std::time::Duration;

use de_mls::{
    app::ConversationConfig,
    core::{ScoringConfig, StewardListConfig},
};
use serde::Deserialize;

/// Settings of a command; absent ones stay unchanged. Times in milliseconds.
///
/// A misspelt key is an error and not a silent default, since a test relies on its settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfigOverrides {
    commit_inactivity_ms: Option<u64>,
    freeze_ms: Option<u64>,
    recovery_inactivity_ms: Option<u64>,
    proposal_expiration_ms: Option<u64>,
    consensus_timeout_ms: Option<u64>,
    voting_delay_ms: Option<u64>,
    election_voting_delay_ms: Option<u64>,
    pending_update_max_epochs: Option<u32>,
    max_reelection_attempts: Option<u32>,
    liveness_criteria_yes: Option<bool>,
    default_score: Option<i64>,
    threshold: Option<i64>,
    sn_min: Option<usize>,
    sn_max: Option<usize>,
    allow_subset_candidates: Option<bool>,
    compatibility: Option<String>,
}

/// The three configurations of a new conversation.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub conversation: ConversationConfig,
    pub scoring: ScoringConfig,
    pub steward_list: StewardListConfig,
}

impl Config {
    /// This configuration with `overrides`.
    ///
    /// # Errors Steward bounds that the crate rejects, and a compatibility mode that it does not have.
    pub fn with(&self, overrides: &ConfigOverrides) -> Result<Self, String> {
        if let Some(mode) = overrides.compatibility.as_deref().filter(|mode| *mode != "de-mls-3") {
            return Err(format!("config.compatibility: {mode:?} is not spoken by de-mls 3.0.0"));
        }
        Ok(Self {
            conversation: conversation_with(&self.conversation, overrides),
            scoring: ScoringConfig {
                default_score: overrides.default_score.unwrap_or(self.scoring.default_score),
                threshold: overrides.threshold.unwrap_or(self.scoring.threshold),
            },
            steward_list: steward_list_with(&self.steward_list, overrides)?,
        })
    }
}

fn conversation_with(base: &ConversationConfig, overrides: &ConfigOverrides) -> ConversationConfig {
    let duration = |ms: Option<u64>, base: Duration| ms.map_or(base, Duration::from_millis);
    ConversationConfig {
        commit_inactivity_duration: duration(overrides.commit_inactivity_ms, base.commit_inactivity_duration),
        freeze_duration: duration(overrides.freeze_ms, base.freeze_duration),
        recovery_inactivity_duration: duration(
            overrides.recovery_inactivity_ms,
            base.recovery_inactivity_duration,
        ),
        proposal_expiration: duration(overrides.proposal_expiration_ms, base.proposal_expiration),
        consensus_timeout: duration(overrides.consensus_timeout_ms, base.consensus_timeout),
        voting_delay: duration(overrides.voting_delay_ms, base.voting_delay),
        election_voting_delay: duration(overrides.election_voting_delay_ms, base.election_voting_delay),
        pending_update_max_epochs: overrides
            .pending_update_max_epochs
            .unwrap_or(base.pending_update_max_epochs),
        max_reelection_attempts: overrides.max_reelection_attempts.unwrap_or(base.max_reelection_attempts),
        liveness_criteria_yes: overrides.liveness_criteria_yes.unwrap_or(base.liveness_criteria_yes),
    }
}

fn steward_list_with(
    base: &StewardListConfig,
    overrides: &ConfigOverrides,
) -> Result<StewardListConfig, String> {
    let sn_min = overrides.sn_min.unwrap_or(base.sn_min);
    let sn_max = overrides.sn_max.unwrap_or(base.sn_max);
    let bounds = StewardListConfig::new(sn_min, sn_max)
        .map_err(|error| format!("config.sn_min {sn_min}, config.sn_max {sn_max}: {error}"))?;
    Ok(StewardListConfig {
        allow_subset_candidates: overrides.allow_subset_candidates.unwrap_or(base.allow_subset_candidates),
        ..bounds
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overrides(json: &str) -> ConfigOverrides {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn absent_figures_stay_as_they_were() {
        let base =
            Config::default().with(&overrides(r#"{"freeze_ms":7,"sn_max":9,"threshold":-3}"#)).unwrap();
        let config = base.with(&overrides(r#"{"sn_min":2,"allow_subset_candidates":true}"#)).unwrap();
        assert_eq!(config.conversation.freeze_duration, Duration::from_millis(7));
        assert_eq!(config.conversation.commit_inactivity_duration, Duration::from_secs(60));
        assert_eq!((config.steward_list.sn_min, config.steward_list.sn_max), (2, 9));
        assert!(config.steward_list.allow_subset_candidates);
        assert_eq!((config.scoring.threshold, config.scoring.default_score), (-3, 100));
    }

    #[test]
    fn bounds_that_cross_are_refused_by_name() {
        let error = Config::default().with(&overrides(r#"{"sn_min":3}"#)).unwrap_err();
        assert!(error.contains("sn_min 3"), "{error}");
    }

    #[test]
    fn only_the_mode_of_de_mls_3_is_spoken() {
        assert!(Config::default().with(&overrides(r#"{"compatibility":"de-mls-3"}"#)).is_ok());
        assert!(Config::default().with(&overrides(r#"{"compatibility":"strict"}"#)).is_err());
    }
}

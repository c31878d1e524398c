//! Keys and settings of the members in tests.

use serde_json::{Value, json};

/// A member's name is its index here.
pub const SECRET_KEYS: [&str; 2] = [
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
];

/// Short phases. The crate uses real time, with whole seconds for proposals.
pub fn quick_config(voting_delay_ms: u64) -> Value {
    json!({
        "commit_inactivity_ms": 300, "freeze_ms": 300, "recovery_inactivity_ms": 300,
        "proposal_expiration_ms": 30_000, "consensus_timeout_ms": 20_000,
        "voting_delay_ms": voting_delay_ms, "election_voting_delay_ms": 50,
    })
}

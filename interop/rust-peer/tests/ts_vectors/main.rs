//! This implementation accepts the output of the TypeScript one: the files of `vectors/ts/`.
//!
//! Only on Linux, where a program can replace its system clock: see `clock.rs`.
#![cfg(target_os = "linux")]

mod bob;
mod clock;
mod json;
mod key_package;
/// The peer's view of a message is also its form in the vectors.
#[allow(dead_code)]
#[path = "../../src/view.rs"]
mod view;

use std::sync::Arc;

use de_mls::{
    core::ConversationPluginsFactory,
    defaults::{DefaultConversationPluginsFactory, MemoryDeMlsStorage},
    mls_crypto::{KeyPackageBytes, MlsCommitInput, MlsCredentials, MlsService, key_package_bytes_from_json},
};
use serde_json::{Value, json};

use bob::{Bob, Verdict, described, expect};
use json::{bytes, list, load, seconds, text};

const KEY_PACKAGE_SECONDS: i64 = 84 * 24 * 3600;

/// A key package is valid in both of its forms, and the crate adds its owner.
fn judge_key_package(written: &Value) -> Verdict<()> {
    let json = bytes(written, "json");
    let key_package = key_package::validated_json(&json)?;
    expect("the forms", &key_package::validated_tls(&bytes(written, "tls"))?, &key_package)?;
    expect("the reference", &*key_package::reference(&key_package)?, text(written, "reference"))?;
    let (read, identity) = key_package_bytes_from_json(json).map_err(described)?;
    expect("the owner", &*identity, &*bytes(written, "identity"))?;
    add(KeyPackageBytes::new(read, identity))
}

/// Adds the owner of a key package with the crate's own service.
fn add(key_package: KeyPackageBytes) -> Verdict<()> {
    let credentials = MlsCredentials::from_identity(&bob::Recorded(vec![7; 20])).map_err(described)?;
    let storage = Arc::new(MemoryDeMlsStorage::new());
    let factory = DefaultConversationPluginsFactory::new(storage, Arc::new(credentials));
    let mut mls = factory.create_mls("elsewhere".to_owned()).map_err(described)?;
    let candidate = mls.create_commit_candidate(&[MlsCommitInput::Add(key_package)]).map_err(described)?;
    expect("a welcome", candidate.welcome.is_some(), true)
}

/// Bob accepts every packet, and ends in the same state as the others.
async fn judge_conversation(written: &Value) -> Verdict<()> {
    let mut bob = Bob::restored();
    for (index, packet) in list(written, "packets").iter().enumerate() {
        let kind = text(packet, "kind");
        bob.receive(packet, &written["members"])
            .await
            .map_err(|why| format!("packet {index}, {kind}: {why}"))?;
    }
    let after = &written["after"];
    expect("the conversation", &*bob.conversation(), text(written, "conversation_id"))?;
    expect("the epoch", &*bob.epoch().to_string(), text(after, "epoch"))?;
    expect("the members", &json!(bob.members()), &after["members"])?;
    for decided in list(after, "decisions") {
        let proposal_id = decided["proposal_id"].as_u64().and_then(|id| id.try_into().ok()).expect("an id");
        let result = if bob.decision(proposal_id).await? { "yes" } else { "no" };
        expect("the decision", result, text(decided, "result"))?;
    }
    Ok(())
}

/// Number of packets of a kind.
fn count(written: &Value, kind: &str) -> usize {
    list(written, "packets").iter().filter(|packet| packet["kind"] == kind).count()
}

/// `hex` with the lowest bit of the byte at `place` of `places` flipped.
fn with_a_bit_flipped(hex: &str, place: usize, places: usize) -> Value {
    let mut bytes = hex::decode(hex).unwrap();
    let index = (bytes.len() - 1) * place / (places - 1);
    bytes[index] ^= 1;
    hex::encode(bytes).into()
}

#[test]
fn the_key_packages_are_valid_in_both_forms() {
    let written = load("ts/key_packages.json");
    clock::set(seconds(&written, "generated_at"));
    assert_eq!(list(&written, "key_packages").len(), 3);
    for key_package in list(&written, "key_packages") {
        assert_eq!(judge_key_package(key_package), Ok(()), "{}", key_package["owner"]);
    }
}

#[test]
fn the_key_packages_are_good_for_84_days() {
    let written = load("ts/key_packages.json");
    let expiry = seconds(&written, "generated_at") + KEY_PACKAGE_SECONDS;
    for key_package in list(&written, "key_packages") {
        clock::set(expiry - 1);
        assert_eq!(judge_key_package(key_package), Ok(()));
        clock::set(expiry);
        assert!(judge_key_package(key_package).is_err());
    }
}

#[test]
fn no_bit_of_a_key_package_can_be_flipped() {
    let written = load("ts/key_packages.json");
    clock::set(seconds(&written, "generated_at"));
    for key_package in list(&written, "key_packages") {
        for field in ["identity", "reference", "json", "tls"] {
            for place in 0..20 {
                let mut forged = key_package.clone();
                forged[field] = with_a_bit_flipped(text(key_package, field), place, 20);
                assert!(judge_key_package(&forged).is_err(), "{field} at {place} of 20");
            }
        }
    }
}

#[tokio::test]
async fn bob_joins_and_follows_the_conversation() {
    let written = load("ts/conversation.json");
    assert_eq!(judge_conversation(&written).await, Ok(()));
}

#[test]
fn the_conversation_has_every_kind_of_packet() {
    let written = load("ts/conversation.json");
    for kind in [
        "invitation_to_join",
        "user_key_package",
        "conversation_sync",
        "conversation_message",
        "proposal",
        "vote",
        "commit_candidate",
    ] {
        assert!(count(&written, kind) > 0, "{kind}");
    }
    let brings_a_vote =
        |packet: &Value| !packet["decoded"]["proposal"]["votes"].as_array().is_none_or(Vec::is_empty);
    assert!(list(&written, "packets").iter().any(brings_a_vote), "a proposal with its owner's vote");
}

#[tokio::test]
async fn no_bit_of_a_packet_can_be_flipped() {
    let written = load("ts/conversation.json");
    for (index, packet) in list(&written, "packets").iter().enumerate() {
        for field in ["payload", "sealed"].into_iter().filter(|&field| packet.get(field).is_some()) {
            for place in 0..5 {
                let mut forged = written.clone();
                forged["packets"][index][field] = with_a_bit_flipped(text(packet, field), place, 5);
                assert!(
                    judge_conversation(&forged).await.is_err(),
                    "packet {index}, {field} at {place} of 5"
                );
            }
        }
    }
}

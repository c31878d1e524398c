//! A gossipsub node with the settings of Waku relay, and its events as lines.

use std::{error::Error, time::Duration};

use libp2p::{
    Multiaddr, Swarm, SwarmBuilder, gossipsub, identify, identity::Keypair, noise, swarm::NetworkBehaviour,
    swarm::SwarmEvent, tcp, yamux,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    protocol::Command,
    waku::{self, PROTOCOL_ID, TOPIC},
};

/// The crate's own limit is 64 KiB; Waku's networks carry messages of up to 150 KiB.
const MAX_TRANSMIT_SIZE: usize = 256 * 1024;

/// Keeps idle connections open.
const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(3600);

#[derive(NetworkBehaviour)]
pub struct Behaviour {
    gossipsub: gossipsub::Behaviour,
    identify: identify::Behaviour,
}

/// Creates a node that is subscribed to the topic and listens on a free loopback port.
pub fn start() -> Result<Swarm<Behaviour>, Box<dyn Error>> {
    let mut swarm = SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)?
        .with_behaviour(behaviour)?
        .with_swarm_config(|config| config.with_idle_connection_timeout(IDLE_CONNECTION_TIMEOUT))
        .build();
    swarm.behaviour_mut().gossipsub.subscribe(&topic())?;
    swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse()?)?;
    Ok(swarm)
}

fn behaviour(key: &Keypair) -> Result<Behaviour, Box<dyn Error + Send + Sync>> {
    let config = gossipsub::ConfigBuilder::default()
        .protocol_id(PROTOCOL_ID, gossipsub::Version::V1_1)
        .validation_mode(gossipsub::ValidationMode::Anonymous)
        .message_id_fn(|message| Sha256::digest(&message.data).to_vec().into())
        .max_transmit_size(MAX_TRANSMIT_SIZE)
        .build()?;
    Ok(Behaviour {
        gossipsub: gossipsub::Behaviour::new(gossipsub::MessageAuthenticity::Anonymous, config)?,
        identify: identify::Behaviour::new(identify::Config::new("/ipfs/id/1.0.0".into(), key.public())),
    })
}

fn topic() -> gossipsub::IdentTopic {
    gossipsub::IdentTopic::new(TOPIC)
}

/// Runs a command, and returns the result for its reply.
pub fn execute(swarm: &mut Swarm<Behaviour>, command: Command) -> Result<Value, String> {
    match command {
        Command::Dial { address } => {
            let address: Multiaddr = address.parse().map_err(|error| format!("{error}"))?;
            swarm.dial(address).map_err(|error| error.to_string())?;
            Ok(Value::Null)
        }
        Command::Publish(packet) => publish(swarm, waku::encode(packet)),
        Command::PublishRaw { data_hex } => publish(swarm, data_hex),
    }
}

fn publish(swarm: &mut Swarm<Behaviour>, data: Vec<u8>) -> Result<Value, String> {
    let data_hex = hex::encode(&data);
    swarm.behaviour_mut().gossipsub.publish(topic(), data).map_err(|error| error.to_string())?;
    Ok(json!({ "data_hex": data_hex }))
}

/// The line to print for an event; `None` for events without a line.
pub fn line(swarm: &Swarm<Behaviour>, event: SwarmEvent<BehaviourEvent>) -> Option<Value> {
    match event {
        SwarmEvent::NewListenAddr { address, .. } => {
            let peer_id = swarm.local_peer_id();
            Some(
                json!({ "type": "ready", "peer_id": peer_id.to_string(), "address": format!("{address}/p2p/{peer_id}") }),
            )
        }
        SwarmEvent::OutgoingConnectionError { error, .. } => {
            Some(json!({ "type": "dial_failed", "error": error.to_string() }))
        }
        SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } => {
            Some(json!({ "type": "disconnected", "peer_id": peer_id.to_string() }))
        }
        SwarmEvent::Behaviour(BehaviourEvent::Gossipsub(event)) => gossip_line(event),
        _ => None,
    }
}

fn gossip_line(event: gossipsub::Event) -> Option<Value> {
    match event {
        gossipsub::Event::Subscribed { peer_id, topic } if topic.as_str() == TOPIC => {
            Some(json!({ "type": "subscribed", "peer_id": peer_id.to_string() }))
        }
        gossipsub::Event::Message { propagation_source, message, .. } => Some(json!({
            "type": "message",
            "from": propagation_source.to_string(),
            "data_hex": hex::encode(&message.data),
            "message": waku::view(&message.data),
        })),
        _ => None,
    }
}

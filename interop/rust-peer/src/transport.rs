//! The transport of a peer: it queues packets for the driver, which is the network.

use std::mem;

use de_mls::ds::{DeliveryService, DeliveryServiceError, OutboundPacket};

/// Published packets that are not printed yet, oldest first.
#[derive(Debug, Default)]
pub struct Outbox {
    packets: Vec<OutboundPacket>,
}

impl Outbox {
    /// Removes and returns the packets published since the last call.
    pub fn take(&mut self) -> Vec<OutboundPacket> {
        mem::take(&mut self.packets)
    }
}

impl DeliveryService for Outbox {
    type Error = DeliveryServiceError;

    fn publish(&mut self, packet: OutboundPacket) -> Result<(), Self::Error> {
        self.packets.push(packet);
        Ok(())
    }

    /// No effect: the driver chooses the receivers, and de-mls 3.0.0 never calls this.
    fn subscribe(&mut self, _delivery_address: &str) -> Result<(), Self::Error> {
        Ok(())
    }
}

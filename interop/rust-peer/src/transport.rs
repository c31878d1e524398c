//! The transport of a peer: packets are put aside, and the driver is the network.

use std::mem;

use de_mls::ds::{DeliveryService, DeliveryServiceError, OutboundPacket};

/// Packets that were published and not yet printed, oldest first.
#[derive(Debug, Default)]
pub struct Outbox {
    packets: Vec<OutboundPacket>,
}

impl Outbox {
    /// Hands over everything published since the last call.
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

    /// Nothing to do: the driver decides who hears what, and de-mls 3.0.0 never calls this.
    fn subscribe(&mut self, _delivery_address: &str) -> Result<(), Self::Error> {
        Ok(())
    }
}

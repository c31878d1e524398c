//! The identity of a user: the Ethereum address of the key that signs its votes.

use alloy::signers::local::PrivateKeySigner;
use de_mls::identity::Identity;

/// A 20-byte Ethereum address and its checksummed (EIP-55) hex form.
#[derive(Clone, Debug)]
pub struct EthereumIdentity {
    bytes: Vec<u8>,
    display: String,
}

impl EthereumIdentity {
    /// The identity that belongs to `signer`.
    pub fn of(signer: &PrivateKeySigner) -> Self {
        let address = signer.address();
        Self { bytes: address.to_vec(), display: address.to_checksum(None) }
    }
}

impl Identity for EthereumIdentity {
    fn identity_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn identity_display(&self) -> &str {
        &self.display
    }
}

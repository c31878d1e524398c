//! Key packages, judged by OpenMLS.

use openmls::prelude::{
    KeyPackage, KeyPackageIn, OpenMlsProvider, ProtocolVersion, tls_codec::DeserializeBytes,
};
use openmls_rust_crypto::OpenMlsRustCrypto;

use crate::bob::{Verdict, described};

/// A valid key package in the form of de-mls 3.0.0: OpenMLS's serde JSON.
pub fn validated_json(json: &[u8]) -> Verdict<KeyPackage> {
    validated(serde_json::from_slice(json).map_err(described)?)
}

/// A valid key package in the form of RFC 9420, without trailing bytes.
pub fn validated_tls(tls: &[u8]) -> Verdict<KeyPackage> {
    validated(KeyPackageIn::tls_deserialize_exact_bytes(tls).map_err(described)?)
}

/// Checks signatures, extensions, protocol version and lifetime as OpenMLS does for an Add.
fn validated(key_package: KeyPackageIn) -> Verdict<KeyPackage> {
    key_package.validate(OpenMlsRustCrypto::default().crypto(), ProtocolVersion::Mls10).map_err(described)
}

/// The identity in a key package's credential.
pub fn identity(key_package: &KeyPackage) -> &[u8] {
    key_package.leaf_node().credential().serialized_content()
}

/// The reference by which a welcome names a key package, in hex.
pub fn reference(key_package: &KeyPackage) -> Verdict<String> {
    let reference = key_package.hash_ref(OpenMlsRustCrypto::default().crypto()).map_err(described)?;
    Ok(hex::encode(reference.as_slice()))
}

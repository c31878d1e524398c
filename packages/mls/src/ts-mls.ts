/**
 * The parts of ts-mls that this package uses. Only this file imports it: the build replaces the file with the patched
 * ts-mls, see scripts/bundle-ts-mls.mjs.
 */
export {
  bytesToBase64,
  createApplicationMessage,
  createCommit,
  createGroup,
  createProposal,
  decodeGroupState,
  decodeMlsMessage,
  decodeRequiredCapabilities,
  defaultAuthenticationService,
  defaultKeyPackageEqualityConfig,
  emptyPskIndex,
  encodeGroupState,
  encodeMlsMessage,
  encodeRequiredCapabilities,
  generateKeyPackageWithKey,
  getCiphersuiteFromName,
  joinGroup,
  processPrivateMessage,
  type Capabilities,
  type CiphersuiteImpl,
  type CiphersuiteName,
  type ClientConfig,
  type ClientState,
  type Commit,
  type CreateCommitOptions,
  type CreateCommitResult,
  type CryptoProvider,
  type EpochReceiverData,
  type Extension,
  type GroupState,
  type Hash,
  type Hpke,
  type Kdf,
  type KeyPackage,
  type LeafNode,
  type Lifetime,
  type MLSMessage,
  type PrivateKey,
  type PrivateKeyPackage,
  type PrivateMessage,
  type Proposal,
  type PublicKey,
  type RatchetTree,
  type RequiredCapabilities,
  type SecretTree,
  type Signature,
  type Welcome,
} from "ts-mls";
export type { AuthenticatedContent } from "ts-mls/authenticatedContent.js";
export { processProposal } from "ts-mls/clientState.js";
export { deriveTreeSecret } from "ts-mls/crypto/kdf.js";
export { signWithLabel, verifyWithLabel } from "ts-mls/crypto/signature.js";
export { extensionsSupportedByCapabilities } from "ts-mls/extension.js";
export {
  decodeKeyPackage,
  encodeKeyPackage,
  makeKeyPackageRef,
  verifyKeyPackage,
} from "ts-mls/keyPackage.js";
export { mlsExporter } from "ts-mls/keySchedule.js";
export { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js";
export { unprotectPrivateMessage } from "ts-mls/messageProtection.js";
export { CryptoVerificationError } from "ts-mls/mlsError.js";
export { decryptSenderData } from "ts-mls/privateMessage.js";
export type { GenerationSecret, SecretTreeNode } from "ts-mls/secretTree.js";
export type { SenderData } from "ts-mls/sender.js";
export { decryptGroupInfo, decryptGroupSecrets } from "ts-mls/welcome.js";

import type { HpkeKeyPair, HpkeSealed } from "./crypto/sealed-to-key.js";
import type { MemberId } from "@demls/wire/core";
import type { CandidateOptions, CandidateResult, MlsChange } from "./commit/candidate.js";
import type { StagedCommit, StageResult } from "./commit/staged-commit.js";
import type { OpenResult, SealResult } from "./framing/application-message.js";
import type { MessageDescription } from "./framing/message-description.js";
import type { CreateGroupOptions } from "./group/create-group.js";
import type { Generations, ReceivedGenerations } from "./group/generations.js";
import type { MlsGroup } from "./group/mls-group.js";
import type {
  AddCheck,
  KeyPackageInspection,
  OwnKeyPackage,
  ReplaceCheck,
} from "./key-package/key-package.js";
import type { OwnLeafOptions } from "./key-package/leaf-binding.js";
import type { JoinOutcome } from "./welcome/join.js";

/**
 * MLS for one user: groups as values, RFC 9420 with ciphersuite 0x0001, wire-compatible with OpenMLS 0.8, which de-mls
 * 3.0.0 uses.
 *
 * Every method that takes a group throws DemlsError `foreign-group` for a group of another implementation.
 *
 * Input from the network never throws: it yields an outcome with a reason. A `DemlsError` means that the caller
 * requested an impossible operation. No outcome and no error holds a secret.
 *
 * The service keeps only the signature key of new leaves between calls. The caller stores group values, key packages and staged
 * commits, and wipes them when they are no longer needed.
 */
export interface MlsService {
  /** Member that this service acts as. */
  readonly identity: MemberId;
  /** Ed25519 public key of this user's new leaves, 32 bytes. */
  readonly signaturePublicKey: Uint8Array;
  /** Ed25519 private key, 32 bytes. For storage only. */
  readonly signaturePrivateKey: Uint8Array;
  /** Time at which that key was made, in seconds since the Unix epoch. */
  readonly signatureKeySince: number;

  /**
   * The same service with a new signature key, later than this one's. Groups and key packages of this service go on with
   * their own key; the own leaf of a group gets the new one by {@link createCandidate}.
   */
  withNewSignatureKey(): Promise<MlsService>;

  /**
   * Generates a single-use key package, valid from an hour ago for 84 days. Publish `bytes`, keep the whole value until
   * a welcome names its reference, then {@link wipeKeyPackage} it.
   *
   * @throws DemlsError `invalid-identity-proof` when the proof has more than 256 bytes; `invalid-claimed-name`.
   */
  generateKeyPackage(options?: OwnLeafOptions): Promise<OwnKeyPackage>;

  /**
   * Reads and verifies a key package in either form (OpenMLS's serde JSON, TLS): size, signatures, lifetime, suite,
   * capabilities, credential. Call it before you buffer, propose or vote on a key package.
   */
  inspectKeyPackage(bytes: Uint8Array): Promise<KeyPackageInspection>;

  /**
   * Inspects a key package as {@link inspectKeyPackage} does, and checks that this group could add it in this epoch.
   *
   * @param besides - key packages that the same commit may have to add. The result is a rejection if one of them is
   * another key package with a key of `bytes`, since no commit can add both.
   */
  canAdd(group: MlsGroup, bytes: Uint8Array, besides?: readonly Uint8Array[]): Promise<AddCheck>;

  /**
   * Inspects a key package as {@link inspectKeyPackage} does, and checks that a commit in this epoch could replace its
   * owner's leaf by it: the key package names that leaf by its admission.
   */
  canReplace(group: MlsGroup, bytes: Uint8Array): Promise<ReplaceCheck>;

  /**
   * Creates a group in epoch 0 with this user as its only member.
   *
   * @throws DemlsError `invalid-conversation-name` when the name is empty; `unsupported-extension` when
   *   `requiredExtensions` holds a type that the own leaf does not list; `invalid-identity-proof` as
   *   {@link generateKeyPackage}.
   */
  createGroup(conversationName: string, options?: CreateGroupOptions): Promise<MlsGroup>;

  /**
   * Joins a group by a welcome for one of `keyPackages`. That key package is then spent: store its removal and the
   * group in one batch, and then call {@link wipeKeyPackage}. The group shares no bytes with it.
   */
  join(welcome: Uint8Array, keyPackages: readonly OwnKeyPackage[]): Promise<JoinOutcome>;

  /**
   * Encrypts and signs an application message.
   *
   * @returns the message, and the group with its generation spent. Continue with that group.
   */
  seal(group: MlsGroup, plaintext: Uint8Array): Promise<SealResult>;

  /**
   * Decrypts and authenticates an application message of the group's epoch or the one before. A sender may skip up to
   * 1,000 generations; the last 256 messages that are missing from it still open, once each.
   *
   * An own message is ignored, unless this group value has not sealed its generation: then a later value has, this one is
   * an old copy, and the message opens and spends its generation.
   *
   * @returns the outcome, and the group with the sender's generation spent. For every outcome except `application` it
   *   is the same value.
   */
  open(group: MlsGroup, message: Uint8Array): Promise<OpenResult>;

  /** Describes a message without a key. Nothing in the description is authenticated. */
  describe(message: Uint8Array): MessageDescription;

  /**
   * Makes an own candidate for the next epoch: one proposal message per change, and a commit to them. It renews the
   * HPKE keys of the own leaf and of the nodes above it (RFC 9420 § 7.4), unless it only adds members to a group that
   * does not require `STRICT_MARKER`. Without changes, this is all it does.
   *
   * @returns the candidate, and the group in its current epoch with the candidate's handshake generations spent.
   *   Continue with that group, whether the candidate wins or is dropped.
   * @throws DemlsError
   * - `self-removal` when a change removes the committer (RFC 9420 § 12.2 forbids it);
   * - `not-a-member` when a change removes a non-member, `duplicate-removal` when two remove one member;
   * - `invalid-key-package` when {@link canAdd} rejects one, with the reason in the message; a member that the same
   *   candidate removes may be added again;
   * - `commit-failed` when ts-mls fails for any other reason.
   */
  createCandidate(
    group: MlsGroup,
    changes: readonly MlsChange[],
    options?: CandidateOptions,
  ): Promise<CandidateResult>;

  /**
   * Verifies another member's candidate and computes its next epoch, without merging.
   *
   * @returns the outcome, and for a staged candidate the group in its current epoch with the candidate's handshake
   *   generations spent. Otherwise the group is the same value: a forged bundle of genuine parts must not spend the
   *   generations that the genuine bundle needs. Stage each commit once and keep it by its `hash`; a second attempt is
   *   rejected as `replayed`. An own candidate is rejected as `own-message`; if a later value of the group has made it,
   *   its generations are spent in the result.
   */
  stage(group: MlsGroup, proposals: readonly Uint8Array[], commit: Uint8Array): Promise<StageResult>;

  /**
   * Enters the epoch of a staged commit or an own candidate.
   *
   * @param group - the newest value of the epoch that the commit was made in. Its receive history is kept, so that late
   *   messages of that epoch still open, once.
   * @throws DemlsError `stale-commit` when the commit was made in another epoch or group; `removed` when it removes
   *   this member, which then has no next epoch.
   */
  merge(group: MlsGroup, staged: StagedCommit): MlsGroup;

  /** Generations that the group seals with next. */
  generations(group: MlsGroup): Generations;

  /**
   * Application messages that were opened in an epoch, as generations of each sender. A skipped generation is a message
   * that is missing.
   *
   * @returns `undefined` unless the epoch is the group's or the one before.
   */
  received(group: MlsGroup, epoch: bigint): ReceivedGenerations | undefined;

  /**
   * The same group, with all generations before `to` skipped. A group restored from storage may have sealed more
   * messages since it was stored: skip those generations, or a key and nonce are used twice. Members still open
   * messages after up to 1,000 skipped generations.
   *
   * @param to - the next generations; one that the group has already passed is ignored.
   * @param keptKeys - number of skipped application keys that stay, the newest: own messages that were sealed with them
   *   since open by {@link open}. @default 0
   */
  skipGenerations(group: MlsGroup, to: Generations, keptKeys?: number): Promise<MlsGroup>;

  /**
   * Secret of the group's current epoch: MLS-Exporter (RFC 9420 § 8.5). Equal at all members of the epoch, and
   * independent of other labels, contexts, lengths and epochs.
   *
   * @throws DemlsError `invalid-export-length` when `length` is not a whole number from 1 to 255.
   */
  exportSecret(group: MlsGroup, label: string, context: Uint8Array, length: number): Promise<Uint8Array>;

  /**
   * Signs with the key of the own leaf in `group`, or with the key of new leaves without a group: SignWithLabel
   * (RFC 9420 § 5.1.2). The label separates the signature from those of other protocols.
   *
   * @throws DemlsError `reserved-label` when MLS itself signs with the label: `FramedContentTBS`, `LeafNodeTBS`,
   *   `KeyPackageTBS`, `GroupInfoTBS`.
   */
  sign(group: MlsGroup | undefined, label: string, content: Uint8Array): Promise<Uint8Array>;

  /**
   * Verifies a signature of {@link sign}, as strictly as those of messages: VerifyWithLabel (RFC 9420 § 5.1.2). Never
   * throws.
   *
   * @param publicKey - `signatureKey` of the signer in {@link MlsGroup.roster}.
   * @returns `false` also for a malformed key or signature, and for a label that `sign` rejects.
   */
  verify(publicKey: Uint8Array, label: string, content: Uint8Array, signature: Uint8Array): Promise<boolean>;

  /**
   * Encrypts with AES-128-GCM, for instance under an exported secret. A key must never encrypt twice with one nonce.
   *
   * @returns the ciphertext, followed by its 16-byte tag.
   * @throws DemlsError `invalid-aead-key` when `key` is not 16 bytes or `nonce` not 12.
   */
  sealWithKey(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Promise<Uint8Array>;

  /**
   * Decrypts the result of {@link sealWithKey}. Never throws.
   *
   * @returns `undefined` when authentication fails or a length is wrong.
   */
  openWithKey(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    ciphertext: Uint8Array,
  ): Promise<Uint8Array | undefined>;

  /** Generates a key pair for {@link hpkeSeal}. The caller wipes the private key. */
  hpkeKeyPair(): Promise<HpkeKeyPair>;

  /**
   * Encrypts to a public key: SealBase of HPKE (RFC 9180 § 6.1) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
   * AES-128-GCM, as MLS uses it.
   *
   * @throws DemlsError `invalid-hpke-key` when nothing can be encrypted to `publicKey`.
   */
  hpkeSeal(
    publicKey: Uint8Array,
    info: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Promise<HpkeSealed>;

  /**
   * Decrypts the result of {@link hpkeSeal} (OpenBase). Never throws.
   *
   * @returns `undefined` for another key, `info` or `aad`, and for anything that was not encrypted so.
   */
  hpkeOpen(
    privateKey: Uint8Array,
    sealed: HpkeSealed,
    info: Uint8Array,
    aad: Uint8Array,
  ): Promise<Uint8Array | undefined>;

  /**
   * Zeroes the secrets of `spent` that are not also in a value of `kept`. The values of `spent` are unusable
   * afterwards.
   *
   * Call it once the replacing value is stored. After merging, pass the old group and the losing candidates as `spent`;
   * after dropping a candidate, its `next`; on leaving, all values, with `kept` empty. The signature key of the service
   * stays.
   */
  wipe(spent: readonly MlsGroup[], kept: readonly MlsGroup[]): void;

  /** Zeroes the private part of a key package that was used to join or is no longer needed. */
  wipeKeyPackage(keyPackage: OwnKeyPackage): void;

  /** Encodes the whole state, secrets included. Equal values have equal bytes. */
  encodeGroup(group: MlsGroup): Uint8Array;

  /**
   * Decodes a value written by {@link encodeGroup}.
   *
   * @throws DemlsError `corrupt-group` when the bytes are not an encoded group.
   */
  decodeGroup(bytes: Uint8Array): MlsGroup;
}

import type { MemberId } from "@demls/wire/core";
import type { MlsChange, CandidateResult } from "./commit/candidate.js";
import type { StagedCommit, StageResult } from "./commit/staged-commit.js";
import type { OpenResult, SealResult } from "./framing/application-message.js";
import type { MessageDescription } from "./framing/message-description.js";
import type { CreateGroupOptions } from "./group/create-group.js";
import type { Generations } from "./group/generations.js";
import type { MlsGroup } from "./group/mls-group.js";
import type { AddCheck, KeyPackageInspection, OwnKeyPackage } from "./key-package/key-package.js";
import type { JoinOutcome } from "./welcome/join.js";

/**
 * MLS for one user: groups as values, RFC 9420 with ciphersuite 0x0001, byte for byte as OpenMLS 0.8
 * speaks it under de-mls 3.0.0.
 *
 * Every method that takes a group throws DemlsError `foreign-group` for one that another implementation made.
 *
 * What came from the network never throws here: it yields an outcome with a reason. A `DemlsError`
 * means that the caller asked for something that can't be. No outcome and no error holds a secret.
 *
 * The service keeps no state between calls but its signature key; the caller owns group values, key
 * packages and staged commits, stores them, and says when they are done with.
 */
export interface MlsService {
  /** The member that this service acts as. */
  readonly identity: MemberId;
  /** Ed25519 public key in this user's leaves, 32 bytes. */
  readonly signaturePublicKey: Uint8Array;
  /** Ed25519 private key, 32 bytes: for storage only. */
  readonly signaturePrivateKey: Uint8Array;

  /**
   * A new key package: valid from an hour ago for 84 days, single use. Hand `bytes` out, keep the whole
   * value until a welcome names its reference, then {@link wipeKeyPackage} it.
   */
  generateKeyPackage(): Promise<OwnKeyPackage>;

  /**
   * Reads and verifies a key package in either form (OpenMLS's serde JSON, TLS), as a member should before it
   * buffers, proposes or votes on it: size, signatures, lifetime, suite, capabilities, credential.
   */
  inspectKeyPackage(bytes: Uint8Array): Promise<KeyPackageInspection>;

  /**
   * {@link inspectKeyPackage}, and whether this group in this epoch could take it with an Add of its own.
   *
   * @param besides - key packages that the same commit may have to add. A different one that shares a key with `bytes`
   * makes it refused, since no commit can hold both.
   */
  canAdd(group: MlsGroup, bytes: Uint8Array, besides?: readonly Uint8Array[]): Promise<AddCheck>;

  /**
   * Creates a group with oneself as its only member, epoch 0.
   *
   * @throws DemlsError `invalid-conversation-name` where the name is empty; `unsupported-extension` where
   * `requiredExtensions` has one that the own leaf doesn't list.
   */
  createGroup(conversationName: string, options?: CreateGroupOptions): Promise<MlsGroup>;

  /**
   * Joins by a welcome that one of `keyPackages` was invited with. That key package is spent: store its
   * removal and the group in one batch, then {@link wipeKeyPackage} it. The group shares no bytes with it.
   */
  join(welcome: Uint8Array, keyPackages: readonly OwnKeyPackage[]): Promise<JoinOutcome>;

  /**
   * Encrypts and signs an application message.
   *
   * @returns the message, and the group with its generation spent: go on from that one.
   */
  seal(group: MlsGroup, plaintext: Uint8Array): Promise<SealResult>;

  /**
   * Decrypts and authenticates an application message of the group's epoch, or of the one before.
   *
   * @returns the group with the sender's generation spent; for everything but `application` the very
   * value given.
   */
  open(group: MlsGroup, message: Uint8Array): Promise<OpenResult>;

  /** What can be told about a message without a key. Nothing in it is authenticated. */
  describe(message: Uint8Array): MessageDescription;

  /**
   * Makes an own candidate for the next epoch: a proposal message for each change, and a commit to them.
   *
   * @returns the candidate, and the group in its epoch with the handshake generations spent that the
   * candidate used: go on from that one, whether the candidate wins or is dropped.
   * @throws DemlsError
   * - `no-changes` where `changes` is empty;
   * - `self-removal` where a change removes oneself: a committer can't (RFC 9420 § 12.2);
   * - `not-a-member` where one removes a stranger, `duplicate-removal` where two remove one member;
   * - `invalid-key-package` where {@link canAdd} would refuse one, with its reason in the message; a member whom
   *   the same candidate removes may be added again;
   * - `commit-failed` where ts-mls fails for a reason that none of these foresees.
   */
  createCandidate(group: MlsGroup, changes: readonly MlsChange[]): Promise<CandidateResult>;

  /**
   * Verifies a candidate from someone else and computes the epoch it leads to, merging nothing.
   *
   * @returns when staged, the group in its epoch with the candidate's handshake generations spent. Otherwise
   * the very value given, so that a forged bundle of genuine parts can't spend what the genuine one needs.
   * A commit is therefore staged once: keep it by its `hash`; a second try is rejected as `replayed`.
   */
  stage(group: MlsGroup, proposals: readonly Uint8Array[], commit: Uint8Array): Promise<StageResult>;

  /**
   * Enters the epoch of a staged commit or an own candidate.
   *
   * @param group - the newest value of the epoch that the commit was made in: its receive history goes along,
   * so that late messages of that epoch still open, once.
   * @throws DemlsError `stale-commit` where the commit was made in another epoch or group; `removed` where
   * it removes oneself, so that there is no next epoch.
   */
  merge(group: MlsGroup, staged: StagedCommit): MlsGroup;

  /** The generations that the group seals with next. */
  generations(group: MlsGroup): Generations;

  /**
   * The same group, which seals with none of the generations before `to`. A group that was stored a while ago
   * may have sealed more since: whoever goes on from it must skip those, or a key and nonce serve twice.
   * Members read on over at most 1,000 skipped ones.
   *
   * @param to - a generation that is behind the group's already is left as it is.
   */
  skipGenerations(group: MlsGroup, to: Generations): Promise<MlsGroup>;

  /**
   * Zeroes every secret of `spent` that no value of `kept` refers to. The values of `spent` are unusable
   * afterwards.
   *
   * Call it once the value that replaces them is stored: after merging, with the old group and the
   * candidates that lost as `spent`; after dropping a candidate, with its `next`; on leaving, with everything
   * and `kept` empty. The signature key is never touched: it is the user's, not the group's.
   */
  wipe(spent: readonly MlsGroup[], kept: readonly MlsGroup[]): void;

  /** Zeroes the private part of a key package that has been joined with or is given up. */
  wipeKeyPackage(keyPackage: OwnKeyPackage): void;

  /** The whole state as bytes, secrets and all. Equal values have equal bytes. */
  encodeGroup(group: MlsGroup): Uint8Array;

  /**
   * The value that {@link encodeGroup} wrote.
   *
   * @throws DemlsError `corrupt-group` where the bytes are not one.
   */
  decodeGroup(bytes: Uint8Array): MlsGroup;
}

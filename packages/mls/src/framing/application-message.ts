import { bytesEqual, type MemberId } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { generations } from "../group/generations.js";
import { withSecretTree, type MlsGroup, type TsMlsGroup } from "../group/mls-group.js";
import { identityAt } from "../tree/ratchet-tree.js";
import { createApplicationMessage, encodeMlsMessage, type SecretTree } from "../ts-mls.js";
import {
  currentEpochKeys,
  parseMlsMessage,
  unprotect,
  type EpochKeys,
  type UnprotectRejectReason,
} from "./private-message.js";

/** Sealed message, and the group to continue with. */
export interface SealResult {
  readonly group: MlsGroup;
  /** MLSMessage with a PrivateMessage, ready to send. */
  readonly message: Uint8Array;
  /** Generation of the own application ratchet that the message spent, in the group's epoch. */
  readonly generation: number;
}

/** Result of opening an inbound message. */
export type OpenOutcome =
  | {
      readonly kind: "application";
      /** Authenticated by the sender's leaf signature key. */
      readonly sender: MemberId;
      /** The sender's leaf in `epoch`. */
      readonly leafIndex: number;
      /** Generation of the sender's application ratchet in `epoch` that the message was sealed with. */
      readonly generation: number;
      readonly plaintext: Uint8Array;
      /** Epoch that the message was sealed in: the group's, or the one before. */
      readonly epoch: bigint;
    }
  | {
      readonly kind: "ignored";
      /** `handshake`: a proposal or a commit, for {@link MlsService.stage}. `other-kind`: no PrivateMessage. */
      readonly reason: "other-group" | "own-message" | "handshake" | "other-kind";
    }
  /** The keys of the message's epoch are not known, or not any more. The epoch is unauthenticated. */
  | { readonly kind: "otherEpoch"; readonly epoch: bigint }
  | {
      readonly kind: "rejected";
      /**
       * `replayed`: its generation is spent or too old. `undecryptable`: not sealed by a member, or damaged.
       */
      readonly reason: "malformed" | "replayed" | "too-far-ahead" | "undecryptable" | "bad-signature";
    };

/** Result of opening, and the group to continue with. */
export interface OpenResult {
  readonly group: MlsGroup;
  readonly outcome: OpenOutcome;
}

/** See {@link MlsService.seal}. */
export async function seal(
  context: MlsContext,
  group: TsMlsGroup,
  plaintext: Uint8Array,
): Promise<SealResult> {
  const { newState, privateMessage } = await createApplicationMessage(group.state, plaintext, context.suite);
  return {
    group: withSecretTree(group, newState.secretTree),
    message: encodeMlsMessage({ version: "mls10", wireformat: "mls_private_message", privateMessage }),
    generation: generations(group).application,
  };
}

/** See {@link MlsService.open}. */
export async function open(context: MlsContext, group: TsMlsGroup, bytes: Uint8Array): Promise<OpenResult> {
  const ended = (outcome: OpenOutcome): OpenResult => ({ group, outcome });
  const message = parseMlsMessage(bytes);
  if (message === undefined) return ended({ kind: "rejected", reason: "malformed" });
  if (message.wireformat !== "mls_private_message") return ended({ kind: "ignored", reason: "other-kind" });
  const { privateMessage } = message;
  if (!bytesEqual(privateMessage.groupId, group.state.groupContext.groupId))
    return ended({ kind: "ignored", reason: "other-group" });
  if (privateMessage.contentType !== "application") return ended({ kind: "ignored", reason: "handshake" });
  const { epoch } = privateMessage;
  const keys = epochKeys(group, epoch);
  if (keys === undefined) return ended({ kind: "otherEpoch", epoch });

  const read = await unprotect(context, keys, privateMessage, group.state.privatePath.leafIndex);
  if (!read.ok) return ended(notRead(read.reason));
  const { content } = read.content;
  const { leafIndex, generation } = read;
  const sender = identityAt(keys.ratchetTree, leafIndex);
  if (content.contentType !== "application" || sender === undefined)
    return ended({ kind: "rejected", reason: "undecryptable" });
  const plaintext = content.applicationData;
  const outcome = { kind: "application", sender, leafIndex, generation, plaintext, epoch } as const;
  return { group: withSpentGeneration(group, epoch, read.secretTree), outcome };
}

function notRead(reason: UnprotectRejectReason): OpenOutcome {
  return reason === "own-message" ? { kind: "ignored", reason } : { kind: "rejected", reason };
}

function epochKeys(group: TsMlsGroup, epoch: bigint): EpochKeys | undefined {
  return epoch === group.epoch
    ? currentEpochKeys(group.state)
    : group.state.historicalReceiverData.get(epoch);
}

function withSpentGeneration(group: TsMlsGroup, epoch: bigint, secretTree: SecretTree): TsMlsGroup {
  if (epoch === group.epoch) return withSecretTree(group, secretTree);
  const past = group.state.historicalReceiverData.get(epoch);
  if (past === undefined) return group;
  const historicalReceiverData = new Map(group.state.historicalReceiverData);
  historicalReceiverData.set(epoch, { ...past, secretTree });
  return { ...group, state: { ...group.state, historicalReceiverData } };
}

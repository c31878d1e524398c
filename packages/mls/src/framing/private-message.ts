import { KEPT_APPLICATION_GENERATIONS, MAX_FORWARD_GENERATIONS } from "../client/client-config.js";
import type { MlsContext } from "../client/mls-context.js";
import { ratchetForward } from "../group/generations.js";
import {
  CryptoVerificationError,
  decodeMlsMessage,
  decryptSenderData,
  unprotectPrivateMessage,
  type AuthenticatedContent,
  type ClientState,
  type EpochReceiverData,
  type MLSMessage,
  type PrivateMessage,
  type SecretTree,
  type SenderData,
} from "../ts-mls.js";

/** Keys that open an epoch's messages. */
export type EpochKeys = Omit<EpochReceiverData, "resumptionPsk">;

/** Reason that a PrivateMessage could not be opened. */
export type UnprotectRejectReason =
  "own-message" | "replayed" | "too-far-ahead" | "undecryptable" | "bad-signature";

/** Opened and authenticated PrivateMessage, or the reason that it could not be opened. */
export type Unprotected =
  | {
      readonly ok: true;
      readonly content: AuthenticatedContent;
      readonly leafIndex: number;
      /** Generation of the sender's ratchet that the message spent. */
      readonly generation: number;
      /** Ratchets of the epoch, with the message's generation spent. */
      readonly secretTree: SecretTree;
    }
  | { readonly ok: false; readonly reason: UnprotectRejectReason };

/**
 * Reads an MLSMessage; `undefined` when the bytes are not one. Trailing bytes are ignored, as in de-mls 3.0.0:
 * rejecting messages that it accepts would cause a fork.
 */
export function parseMlsMessage(bytes: Uint8Array): MLSMessage | undefined {
  try {
    // Copies, because the decoded message references the caller's bytes. A Buffer's slice() returns a view.
    return decodeMlsMessage(Uint8Array.from(bytes), 0)?.[0];
  } catch {
    return undefined;
  }
}

/** Keys of a state's own epoch. */
export function currentEpochKeys(state: ClientState): EpochKeys {
  return {
    senderDataSecret: state.keySchedule.senderDataSecret,
    secretTree: state.secretTree,
    ratchetTree: state.ratchetTree,
    groupContext: state.groupContext,
  };
}

/**
 * Decrypts a PrivateMessage and verifies its signature (RFC 9420 § 6.3), without changing the state.
 *
 * Reads the sender first: ts-mls reports an own message and a replay only in the text of an exception. A message of the
 * own leaf opens if this state has not sealed its generation: a later life of the state has.
 */
export async function unprotect(
  context: MlsContext,
  keys: EpochKeys,
  message: PrivateMessage,
  ownLeafIndex: number,
): Promise<Unprotected> {
  try {
    const sender = await decryptSenderData(message, keys.senderDataSecret, context.suite);
    if (sender === undefined) return { ok: false, reason: "undecryptable" };
    const reason = senderRejectReason(keys, message, sender, ownLeafIndex);
    if (reason !== undefined) return { ok: false, reason };
    const isApplication = message.contentType === "application";
    const { content, tree } = await unprotectPrivateMessage(
      keys.senderDataSecret,
      message,
      isApplication ? await withSkippedKeys(context, keys.secretTree, sender) : keys.secretTree,
      keys.ratchetTree,
      keys.groupContext,
      context.config.keyRetentionConfig,
      context.suite,
    );
    const { leafIndex, generation } = sender;
    return { ok: true, content, leafIndex, generation, secretTree: tree };
  } catch (error) {
    const reason = error instanceof CryptoVerificationError ? "bad-signature" : "undecryptable";
    return { ok: false, reason };
  }
}

/**
 * Ratchets with the sender's application ratchet at a message's generation. ts-mls would keep as few skipped keys as for
 * handshake messages, and sort them at every step.
 */
async function withSkippedKeys(
  context: MlsContext,
  secretTree: SecretTree,
  { leafIndex, generation }: SenderData,
): Promise<SecretTree> {
  const ratchets = secretTree[2 * leafIndex];
  if (ratchets === undefined || generation <= ratchets.application.generation) return secretTree;
  const kept = KEPT_APPLICATION_GENERATIONS;
  const application = await ratchetForward(context, ratchets.application, generation, kept);
  return secretTree.with(2 * leafIndex, { ...ratchets, application });
}

function senderRejectReason(
  keys: EpochKeys,
  message: PrivateMessage,
  sender: SenderData,
  ownLeafIndex: number,
): UnprotectRejectReason | undefined {
  const ratchets = keys.secretTree[2 * sender.leafIndex];
  if (ratchets === undefined || keys.ratchetTree[2 * sender.leafIndex] === undefined) return "undecryptable";
  const ratchet = message.contentType === "application" ? ratchets.application : ratchets.handshake;
  const ahead = sender.generation - ratchet.generation;
  if (ahead > MAX_FORWARD_GENERATIONS) return "too-far-ahead";
  if (ahead >= 0 || ratchet.unusedGenerations[sender.generation] !== undefined) return undefined;
  return sender.leafIndex === ownLeafIndex ? "own-message" : "replayed";
}

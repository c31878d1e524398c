import {
  decodeAppMessage,
  decodeConversationUpdateRequest,
  decodeRepairPacket,
  type AppMessage,
  type RepairMessage,
} from "@demls/wire";
import { APP_MSG_SUBTOPIC, bytesEqual, bytesToHex, REPAIR_SUBTOPIC, type Packet } from "@demls/wire/core";
import type { MlsWatch } from "./watched-mls.js";

/** A choice of a commit that a member has published. */
export interface PublishedChoice {
  /** Repair key of its epoch, in hex. */
  readonly key: string;
  readonly leafIndex: number;
  /** In hex. */
  readonly commit: string;
}

/** An epoch change of a member's library. Hex. */
export interface Merge {
  readonly epoch: bigint;
  readonly commit: string;
  /** Epoch authenticator before. */
  readonly parent: string;
  /** Members before. */
  readonly members: readonly string[];
}

/** Records of all libraries' calls of MLS, which no member has by itself. */
export interface Records {
  /** An observer for one member's library. */
  watch(onMerge: (merge: Merge) => void): MlsWatch;
  /** Leaf indices that have chosen a commit in the epoch with this authenticator, published or not. */
  choosersOf(authenticator: string, commit: string): ReadonlySet<number>;
  /** Whether a proposal is a leave. The user of one that has given up its join sees nothing of it. */
  isLeave(proposalId: number): boolean;
  /** The choice in a packet. */
  choiceIn(packet: Packet): PublishedChoice | undefined;
  /** Content of a packet in a word or two. */
  nameOf(packet: Packet): string;
}

/** Bytes at the end of a message by which it is recognised. */
const TAIL_BYTES = 24;

/** @param isNaming whether {@link Records.nameOf} knows messages, which costs time and memory */
export function createRecords(isNaming: boolean): Records {
  const keys = new Map<string, string>();
  /** Leaf indices by repair key and commit. */
  const choosers = new Map<string, Set<number>>();
  const choices = new Map<string, PublishedChoice>();
  const names = new Map<string, string>();
  /** Proposals by which members leave. */
  const leaves = new Set<number>();

  function noteChoice(choice: PublishedChoice, nonce: string): void {
    choices.set(nonce, choice);
    const id = `${choice.key} ${choice.commit}`;
    choosers.set(id, (choosers.get(id) ?? new Set()).add(choice.leafIndex));
  }

  return {
    watch: (onMerge) => ({
      merged(before, { hash, epoch }) {
        const parent = bytesToHex(before.epochAuthenticator);
        onMerge({ epoch: epoch + 1n, commit: bytesToHex(hash), parent, members: before.members });
      },
      keyed: ({ epochAuthenticator }, key) => void keys.set(bytesToHex(epochAuthenticator), key),
      repairSealed(key, nonce, leafIndex, message) {
        if (message.kind === "choice")
          noteChoice({ key, leafIndex, commit: bytesToHex(message.commitHash) }, nonce);
        if (isNaming) names.set(nonce, nameOfRepair(message));
      },
      messageSealed(message, plaintext) {
        const decoded = decodeAppMessage(plaintext);
        if (!decoded.ok) return;
        const leave = leaveIn(decoded.value);
        if (leave !== undefined) leaves.add(leave);
        if (isNaming) names.set(tailOf(message), decoded.value.kind);
      },
    }),
    choosersOf: (authenticator, commit) =>
      choosers.get(`${keys.get(authenticator) ?? ""} ${commit}`) ?? new Set(),
    isLeave: (proposalId) => leaves.has(proposalId),
    choiceIn: (packet) => choices.get(nonceOf(packet) ?? ""),
    nameOf(packet) {
      const known = names.get(nonceOf(packet) ?? tailOf(packet.payload));
      if (known !== undefined || packet.subtopic !== APP_MSG_SUBTOPIC) return known ?? packet.subtopic;
      const decoded = decodeAppMessage(packet.payload);
      return decoded.ok ? decoded.value.kind : packet.subtopic;
    },
  };
}

/** Id of the proposal by which its owner leaves. */
function leaveIn(message: AppMessage): number | undefined {
  if (message.kind !== "proposal") return undefined;
  const { proposalId, proposalOwner, payload } = message.proposal;
  const request = decodeConversationUpdateRequest(payload);
  const isLeave =
    request.ok && request.value.kind === "remove_member" && bytesEqual(request.value.identity, proposalOwner);
  return isLeave ? proposalId : undefined;
}

function nameOfRepair(message: RepairMessage): string {
  if (message.kind === "progress") return message.asks ? "request" : "report";
  return message.kind === "served" ? "answer" : message.kind;
}

function nonceOf({ subtopic, payload }: Packet): string | undefined {
  if (subtopic !== REPAIR_SUBTOPIC) return undefined;
  const packet = decodeRepairPacket(payload);
  return packet.ok ? bytesToHex(packet.value.nonce) : undefined;
}

function tailOf(bytes: Uint8Array): string {
  return bytesToHex(bytes.subarray(-TAIL_BYTES));
}

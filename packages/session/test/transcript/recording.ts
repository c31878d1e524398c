import { decodeAppMessage, type AppMessage } from "@demls/wire";
import { hexToBytes, parseMemberId, type MemberId, type Packet } from "@demls/wire/core";
import type { RecordedConfig } from "../harness/index.js";
import type { StorageEntry, StoredKeyPair } from "../../../../vectors/openmls-storage.js";

/** Members of the recorded conversation. */
export type Name = "alice" | "bob" | "carol";

/** Members whose private keys were recorded. */
export type ReplayedName = "bob" | "carol";

/** Fields of a proposal or vote that a replay uses. */
export interface RecordedProposal {
  readonly proposal_id: number;
  readonly name: string;
  /** Hex of a `ConversationUpdateRequest`. */
  readonly payload: string;
  readonly decoded_payload: { readonly kind: string };
  readonly timestamp: string;
  readonly votes: readonly RecordedVote[];
}
export interface RecordedVote {
  readonly proposal_id: number;
  readonly vote: boolean;
  readonly vote_id: number;
  readonly timestamp: string;
}

/** A packet in sending order: payload and content. */
export interface RecordedPacket {
  readonly n: number;
  readonly t_ms: number;
  readonly sender: Name;
  readonly sender_seq: number;
  readonly subtopic: string;
  readonly conversation_id: string;
  readonly app_id: string;
  readonly encrypted: boolean;
  readonly kind: string;
  readonly plaintext_hex: string | null;
  readonly payload_b64: string;
  readonly decoded:
    | { readonly kind: "proposal"; readonly proposal: RecordedProposal }
    | { readonly kind: "vote"; readonly vote: RecordedVote }
    | { readonly kind: "conversation_message"; readonly sender: string; readonly text: string }
    | {
        readonly kind: "commit_candidate";
        readonly commit_message: string;
        readonly mls_proposals: readonly string[];
      }
    | { readonly kind: "user_key_package" | "invitation_to_join" | "conversation_sync" };
}

interface ByUser {
  readonly user: Name;
}

/** Log of the recorder, in order. */
export type LogEntry = { readonly t_ms: number } & (
  | { readonly type: "ready" }
  | { readonly type: "step"; readonly text: string }
  | ({ readonly type: "packet"; readonly seq: number } & ByUser)
  | ({ readonly type: "lifecycle"; readonly event: "created" | "removed" } & ByUser)
  | ({ readonly type: "freeze"; readonly status: string } & ByUser)
  | ({
      readonly type: "consensus";
      readonly outcome: {
        readonly kind: string;
        readonly proposal_id: number;
        readonly result: boolean;
        readonly timestamp: number;
      };
    } & ByUser)
  | ({ readonly type: "event" } & RecordedEvent & ByUser)
);

/** An event of a member's conversation. */
export type RecordedEvent =
  | { readonly event: "phase_change"; readonly state: string }
  | { readonly event: "joined" | "leaving" | "own_proposal_submitted" }
  | { readonly event: "commit_applied"; readonly batch: readonly Readonly<Record<string, string>>[] }
  | {
      readonly event: "app_message";
      readonly app_message_hex: string;
      readonly app:
        | { readonly kind: "vote_payload" }
        | { readonly kind: "conversation_message"; readonly message: string; readonly sender: string };
    };

/** Content of vectors/10_transcript.json. */
export interface Recording {
  readonly source: string;
  readonly note: string;
  readonly conversation_id: string;
  readonly config: RecordedConfig;
  readonly users: Readonly<
    Record<
      Name,
      {
        readonly display: string;
        readonly identity: string;
        readonly identity_string: string;
        readonly mls_signature_public: string;
        readonly secret_key_hex: string;
      }
    >
  >;
  readonly secrets: Readonly<
    Record<
      `${ReplayedName}_before_welcome`,
      {
        readonly identity: string;
        readonly mls_storage: readonly StorageEntry[];
        readonly signature_key_pair: StoredKeyPair;
      }
    >
  >;
  readonly log: readonly LogEntry[];
  readonly packets: readonly RecordedPacket[];
}

export function bytes(hex: string): Uint8Array {
  const decoded = hexToBytes(hex);
  if (decoded === undefined) throw new Error("The vector is not hex.");
  return decoded;
}

function base64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** A recorded packet as sent. */
export function asPacket(recorded: RecordedPacket): Packet {
  return {
    payload: base64(recorded.payload_b64),
    subtopic: recorded.subtopic,
    conversationId: recorded.conversation_id,
    appId: bytes(recorded.app_id),
  };
}

export function idOf(recording: Recording, name: Name): MemberId {
  return parseMemberId(recording.users[name].identity);
}

/** Name of a member, for readable failures. */
export function nameOf(recording: Recording, id: string): string {
  const names = Object.keys(recording.users) as Name[];
  return names.find((name) => recording.users[name].identity === id) ?? id;
}

/** Packet of a log entry. */
export function packetOf(
  { packets }: Recording,
  { user, seq }: { readonly user: Name; readonly seq: number },
): RecordedPacket {
  const found = packets.find(({ sender, sender_seq }) => sender === user && sender_seq === seq);
  if (found === undefined) throw new Error(`There is no packet ${seq} of ${user}.`);
  return found;
}

/** The recording before packet `n` was sent. */
export function beforePacket(recording: Recording, n: number): Recording {
  const { log, packets } = recording;
  const end = log.findIndex((entry) => entry.type === "packet" && packetOf(recording, entry).n === n);
  return { ...recording, log: log.slice(0, end), packets: packets.slice(0, n) };
}

/** The recording without packet `n`. */
export function withoutPacket(recording: Recording, n: number): Recording {
  return changed(recording, n, () => []);
}

/** The recording with a delay of packet `n`. */
export function withDelay(recording: Recording, n: number, ms: number): Recording {
  return changed(recording, n, (entry) => [{ ...entry, t_ms: entry.t_ms + ms }]);
}

function changed(recording: Recording, n: number, change: (entry: LogEntry) => LogEntry[]): Recording {
  const isIt = (entry: LogEntry): boolean => entry.type === "packet" && packetOf(recording, entry).n === n;
  return { ...recording, log: recording.log.flatMap((entry) => (isIt(entry) ? change(entry) : [entry])) };
}

/** Content of a packet: unencrypted, or its recorded plaintext. */
export function appMessageIn({ n, plaintext_hex, payload_b64 }: RecordedPacket): {
  readonly message: AppMessage;
  readonly encoded: Uint8Array;
} {
  const encoded = plaintext_hex === null ? base64(payload_b64) : bytes(plaintext_hex);
  const decoded = decodeAppMessage(encoded);
  if (!decoded.ok) throw new Error(`Packet ${n} is ${decoded.reason}.`);
  return { message: decoded.value, encoded };
}

/** Proposal of a vote. */
export function proposalOf({ packets }: Recording, proposalId: number): RecordedProposal {
  for (const { decoded } of packets) {
    if (decoded.kind === "proposal" && decoded.proposal.proposal_id === proposalId) return decoded.proposal;
  }
  throw new Error(`There is no proposal ${proposalId}.`);
}

/** Timestamp of a packet's proposal or vote in seconds; `undefined` for other packets. */
export function stampOf({ decoded }: RecordedPacket): number | undefined {
  if (decoded.kind === "proposal") return Number(decoded.proposal.timestamp);
  return decoded.kind === "vote" ? Number(decoded.vote.timestamp) : undefined;
}

/** Wall clock at the start of the log, in milliseconds since the Unix epoch. No packet is sent before its timestamp. */
export function startWallMs({ packets }: Recording): number {
  return Math.max(...packets.map((packet) => (stampOf(packet) ?? 0) * 1_000 - packet.t_ms));
}

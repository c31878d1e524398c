import { hexToBytes } from "../src/index.js";

/** A value in the form of the vectors: snake_case, bytes as hex, 64-bit integers as decimal strings. */
export type Recorded = Readonly<Record<string, unknown>>;

const BYTES = new Set([
  "commit_message",
  "creator_member_id",
  "evidence_payload",
  "identity",
  "key_package_bytes",
  "member_id",
  "message",
  "mls_message_out_bytes",
  "mls_proposals",
  "parent_hash",
  "payload",
  "proposal_owner",
  "proposed_stewards",
  "received_hash",
  "signature",
  "steward_identity",
  "steward_members",
  "target_member_id",
  "user_to_ban",
  "vote_hash",
  "vote_owner",
]);

const INT64 = new Set([
  "commit_inactivity_duration_ms",
  "consensus_timeout_ms",
  "election_epoch",
  "epoch",
  "expiration_timestamp",
  "freeze_duration_ms",
  "proposal_expiration_ms",
  "recovery_inactivity_duration_ms",
  "score",
  "threshold_peer_score",
  "timestamp",
]);

/** Recorded besides the fields: the message as text, and the decoded payload. */
const NOT_FIELDS = new Set(["text", "decoded_payload"]);

/** Converts a recorded value to this package's types. */
export function fromRecorded(recorded: Recorded): unknown {
  const { kind, ...fields } = recorded;
  if (kind === "conversation_sync") return { kind, sync: fieldsFrom(fields) };
  if (kind === "commit_candidate") {
    const conversationName = bytes(recorded["conversation_name"]);
    return { kind, candidate: { ...fieldsFrom(fields), conversationName } };
  }
  return fieldsFrom(recorded);
}

function fieldsFrom(recorded: Recorded): Readonly<Record<string, unknown>> {
  const names = Object.keys(recorded).filter((name) => !NOT_FIELDS.has(name));
  return Object.fromEntries(names.map((name) => [camelCase(name), fieldFrom(name, recorded[name])]));
}

function fieldFrom(name: string, value: unknown): unknown {
  if (value === null) return undefined;
  if (name === "kind" && value === "none") return "empty";
  if (Array.isArray(value)) return value.map((element) => fieldFrom(name, element));
  if (typeof value === "object") return fieldsFrom(value as Recorded);
  if (BYTES.has(name)) return bytes(value);
  return INT64.has(name) ? BigInt(value as string) : value;
}

function bytes(hex: unknown): Uint8Array {
  return hexToBytes(hex as string) as Uint8Array;
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

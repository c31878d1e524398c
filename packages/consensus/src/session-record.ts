import { decodeProposal, encodeProposal, type Proposal } from "@demls/wire";
import { bytesToHex, bytesToUtf8, DemlsError, hexToBytes, utf8ToBytes } from "@demls/wire/core";
import type { ConsensusSession } from "./consensus-session.js";
import { scopeConfig, type ScopeConfig } from "./scope-config.js";

/** A session as JSON: the proposal as it goes over the wire, in hex. */
interface SessionRecord extends Omit<ConsensusSession["hashgraph"], "proposal"> {
  readonly proposal: string;
  readonly createdAtSeconds: string;
  readonly timeoutMs: number;
}

/** A session's record. */
export function encodeSession({ hashgraph, createdAtSeconds, timeoutMs }: ConsensusSession): Uint8Array {
  const proposal = bytesToHex(encodeProposal(hashgraph.proposal));
  const record: SessionRecord = {
    ...hashgraph,
    proposal,
    createdAtSeconds: createdAtSeconds.toString(),
    timeoutMs,
  };
  return encodeJson(record);
}

/** @throws DemlsError `corrupt-storage` for what {@link encodeSession} did not write. */
export function decodeSession(bytes: Uint8Array): ConsensusSession {
  return decodeJson(bytes, (json) => {
    const { proposal, createdAtSeconds, timeoutMs, ...rest } = json as SessionRecord;
    const hashgraph = { ...rest, proposal: proposalFrom(proposal) };
    return { hashgraph, createdAtSeconds: BigInt(createdAtSeconds), timeoutMs };
  });
}

/** A configuration's record. */
export function encodeConfig(config: ScopeConfig): Uint8Array {
  return encodeJson(config);
}

/** @throws DemlsError `corrupt-storage` for what {@link encodeConfig} did not write. */
export function decodeConfig(bytes: Uint8Array): ScopeConfig {
  return decodeJson(bytes, (json) => scopeConfig(json as ScopeConfig));
}

/** The record that says what a scope is called. */
export function encodeScope(scope: string): Uint8Array {
  return encodeJson(scope);
}

/** @throws DemlsError `corrupt-storage` for no JSON. */
export function decodeScope(bytes: Uint8Array): string {
  return decodeJson(bytes, (json) => json as string);
}

function proposalFrom(hex: string): Proposal {
  const decoded = decodeProposal(hexToBytes(hex) ?? new Uint8Array());
  if (!decoded.ok) throw corrupt();
  return decoded.value;
}

function encodeJson(value: unknown): Uint8Array {
  return utf8ToBytes(JSON.stringify(value));
}

function decodeJson<T>(bytes: Uint8Array, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(bytesToUtf8(bytes) ?? ""));
  } catch {
    throw corrupt();
  }
}

function corrupt(): DemlsError<"corrupt-storage"> {
  return new DemlsError("corrupt-storage", {
    message: "A record of consensus cannot be read.",
    field: "storage",
    remedy: "Restore the storage from a copy, or delete the scope.",
  });
}

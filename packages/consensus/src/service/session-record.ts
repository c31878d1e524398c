import { decodeProposal, encodeProposal, type Proposal } from "@demls/wire";
import { bytesToHex, bytesToUtf8, DemlsError, hexToBytes, utf8ToBytes } from "@demls/wire/core";
import { checkProposalConfig, type NetworkType } from "../config.js";
import { sessionConfig, type ConsensusSession } from "./consensus-session.js";
import type { Tally } from "../plugin.js";
import { scopeConfig, type ScopeConfig } from "./scope-config.js";
import type { TallyRule } from "../tally-rule.js";

const STATES: readonly Tally["state"][] = ["active", "yes", "no", "failed"];
const NETWORK_TYPES: readonly NetworkType[] = ["gossipsub", "p2p"];
const RULES: readonly TallyRule[] = ["two-thirds", "majority"];

/** Session as JSON, with the proposal's wire encoding in hex. */
interface SessionRecord extends Omit<ConsensusSession["hashgraph"], "proposal"> {
  readonly proposal: string;
  readonly createdAtSeconds: string;
  readonly timeoutMs: number;
}

/** Record as read from the storage, not yet validated. */
type Unchecked<Record> = { readonly [Field in keyof Record]: unknown };

/** Encodes a session as a record. */
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

/** @throws DemlsError `corrupt-storage` when the record is not a session. */
export function decodeSession(bytes: Uint8Array): ConsensusSession {
  return decodeJson(bytes, (json) => {
    const record = json as Unchecked<SessionRecord>;
    const session: ConsensusSession = {
      hashgraph: {
        proposal: proposalFrom(text(record.proposal)),
        state: oneOf(STATES, record.state),
        threshold: number(record.threshold),
        maxRounds: number(record.maxRounds),
        networkType: oneOf(NETWORK_TYPES, record.networkType),
        rule: oneOf(RULES, record.rule),
      },
      createdAtSeconds: seconds(text(record.createdAtSeconds)),
      timeoutMs: number(record.timeoutMs),
    };
    checkProposalConfig(sessionConfig(session));
    return session;
  });
}

/** Encodes a configuration as a record. */
export function encodeConfig(config: ScopeConfig): Uint8Array {
  return encodeJson(config);
}

/** @throws DemlsError `corrupt-storage` when the record is not a configuration. */
export function decodeConfig(bytes: Uint8Array): ScopeConfig {
  return decodeJson(bytes, (json) => {
    const { networkType, threshold, timeoutMs, maxRounds, livenessCriteriaYes } =
      json as Unchecked<ScopeConfig>;
    return scopeConfig({
      networkType: oneOf(NETWORK_TYPES, networkType),
      threshold: number(threshold),
      timeoutMs: number(timeoutMs),
      maxRounds: maxRounds === "by-network" ? maxRounds : number(maxRounds),
      livenessCriteriaYes: boolean(livenessCriteriaYes),
    });
  });
}

function proposalFrom(hex: string): Proposal {
  const decoded = decodeProposal(hexToBytes(hex) ?? new Uint8Array());
  if (!decoded.ok) throw corrupt();
  return decoded.value;
}

function seconds(digits: string): bigint {
  if (!/^(0|[1-9]\d{0,19})$/.test(digits)) throw corrupt();
  return BigInt(digits);
}

function text(value: unknown): string {
  if (typeof value !== "string") throw corrupt();
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number") throw corrupt();
  return value;
}

function boolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw corrupt();
  return value;
}

function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name {
  const name = names.find((each) => each === value);
  if (name === undefined) throw corrupt();
  return name;
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
    message: "A stored consensus record cannot be read.",
    field: "storage",
    remedy: "Restore the storage from a backup, or delete the scope.",
  });
}

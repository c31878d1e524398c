import { type ConversationSync, syncFromWire, syncToWire } from "./conversation-sync.js";
import { bytesValue, optionalBytes } from "./decodable.js";
import type { Decoded, DecodeOptions } from "./decoded.js";
import { uint32 } from "./encodable.js";
import { de_mls } from "./generated/messages.js";
import { decodeMessage, encodeMessage } from "./message-codec.js";

type ResultFields = de_mls.messages.v1.ProposalResult.$Properties;

/** Authenticated data of a commit in a strict conversation: `de_mls.messages.v1.SealedRecord`. */
export interface SealedRecord {
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** An encrypted {@link EpochRecord}. */
  readonly sealed: Uint8Array;
}

/** End of an epoch, as the author of a commit reckons it: `de_mls.messages.v1.EpochRecord`. */
export interface EpochRecord {
  /** Stewards, scores and settings at the end of the epoch, before the effects of the commit itself. */
  readonly state: ConversationSync;
  /** Results that have changed them in this epoch, in the order of the decisions. */
  readonly results: readonly ProposalResult[];
  /** Ids of the membership proposals that are open or approved and not committed at the author; 32 bits each. */
  readonly known: readonly number[];
  /** The steward that most choosers of the commit before have missed, and that has lost score for it. */
  readonly silentSteward?: Uint8Array | undefined;
}

/** Result of an election or an emergency. One that was rejected for want of votes has no effect and is left out. */
export interface ProposalResult {
  /** 32 bits. */
  readonly proposalId: number;
  readonly approved: boolean;
}

/** Encodes the authenticated data of a commit. */
export function encodeSealedRecord(record: SealedRecord): Uint8Array {
  return encodeMessage(de_mls.messages.v1.SealedRecord, record);
}

/** Decodes the authenticated data of a commit. */
export function decodeSealedRecord(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<SealedRecord> {
  return decodeMessage(de_mls.messages.v1.SealedRecord, bytes, options, ({ nonce, sealed }) => ({
    nonce: bytesValue(nonce),
    sealed: bytesValue(sealed),
  }));
}

/** Encodes a record. @throws DemlsError `value-out-of-range` if an integer does not fit its field. */
export function encodeEpochRecord({ state, results, known, silentSteward }: EpochRecord): Uint8Array {
  return encodeMessage(de_mls.messages.v1.EpochRecord, {
    state: syncToWire(state),
    results: results.map(resultToWire),
    known: known.map((proposalId) => uint32(proposalId, "known")),
    ...(silentSteward && { silentSteward }),
  });
}

/** Decodes a record. */
export function decodeEpochRecord(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<EpochRecord> {
  return decodeMessage(de_mls.messages.v1.EpochRecord, bytes, options, (record) => ({
    state: syncFromWire(record.state ?? {}),
    results: (record.results ?? []).map(resultFromWire),
    known: record.known ?? [],
    silentSteward: optionalBytes(record.silentSteward),
  }));
}

function resultToWire({ proposalId, approved }: ProposalResult): ResultFields {
  return { proposalId: uint32(proposalId, "results.proposalId"), approved };
}

function resultFromWire({ proposalId, approved }: ResultFields): ProposalResult {
  return { proposalId: proposalId ?? 0, approved: approved ?? false };
}

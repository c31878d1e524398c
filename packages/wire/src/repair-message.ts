import { bytesValue, optionalBytes, uint64Value } from "./decodable.js";
import type { Decoded, DecodeOptions } from "./decoded.js";
import { uint32, uint64 } from "./encodable.js";
import { de_mls } from "./generated/messages.js";
import { decodeMessage, encodeMessage } from "./message-codec.js";

type RangeFields = de_mls.messages.v1.GenerationRange.$Properties;
type BodyFields = de_mls.messages.v1.RepairBody.$Properties;

/** Packet on the `repair` subtopic of a strict conversation: a sealed {@link SignedRepairMessage}. */
export interface RepairPacket {
  /** Id of the repair key, one for each epoch: the first 4 bytes of the MLS group id, then 8 of the MLS exporter. */
  readonly keyId: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Signed message of a {@link RepairPacket}. */
export interface SignedRepairMessage {
  /** Encoded {@link RepairMessage}. */
  readonly body: Uint8Array;
  /** Leaf index of the author in the epoch of the key. */
  readonly leafIndex: number;
  /** SignWithLabel (RFC 9420 § 5.1.2) of the key id and the body, with the leaf's signature key. */
  readonly signature: Uint8Array;
  /** The author's later signature key, which `signature` is by; undefined if the leaf has that of the epoch. */
  readonly laterKey: LaterKey | undefined;
}

/** Signature key that the author of a {@link SignedRepairMessage} has got since the epoch. */
export interface LaterKey {
  readonly signatureKey: Uint8Array;
  /** Time at which the key was made, in seconds since the Unix epoch. */
  readonly since: bigint;
  /** Signature by which the key of the author's identity vouches for it. */
  readonly identityProof: Uint8Array;
}

/** Consecutive application generations of one leaf. */
export interface GenerationRange {
  /** Position of the leaf in `next`; 0 in `voids`. */
  readonly position: number;
  readonly from: number;
  readonly count: number;
}

/** Members that have chosen a commit. */
export interface ChosenCommit {
  /** First 8 bytes of SHA-256 of the commit. */
  readonly commit: Uint8Array;
  /** One bit for each leaf, in leaf order from the least significant bit of the first byte. */
  readonly choosers: Uint8Array;
}

/** Message between members that find and fill gaps in what they received, and agree on the next commit. */
export type RepairMessage =
  | {
      /** Packets of an epoch that the author has. */
      readonly kind: "progress";
      /** Next application generation of each leaf, in leaf order. */
      readonly next: readonly number[];
      /** Generations below `next` that the author lacks. */
      readonly missing: readonly GenerationRange[];
      /** Ids of commit candidates: the first 8 bytes of SHA-256 of the commit. */
      readonly candidates: readonly Uint8Array[];
      /** Generations of the author itself that carry no packet. */
      readonly voids: readonly GenerationRange[];
      /** Whether the author asks for the packets that it lacks. */
      readonly asks: boolean;
      /** 8 random bytes. */
      readonly nonce: Uint8Array;
      /** Seconds since the Unix epoch. */
      readonly timestamp: bigint;
      /** The choices that the author has. */
      readonly chosen: readonly ChosenCommit[];
    }
  | {
      /** Answer to a `progress` that asks. */
      readonly kind: "served";
      /** Nonce of the `progress`. */
      readonly nonce: Uint8Array;
      /** Payloads of packets of the `app_msg` subtopic, as received. */
      readonly packets: readonly Uint8Array[];
      /** Whether the author has further packets of this epoch that the other member lacks. */
      readonly more: boolean;
      /** MLS epoch that the author is in. */
      readonly epoch: bigint;
      /** Encoded {@link RepairPacket}s with choices, as received. */
      readonly choices: readonly Uint8Array[];
      /** Generations of the author itself that the `progress` lacks and that carry no packet. */
      readonly voids: readonly GenerationRange[];
    }
  | {
      /** The commit that the author merges, if enough members choose it. Its epoch is that of the repair key. */
      readonly kind: "choice";
      /** SHA-256 of the commit. */
      readonly commitHash: Uint8Array;
      /** The steward whose turn this commit was, if the author has got no valid candidate of it. */
      readonly silentSteward?: Uint8Array | undefined;
    }
  | {
      /** The author has left the branch of the conversation that the epoch of the repair key belongs to. */
      readonly kind: "moved";
    }
  | {
      /** No message, or one of an unknown kind. */
      readonly kind: "empty";
    };

/** Encodes a packet of the `repair` subtopic. */
export function encodeRepairPacket(packet: RepairPacket): Uint8Array {
  return encodeMessage(de_mls.messages.v1.RepairPacket, packet);
}

/** Decodes a packet of the `repair` subtopic. */
export function decodeRepairPacket(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<RepairPacket> {
  return decodeMessage(de_mls.messages.v1.RepairPacket, bytes, options, ({ keyId, nonce, sealed }) => ({
    keyId: bytesValue(keyId),
    nonce: bytesValue(nonce),
    sealed: bytesValue(sealed),
  }));
}

/** Encodes a signed repair message. @throws DemlsError `value-out-of-range` if an integer does not fit its field. */
export function encodeSignedRepairMessage(message: SignedRepairMessage): Uint8Array {
  const { body, leafIndex, signature, laterKey } = message;
  const fields = {
    body,
    leaf: uint32(leafIndex, "leafIndex"),
    signature,
    ...(laterKey && { laterKey: { ...laterKey, since: uint64(laterKey.since, "since") } }),
  };
  return encodeMessage(de_mls.messages.v1.RepairMessage, fields);
}

/** Decodes a signed repair message. Does not check its signature. */
export function decodeSignedRepairMessage(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Decoded<SignedRepairMessage> {
  return decodeMessage(de_mls.messages.v1.RepairMessage, bytes, options, (fields) => ({
    body: bytesValue(fields.body),
    leafIndex: fields.leaf ?? 0,
    signature: bytesValue(fields.signature),
    laterKey: fields.laterKey ? laterKeyFrom(fields.laterKey) : undefined,
  }));
}

function laterKeyFrom({
  signatureKey,
  since,
  identityProof,
}: de_mls.messages.v1.LaterKey.$Properties): LaterKey {
  return {
    signatureKey: bytesValue(signatureKey),
    since: uint64Value(since),
    identityProof: bytesValue(identityProof),
  };
}

/** Encodes the body of a repair message. @throws DemlsError `value-out-of-range` if an integer does not fit its field. */
export function encodeRepairMessage(message: RepairMessage): Uint8Array {
  return encodeMessage(de_mls.messages.v1.RepairBody, bodyToWire(message));
}

/** Decodes the body of a repair message. */
export function decodeRepairMessage(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<RepairMessage> {
  return decodeMessage(de_mls.messages.v1.RepairBody, bytes, options, bodyFromWire);
}

function bodyToWire(message: RepairMessage): BodyFields {
  switch (message.kind) {
    case "progress":
      return {
        progress: {
          next: message.next.map((generation) => uint32(generation, "next")),
          missing: message.missing.map(rangeToWire),
          candidates: [...message.candidates],
          voids: message.voids.map(rangeToWire),
          asks: message.asks,
          nonce: message.nonce,
          timestamp: uint64(message.timestamp, "timestamp"),
          chosen: message.chosen.map(({ commit, choosers }) => ({ commit, choosers })),
        },
      };
    case "served":
      return {
        served: {
          nonce: message.nonce,
          packets: [...message.packets],
          more: message.more,
          epoch: uint64(message.epoch, "epoch"),
          choices: [...message.choices],
          voids: message.voids.map(rangeToWire),
        },
      };
    case "choice":
      return {
        choice: {
          commitHash: message.commitHash,
          ...(message.silentSteward && { silentSteward: message.silentSteward }),
        },
      };
    case "moved":
      return { moved: {} };
    case "empty":
      return {};
  }
}

function bodyFromWire({ progress, served, choice, moved }: BodyFields): RepairMessage {
  if (progress) {
    return {
      kind: "progress",
      next: progress.next ?? [],
      missing: (progress.missing ?? []).map(rangeFromWire),
      candidates: (progress.candidates ?? []).map(bytesValue),
      voids: (progress.voids ?? []).map(rangeFromWire),
      asks: progress.asks ?? false,
      nonce: bytesValue(progress.nonce),
      timestamp: uint64Value(progress.timestamp),
      chosen: (progress.chosen ?? []).map(({ commit, choosers }) => ({
        commit: bytesValue(commit),
        choosers: bytesValue(choosers),
      })),
    };
  }
  if (served) {
    return {
      kind: "served",
      nonce: bytesValue(served.nonce),
      packets: (served.packets ?? []).map(bytesValue),
      more: served.more ?? false,
      epoch: uint64Value(served.epoch),
      choices: (served.choices ?? []).map(bytesValue),
      voids: (served.voids ?? []).map(rangeFromWire),
    };
  }
  if (choice) {
    const { commitHash, silentSteward } = choice;
    return {
      kind: "choice",
      commitHash: bytesValue(commitHash),
      silentSteward: optionalBytes(silentSteward),
    };
  }
  if (moved) return { kind: "moved" };
  return { kind: "empty" };
}

function rangeToWire({ position, from, count }: GenerationRange): RangeFields {
  return {
    position: uint32(position, "position"),
    from: uint32(from, "from"),
    count: uint32(count, "count"),
  };
}

function rangeFromWire({ position, from, count }: RangeFields): GenerationRange {
  return { position: position ?? 0, from: from ?? 0, count: count ?? 0 };
}

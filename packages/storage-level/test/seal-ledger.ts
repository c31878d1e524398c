import { decodeAppMessage } from "@demls/wire";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@demls/wire/core";
import { createDecipheriv, createHmac } from "node:crypto";

/** The secret that hides the senders of an epoch's messages (RFC 9420 § 6.3.2). */
export interface SenderDataSecret {
  readonly groupId: string;
  readonly epoch: bigint;
  readonly secret: Uint8Array;
}

/** Ledger of the keys that MLS messages were sealed with. It reads them from the packets, by code of its own. */
export interface SealLedger {
  learn(secret: SenderDataSecret): void;
  /** Notes the messages in a packet of the subtopic `app_msg`. Repeated messages are allowed. */
  note(payload: Uint8Array): void;
  /** Number of different messages whose key is known. */
  readonly sealed: number;
  /** Keys of two different messages: secret, leaf, ratchet and generation. */
  readonly reused: readonly string[];
  /** Number of messages of which no secret is known. */
  readonly unread: number;
}

/** Header of a PrivateMessage in an MLSMessage. */
interface Sealed {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly contentType: number;
  readonly encryptedSenderData: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export function createSealLedger(): SealLedger {
  const secrets = new Map<string, Uint8Array>();
  /** The first message of each key. */
  const messages = new Map<string, string>();
  const reused: string[] = [];
  const waiting = new Map<string, Sealed>();

  function noteMessage(bytes: Uint8Array): void {
    const sealed = parsePrivateMessage(bytes);
    if (sealed !== undefined && !enter(bytesToHex(bytes), sealed)) waiting.set(bytesToHex(bytes), sealed);
  }

  /** Enters the key of a message; false if the secret is not known. */
  function enter(message: string, sealed: Sealed): boolean {
    for (const [id, secret] of secrets) {
      if (!id.startsWith(placeOf(bytesToHex(sealed.groupId), sealed.epoch))) continue;
      const sender = senderIn(sealed, secret);
      if (sender === undefined) continue;
      // Application messages have a ratchet of their own; proposals and commits share one.
      const key = `${id} ${sealed.contentType === 1 ? "application" : "handshake"} ${sender}`;
      const former = messages.get(key);
      if (former === undefined) messages.set(key, message);
      else if (former !== message) reused.push(key);
      return true;
    }
    return false;
  }

  return {
    learn({ groupId, epoch, secret }) {
      secrets.set(`${placeOf(groupId, epoch)}${bytesToHex(secret)}`, Uint8Array.from(secret));
      for (const [message, sealed] of waiting) if (enter(message, sealed)) waiting.delete(message);
    },
    note(payload) {
      const decoded = decodeAppMessage(payload);
      if (!decoded.ok || decoded.value.kind !== "commit_candidate") return noteMessage(payload);
      const { mlsProposals, commitMessage } = decoded.value.candidate;
      for (const bytes of [...mlsProposals, commitMessage]) noteMessage(bytes);
    },
    reused,
    get sealed() {
      return messages.size;
    },
    get unread() {
      return waiting.size;
    },
  };
}

const placeOf = (groupId: string, epoch: bigint): string => `${groupId}/${epoch}/`;

const MLS_10 = 1;
const PRIVATE_MESSAGE = 2;

/** Reads an MLSMessage (RFC 9420 § 6); undefined unless it is a PrivateMessage. */
function parsePrivateMessage(bytes: Uint8Array): Sealed | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== MLS_10 || view.getUint16(2) !== PRIVATE_MESSAGE)
    return undefined;
  let at = 4;
  const vector = (): Uint8Array => {
    const first = view.getUint8(at);
    const lengthBytes = 1 << (first >> 6);
    let length = first & 0x3f;
    for (let i = 1; i < lengthBytes; i++) length = length * 256 + view.getUint8(at + i);
    at += lengthBytes + length;
    return bytes.slice(at - length, at);
  };
  const groupId = vector();
  const epoch = view.getBigUint64(at);
  const contentType = view.getUint8(at + 8);
  at += 9;
  vector();
  return { groupId, epoch, contentType, encryptedSenderData: vector(), ciphertext: vector() };
}

const TAG_BYTES = 16;

/** Leaf and generation of a message; undefined if the secret is not that of its epoch. */
function senderIn(
  { groupId, epoch, contentType, encryptedSenderData, ciphertext }: Sealed,
  secret: Uint8Array,
): string | undefined {
  const sample = ciphertext.slice(0, 32);
  const cipher = createDecipheriv(
    "aes-128-gcm",
    expand(secret, "key", sample, 16),
    expand(secret, "nonce", sample, 12),
  );
  cipher.setAAD(concatBytes(prefixed(groupId), bigEndian(epoch, 8), Uint8Array.of(contentType)));
  cipher.setAuthTag(encryptedSenderData.slice(-TAG_BYTES));
  try {
    const data = concatBytes(cipher.update(encryptedSenderData.slice(0, -TAG_BYTES)), cipher.final());
    const view = new DataView(data.buffer, data.byteOffset);
    return `${view.getUint32(0)}/${view.getUint32(4)}`;
  } catch {
    return undefined;
  }
}

/** ExpandWithLabel of up to 32 bytes (RFC 9420 § 8) with HMAC-SHA-256. */
function expand(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  const info = concatBytes(
    bigEndian(BigInt(length), 2),
    prefixed(utf8ToBytes(`MLS 1.0 ${label}`)),
    prefixed(context),
  );
  return createHmac("sha256", secret).update(info).update(Uint8Array.of(1)).digest().subarray(0, length);
}

/** Bytes with their length in front; less than 64. */
function prefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

function bigEndian(value: bigint, bytes: number): Uint8Array {
  return hexToBytes(value.toString(16).padStart(2 * bytes, "0"))!;
}

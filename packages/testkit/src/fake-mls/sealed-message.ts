import { bytesEqual, bytesToUtf8, concatBytes } from "@demls/wire/core";
import { decodeFields, encodeFields, hashOf, wholeNumber, type Field } from "./fields.js";
import { ratchetsOf, withRatchets, type Epoch } from "./group.js";
import { spend, take, type Ratchets } from "./ratchet.js";

/** Stand-in for a PrivateMessage: all of it in the clear, with a tag that only members can compute. */
export interface SealedMessage {
  readonly kind: ContentKind;
  readonly groupId: string;
  readonly epoch: bigint;
  /** Tells apart epochs with the same number on different forks. */
  readonly epochId: Uint8Array;
  readonly leaf: number;
  readonly generation: number;
  readonly body: Uint8Array;
  readonly tag: Uint8Array;
}

/** Content of a message. */
export type ContentKind = "application" | "proposal" | "commit";

/** Opened message, or the reason that it could not be opened. */
export type Unsealed =
  | { readonly ok: true; readonly message: SealedMessage; readonly epoch: Epoch }
  | {
      readonly ok: false;
      readonly reason: "own-message" | "replayed" | "too-far-ahead" | "undecryptable";
    };

/** MLS version at the start of every MLS message, and a private-use wire format (RFC 9420 § 17.2). */
const PREFIX = Uint8Array.of(0x00, 0x01, 0xf0, 0xfa);

const KINDS: readonly string[] = ["application", "proposal", "commit"] satisfies ContentKind[];

/** Fields of a fake MLS message of any kind, the kind first; `undefined` for anything else. */
export function messageFields(bytes: Uint8Array): Uint8Array[] | undefined {
  const isFake = bytesEqual(bytes.subarray(0, PREFIX.length), PREFIX);
  return isFake ? decodeFields(bytes.subarray(PREFIX.length)) : undefined;
}

/** Fake MLS message; the first field is its kind. */
export function encodeMessage(fields: readonly Field[]): Uint8Array {
  return concatBytes(PREFIX, encodeFields(fields));
}

/** Seals with the sender's next generation. Returns it, the message and the epoch with that generation spent. */
export function sealMessage(
  epoch: Epoch,
  groupId: string,
  kind: ContentKind,
  leaf: number,
  body: Uint8Array,
): { readonly bytes: Uint8Array; readonly epoch: Epoch; readonly generation: number } {
  const ratchets = ratchetsOf(epoch, leaf);
  const name = ratchetName(kind);
  const { generation, ratchet } = take(ratchets[name]);
  const content = { kind, groupId, epoch: epoch.number, epochId: epochIdOf(epoch), leaf, generation, body };
  const bytes = encodeMessage([...fieldsOf(content), tagOf(epoch, content)]);
  return { bytes, epoch: withRatchets(epoch, leaf, { ...ratchets, [name]: ratchet }), generation };
}

/** Reads a message without a key; `undefined` when it is not one. */
export function parseSealedMessage(bytes: Uint8Array): SealedMessage | undefined {
  const fields = messageFields(bytes);
  if (fields?.length !== 8) return undefined;
  const [kind, groupId] = fields.slice(0, 2).map(bytesToUtf8);
  const [epoch, leaf, generation] = [fields[2], fields[4], fields[5]].map(wholeNumber);
  if (kind === undefined || !KINDS.includes(kind) || groupId === undefined) return undefined;
  if (epoch === undefined || leaf === undefined || generation === undefined) return undefined;
  return {
    kind: kind as ContentKind,
    groupId,
    epoch,
    epochId: fields[3] as Uint8Array,
    leaf: Number(leaf),
    generation: Number(generation),
    body: fields[6] as Uint8Array,
    tag: fields[7] as Uint8Array,
  };
}

/** Authenticates a message of `epoch` and spends its generation. Checks the sender first, as in MLS. */
export function unseal(epoch: Epoch, message: SealedMessage, ownLeaf: number): Unsealed {
  const { leaf, kind, generation } = message;
  if (epoch.leaves[leaf] === undefined || !bytesEqual(tagOf(epoch, message), message.tag))
    return { ok: false, reason: "undecryptable" };
  const ratchets = ratchetsOf(epoch, leaf);
  const name = ratchetName(kind);
  const spent = spend(ratchets, name, generation);
  if (spent === "replayed" && leaf === ownLeaf) return { ok: false, reason: "own-message" };
  if (typeof spent === "string") return { ok: false, reason: spent };
  return { ok: true, message, epoch: withRatchets(epoch, leaf, { ...ratchets, [name]: spent }) };
}

function ratchetName(kind: ContentKind): keyof Ratchets {
  return kind === "application" ? "application" : "handshake";
}

function epochIdOf({ secret }: Epoch): Uint8Array {
  return hashOf("epoch id", secret).slice(0, 8);
}

function fieldsOf(message: Omit<SealedMessage, "tag">): Field[] {
  const { kind, groupId, epoch, epochId, leaf, generation, body } = message;
  return [kind, groupId, epoch, epochId, leaf, generation, body];
}

/** Tag of a message. Any member can compute it for any sender, since a hash is not a signature; others cannot. */
function tagOf(epoch: Epoch, message: Omit<SealedMessage, "tag">): Uint8Array {
  const signatureKey = epoch.leaves[message.leaf]?.signatureKey ?? new Uint8Array();
  return hashOf("tag", epoch.secret, signatureKey, ...fieldsOf(message));
}

import { createEthereumSigner, identityStatement, type ConsensusSigner } from "@demls/consensus";
import { concatBytes, memberIdFromBytes, utf8ToBytes } from "@demls/wire/core";
import { Aes128Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { DhkemX25519HkdfSha256 } from "@hpke/dhkem-x25519";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import {
  createProbe,
  memberKey,
  readProbe,
  sealReadiness,
  type JoinProbe,
  type OpenOptions,
  type PendingProbe,
  type Readiness,
  type ReplyKeys,
  type SealOptions,
} from "../src/index.js";
import { alice, counting, GROUP_ID, issued, NOW, TERMS, verifier } from "./fixtures.js";

export const bob = createEthereumSigner(new Uint8Array(32).fill(3));
/** VerifyWithLabel of RFC 9420. */
export const verify: OpenOptions["verify"] = async (key, label, content, signature) => {
  try {
    return ed25519.verify(signature, signContent(label, content), key, { zip215: false });
  } catch {
    return false;
  }
};

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});
const own = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** SealBase by another implementation of HPKE, with this randomness. */
export function sealingBy(entropy: Uint8Array): SealOptions["seal"] {
  return async (publicKey, info, aad, plaintext) => {
    const recipientPublicKey = await suite.kem.importKey("raw", own(publicKey), true);
    const sender = await suite.createSenderContext({
      recipientPublicKey,
      info: own(info),
      ekm: own(entropy),
    });
    const ciphertext = new Uint8Array(await sender.seal(own(plaintext), own(aad)));
    return { enc: new Uint8Array(sender.enc), ciphertext };
  };
}

/** OpenBase by that implementation. */
export const open: OpenOptions["open"] = async (privateKey, { enc, ciphertext }, info, aad) => {
  try {
    const recipientKey = await suite.kem.importKey("raw", own(privateKey), false);
    const recipient = await suite.createRecipientContext({ recipientKey, enc: own(enc), info: own(info) });
    return new Uint8Array(await recipient.open(own(ciphertext), own(aad)));
  } catch {
    return undefined;
  }
};

export const opening = { verifier, verify, open, nowSeconds: NOW, maxAgeSeconds: 60 };

/** The key pair with this private key. */
export function replyKeysOf(privateKey: Uint8Array): ReplyKeys {
  return { privateKey, publicKey: x25519.getPublicKey(privateKey) };
}

/** Secret keys of leaves. */
export const ALICE_LEAF = new Uint8Array(32).fill(11);
export const BOB_LEAF = new Uint8Array(32).fill(12);
const SINCE = NOW - 86_400;

/** A probe, as its joiner and as a member has it. The randomness of the second one differs. */
export async function probed(
  terms = TERMS,
  random = counting(),
): Promise<{
  readonly bytes: Uint8Array;
  readonly pending: PendingProbe;
  readonly probe: JoinProbe;
  readonly key: Uint8Array;
}> {
  const { secret } = await issued(terms);
  const nonce = random.bytes(16);
  const replyKeys = replyKeysOf(random.bytes(32));
  const { bytes, pending } = createProbe({
    ...{ secret, replyKeys, nowSeconds: NOW },
    random: { bytes: () => nonce },
  });
  const read = readProbe(bytes);
  if (!read.ok) throw new Error(read.reason);
  return { bytes, pending, probe: read.probe, key: memberKey(secret) };
}

/** A readiness of this member, whose identity vouches for the leaf's key. */
export async function readinessOf(
  signer: ConsensusSigner = alice,
  leaf: Uint8Array = ALICE_LEAF,
  changes: Partial<Readiness> = {},
): Promise<Readiness> {
  const signatureKey = ed25519.getPublicKey(leaf);
  return {
    groupId: GROUP_ID,
    epoch: 7n,
    head: new Uint8Array(32).fill(9),
    appliedMessages: 4,
    memberCount: 5,
    request: { state: "voting", yes: 2, no: 1, voters: 5, millisecondsLeft: 9_000 },
    member: memberIdFromBytes(signer.identity),
    signatureKey,
    keySince: SINCE,
    identityProof: await signer.sign(identityStatement(signer.identity, signatureKey, SINCE)),
    sentAt: NOW,
    ...changes,
  };
}

/** How a leaf seals. */
export function sealing(leaf: Uint8Array = ALICE_LEAF, key?: Uint8Array): SealOptions {
  return { memberKey: key, sign: signingBy(leaf), seal: sealingBy(counting().bytes(32)) };
}

/** SignWithLabel of RFC 9420 by a leaf. */
export function signingBy(leaf: Uint8Array): SealOptions["sign"] {
  return (label, content) => Promise.resolve(ed25519.sign(signContent(label, content), leaf));
}

/** SignContent of RFC 9420, of a content of at least 64 bytes. */
function signContent(label: string, content: Uint8Array): Uint8Array {
  const full = utf8ToBytes(`MLS 1.0 ${label}`);
  const head = [0x40 + (content.length >> 8), content.length & 0xff];
  return concatBytes(Uint8Array.of(full.length), full, Uint8Array.from(head), content);
}

/** Alice's answer to the probe. */
export async function answered(probe: JoinProbe): Promise<Uint8Array> {
  return sealReadiness(probe, await readinessOf(), sealing());
}

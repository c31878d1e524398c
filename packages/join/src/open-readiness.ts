import { bytesEqual, TlsReader } from "@demls/wire/core";
import type { PendingProbe } from "./probe.js";
import type { SealedByHpke } from "./seal-readiness.js";
import { decodePlaintext, READINESS_BYTES, type Readiness } from "./readiness-codec.js";
import { forProbe, memberMac, publicPart, SIGNATURE_LABEL, START_BYTES, VERSION } from "./readiness-seal.js";
import { isSignedByLeaf, type LeafChecks } from "./vouched-key.js";

/**
 * Reason for which a readiness is not believed:
 *
 * - `other-probe`: it answers another probe
 * - `malformed`: it is not the encoding of one, or a later release wrote it
 * - `unsealable`: it was sealed to another key or for another probe, or changed on its way
 * - `forged`: the leaf's key did not sign it, or the identity does not vouch for that key
 * - `other-group`: it tells of another group than the invitation's
 * - `stale`: it is too old, or from the future
 * - `untrusted`: nothing shows that its sender is a member
 */
export type ReadinessFlaw =
  "other-probe" | "malformed" | "unsealable" | "forged" | "other-group" | "stale" | "untrusted";

/**
 * Result of opening a readiness. `trust` tells by which it is believed. `inviter`: the invitation's inviter answered.
 * `member`: the sender knows the member key, as members do, holders of the invitation, and former members that were
 * there when it was issued.
 */
export type OpenedReadiness =
  | { readonly ok: true; readonly readiness: Readiness; readonly trust: "inviter" | "member" }
  | { readonly ok: false; readonly reason: ReadinessFlaw };

/** Options of {@link openReadiness}. */
export interface OpenOptions extends LeafChecks {
  /** Decrypts with an X25519 key: OpenBase of HPKE (RFC 9180), as `MlsService.hpkeOpen`. */
  readonly open: (
    privateKey: Uint8Array,
    sealed: SealedByHpke,
    info: Uint8Array,
    aad: Uint8Array,
  ) => Promise<Uint8Array | undefined>;
  /** Wall clock, seconds since the Unix epoch. */
  readonly nowSeconds: bigint | number;
  /** Maximum difference between `nowSeconds` and the time of sending, in seconds, to either side. */
  readonly maxAgeSeconds: number;
}

/**
 * Opens a member's answer to a probe and checks it. Never throws.
 *
 * @param bytes - as received.
 */
export async function openReadiness(
  pending: PendingProbe,
  bytes: Uint8Array,
  options: OpenOptions,
): Promise<OpenedReadiness> {
  const sealed = sealedIn(bytes);
  if (sealed === undefined) return { ok: false, reason: "malformed" };
  if (!bytesEqual(sealed.start, publicPart(pending.digest))) return { ok: false, reason: "other-probe" };
  const plaintext = await unseal(pending, sealed, options);
  if (plaintext === undefined) return { ok: false, reason: "unsealable" };
  const parts = decodePlaintext(plaintext);
  if (parts === undefined) return { ok: false, reason: "malformed" };
  const { readiness, content, mac, signature } = parts;
  const signed = forProbe(pending.digest, content, mac);
  if (!(await isSignedByLeaf(readiness, [SIGNATURE_LABEL, signed, signature], options)))
    return { ok: false, reason: "forged" };
  if (readiness.groupId !== pending.invitation.groupId) return { ok: false, reason: "other-group" };
  const age = Math.abs(Number(options.nowSeconds) - readiness.sentAt);
  // Written so that a time that is no number is stale.
  if (!(age <= options.maxAgeSeconds)) return { ok: false, reason: "stale" };
  if (readiness.member === pending.invitation.inviter) return { ok: true, readiness, trust: "inviter" };
  return equalInConstantTime(memberMac(pending.memberKey, pending.digest, content), mac)
    ? { ok: true, readiness, trust: "member" }
    : { ok: false, reason: "untrusted" };
}

interface Sealed {
  readonly start: Uint8Array;
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

function sealedIn(bytes: Uint8Array): Sealed | undefined {
  if (bytes.length !== READINESS_BYTES || bytes[0] !== VERSION) return undefined;
  try {
    const reader = new TlsReader(bytes);
    const start = reader.take(START_BYTES);
    const [enc, ciphertext] = [reader.vector(), reader.vector()];
    return reader.isAtEnd ? { start, enc, ciphertext } : undefined;
  } catch {
    return undefined;
  }
}

async function unseal(
  { replySecretKey, digest }: PendingProbe,
  { start, enc, ciphertext }: Sealed,
  { open }: OpenOptions,
): Promise<Uint8Array | undefined> {
  // Anyone can seal to the key of a probe that is wiped.
  if (replySecretKey.every((byte) => byte === 0)) return undefined;
  return open(replySecretKey, { enc, ciphertext }, forProbe(digest), start).catch(() => undefined);
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  return (
    a.length === b.length && a.reduce((difference, byte, i) => difference | (byte ^ (b[i] ?? 0)), 0) === 0
  );
}

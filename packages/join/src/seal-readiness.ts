import { concatBytes, tlsVector } from "@demls/wire/core";
import type { JoinProbe } from "./probe.js";
import { encodePlaintext, encodeReadiness, MAC_BYTES, type Readiness } from "./readiness-codec.js";
import { forProbe, memberMac, publicPart, SIGNATURE_LABEL } from "./readiness-seal.js";

/** A ciphertext of HPKE with its encapsulated key. */
export interface SealedByHpke {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Options of {@link sealReadiness}. */
export interface SealOptions {
  /** The invitation's member key, if the member knows it: see `memberKey`. Without it, only the inviter is trusted. */
  readonly memberKey?: Uint8Array | undefined;
  /**
   * Signs by the Ed25519 key of the member's leaf, {@link Readiness.signatureKey}: SignWithLabel (RFC 9420 § 5.1.2), as
   * `MlsService.sign`. Its errors pass through.
   */
  readonly sign: (label: string, content: Uint8Array) => Promise<Uint8Array>;
  /** Encrypts to an X25519 key: SealBase of HPKE (RFC 9180), as `MlsService.hpkeSeal`. Its errors pass through. */
  readonly seal: (
    publicKey: Uint8Array,
    info: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ) => Promise<SealedByHpke>;
}

/**
 * Seals a member's readiness to the joiner that sent a probe. The result shows a listener only which probe it answers.
 *
 * @returns the encoded answer, `READINESS_BYTES` long: at most 1.5 times the probe.
 * @throws RangeError if a field is out of range, or the signature does not have 64 bytes.
 */
export async function sealReadiness(
  probe: Pick<JoinProbe, "digest" | "replyKey">,
  readiness: Readiness,
  { memberKey, sign, seal }: SealOptions,
): Promise<Uint8Array> {
  const { digest } = probe;
  const content = encodeReadiness(readiness);
  const mac = memberKey === undefined ? new Uint8Array(MAC_BYTES) : memberMac(memberKey, digest, content);
  const plaintext = encodePlaintext(
    content,
    mac,
    await sign(SIGNATURE_LABEL, forProbe(digest, content, mac)),
  );
  try {
    const start = publicPart(digest);
    const { enc, ciphertext } = await seal(probe.replyKey, forProbe(digest), start, plaintext);
    return concatBytes(start, tlsVector(enc), tlsVector(ciphertext));
  } finally {
    plaintext.fill(0);
  }
}

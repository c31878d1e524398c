import { concatBytes, type RandomSource } from "@demls/wire/core";
import type { JoinProbe } from "./probe.js";
import { encodePlaintext, encodeReadiness, MAC_BYTES, type Readiness } from "./readiness-codec.js";
import { forProbe, hpke, memberMac, ownBuffer, publicPart, SIGNATURE_LABEL } from "./readiness-seal.js";
import { vector } from "./tls-vectors.js";

/** Length of the randomness of one encapsulation. */
const ENTROPY_BYTES = 32;

/** Options of {@link sealReadiness}. */
export interface SealOptions {
  /** The invitation's member key, if the member knows it: see `memberKey`. Without it, only the inviter is trusted. */
  readonly memberKey?: Uint8Array | undefined;
  /**
   * Signs by the Ed25519 key of the member's leaf, {@link Readiness.signatureKey}: SignWithLabel (RFC 9420 § 5.1.2), as
   * `MlsService.sign`. Its errors pass through.
   */
  readonly sign: (label: string, content: Uint8Array) => Promise<Uint8Array>;
  readonly random: RandomSource;
}

/**
 * Seals a member's readiness to the joiner that sent a probe. The result shows a listener only which probe it answers.
 *
 * It uses WebCrypto, which browsers have on secure pages only.
 *
 * @returns the encoded answer, `READINESS_BYTES` long: at most 1.5 times the probe.
 * @throws RangeError if a field is out of range, or the signature does not have 64 bytes.
 */
export async function sealReadiness(
  probe: Pick<JoinProbe, "digest" | "replyKey">,
  readiness: Readiness,
  { memberKey, sign, random }: SealOptions,
): Promise<Uint8Array> {
  const { digest } = probe;
  const content = encodeReadiness(readiness);
  const mac = memberKey === undefined ? new Uint8Array(MAC_BYTES) : memberMac(memberKey, digest, content);
  const plaintext = encodePlaintext(
    content,
    mac,
    await sign(SIGNATURE_LABEL, forProbe(digest, content, mac)),
  );
  const entropy = ownBuffer(random.bytes(ENTROPY_BYTES));
  try {
    const recipientPublicKey = await hpke.kem.importKey("raw", ownBuffer(probe.replyKey), true);
    const info = ownBuffer(forProbe(digest));
    const sender = await hpke.createSenderContext({ recipientPublicKey, info, ekm: entropy });
    const start = publicPart(digest);
    const ciphertext = await sender.seal(ownBuffer(plaintext), ownBuffer(start));
    return concatBytes(start, vector(new Uint8Array(sender.enc)), vector(new Uint8Array(ciphertext)));
  } finally {
    new Uint8Array(entropy).fill(0);
    plaintext.fill(0);
  }
}

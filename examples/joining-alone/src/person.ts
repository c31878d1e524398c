import { createEthereumSigner, identityStatement, type ConsensusSigner } from "@demls/consensus";
import type { VouchedKey } from "@demls/join";
import { createMlsService, type MlsService } from "@demls/mls";
import { memberIdFromBytes, utf8ToBytes, type Clock, type RandomSource } from "@demls/wire/core";

export const GROUP_ID = "00112233445566778899aabbccddeeff";

export const random: RandomSource = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };

export const clock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  wakeAt(atMs, callback) {
    const timer = setTimeout(callback, Math.max(0, atMs - performance.now()));
    return () => clearTimeout(timer);
  },
};

/** Somebody with an identity, and keys for which that vouches. Of MLS this program uses the cryptography alone. */
export interface Person {
  readonly signer: ConsensusSigner;
  readonly mls: MlsService;
  readonly key: VouchedKey;
}

export async function createPerson(): Promise<Person> {
  const signer: ConsensusSigner = createEthereumSigner(random.bytes(32));
  const { identity } = signer;
  const mls = await createMlsService({ identity, random, wallMs: () => Date.now() });
  const { signaturePublicKey: signatureKey, signatureKeySince: keySince } = mls;
  const identityProof = await signer.sign(identityStatement(identity, signatureKey, keySince));
  return { signer, mls, key: { member: memberIdFromBytes(identity), signatureKey, keySince, identityProof } };
}

/** Mark of a group: here a list of names, in your program a hash of a secret that its members share. */
export async function markOf(names: readonly string[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(utf8ToBytes(names.join()))));
}

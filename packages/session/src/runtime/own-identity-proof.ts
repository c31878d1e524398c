import { identityStatement, type ConsensusSigner, type VoteVerifier } from "@demls/consensus";
import type { MlsService } from "@demls/mls";
import { DemlsError } from "@demls/wire/core";
import type { UserStore } from "../storage/user-store.js";
import { provesIdentity } from "../voting/identity-proof.js";
import type { SerialQueue } from "./serial-queue.js";

/** Dependencies of {@link createOwnIdentityProof}. */
export interface OwnIdentityProofParts {
  readonly mls: MlsService;
  readonly signer: ConsensusSigner;
  readonly verifier: VoteVerifier;
  /** Keeps the proof; undefined without a storage. */
  readonly store: UserStore | undefined;
  /** Stored proof, if there is one. */
  readonly stored: Uint8Array | undefined;
  /** Serial queue of the user, which runs the write. */
  readonly queue: SerialQueue;
  /** Aborted when the user is closed. */
  readonly ending: AbortSignal;
}

/**
 * Creates the source of this user's identity proof: the stored one, or a signature that the signer is asked for when it
 * is first needed. Calls wait for the same signature; after a refusal the next call asks again.
 *
 * The returned function throws DemlsError `identity-not-proved` if the signer refuses or signs with another key, and the
 * reason of `ending` once that is aborted.
 */
export function createOwnIdentityProof(parts: OwnIdentityProofParts): () => Promise<Uint8Array> {
  const { mls, signer, verifier, store, stored, queue, ending } = parts;
  const { signaturePublicKey: signatureKey } = mls;
  let asked: Promise<Uint8Array> | undefined;

  const isValid = (identityProof: Uint8Array): Promise<boolean> =>
    provesIdentity(verifier, mls.identity, { signatureKey, identityProof });

  async function sign(): Promise<Uint8Array> {
    try {
      const signature = await signer.sign(identityStatement(signer.identity, signatureKey));
      return verifier.canonicalForm?.(signature) ?? signature;
    } catch {
      // A signer's error may contain key material.
      throw notProved();
    }
  }

  async function obtain(): Promise<Uint8Array> {
    if (stored !== undefined && (await isValid(stored))) return stored;
    const proof = await sign();
    if (!(await isValid(proof))) throw notProved();
    await queue.run(async () => {
      ending.throwIfAborted();
      // If it is lost, the signer is asked again. A storage that fails is reported by the conversation's own writes.
      await store?.keepIdentityProof(proof).catch(() => undefined);
    });
    return proof;
  }

  return () => {
    asked ??= obtain().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return beforeEnd(asked, ending);
  };
}

/** The same promise, rejected with the signal's reason once that is aborted. */
function beforeEnd<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function notProved(): DemlsError<"identity-not-proved"> {
  return new DemlsError("identity-not-proved", {
    message: "The signer did not sign for this user's identity: it refused, or signed with another key.",
    field: "signer",
    remedy: "Call again and confirm the signature, with the account that is this user's identity.",
  });
}

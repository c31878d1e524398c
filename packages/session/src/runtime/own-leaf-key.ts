import { identityStatement, type ConsensusSigner, type VoteVerifier } from "@demls/consensus";
import type { MlsService } from "@demls/mls";
import { DemlsError } from "@demls/wire/core";
import { provesIdentity } from "../identity/identity-proof.js";
import type { UserStore } from "../storage/user-store.js";
import { onAbort } from "../model/on-abort.js";
import type { SerialQueue } from "./serial-queue.js";

/** Key of new leaves: the MLS service that has it, and the proof by which this user's identity vouches for it. */
export interface ProvedLeafKey {
  readonly mls: MlsService;
  readonly identityProof: Uint8Array;
}

/**
 * Key of this user's new leaves. The signer is asked for the proof of each key once, when it is first needed. This
 * happens outside of the queue, so that a wallet that waits for its owner delays no welcome: await `proved` before and
 * in the queue. After a refusal the next call asks again. Both methods throw DemlsError `identity-not-proved` if the
 * signer refuses or signs with another key, and the reason of `ending` once that is aborted.
 */
export interface OwnLeafKey {
  /** MLS service with the current key. */
  readonly mls: MlsService;
  /** Proof of the current key; undefined until the signer has given it. */
  readonly identityProof: Uint8Array | undefined;
  /** The current key with its proof. */
  proved(): Promise<ProvedLeafKey>;
  /** Runs a task with the proved key in the user's queue. */
  use<T>(task: (key: ProvedLeafKey) => Promise<T>): Promise<T>;
  /**
   * Replaces the key by a later one, and stores that with its proof; then wipes the former one, unless it is the caller's. Groups
   * and key packages have copies of it. Concurrent calls make one key.
   *
   * @param settle - resolves when no step uses the former key any more.
   */
  renew(settle: () => Promise<void>): Promise<void>;
}

/** Dependencies of {@link createOwnLeafKey}. */
export interface OwnLeafKeyParts {
  readonly mls: MlsService;
  readonly signer: ConsensusSigner;
  readonly verifier: VoteVerifier;
  /** Keeps the key and its proof; undefined without a storage. */
  readonly store: UserStore | undefined;
  /** Stored proof of the key of `mls`, if there is one. */
  readonly stored: Uint8Array | undefined;
  /** Serial queue of the user, which runs the writes. */
  readonly queue: SerialQueue;
  /** Aborted when the user is closed. */
  readonly ending: AbortSignal;
}

export async function createOwnLeafKey(parts: OwnLeafKeyParts): Promise<OwnLeafKey> {
  const { signer, verifier, store, stored, queue, ending } = parts;
  let { mls } = parts;
  let identityProof = stored !== undefined && (await isProof(mls, stored)) ? stored : undefined;
  let asked: Promise<ProvedLeafKey> | undefined;
  let renewing: Promise<void> | undefined;

  function isProof(of: MlsService, proof: Uint8Array): Promise<boolean> {
    const { signaturePublicKey: signatureKey, signatureKeySince: keySince } = of;
    return provesIdentity(verifier, of.identity, { signatureKey, keySince, identityProof: proof });
  }

  async function proofOf(of: MlsService): Promise<Uint8Array> {
    try {
      const statement = identityStatement(signer.identity, of.signaturePublicKey, of.signatureKeySince);
      const signature = await signer.sign(statement);
      const proof = verifier.canonicalForm?.(signature) ?? signature;
      if (await isProof(of, proof)) return proof;
    } catch {
      // A signer's error may contain key material.
    }
    throw notProved();
  }

  async function obtain(): Promise<ProvedLeafKey> {
    const proof = identityProof ?? (await proofOf(mls));
    if (identityProof === undefined) {
      identityProof = proof;
      await queue.run(async () => {
        ending.throwIfAborted();
        // If it is lost, the signer is asked again. A storage that fails is reported by the conversation's own writes.
        await store?.keepIdentityProof(proof).catch(() => undefined);
      });
    }
    return { mls, identityProof: proof };
  }

  function proved(): Promise<ProvedLeafKey> {
    asked ??= obtain().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return beforeEnd(asked, ending);
  }

  async function replace(settle: () => Promise<void>): Promise<void> {
    // A first key that waits for its proof is proved before the next one, so that no proof belongs to another key.
    await proved();
    const former = mls;
    const next = await mls.withNewSignatureKey();
    try {
      const proof = await proofOf(next);
      await queue.run(async () => {
        ending.throwIfAborted();
        await store?.keepLeafKey(next, proof);
        mls = next;
        identityProof = proof;
        asked = Promise.resolve({ mls, identityProof });
      });
    } catch (error) {
      next.signaturePrivateKey.fill(0);
      throw error;
    }
    await settle();
    // The first one belongs to the caller, which may use it elsewhere.
    if (former !== parts.mls) former.signaturePrivateKey.fill(0);
  }

  return {
    get mls() {
      return mls;
    },
    get identityProof() {
      return identityProof;
    },
    proved,
    async use(task) {
      await proved();
      return queue.run(async () => task(await proved()));
    },
    renew(settle) {
      renewing ??= replace(settle).finally(() => {
        renewing = undefined;
      });
      return beforeEnd(renewing, ending);
    },
  };
}

/** The same promise, rejected with the signal's reason once that is aborted. */
function beforeEnd<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(onAbort(signal, abort));
  });
}

function notProved(): DemlsError<"identity-not-proved"> {
  return new DemlsError("identity-not-proved", {
    message: "The signer did not sign for this user's identity: it refused, or signed with another key.",
    field: "signer",
    remedy: "Call again and confirm the signature, with the account that is this user's identity.",
  });
}

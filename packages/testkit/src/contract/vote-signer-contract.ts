import type { ConsensusSigner, VerifyResult, VoteVerifier } from "@demls/consensus";
import { bytesEqual, utf8ToBytes } from "@demls/wire/core";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";

/** Signature scheme under test, shared by all members of a conversation. */
export interface VoteScheme {
  /** Creates a signer from a key number. The same number gives the same key, other numbers give other keys. */
  createSigner(key: number): ConsensusSigner | Promise<ConsensusSigner>;
  /** Verifies the signatures of those signers. */
  readonly verifier: VoteVerifier;
}

/** A distinct message on each call. */
const aVote = (): Uint8Array => utf8ToBytes("a vote");

const VERDICTS: readonly VerifyResult[] = ["valid", "invalid", "malformed"];

/** Bytes not produced by a signer. */
const NOISE: readonly Uint8Array[] = [0, 1, 20, 32, 64, 65, 66, 96, 1_000].flatMap((length) => [
  new Uint8Array(length),
  new Uint8Array(length).fill(0xff),
  Uint8Array.from({ length }, (_, i) => (i * 73 + 11) % 256),
]);

/**
 * Contract of a `ConsensusSigner` with its `VoteVerifier`. A signature is valid for one identity and one message. Any
 * bytes from the network get a verdict. Only the signer can sign a vote again with a different canonical form.
 *
 * To test a verifier alone, such as a faster one, use it with the signers of its scheme.
 *
 * @example
 * ```ts
 * const scheme = { createSigner: (key) => createEthereumSigner(secretKey(key)), verifier: myVerifier };
 * for (const { name, run } of voteSignerContract(scheme)) test(name, run);
 * ```
 */
export function voteSignerContract(scheme: VoteScheme): readonly ContractCase[] {
  return [...signerCases(scheme), ...verifierCases(scheme)];
}

function signerCases({ createSigner, verifier }: VoteScheme): ContractCase[] {
  return [
    {
      name: "signs messages of any length validly",
      async run() {
        const signer = await createSigner(1);
        for (const length of [0, 1, 31, 32, 33, 136, 1_000]) {
          const message = new Uint8Array(length).fill(7);
          const verdict = await verifier.verify(signer.identity, message, await signer.sign(message));
          expectEqual(verdict, "valid", `A signature over ${length} bytes`);
        }
      },
    },
    {
      name: "has one constant identity per key",
      async run() {
        const [one, again, other] = [await createSigner(1), await createSigner(1), await createSigner(2)];
        const before = Uint8Array.from(one.identity);
        await one.sign(aVote());
        expectEqual(one.identity, before, "The identity after signing");
        expectEqual(again.identity, before, "The identity of the same key");
        if (before.length === 0) throw broken("The identity is empty.");
        if (bytesEqual(other.identity, before)) throw broken("Two keys have one identity.");
      },
    },
    {
      name: "shares no bytes with its caller",
      async run() {
        const signer = await createSigner(1);
        const [message, other] = [Uint8Array.from(aVote()), utf8ToBytes("another vote")];
        const signature = await signer.sign(message);
        expectEqual(message, aVote(), "The message after signing");
        const copy = Uint8Array.from(signature);
        message.fill(0);
        await signer.sign(other);
        expectEqual(signature, copy, "A signature after another was made");
        signature.fill(0);
        expectEqual(
          await verifier.verify(signer.identity, aVote(), copy),
          "valid",
          "A copy of the signature",
        );
        expectEqual(
          await verifier.verify(signer.identity, aVote(), await signer.sign(aVote())),
          "valid",
          "A signature made after overwriting the first",
        );
      },
    },
    {
      name: "signs several messages concurrently",
      async run() {
        const signer = await createSigner(1);
        const messages = [1, 2, 3, 4, 5].map((byte) => Uint8Array.of(byte));
        const signatures = await Promise.all(messages.map(async (message) => signer.sign(message)));
        for (const [i, message] of messages.entries()) {
          const verdict = await verifier.verify(signer.identity, message, signatures[i] as Uint8Array);
          expectEqual(verdict, "valid", `The signature of message ${i + 1}`);
        }
      },
    },
    {
      name: "writes signatures in their canonical form",
      async run() {
        const signer = await createSigner(1);
        const signature = await signer.sign(aVote());
        expectEqual(canonical(verifier, signature), signature, "The canonical form of a signature");
      },
    },
  ];
}

function verifierCases({ createSigner, verifier }: VoteScheme): ContractCase[] {
  return [
    {
      name: "rejects a signature over another message as invalid",
      async run() {
        const signer = await createSigner(1);
        const signature = await signer.sign(aVote());
        for (const message of [new Uint8Array(), aVote().subarray(1), ...flipped(aVote())]) {
          const verdict = await verifier.verify(signer.identity, message, signature);
          expectEqual(verdict, "invalid", "A signature over another message");
        }
      },
    },
    {
      name: "rejects another signer's signature as invalid",
      async run() {
        const [signer, other] = [await createSigner(1), await createSigner(2)];
        const signature = await signer.sign(aVote());
        expectEqual(
          await verifier.verify(other.identity, aVote(), signature),
          "invalid",
          "A signature for another identity",
        );
      },
    },
    {
      name: "returns a verdict for any identity bytes, never valid",
      async run() {
        const signer = await createSigner(1);
        const signature = await signer.sign(aVote());
        const { identity } = signer;
        const others = [identity.subarray(1), Uint8Array.of(...identity, 0), ...flipped(identity), ...NOISE];
        for (const other of others) expectNoProof(await verifier.verify(other, aVote(), signature));
      },
    },
    {
      name: "returns a verdict for any signature bytes, valid only for another form of the same",
      async run() {
        const signer = await createSigner(1);
        const signature = await signer.sign(aVote());
        const cut = [...signature.keys()].map((length) => signature.subarray(0, length));
        const others = [...cut, Uint8Array.of(...signature, 0), ...flipped(signature), ...NOISE];
        for (const other of others) {
          const verdict = await verifier.verify(signer.identity, aVote(), other);
          const form = canonical(verifier, other);
          if (form !== undefined && bytesEqual(form, signature)) continue;
          expectNoProof(verdict);
        }
      },
    },
    {
      name: "returns a canonical form unchanged, and none for random bytes",
      async run() {
        const signature = await (await createSigner(1)).sign(aVote());
        for (const other of [...flipped(signature), ...NOISE]) {
          const form = canonical(verifier, other);
          if (form !== undefined)
            expectEqual(canonical(verifier, form), form, "The canonical form of a canonical form");
        }
      },
    },
    {
      name: "repeats its verdicts, and mutates no bytes",
      async run() {
        const signer = await createSigner(1);
        const signature = await signer.sign(aVote());
        const [first] = flipped(signature);
        for (const each of [signature, first as Uint8Array]) {
          const [identity, message, given] = [signer.identity, aVote(), each].map((of) =>
            Uint8Array.from(of),
          );
          const before = await verifier.verify(signer.identity, aVote(), each);
          const after = await verifier.verify(
            identity as Uint8Array,
            message as Uint8Array,
            given as Uint8Array,
          );
          expectEqual(after, before, "The repeated verdict");
          expectEqual(
            [identity, message, given],
            [signer.identity, aVote(), each],
            "The arguments after verifying",
          );
        }
      },
    },
  ];
}

function expectNoProof(verdict: VerifyResult): void {
  if (!VERDICTS.includes(verdict)) throw broken(`${String(verdict)} is not a verdict.`);
  if (verdict === "valid") throw broken("Bytes that the signer never produced are valid.");
}

/**
 * Canonical form of a signature, by the verifier. A scheme with one form has no function for it: every signature is
 * canonical.
 */
function canonical(verifier: VoteVerifier, signature: Uint8Array): Uint8Array | undefined {
  return verifier.canonicalForm === undefined ? signature : verifier.canonicalForm(signature);
}

/** The same bytes with one bit of one byte flipped, the lowest or the highest. */
function flipped(bytes: Uint8Array): readonly Uint8Array[] {
  return [...bytes.keys()].flatMap((at) =>
    [0x01, 0x80].map((bit) => bytes.with(at, (bytes[at] as number) ^ bit)),
  );
}

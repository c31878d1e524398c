import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import {
  canonicalEthereumVerifier,
  createEthereumSigner,
  ethereumVerifier,
  type ConsensusSigner,
  type VoteVerifier,
} from "@demls/consensus";
import { describe, expect, test } from "vitest";
import { createFakeSigner, fakeVoteVerifier, voteSignerContract, type VoteScheme } from "../src/index.js";

const secretKey = (key: number): Uint8Array => new Uint8Array(32).fill(key);

const createSigner = (key: number): ConsensusSigner => createEthereumSigner(secretKey(key));

const ethereum: VoteScheme = { createSigner, verifier: ethereumVerifier };

/** A different scheme: identities are public keys, and signing is asynchronous. */
const ed25519: VoteScheme = {
  createSigner(key) {
    const d = Buffer.from(secretKey(key)).toString("base64url");
    const pkcs8 = Buffer.concat([
      Buffer.from("302e020100300506032b657004220420", "hex"),
      Buffer.from(d, "base64url"),
    ]);
    const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
    const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
    return {
      identity: Uint8Array.from(Buffer.from(x, "base64url")),
      sign: async (message) => Uint8Array.from(sign(null, message, privateKey)),
    };
  },
  verifier: {
    async verify(identity, message, signature) {
      const publicKey = publicKeyOf(identity);
      if (publicKey === undefined || signature.length !== 64) return "malformed";
      return verify(null, message, publicKey, signature) ? "valid" : "invalid";
    },
  },
};

function publicKeyOf(identity: Uint8Array): KeyObject | undefined {
  if (identity.length !== 32) return undefined;
  const x = Buffer.from(identity).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

const schemes: readonly (readonly [string, VoteScheme])[] = [
  ["Ethereum signatures", ethereum],
  ["Ethereum signatures in their canonical form", { createSigner, verifier: canonicalEthereumVerifier }],
  ["Ed25519", ed25519],
  [
    "the fake",
    { createSigner: (key) => createFakeSigner(new Uint8Array(20).fill(key)), verifier: fakeVoteVerifier },
  ],
];

describe.each(schemes)("%s", (_name, scheme) => {
  for (const { name, run } of voteSignerContract(scheme)) test(name, run);
});

/** Ethereum scheme with a faulty verifier. */
function judging(verify: VoteVerifier["verify"], canonicalForm = ethereumVerifier.canonicalForm): VoteScheme {
  return { createSigner, verifier: { verify, ...(canonicalForm && { canonicalForm }) } };
}

/** Ethereum scheme with a faulty signer. */
function signing(change: (signer: ConsensusSigner) => Partial<ConsensusSigner>): VoteScheme {
  return {
    createSigner(key) {
      const signer = createSigner(key);
      return { ...signer, ...change(signer) };
    },
    verifier: ethereumVerifier,
  };
}

const { verify: judge } = ethereumVerifier;

const broken: readonly (readonly [string, VoteScheme, string])[] = [
  ["believes everyone", judging(() => "valid"), "rejects another signer's signature as invalid"],
  [
    "throws for unreadable input",
    judging((identity, message, signature) => {
      if (signature.length !== 65) throw new RangeError("65 bytes, please");
      return judge(identity, message, signature);
    }),
    "returns a verdict for any signature bytes, valid only for another form of the same",
  ],
  [
    "checks only the first bytes of an identity",
    judging((identity, message, signature) => judge(identity.subarray(0, 20), message, signature)),
    "returns a verdict for any identity bytes, never valid",
  ],
  [
    "checks only the first bytes of a signature",
    judging((identity, message, signature) => judge(identity, message, signature.subarray(0, 65))),
    "returns a verdict for any signature bytes, valid only for another form of the same",
  ],
  [
    "checks only the first bytes of a message",
    judging((identity, message, signature) => judge(identity, message.subarray(0, 1), signature)),
    "signs messages of any length validly",
  ],
  [
    "accepts other forms without a canonical one",
    { createSigner, verifier: { verify: judge } },
    "returns a verdict for any signature bytes, valid only for another form of the same",
  ],
  [
    "writes a form that is not canonical",
    signing((signer) => ({
      async sign(message) {
        const signature = await signer.sign(message);
        return signature.with(64, (signature[64] as number) - 27);
      },
    })),
    "writes signatures in their canonical form",
  ],
  [
    "signs with the same key for all members",
    signing((signer) => ({ ...createSigner(1), sign: (message) => signer.sign(message) })),
    "has one constant identity per key",
  ],
  [
    "returns every signature in the same buffer",
    signing((signer) => {
      const bytes = new Uint8Array(65);
      return {
        async sign(message) {
          bytes.set(await signer.sign(message));
          return bytes;
        },
      };
    }),
    "shares no bytes with its caller",
  ],
  [
    "mutates the message",
    signing((signer) => ({
      async sign(message) {
        const signature = await signer.sign(message);
        message.fill(0);
        return signature;
      },
    })),
    "shares no bytes with its caller",
  ],
  [
    "confuses concurrent messages",
    signing((signer) => {
      let running: Promise<Uint8Array> | undefined;
      return {
        async sign(message) {
          running ??= Promise.resolve(signer.sign(message));
          const signature = await running;
          running = undefined;
          return signature;
        },
      };
    }),
    "signs several messages concurrently",
  ],
];

describe("the contract of vote signing", () => {
  test.each(broken)("reports a scheme that %s", async (_what, scheme, name) => {
    const asked = voteSignerContract(scheme).find((each) => each.name === name);
    await expect(asked?.run()).rejects.toThrow();
  });
});

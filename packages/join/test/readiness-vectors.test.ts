import { createEthereumSigner, identityStatement } from "@demls/consensus";
import { bytesToHex, hexToBytes, memberIdFromBytes } from "@demls/wire/core";
import { ed25519 } from "@noble/curves/ed25519.js";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  createProbe,
  memberKey,
  openReadiness,
  parseInvitation,
  readProbe,
  sealReadiness,
  type RequestStatus,
} from "../src/index.js";
import { verifier } from "./fixtures.js";
import { open, replyKeysOf, sealingBy, signingBy, verify } from "./readiness-fixtures.js";

/** Byte strings are hex, `epoch` is decimal. */
interface Vector {
  readonly name: string;
  readonly line: string;
  readonly nowSeconds: number;
  readonly keyPackageReference: string;
  readonly nonce: string;
  readonly replySecretKey: string;
  readonly memberKey: string;
  readonly probe: string;
  readonly digest: string;
  readonly identityKey: string;
  readonly leafKey: string;
  readonly keySince: number;
  readonly epoch: string;
  readonly head: string;
  readonly appliedMessages: number;
  readonly memberCount: number;
  readonly request: RequestStatus;
  readonly entropy: string;
  readonly readiness: string;
  readonly trust: "inviter" | "member";
}

const { vectors } = JSON.parse(
  readFileSync(new URL("vectors/readiness-1.json", import.meta.url), "utf8"),
) as { readonly vectors: readonly Vector[] };

const bytes = (hex: string): Uint8Array => hexToBytes(hex)!;

describe.each(vectors.map((vector) => [vector.name, vector] as const))(
  "The vector of %s",
  (_name, vector) => {
    test("is asked, answered and opened as recorded", async () => {
      const { nowSeconds } = vector;
      const { secret, invitation } = await parseInvitation(vector.line, { verifier, nowSeconds });
      const reference = bytes(vector.keyPackageReference);
      const created = createProbe({
        secret,
        keyPackageReference: reference.length === 0 ? undefined : reference,
        replyKeys: replyKeysOf(bytes(vector.replySecretKey)),
        random: { bytes: () => bytes(vector.nonce) },
        nowSeconds,
      });
      expect(bytesToHex(created.bytes)).toBe(vector.probe);
      expect(bytesToHex(memberKey(secret))).toBe(vector.memberKey);
      const read = readProbe(bytes(vector.probe));
      if (!read.ok) throw new Error(read.reason);
      expect(bytesToHex(read.probe.digest)).toBe(vector.digest);

      const signer = createEthereumSigner(bytes(vector.identityKey));
      const leaf = bytes(vector.leafKey);
      const signatureKey = ed25519.getPublicKey(leaf);
      const { keySince, appliedMessages, memberCount, request } = vector;
      const readiness = {
        groupId: invitation.groupId!,
        epoch: BigInt(vector.epoch),
        head: bytes(vector.head),
        appliedMessages,
        memberCount,
        request,
        member: memberIdFromBytes(signer.identity),
        signatureKey,
        keySince,
        identityProof: signer.sign(identityStatement(signer.identity, signatureKey, keySince)),
        sentAt: nowSeconds,
      };
      const sealed = await sealReadiness(read.probe, readiness, {
        memberKey: vector.trust === "member" ? bytes(vector.memberKey) : undefined,
        sign: signingBy(leaf),
        seal: sealingBy(bytes(vector.entropy)),
      });
      expect(bytesToHex(sealed)).toBe(vector.readiness);
      const opened = await openReadiness(created.pending, bytes(vector.readiness), {
        ...{ verifier, verify, open, nowSeconds },
        maxAgeSeconds: 0,
      });
      expect(opened).toEqual({ ok: true, readiness, trust: vector.trust });
    });

    test("has the digest of Node's own cryptography", () => {
      const digest = createHash("sha256").update(bytes(vector.probe)).digest("hex");
      expect(digest).toBe(vector.digest);
      expect(vector.readiness.slice(0, 34)).toBe(`01${digest.slice(0, 32)}`);
    });
  },
);

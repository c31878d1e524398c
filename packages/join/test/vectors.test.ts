import { bytesToHex, hexToBytes } from "@demls/wire/core";
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createEthereumSigner } from "@demls/consensus";
import { describe, expect, test } from "vitest";
import {
  encodeInvitation,
  invitationStatement,
  issueInvitation,
  parseInvitation,
  readRedemption,
  redeemInvitation,
  type OfferedTerms,
} from "../src/index.js";
import { verifier } from "./fixtures.js";

/** Byte strings are hex. */
interface Vector {
  readonly name: string;
  readonly terms: Omit<OfferedTerms, "groupId"> & { readonly groupId: string | null };
  readonly nowSeconds: number;
  readonly inviterKey: string;
  readonly seed: string;
  readonly keyPackage: string;
  readonly nonce: string;
  readonly id: string;
  readonly key: string;
  readonly statement: string;
  readonly line: string;
  readonly secretForm: string;
  readonly publicForm: string;
  readonly redemption: string;
}

const { vectors } = JSON.parse(
  readFileSync(new URL("vectors/invitations-1.json", import.meta.url), "utf8"),
) as {
  readonly vectors: readonly Vector[];
};

const bytes = (hex: string): Uint8Array => hexToBytes(hex)!;

/** PKCS #8 of an Ed25519 secret key, before its 32 bytes. */
const PKCS8 = bytes("302e020100300506032b657004220420");

describe.each(vectors.map((vector) => [vector.name, vector] as const))(
  "The vector of %s",
  (_name, vector) => {
    test("is issued and redeemed as recorded", async () => {
      const terms = { expiresAt: 0, uses: 0, ...vector.terms, groupId: vector.terms.groupId ?? undefined };
      const { invitation, line, secret } = await issueInvitation(terms, {
        signer: createEthereumSigner(bytes(vector.inviterKey)),
        random: { bytes: () => bytes(vector.seed) },
        nowSeconds: vector.nowSeconds,
      });
      expect({
        id: invitation.id,
        key: bytesToHex(invitation.key),
        statement: new TextDecoder().decode(invitationStatement(invitation, invitation.key)),
        line,
        secretForm: bytesToHex(secret),
        publicForm: bytesToHex(encodeInvitation(invitation)),
        redemption: bytesToHex(
          redeemInvitation(secret, bytes(vector.keyPackage), { bytes: () => bytes(vector.nonce) }),
        ),
      }).toEqual({
        id: vector.id,
        key: vector.key,
        statement: vector.statement,
        line: vector.line,
        secretForm: vector.secretForm,
        publicForm: vector.publicForm,
        redemption: vector.redemption,
      });
    });

    test("is read as recorded", async () => {
      const { invitation } = await parseInvitation(vector.line, { verifier, nowSeconds: vector.nowSeconds });
      expect(invitation.id).toBe(vector.id);
      const read = readRedemption(bytes(vector.redemption), bytes(vector.keyPackage));
      expect(read).toEqual({ ok: true, invitation, nonce: bytes(vector.nonce) });
    });

    test("has the key, the id, the checksum and the signature of Node's own cryptography", () => {
      const secretKey = new Uint8Array(hkdfSync("sha256", bytes(vector.seed), "", "demls invitation", 32));
      const key = createPrivateKey({ key: Buffer.concat([PKCS8, secretKey]), format: "der", type: "pkcs8" });
      const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
      expect(publicKey.toString("hex")).toBe(vector.key);
      const sha256 = (data: Uint8Array): Buffer => createHash("sha256").update(data).digest();
      expect(sha256(publicKey).subarray(0, 8).toString("hex")).toBe(vector.id);
      const checksum = sha256(bytes(vector.secretForm)).subarray(0, 4);
      const text = Buffer.concat([bytes(vector.secretForm), checksum]).toString("base64url");
      expect(vector.line).toBe(`demls:${text}`);
      const [form, keyPackage] = [bytes(vector.publicForm), bytes(vector.keyPackage)].map(sha256) as [
        Buffer,
        Buffer,
      ];
      const label = Buffer.from("demls redemption\0");
      const message = Buffer.concat([label, form, bytes(vector.nonce), keyPackage]);
      expect(vector.redemption.slice(-128)).toBe(sign(undefined, message, key).toString("hex"));
    });
  },
);

import { identityStatement } from "../../packages/consensus/dist/index.js";
import { createMlsService } from "../../packages/demls/dist/index.js";
import { bytesToHex, memberIdFromBytes } from "../../packages/wire/dist/index.js";
import { randomOf, signerOf, type Name } from "./members.js";
import { RECORDED_MS } from "./recorded-bob.js";

const OWNERS: readonly Name[] = ["dora", "emil", "fay"];

/** The content of `key_packages.json`: one key package of each member, in both forms. */
export async function writeKeyPackages(): Promise<object> {
  const keyPackages = [];
  for (const owner of OWNERS) {
    const json = await generate(owner, "json");
    const tls = await generate(owner, "tls");
    keyPackages.push({
      owner,
      identity: memberIdFromBytes(signerOf(owner).identity),
      reference: json.reference,
      json: bytesToHex(json.bytes),
      tls: bytesToHex(tls.bytes),
    });
  }
  return { generated_at: `${RECORDED_MS / 1_000}`, key_packages: keyPackages };
}

/** Creates the same key package for each form, from a fresh seeded random source. */
async function generate(owner: Name, keyPackageEncoding: "json" | "tls") {
  const signer = signerOf(owner);
  const { identity } = signer;
  const random = randomOf(owner).fork("key package");
  const mls = await createMlsService({ identity, random, wallMs: () => RECORDED_MS, keyPackageEncoding });
  const identityProof = await signer.sign(
    identityStatement(identity, mls.signaturePublicKey, mls.signatureKeySince),
  );
  return mls.generateKeyPackage({ identityProof });
}

import { bytesToHex } from "@demls/wire/core";
import { ownCapabilities, ownLifetime } from "../client/client-config.js";
import type { MlsContext } from "../client/mls-context.js";
import {
  generateKeyPackageWithKey,
  makeKeyPackageRef,
  type KeyPackage,
  type PrivateKeyPackage,
} from "../ts-mls.js";
import { writeKeyPackage } from "./encoding.js";
import type { KeyPackageEncoding, OwnKeyPackage } from "./key-package.js";
import { ownLeafExtensions, type OwnLeafOptions } from "./leaf-binding.js";

/** New leaf of this member, as an unpublished key package. */
export async function freshLeaf(
  context: MlsContext,
  options: OwnLeafOptions,
): Promise<{ readonly publicPackage: KeyPackage; readonly privatePackage: PrivateKeyPackage }> {
  return generateKeyPackageWithKey(
    { credentialType: "basic", identity: context.identity },
    ownCapabilities(),
    ownLifetime(context.nowSeconds()),
    // Set explicitly: by default ts-mls adds GREASE extensions that the capabilities may lack.
    [],
    { signKey: context.signatureKey.privateKey.slice(), publicKey: context.signatureKey.publicKey },
    context.suite,
    ownLeafExtensions(context, options),
  );
}

/** See {@link MlsService.generateKeyPackage}. */
export async function generateKeyPackage(
  context: MlsContext,
  form: KeyPackageEncoding,
  options: OwnLeafOptions,
): Promise<OwnKeyPackage> {
  const { publicPackage, privatePackage } = await freshLeaf(context, options);
  return {
    reference: await keyPackageReference(context, publicPackage),
    bytes: writeKeyPackage(publicPackage, form),
    secrets: {
      initPrivateKey: privatePackage.initPrivateKey,
      leafPrivateKey: privatePackage.hpkePrivateKey,
      signaturePrivateKey: privatePackage.signaturePrivateKey,
    },
  };
}

/** KeyPackageRef (RFC 9420 § 5.2), lower-case hex. */
export async function keyPackageReference(context: MlsContext, keyPackage: KeyPackage): Promise<string> {
  return bytesToHex(await makeKeyPackageRef(keyPackage, context.suite.hash));
}

/** See {@link MlsService.wipeKeyPackage}. */
export function wipeKeyPackage({ secrets }: OwnKeyPackage): void {
  secrets.initPrivateKey.fill(0);
  secrets.leafPrivateKey.fill(0);
  secrets.signaturePrivateKey.fill(0);
}

import { platformPrimitives } from "#crypto-primitives";
import { DemlsError, memberIdFromBytes, type RandomSource } from "@demls/wire/core";
import { CLIENT_CONFIG } from "./client/client-config.js";
import type { MlsContext } from "./client/mls-context.js";
import {
  givenSignatureKey,
  newSignatureKey,
  type OwnSignatureKey,
  type SignatureKeyPair,
} from "./client/signature-key.js";
import { canAdd, canReplace } from "./commit/add-validation.js";
import { merge } from "./commit/merge.js";
import { createCandidate } from "./commit/candidate.js";
import { stage } from "./commit/stage.js";
import { createCiphersuite } from "./crypto/ciphersuite.js";
import { CIPHERSUITE } from "./crypto/ciphersuite.js";
import { strictSignature } from "./crypto/ed25519-strictness.js";
import { openWithKey, sealWithKey } from "./crypto/keyed-aead.js";
import { sign, verify } from "./crypto/labelled-signature.js";
import { hpkeKeyPair, hpkeOpen, hpkeSeal } from "./crypto/sealed-to-key.js";
import type { Primitives } from "./crypto/primitives.js";
import { open, seal } from "./framing/application-message.js";
import { describe } from "./framing/message-description.js";
import { createGroup } from "./group/create-group.js";
import { exportSecret } from "./group/export-secret.js";
import { generations, received, skipGenerations } from "./group/generations.js";
import { decodeGroup, encodeGroup } from "./group/group-codec.js";
import { ownGroup } from "./group/mls-group.js";
import { wipe } from "./group/wipe.js";
import { generateKeyPackage, wipeKeyPackage } from "./key-package/generate.js";
import { MAX_IDENTITY_BYTES, type KeyPackageEncoding } from "./key-package/key-package.js";
import { inspectKeyPackage } from "./key-package/validation.js";
import type { MlsService } from "./mls-service.js";
import { getCiphersuiteFromName, type CiphersuiteImpl, type CryptoProvider } from "./ts-mls.js";
import { join } from "./welcome/join.js";

/** Options of {@link createMlsService}. */
export interface MlsServiceOptions {
  /** Identity bytes of the basic credential; in de-MLS, the 20-byte address of the vote-signing key. */
  readonly identity: Uint8Array;
  /** Source of every key, nonce and secret. Must be cryptographically strong outside tests. */
  readonly random: RandomSource;
  /** Milliseconds since the Unix epoch; the clock that lifetimes are checked against. */
  readonly wallMs: () => number;
  /** Signs this member's leaves and messages. @default a new key pair from `random` */
  readonly signatureKeyPair?: SignatureKeyPair;
  /** Encoding of generated key packages. @default "json", as de-mls 3.0.0 */
  readonly keyPackageEncoding?: KeyPackageEncoding;
  /**
   * Cryptographic primitives, such as `createWebCrypto` of `@demls/mls/crypto-web` or `createNodeCrypto` of
   * `@demls/mls/crypto-node`. @default node:crypto on Node, WebCrypto elsewhere, chosen by the conditions in
   * package.json
   */
  readonly crypto?: CryptoProvider;
}

/**
 * MLS service for one user.
 *
 * @throws DemlsError `invalid-identity` when `identity` is empty or longer than 256 bytes; `invalid-signature-key` when
 *   a key of `signatureKeyPair` is not 32 bytes, or its halves do not match.
 *
 * @example
 * ```ts
 * const mls = await createMlsService({ identity, random, wallMs: () => Date.now() });
 * const garden = await mls.createGroup("garden");
 * const { group, message } = await mls.seal(garden, utf8ToBytes("hello"));
 * ```
 */
export async function createMlsService(options: MlsServiceOptions): Promise<MlsService> {
  const { keyPackageEncoding = "json" } = options;
  return serviceOf(await createContext(options), keyPackageEncoding);
}

function serviceOf(context: MlsContext, keyPackageEncoding: KeyPackageEncoding): MlsService {
  const { signature, hpke } = context.suite;
  const { privateKey, publicKey, since } = context.signatureKey;
  return {
    identity: context.self,
    signaturePublicKey: publicKey,
    signaturePrivateKey: privateKey,
    signatureKeySince: since,
    withNewSignatureKey: async () =>
      serviceOf(
        { ...context, signatureKey: await context.newSignatureKey(context.signatureKey) },
        keyPackageEncoding,
      ),
    generateKeyPackage: (leafOptions = {}) => generateKeyPackage(context, keyPackageEncoding, leafOptions),
    inspectKeyPackage: (bytes) => inspectKeyPackage(context, bytes),
    canAdd: (group, bytes, besides = []) => canAdd(context, ownGroup(group), bytes, besides),
    canReplace: (group, bytes) => canReplace(context, ownGroup(group), bytes),
    createGroup: (conversationName, groupOptions = {}) =>
      createGroup(context, conversationName, groupOptions),
    join: (welcome, keyPackages) => join(context, welcome, keyPackages),
    seal: (group, plaintext) => seal(context, ownGroup(group), plaintext),
    open: (group, message) => open(context, ownGroup(group), message),
    describe,
    createCandidate: (group, changes, candidateOptions = {}) =>
      createCandidate(context, ownGroup(group), changes, candidateOptions),
    stage: (group, proposals, commit) => stage(context, ownGroup(group), proposals, commit),
    merge: (group, staged) => merge(ownGroup(group), staged),
    generations: (group) => generations(ownGroup(group)),
    received: (group, epoch) => received(ownGroup(group), epoch),
    skipGenerations: (group, to, keptKeys = 0) => skipGenerations(context, ownGroup(group), to, keptKeys),
    exportSecret: (group, label, exportContext, length) =>
      exportSecret(context, ownGroup(group), label, exportContext, length),
    sign: (group, label, content) =>
      sign(
        signature,
        group === undefined ? context.signatureKey.privateKey : ownGroup(group).state.signaturePrivateKey,
        label,
        content,
      ),
    verify: (publicKey, label, content, value) => verify(signature, publicKey, label, content, value),
    sealWithKey: (key, nonce, aad, plaintext) => sealWithKey(hpke, key, nonce, aad, plaintext),
    openWithKey: (key, nonce, aad, ciphertext) => openWithKey(hpke, key, nonce, aad, ciphertext),
    hpkeKeyPair: () => hpkeKeyPair(hpke),
    hpkeSeal: (key, info, aad, plaintext) => hpkeSeal(hpke, key, info, aad, plaintext),
    hpkeOpen: (key, sealed, info, aad) => hpkeOpen(hpke, key, sealed, info, aad),
    wipe: (spent, kept) => wipe(spent.map(ownGroup), kept.map(ownGroup)),
    wipeKeyPackage,
    encodeGroup: (group) => encodeGroup(ownGroup(group)),
    decodeGroup: (bytes) => decodeGroup(context, bytes),
  };
}

async function createContext(options: MlsServiceOptions): Promise<MlsContext> {
  if (options.identity.length === 0)
    throw new DemlsError("invalid-identity", {
      message: "The identity is empty.",
      field: "identity",
      remedy: "Pass 1 to 256 bytes, such as the hash of a key.",
    });
  if (options.identity.length > MAX_IDENTITY_BYTES)
    throw new DemlsError("invalid-identity", {
      message: `The identity is longer than ${MAX_IDENTITY_BYTES} bytes: other members would reject its key packages.`,
      field: "identity",
      remedy: "Pass a shorter identity, such as the hash of a key.",
    });
  const identity = Uint8Array.from(options.identity);
  const primitives = await platformPrimitives();
  const suite = await createSuite(primitives, options);
  const { wallMs, random, signatureKeyPair: given } = options;
  const nowSeconds = (): bigint => BigInt(Math.floor(wallMs() / 1000));
  const makeKey = (former?: OwnSignatureKey): Promise<OwnSignatureKey> =>
    newSignatureKey(primitives, random, nowSeconds(), former);
  return {
    suite,
    config: CLIENT_CONFIG,
    identity,
    self: memberIdFromBytes(identity),
    signatureKey:
      given === undefined ? await makeKey() : await givenSignatureKey(suite.signature, given, nowSeconds()),
    newSignatureKey: makeKey,
    x25519PublicKey: async (privateKey) => primitives.x25519.publicKey(privateKey),
    nowSeconds,
  };
}

async function createSuite(
  primitives: Primitives,
  { random, crypto }: MlsServiceOptions,
): Promise<CiphersuiteImpl> {
  const own = createCiphersuite(primitives, random);
  const suite = (await crypto?.getCiphersuiteImpl(getCiphersuiteFromName(CIPHERSUITE))) ?? own;
  return { ...suite, rng: own.rng, signature: strictSignature(suite.signature) };
}

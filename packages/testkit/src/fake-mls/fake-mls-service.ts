import {
  LEAF_BINDING,
  MAX_IDENTITY_BYTES,
  STRICT_MARKER,
  type CreateGroupOptions,
  type MlsService,
  type SignatureKeyPair,
} from "@demls/mls";
import {
  bytesEqual,
  bytesToHex,
  DemlsError,
  isWellFormed,
  memberIdFromBytes,
  utf8ToBytes,
  type RandomSource,
} from "@demls/wire/core";
import { canAdd, canReplace } from "./add-check.js";
import { openWithKey, sealWithKey } from "./keyed-aead.js";
import { hpkeKeyPair, hpkeOpen, hpkeSeal } from "./sealed-to-key.js";
import { sign, verify } from "./labelled-signature.js";
import { merge, wipe } from "./merge.js";
import { open, seal } from "./application-message.js";
import { createCandidate } from "./candidate.js";
import type { FakeContext } from "./context.js";
import { hashOf } from "./fields.js";
import type { GenerationLedger } from "./generation-ledger.js";
import { exportSecret } from "./export-secret.js";
import { generations, received, skipGenerations } from "./generations.js";
import { decodeGroup, encodeGroup } from "./group-codec.js";
import { groupOf, usableGroup, type FakeGroup } from "./group.js";
import { generateKeyPackage, inspectKeyPackage, ownBinding, publicKeyOf } from "./key-package.js";
import { describe } from "./message-description.js";
import { stage } from "./staging.js";
import { join } from "./welcome.js";

/** Options of a fake MLS service, as `MlsServiceOptions` of `@demls/mls`. */
export interface FakeMlsServiceOptions {
  /** Identity bytes, 1 to 256. */
  readonly identity: Uint8Array;
  /** Source of every key. The same source produces the same messages. */
  readonly random: RandomSource;
  /** Milliseconds since the Unix epoch; the clock that lifetimes are checked against. */
  readonly wallMs: () => number;
  /** Signature key pair of another fake service. @default a new pair from `random` */
  readonly signatureKeyPair?: SignatureKeyPair;
  /**
   * Extension types listed by its leaves; none for a member like those of de-mls 3.0.0.
   * @default STRICT_MARKER and LEAF_BINDING
   */
  readonly extensions?: readonly number[];
  /** Called with every message that the service seals. @default none */
  readonly generations?: GenerationLedger;
}

/**
 * {@link MlsService} without cryptography, for simulations. It is a hundred times faster, deterministic for the same
 * randomness, and as strict as the real one about epochs, generations, senders, replays, bundled proposals and single
 * use. **It protects nothing**: its messages are in the clear, and any member can forge them.
 *
 * It detects mistakes of the caller that the real one does not. A wiped group is rejected with DemlsError
 * `wiped-group`, and a {@link GenerationLedger} reports a generation that was sealed twice.
 *
 * @throws DemlsError `invalid-identity` when the identity is empty or longer than 256 bytes; `invalid-signature-key`
 *   when the halves of `signatureKeyPair` do not match.
 *
 * @example
 * ```ts
 * const mls = createFakeMlsService({ identity, random: createSeededRandom("alice"), wallMs: () => clock.wallMs() });
 * ```
 */
export function createFakeMlsService(options: FakeMlsServiceOptions): MlsService {
  return serviceOf(createContext(options));
}

function serviceOf(context: FakeContext): MlsService {
  const { privateKey, publicKey, since } = context.signatureKey;
  return {
    identity: context.self,
    signaturePublicKey: publicKey,
    signaturePrivateKey: privateKey,
    signatureKeySince: since,
    withNewSignatureKey: async () => {
      const later = Math.max(Number(context.nowSeconds()), since + 1);
      return serviceOf({ ...context, signatureKey: newSignatureKey(context.random, later) });
    },
    generateKeyPackage: async (leafOptions = {}) => generateKeyPackage(context, leafOptions),
    inspectKeyPackage: async (bytes) => {
      const found = inspectKeyPackage(bytes, context.nowSeconds());
      if (!found.ok) return found;
      const { keyPackage: _, ...inspection } = found;
      return inspection;
    },
    canReplace: async (group, bytes) => canReplace(context, usableGroup(group), bytes),
    canAdd: async (group, bytes, besides = []) => canAdd(context, usableGroup(group), bytes, besides),
    createGroup: async (name, groupOptions = {}) => createGroup(context, name, groupOptions),
    join: async (welcome, keyPackages) => join(context, welcome, keyPackages),
    seal: async (group, plaintext) => seal(context, usableGroup(group), plaintext),
    open: async (group, message) => open(usableGroup(group), message),
    describe,
    createCandidate: async (group, changes, candidateOptions = {}) =>
      createCandidate(context, usableGroup(group), changes, candidateOptions),
    stage: async (group, proposals, commit) => stage(context, usableGroup(group), proposals, commit),
    merge: (group, staged) => merge(usableGroup(group), staged),
    generations: (group) => generations(usableGroup(group)),
    received: (group, epoch) => received(usableGroup(group), epoch),
    skipGenerations: async (group, to, keptKeys = 0) => skipGenerations(usableGroup(group), to, keptKeys),
    exportSecret: async (group, label, exportContext, length) =>
      exportSecret(usableGroup(group), label, exportContext, length),
    sign: async (group, label, content) =>
      sign(
        group === undefined ? context.signatureKey.publicKey : ownSignatureKey(usableGroup(group)),
        label,
        content,
      ),
    verify: async (key, label, content, signature) => verify(key, label, content, signature),
    sealWithKey: async (key, nonce, aad, plaintext) => sealWithKey(key, nonce, aad, plaintext),
    openWithKey: async (key, nonce, aad, ciphertext) => openWithKey(key, nonce, aad, ciphertext),
    hpkeKeyPair: async () => hpkeKeyPair(context.random),
    hpkeSeal: async (key, info, aad, plaintext) => hpkeSeal(key, info, aad, plaintext, context.random),
    hpkeOpen: async (key, sealed, info, aad) => hpkeOpen(key, sealed, info, aad),
    wipe,
    wipeKeyPackage: ({ secrets }) => {
      secrets.initPrivateKey.fill(0);
      secrets.leafPrivateKey.fill(0);
      secrets.signaturePrivateKey.fill(0);
    },
    encodeGroup: (group) => encodeGroup(usableGroup(group)),
    decodeGroup,
  };
}

function newSignatureKey(random: RandomSource, since: number): Required<SignatureKeyPair> {
  const privateKey = random.bytes(32);
  return { privateKey, publicKey: publicKeyOf(privateKey), since };
}

function givenSignatureKey(given: SignatureKeyPair, nowSeconds: number): Required<SignatureKeyPair> {
  const { privateKey, publicKey, since = nowSeconds } = given;
  if (!bytesEqual(publicKeyOf(privateKey), publicKey))
    throw new DemlsError("invalid-signature-key", {
      message: "The halves of the signature key pair do not match.",
      field: "signatureKeyPair",
      remedy: "Pass both keys of the same fake service.",
    });
  return { privateKey: Uint8Array.from(privateKey), publicKey: Uint8Array.from(publicKey), since };
}

/** Signature key of the own leaf in a group. */
function ownSignatureKey({ state }: FakeGroup): Uint8Array {
  return state.current.leaves[state.ownLeaf]?.signatureKey ?? new Uint8Array();
}

function createContext(options: FakeMlsServiceOptions): FakeContext {
  const { identity, random, wallMs, extensions = [STRICT_MARKER, LEAF_BINDING], generations } = options;
  const { signatureKeyPair: given } = options;
  if (identity.length === 0 || identity.length > MAX_IDENTITY_BYTES)
    throw new DemlsError("invalid-identity", {
      message: "The identity is empty or too long.",
      field: "identity",
      remedy: `Pass 1 to ${MAX_IDENTITY_BYTES} bytes.`,
    });
  const now = Math.floor(wallMs() / 1_000);
  return {
    self: memberIdFromBytes(identity),
    identity: Uint8Array.from(identity),
    signatureKey: given === undefined ? newSignatureKey(random, now) : givenSignatureKey(given, now),
    random,
    extensions,
    generations,
    nowSeconds: () => BigInt(Math.floor(wallMs() / 1_000)),
  };
}

function createGroup(
  context: FakeContext,
  name: string,
  { requiredExtensions = [], ...leafOptions }: CreateGroupOptions,
): FakeGroup {
  if (name === "" || !isWellFormed(name))
    throw new DemlsError("invalid-conversation-name", {
      message: "The conversation's name is empty or not well-formed Unicode.",
      field: "name",
      remedy: "Pass a name of at least one character, without lone surrogates.",
    });
  const { self, signatureKey, random, extensions } = context;
  if (!requiredExtensions.every((type) => extensions.includes(type)))
    throw new DemlsError("unsupported-extension", {
      message: "requiredExtensions holds an extension type that the creator's leaf does not list.",
      field: "requiredExtensions",
      remedy: "Require only extension types in the service's `extensions`.",
    });
  const isNamed = requiredExtensions.includes(STRICT_MARKER);
  const groupId = bytesToHex(isNamed ? random.bytes(16) : utf8ToBytes(name));
  const bound = isNamed ? { boundTo: { name, groupId } } : {};
  const leaf = {
    member: self,
    signatureKey: signatureKey.publicKey,
    leafKey: publicKeyOf(random.bytes(32)),
    lifetime: undefined,
    extensions,
    ...ownBinding(context, { ...leafOptions, ...bound }),
  };
  const secret = hashOf("group", name, random.bytes(32));
  const current = { number: 0n, secret, leaves: [leaf], ratchets: [] };
  const constants = { groupId, name, requiredExtensions };
  return groupOf(constants, { ownLeaf: 0, current, past: undefined });
}

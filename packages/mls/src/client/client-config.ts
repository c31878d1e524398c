import { CIPHERSUITE } from "../crypto/ciphersuite.js";
import {
  defaultAuthenticationService,
  defaultKeyPackageEqualityConfig,
  type Capabilities,
  type ClientConfig,
  type Lifetime,
} from "../ts-mls.js";
import { LEAF_BINDING } from "./leaf-binding-type.js";
import { STRICT_MARKER } from "./strict-marker.js";

/** Most generations that a sender's ratchet may skip at once: `maximum_forward_distance` of OpenMLS. */
export const MAX_FORWARD_GENERATIONS = 1000;

export const HOUR_SECONDS = 3600n;
const KEY_PACKAGE_SECONDS = 84n * 24n * HOUR_SECONDS;

/** Longest acceptable lifetime in seconds, as in OpenMLS. */
export const MAX_LIFETIME_SECONDS = KEY_PACKAGE_SECONDS + HOUR_SECONDS;

/**
 * Settings that make ts-mls behave as OpenMLS 0.8 with its defaults, and so as de-mls 3.0.0.
 *
 * - 4 skipped generations correspond to OpenMLS's out-of-order tolerance of 5. Application messages have their own bound:
 *   {@link KEPT_APPLICATION_GENERATIONS}.
 * - One past epoch is kept, so that messages sealed just before a commit still open.
 * - ts-mls must not check lifetimes: it uses the platform's clock. This package checks them against the injected clock
 *   (key-package/validation.ts, welcome/join.ts). Unpatched ts-mls still checks them for own proposals.
 */
export const CLIENT_CONFIG: ClientConfig = {
  keyRetentionConfig: {
    retainKeysForGenerations: 4,
    retainKeysForEpochs: 1,
    maximumForwardRatchetSteps: MAX_FORWARD_GENERATIONS,
  },
  lifetimeConfig: { maximumTotalLifetime: MAX_LIFETIME_SECONDS, validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: { kind: "padUntilLength", padUntilLength: 0 },
  authService: defaultAuthenticationService,
};

/**
 * Most missing application messages of one sender that still open in an epoch: a message that is sent again arrives long
 * after its successors. This changes nothing that is sent.
 *
 * A spent key is never kept. The key of a missing message is kept until the message opens, until 256 later ones are
 * missing, or until the epoch after its own ends. A stolen state therefore opens the missing messages: that is the cost
 * in forward secrecy.
 */
export const KEPT_APPLICATION_GENERATIONS = 256;

/** Capabilities of every leaf of this package: OpenMLS's defaults and this project's extensions. */
export function ownCapabilities(): Capabilities {
  return {
    versions: ["mls10"],
    ciphersuites: [
      CIPHERSUITE,
      "MLS_128_DHKEMP256_AES128GCM_SHA256_P256",
      "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519",
      // ts-mls and OpenMLS have different names for suite 77, X-Wing. Only the number is sent.
      "MLS_128_MLKEM512_AES128GCM_SHA256_Ed25519",
    ],
    extensions: [STRICT_MARKER, LEAF_BINDING],
    proposals: [],
    credentials: ["basic"],
  };
}

/** Lifetime of a key package made now: starts an hour ago, to allow for skewed clocks, and lasts 84 days. */
export function ownLifetime(nowSeconds: bigint): Lifetime {
  const notBefore = nowSeconds > HOUR_SECONDS ? nowSeconds - HOUR_SECONDS : 0n;
  return { notBefore, notAfter: nowSeconds + KEY_PACKAGE_SECONDS };
}

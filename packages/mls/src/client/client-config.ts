import { CIPHERSUITE } from "../crypto/ciphersuite.js";
import {
  defaultAuthenticationService,
  defaultKeyPackageEqualityConfig,
  type Capabilities,
  type ClientConfig,
  type Lifetime,
} from "../ts-mls.js";
import { STRICT_MARKER } from "./strict-marker.js";

/** How far a sender's ratchet may jump forward at once: OpenMLS's `maximum_forward_distance`. */
export const MAX_FORWARD_GENERATIONS = 1000;

const HOUR_SECONDS = 3600n;
const KEY_PACKAGE_SECONDS = 84n * 24n * HOUR_SECONDS;

/** The longest lifetime that OpenMLS calls acceptable, in seconds. */
export const MAX_LIFETIME_SECONDS = KEY_PACKAGE_SECONDS + HOUR_SECONDS;

/**
 * Where ts-mls is told to behave as OpenMLS 0.8 does by default, and so under de-mls 3.0.0.
 *
 * - 4 skipped generations are what OpenMLS's out-of-order tolerance of 5 comes to.
 * - One past epoch is kept, so that what was sealed just before a commit still opens.
 * - Lifetimes are checked here against the injected clock (key-package/validation.ts, welcome/join.ts), so ts-mls must not
 *   check them against the platform's. Unpatched it would all the same for what one proposes oneself.
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

/** The capabilities of every leaf of ours: OpenMLS's defaults and the marker of this project. */
export function ownCapabilities(): Capabilities {
  return {
    versions: ["mls10"],
    ciphersuites: [
      CIPHERSUITE,
      "MLS_128_DHKEMP256_AES128GCM_SHA256_P256",
      "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519",
      // Number 77 by ts-mls's name; OpenMLS has X-Wing there. Only the number travels.
      "MLS_128_MLKEM512_AES128GCM_SHA256_Ed25519",
    ],
    extensions: [STRICT_MARKER],
    proposals: [],
    credentials: ["basic"],
  };
}

/** The lifetime of a key package made now: from an hour ago, against skewed clocks, for 84 days. */
export function ownLifetime(nowSeconds: bigint): Lifetime {
  const notBefore = nowSeconds > HOUR_SECONDS ? nowSeconds - HOUR_SECONDS : 0n;
  return { notBefore, notAfter: nowSeconds + KEY_PACKAGE_SECONDS };
}

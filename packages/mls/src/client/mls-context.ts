import type { MemberId } from "@demls/wire/core";
import type { CiphersuiteImpl, ClientConfig } from "../ts-mls.js";

/** What every operation works with: fixed when the service is made. */
export interface MlsContext {
  readonly suite: CiphersuiteImpl;
  readonly config: ClientConfig;
  readonly identity: Uint8Array;
  readonly self: MemberId;
  readonly signaturePrivateKey: Uint8Array;
  readonly signaturePublicKey: Uint8Array;
  /** X25519, on the platform's fastest way. */
  readonly x25519PublicKey: (privateKey: Uint8Array) => Promise<Uint8Array>;
  /** Seconds since the Unix epoch, by the injected clock. */
  readonly nowSeconds: () => bigint;
}

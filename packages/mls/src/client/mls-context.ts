import type { MemberId } from "@demls/wire/core";
import type { OwnSignatureKey } from "./signature-key.js";
import type { CiphersuiteImpl, ClientConfig } from "../ts-mls.js";

/** Inputs shared by all operations, fixed when the service is created. */
export interface MlsContext {
  readonly suite: CiphersuiteImpl;
  readonly config: ClientConfig;
  readonly identity: Uint8Array;
  readonly self: MemberId;
  /** Key of new leaves of this member. A group keeps a copy of the key of its own leaf. */
  readonly signatureKey: OwnSignatureKey;
  /** Makes a key pair that counts as later than `former`. */
  readonly newSignatureKey: (former?: OwnSignatureKey) => Promise<OwnSignatureKey>;
  /** X25519, by the platform's fastest implementation. */
  readonly x25519PublicKey: (privateKey: Uint8Array) => Promise<Uint8Array>;
  /** Seconds since the Unix epoch, from the injected clock. */
  readonly nowSeconds: () => bigint;
}

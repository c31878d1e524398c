import type { MemberId } from "@demls/wire/core";
import type { GenerationLedger } from "./generation-ledger.js";
import type { KeyPackageOwner } from "./key-package.js";

/** Inputs shared by all operations, fixed when the service is created. */
export interface FakeContext extends KeyPackageOwner {
  readonly self: MemberId;
  readonly generations: GenerationLedger | undefined;
}

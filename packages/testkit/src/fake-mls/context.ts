import type { MemberId } from "@demls/wire/core";
import type { GenerationLedger } from "./generation-ledger.js";
import type { KeyPackageOwner } from "./key-package.js";

/** What every operation works with: fixed when the service is made. */
export interface FakeContext extends KeyPackageOwner {
  readonly self: MemberId;
  readonly generations: GenerationLedger | undefined;
}

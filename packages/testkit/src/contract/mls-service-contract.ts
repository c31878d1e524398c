import type { ContractCase } from "./contract-case.js";
import { candidateCases } from "./mls-candidate-cases.js";
import { generationCases } from "./mls-generation-cases.js";
import { groupCases } from "./mls-group-cases.js";
import { keyCases } from "./mls-key-cases.js";
import { keyPackageCases } from "./mls-key-package-cases.js";
import { leafCases } from "./mls-leaf-cases.js";
import { signatureKeyCases } from "./mls-signature-key-cases.js";
import { castOf, type CreateMlsService } from "./mls-members.js";
import { messageCases } from "./mls-message-cases.js";

/**
 * Contract of an `MlsService`: groups as values, generations, candidates, key packages, bindings of
 * leaves, exported secrets and labelled signatures. The cases are independent of each other, wait for nothing and take a
 * few seconds at most.
 *
 * @param create creates a service under test
 *
 * @example
 * ```ts
 * describe("my MLS", () => {
 *  for (const { name, run } of mlsServiceContract((options) => createMyMls(options))) test(name, run);
 * });
 * ```
 */
export function mlsServiceContract(create: CreateMlsService): readonly ContractCase[] {
  const cast = castOf(create);
  return [
    ...groupCases(cast),
    ...messageCases(cast),
    ...generationCases(cast),
    ...candidateCases(cast),
    ...keyPackageCases(cast),
    ...leafCases(cast),
    ...signatureKeyCases(cast),
    ...keyCases(cast),
  ];
}

import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest } from "./change-request.js";
import { createHashgraphConsensus, type HashgraphConsensus, type HashgraphOptions } from "./hashgraph.js";
import { rulesOf } from "./proposal-rules.js";
import { unsupportedByReference } from "./rule-check.js";

/**
 * Default algorithm with another electorate: stewards alone vote on adding and removing members; all members vote on
 * elections of stewards and on emergencies. For groups in which a vote of all members on every change would be too
 * costly.
 *
 * All members of a conversation must use it. De-mls 3.0.0 does not, so a conversation open to its members cannot be
 * created with it (`unsupported-consensus`).
 *
 * @param options As for {@link createHashgraphConsensus}.
 * @throws DemlsError as {@link createHashgraphConsensus}.
 *
 * Source: RFC "Decentralized MLS off-chain consensus", section "Multi steward with small consensuses".
 *
 * @example
 * ```ts
 * const alice = await createUser({ key, transport, plugins: { consensus: createStewardConsensus() } });
 * const garden = await alice.createConversation("garden");
 * ```
 */
export function createStewardConsensus(options: Partial<HashgraphOptions> = {}): HashgraphConsensus {
  const everyone = createHashgraphConsensus(options);
  return {
    ...everyone,
    electorate,
    checkRules(rules) {
      if (rulesOf(rules).tally === "two-thirds") throw unsupportedByReference("electorate");
      everyone.checkRules?.(rules);
    },
  };
}

function electorate(
  { kind }: ChangeRequest,
  members: readonly MemberId[],
  stewards: readonly MemberId[] | undefined,
): readonly MemberId[] | undefined {
  if (kind !== "add" && kind !== "remove") return members;
  if (stewards === undefined) return undefined;
  const present = members.filter((member) => stewards.includes(member));
  // If all stewards have left, all members vote.
  return present.length > 0 ? present : members;
}

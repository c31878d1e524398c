import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest } from "./change-request.js";
import { createHashgraphConsensus, type HashgraphConsensus, type HashgraphOptions } from "./hashgraph.js";
import { rulesOf } from "./proposal-rules.js";
import { unsupportedByReference } from "./rule-check.js";

/**
 * The default algorithm with another electorate: the stewards alone decide who comes and goes; elections of
 * stewards and emergencies are everyone's. For groups in which it would be too much to ask all members of every
 * change.
 *
 * All members of a conversation must use it; members of de-mls 3.0.0 do not, so no conversation that these may join is
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
  // Where every steward is gone, someone must be able to decide.
  return present.length > 0 ? present : members;
}

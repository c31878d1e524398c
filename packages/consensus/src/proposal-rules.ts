import type { TallyRule } from "./tally-rule.js";

/** Counting and eviction rules of a proposal. They are not sent: all members of a conversation must use the same. */
export interface ProposalRules {
  /**
   * Tally rule. Ignored by an algorithm with its own rule, such as {@link HashgraphOptions.decide}.
   *
   * @defaultValue `"two-thirds"`, the reference's
   */
  readonly tally?: TallyRule;
  /**
   * Whether this proposal may evict only decided ones. If so, the caller must limit the number of open proposals.
   *
   * @defaultValue `false`: the oldest is evicted, open or not
   */
  readonly keepsActive?: boolean;
}

/** Rules with the reference's values as defaults. */
export function rulesOf({
  tally = "two-thirds",
  keepsActive = false,
}: ProposalRules = {}): Required<ProposalRules> {
  return { tally, keepsActive };
}

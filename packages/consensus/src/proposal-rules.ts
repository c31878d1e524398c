import type { TallyRule } from "./tally-rule.js";

/** How a proposal is counted and kept. It does not travel: all members of a conversation must name the same. */
export interface ProposalRules {
  /**
   * How votes are counted. An algorithm that has a way of its own, such as one with {@link HashgraphOptions.decide},
   * goes by that instead.
   *
   * @defaultValue `"two-thirds"`, the reference's
   */
  readonly tally?: TallyRule;
  /**
   * Whether only decided proposals give way to this one where too many are remembered. Then the caller bounds how many
   * are open.
   *
   * @defaultValue `false`: the oldest gives way, open or not
   */
  readonly keepsActive?: boolean;
}

/** With the reference's rules for what they leave open. */
export function rulesOf({
  tally = "two-thirds",
  keepsActive = false,
}: ProposalRules = {}): Required<ProposalRules> {
  return { tally, keepsActive };
}

import { MAX_SCORE, MIN_SCORE, type PeerScoringPlugin } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import { STRANGER } from "./sample-members.js";
import { histories, MEMBERS, onlyOf, type ScoringConversations } from "./scoring-conversations.js";

/** Cases about bounds and snapshots, with any rules. */
export function scoringRuleCases<S>(
  plugin: PeerScoringPlugin<S>,
  conversations: ScoringConversations<S>,
): ContractCase[] {
  const { of, after, inspected } = conversations;
  const [first, second] = MEMBERS as [MemberId, MemberId];
  return [
    {
      name: "keeps scores within signed 64 bits",
      async run() {
        for (const [extreme, event] of [
          [MIN_SCORE, "broken-commit"],
          [MAX_SCORE, "successful-commit"],
        ] as const) {
          const start = of(MEMBERS, { defaultScore: extreme }, { [event]: extreme });
          const state = after(start, onlyOf(event, 3));
          for (const { score } of plugin.allMembersWithScores(state))
            if (score < MIN_SCORE || score > MAX_SCORE) throw broken(`A score is ${score}, beyond 64 bits.`);
        }
      },
    },
    {
      name: "applies a snapshot's scores exactly, to later members too, and repeatedly",
      async run() {
        const diverged = [
          { memberId: first, score: -7n },
          { memberId: second, score: 43n },
          { memberId: STRANGER, score: -1n },
        ];
        const once = plugin.applySnapshot(of(), { diverged });
        const scores = diverged.map(({ memberId }) => plugin.scoreFor(once, memberId));
        expectEqual(scores, [-7n, 43n, -1n], "The scores");
        const again = plugin.applySnapshot(once, { diverged });
        expectEqual(inspected(again), inspected(once), "The state after the same snapshot again");
      },
    },
    {
      name: "lists exactly the scores other than the default in its snapshot",
      async run() {
        for (const ops of histories()) {
          const state = after(of(), ops);
          const expected = plugin.allMembersWithScores(state).filter(({ score }) => score !== 100n);
          expectEqual(plugin.snapshot(state), { diverged: expected }, "The snapshot");
        }
      },
    },
    {
      name: "gives a joiner the same scores from a snapshot, now and after later events",
      async run() {
        const [next = [], ...before] = histories();
        for (const ops of before) {
          const state = after(of(), ops);
          const newcomer = plugin.withThreshold(of(MEMBERS.toReversed(), { threshold: -500n }), 0n);
          const joined = plugin.applySnapshot(newcomer, plugin.snapshot(state));
          expectEqual(inspected(joined), inspected(state), "The joiner's state");
          const [here, there] = [after(joined, next), after(state, next)];
          expectEqual(inspected(here), inspected(there), "The joiner's later state");
        }
      },
    },
  ];
}

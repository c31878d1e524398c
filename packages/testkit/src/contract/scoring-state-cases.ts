import { scoringConfig, scoreDeltas, type PeerScoringPlugin, type ScoreOp } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import { expectEqual, type ContractCase } from "./contract-case.js";
import { storedCopy } from "./plain-data.js";
import { STRANGER } from "./sample-members.js";
import { historyOf, MEMBERS, type ScoringConversations } from "./scoring-conversations.js";

/** Cases about the state: an immutable value that can be stored and reused. */
export function scoringStateCases<S>(
  plugin: PeerScoringPlugin<S>,
  conversations: ScoringConversations<S>,
): ContractCase[] {
  const { of, after, inspected } = conversations;
  const [first] = MEMBERS as [MemberId];
  const ops = historyOf("state");
  return [
    {
      name: "mutates no state passed in",
      async run() {
        const state = after(of(), ops);
        const before = storedCopy(state);
        const calls: readonly (() => unknown)[] = [
          () => plugin.addMember(state, STRANGER),
          () => plugin.addMember(state, first),
          () => plugin.removeMember(state, first),
          () => after(state, ops),
          () => plugin.applySnapshot(state, { diverged: [{ memberId: first, score: -900n }] }),
          () => plugin.withThreshold(state, 77n),
          () => [plugin.snapshot(state), inspected(state)],
        ];
        for (const call of calls) {
          call();
          expectEqual(storedCopy(state), before, "The former state");
        }
      },
    },
    {
      name: "continues from a stored copy of its state, at any time",
      async run() {
        const start = plugin.create(scoringConfig(), scoreDeltas());
        const restarting = MEMBERS.reduce(
          (state, member) => plugin.addMember(storedCopy(state), member),
          storedCopy(start),
        );
        const stepwise = (state: S, op: ScoreOp): S => plugin.applyOp(storedCopy(state), op);
        const expected = inspected(after(of(), ops));
        expectEqual(inspected(ops.reduce(stepwise, restarting)), expected, "The resulting state");
      },
    },
    {
      name: "returns the same for the same calls, independently of other conversations",
      async run() {
        const alone = inspected(after(of(), ops));
        let [one, other] = [of(), of(MEMBERS.toReversed(), { defaultScore: 60n, threshold: 30n })];
        const others = historyOf("elsewhere");
        for (const [i, op] of ops.entries()) {
          one = plugin.applyOp(one, op);
          other = plugin.applyOp(other, others[i] ?? op);
        }
        expectEqual(inspected(one), alone, "The state next to another conversation");
      },
    },
  ];
}

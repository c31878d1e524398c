import { scoreDeltas, scoringConfig, type PeerScoringPlugin } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import { expectEqual, type ContractCase } from "./contract-case.js";
import { STRANGER } from "./sample-members.js";
import { historyOf, MEMBERS, onlyOf, type ScoringConversations } from "./scoring-conversations.js";

/** Cases about members: tracking, default scores and lists. */
export function scoringMemberCases<S>(
  plugin: PeerScoringPlugin<S>,
  conversations: ScoringConversations<S>,
): ContractCase[] {
  const { of, after, inspected } = conversations;
  const [first, second, third, fourth] = MEMBERS as [MemberId, MemberId, MemberId, MemberId];
  return [
    {
      name: "starts without members, with the threshold and the default score passed in",
      async run() {
        const empty = plugin.create(scoringConfig({ defaultScore: 70n, threshold: -20n }), scoreDeltas());
        expectEqual(
          inspected(empty),
          { scores: [], below: [], threshold: -20n, defaultScore: 70n },
          "The state of a new conversation",
        );
        expectEqual(plugin.scoreFor(empty, first), undefined, "A score in it");
        expectEqual(plugin.snapshot(empty).diverged, [], "The snapshot of it");
      },
    },
    {
      name: "tracks a member from the default score until its removal, and again after its return",
      async run() {
        const worn = after(of([first, second]), historyOf("worn"));
        const without = plugin.removeMember(worn, first);
        expectEqual(plugin.scoreFor(without, first), undefined, "The score of a removed member");
        expectEqual(
          plugin.scoreFor(without, second),
          plugin.scoreFor(worn, second),
          "The score of another one",
        );
        const back = plugin.addMember(without, first);
        expectEqual(plugin.scoreFor(back, first), 100n, "The score of a member that is back");
        const ops = onlyOf("broken-commit").filter(({ memberId }) => memberId === first);
        const [asBack, asNew] = [after(back, ops), after(of([first, second]), ops)];
        expectEqual(plugin.scoreFor(asBack, first), plugin.scoreFor(asNew, first), "Its score later");
      },
    },
    {
      name: "ignores members that are not tracked",
      async run() {
        const before = inspected(of());
        const removed = plugin.removeMember(of(), STRANGER);
        const scored = plugin.applyOp(of(), { memberId: STRANGER, event: "broken-commit" });
        expectEqual(
          [inspected(removed), inspected(scored)],
          [before, before],
          "The state of the conversation",
        );
        expectEqual(plugin.scoreFor(scored, STRANGER), undefined, "The stranger's score");
      },
    },
    {
      name: "lists members, members below the threshold and snapshots ascending by id",
      async run() {
        for (const order of [MEMBERS, MEMBERS.toReversed(), [third, first, fourth, second]]) {
          const diverged = order.map((memberId) => ({ memberId, score: -5n }));
          const state = plugin.applySnapshot(of(order), { diverged });
          const ids = plugin.allMembersWithScores(state).map(({ memberId }) => memberId);
          expectEqual(ids, MEMBERS, "The list of members");
          expectEqual(plugin.membersBelowThreshold(state), MEMBERS, "The list of those below the threshold");
          const snapshot = plugin.snapshot(state).diverged.map(({ memberId }) => memberId);
          expectEqual(snapshot, MEMBERS, "The snapshot");
        }
      },
    },
    {
      name: "counts a member at the threshold as below it",
      async run() {
        const scores = [-1n, 0n, 1n, 100n];
        const diverged = MEMBERS.map((memberId, i) => ({ memberId, score: scores[i] ?? 0n }));
        const state = plugin.applySnapshot(of(), { diverged });
        expectEqual(plugin.membersBelowThreshold(state), [first, second], "Those below the threshold");
      },
    },
    {
      name: "changes the threshold without changing scores",
      async run() {
        const worn = after(of([first, second]), historyOf("settings"));
        const changed = plugin.withThreshold(worn, 5n);
        expectEqual(plugin.threshold(changed), 5n, "The threshold");
        expectEqual(inspected(changed).scores, inspected(worn).scores, "The scores");
        const below = inspected(worn).scores.filter(([, score]) => score <= 5n);
        expectEqual(
          inspected(changed).below,
          below.map(([memberId]) => memberId),
          "Those below the threshold",
        );
      },
    },
  ];
}

import { MAX_SCORE, MIN_SCORE, type PeerScoringEvent, type PeerScoringPlugin } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import { STRANGER } from "./sample-members.js";
import { histories, MEMBERS, onlyOf, type ScoringConversations } from "./scoring-conversations.js";

/** What holds by any rules: batches, crossings of the threshold, bounds, snapshots. */
export function scoringRuleCases<S>(
  plugin: PeerScoringPlugin<S>,
  conversations: ScoringConversations<S>,
): ContractCase[] {
  const { of, after, picture } = conversations;
  const [first, second] = MEMBERS as [MemberId, MemberId];
  const isAbove = (state: S, member: MemberId): boolean =>
    (plugin.scoreFor(state, member) ?? plugin.threshold(state) + 1n) > plugin.threshold(state);

  /** What a change from one state to another must have told. */
  function crossings(before: S, now: S): readonly PeerScoringEvent[] {
    return plugin.allMembersWithScores(now).flatMap(({ memberId, score }) => {
      const isUp = isAbove(now, memberId);
      if (isUp === isAbove(before, memberId)) return [];
      return [{ kind: isUp ? ("crossed-up" as const) : ("crossed-down" as const), memberId, score }];
    });
  }

  return [
    {
      name: "comes to the same by operations at once as by one after another",
      async run() {
        for (const ops of histories()) {
          const [batch, single] = [plugin.applyOps(of(), ops), after(of(), ops)];
          expectEqual(picture(batch.state), picture(single.state), "What the batch comes to");
          expectEqual(batch.events, single.events, "What the batch tells");
        }
        expectEqual(plugin.applyOps(of(), []).events, [], "What an empty batch tells");
        expectEqual(picture(plugin.applyOps(of(), []).state), picture(of()), "What an empty batch comes to");
      },
    },
    {
      name: "tells each crossing of the threshold, and nothing else",
      async run() {
        for (const ops of histories()) {
          let state = of();
          for (const op of ops) {
            const { state: next, events } = plugin.applyOp(state, op);
            expectEqual(events, crossings(state, next), `What ${op.event} tells`);
            state = next;
          }
        }
      },
    },
    {
      name: "tells at once of a new member whose score is too low",
      async run() {
        const added = plugin.addMember(of([], { defaultScore: -1n }), first);
        expectEqual(added.events, [{ kind: "crossed-down", memberId: first, score: -1n }], "What is told");
        expectEqual(plugin.addMember(of([]), first).events, [], "What is told of one whose score is not");
      },
    },
    {
      name: "keeps scores within signed 64 bits",
      async run() {
        for (const [extreme, event] of [
          [MIN_SCORE, "broken-commit"],
          [MAX_SCORE, "successful-commit"],
        ] as const) {
          const start = of(MEMBERS, { defaultScore: extreme }, { [event]: extreme });
          const { state } = after(start, onlyOf(event, 3));
          for (const { score } of plugin.allMembersWithScores(state))
            if (score < MIN_SCORE || score > MAX_SCORE) throw broken(`A score is ${score}, beyond 64 bits.`);
        }
      },
    },
    {
      name: "sets the scores of a snapshot as they are, also of who comes later, and tells them once",
      async run() {
        const diverged = [
          { memberId: first, score: -7n },
          { memberId: second, score: 43n },
          { memberId: STRANGER, score: -1n },
        ];
        const once = plugin.applySnapshot(of(), { diverged });
        const scores = diverged.map(({ memberId }) => plugin.scoreFor(once.state, memberId));
        expectEqual(scores, [-7n, 43n, -1n], "The scores");
        const told = once.events.map(({ kind, memberId, score }) => [kind, memberId, score]);
        const expected = [first, STRANGER].map((memberId, i) => [
          "crossed-down",
          memberId,
          i === 0 ? -7n : -1n,
        ]);
        expectEqual(told, expected, "What is told");
        const again = plugin.applySnapshot(once.state, { diverged });
        expectEqual(picture(again.state), picture(once.state), "What the same snapshot again comes to");
        expectEqual(again.events, [], "What the same snapshot again tells");
      },
    },
    {
      name: "has in its snapshot the scores that are not the default, and no others",
      async run() {
        for (const ops of histories()) {
          const { state } = after(of(), ops);
          const expected = plugin.allMembersWithScores(state).filter(({ score }) => score !== 100n);
          expectEqual(plugin.snapshot(state), { diverged: expected }, "The snapshot");
        }
      },
    },
    {
      name: "brings a joiner by its snapshot to where the others are, now and after what happens next",
      async run() {
        const [next = [], ...before] = histories();
        for (const ops of before) {
          const { state } = after(of(), ops);
          const newcomer = plugin.withThreshold(of(MEMBERS.toReversed(), { threshold: -500n }), 0n);
          const joined = plugin.applySnapshot(newcomer, plugin.snapshot(state)).state;
          expectEqual(picture(joined), picture(state), "What the joiner has");
          const [here, there] = [after(joined, next), after(state, next)];
          expectEqual(picture(here.state), picture(there.state), "What the joiner has later");
          expectEqual(here.events, there.events, "What the joiner tells later");
        }
      },
    },
  ];
}

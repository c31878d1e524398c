import type { MemberScore, PeerScoreStorage } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import { expectEqual, type ContractCase } from "./contract-case.js";
import { storedCopy } from "./plain-data.js";
import { sampleMembers } from "./sample-members.js";

/**
 * Contract of a `PeerScoreStorage`, used by `createPeerScoring`: lookups, immutability of tables, and tables as plain
 * data.
 *
 * @param storage the implementation under test
 * @typeParam Scores its table
 *
 * @example
 * ```ts
 * for (const { name, run } of peerScoreStorageContract(myStorage)) test(name, run);
 * ```
 */
export function peerScoreStorageContract<Scores>(storage: PeerScoreStorage<Scores>): readonly ContractCase[] {
  const [first, second, third] = sampleMembers(3) as [MemberId, MemberId, MemberId];
  const score = (memberId: MemberId, value: bigint): MemberScore => ({ memberId, score: value });
  const two = (): Scores => storage.set(storage.empty(), [score(second, 2n), score(first, -1n)]);
  const listed = (scores: Scores): readonly MemberScore[] =>
    [...storage.allScores(scores)].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));

  return [
    {
      name: "starts without members",
      async run() {
        two();
        expectEqual(listed(storage.empty()), [], "The scores of a new table");
        expectEqual(storage.get(storage.empty(), first), undefined, "A score in it");
      },
    },
    {
      name: "returns all scores that were set, each member once",
      async run() {
        expectEqual(listed(two()), [score(first, -1n), score(second, 2n)], "The scores of the table");
        expectEqual(
          [first, second, third].map((id) => storage.get(two(), id)),
          [-1n, 2n, undefined],
          "The scores",
        );
        const bounds = storage.set(two(), [score(first, -(2n ** 63n)), score(third, 2n ** 63n - 1n)]);
        const expected = [score(first, -(2n ** 63n)), score(second, 2n), score(third, 2n ** 63n - 1n)];
        expectEqual(listed(bounds), expected, "The scores after setting more");
      },
    },
    {
      name: "keeps the last of several scores of one member",
      async run() {
        const scores = storage.set(two(), [score(first, 5n), score(second, 0n), score(first, 6n)]);
        expectEqual(listed(scores), [score(first, 6n), score(second, 0n)], "The scores of the table");
        expectEqual(storage.get(scores, first), 6n, "The score");
      },
    },
    {
      name: "drops a removed member's score, and no other",
      async run() {
        const scores = storage.remove(storage.remove(two(), first), third);
        expectEqual(listed(scores), [score(second, 2n)], "The scores of the table");
        expectEqual(storage.get(scores, first), undefined, "The removed member's score");
        expectEqual(
          storage.get(storage.set(scores, [score(first, 3n)]), first),
          3n,
          "Its score after its return",
        );
      },
    },
    {
      name: "mutates no table passed in",
      async run() {
        const scores = two();
        storage.set(scores, [score(first, 9n), score(third, 9n)]);
        storage.remove(scores, second);
        expectEqual(listed(scores), [score(first, -1n), score(second, 2n)], "The former table");
        expectEqual(listed(storage.empty()), [], "Another new table");
      },
    },
    {
      name: "continues from a stored copy of its table",
      async run() {
        const copy = storedCopy(two());
        expectEqual(listed(copy), listed(two()), "The scores of the copy");
        expectEqual(listed(storage.remove(copy, first)), [score(second, 2n)], "The scores after a removal");
      },
    },
  ];
}

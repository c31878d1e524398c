import { encodeAppMessage, encodeConversationUpdateRequest } from "@demls/wire";
import { expect, test } from "vitest";
import { createRecords } from "../../src/world/records.js";

test("A leave is known by the proposal of its member, as of one that has given up its join; a removal is none", () => {
  const records = createRecords(false);
  const watch = records.watch(() => undefined);
  const [alice, bob] = [new Uint8Array(20).fill(1), new Uint8Array(20).fill(2)];
  for (const [proposalId, proposalOwner] of [
    [5, alice],
    [6, bob],
  ] as const) {
    const payload = encodeConversationUpdateRequest({ kind: "remove_member", identity: alice });
    const proposal = {
      ...{ name: "", payload, proposalId, proposalOwner, votes: [], expectedVotersCount: 1, round: 1 },
      ...{ timestamp: 0n, expirationTimestamp: 60n, livenessCriteriaYes: true },
    };
    watch.messageSealed(new Uint8Array(32), encodeAppMessage({ kind: "proposal", proposal }));
  }
  expect([5, 6, 7].map((id) => records.isLeave(id))).toEqual([true, false, false]);
});

import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import { encodeMlsHeader } from "../harness/mls-header.js";
import { STRANGER } from "../harness/strangers.js";
import { gardenInEachMode, MODES } from "../harness/votes.js";
import {
  command,
  deliver,
  epochStewardOf,
  eventsOfKind,
  packetOf,
  propose,
  receive,
  runUntil,
  stewardsOf,
  type Member,
} from "../harness/stepwise.js";

const enter = await gardenInEachMode(["alice", "bob", "carol", "dave"]);

describe("W14: messages of an epoch whose commit was missed", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("tell a member that it is behind, which one, and by how much", async () => {
      const { world, members } = await enter(mode);
      const list = stewardsOf(members[0] as Member);
      const steward = epochStewardOf(world, members[0] as Member);
      const [straggler, target] = members.filter(({ id }) => !list.includes(id)) as [Member, Member];
      await propose(world, steward, removeRequest(target.id));
      await runUntil(world, () => members.every(({ state }) => state.approved.length === 1));
      // From here on nothing reaches the straggler, the commit least of all.
      world.arrives = ({ to }) => to !== straggler;
      await runUntil(world, () => steward.state.group?.epoch === 2n);
      await deliver(world);
      world.arrives = () => true;
      expect(eventsOfKind(straggler, "epochGap")).toEqual([]);

      await command(world, steward, { kind: "send", ticket: 1, content: utf8ToBytes("where are you?") });
      await deliver(world);
      expect(straggler.outcomes.at(-1)).toEqual({ kind: "buffered", reason: "future-epoch" });
      expect(eventsOfKind(straggler, "epochGap")).toEqual([{ kind: "epochGap", epoch: 1n, ahead: 2n }]);
      expect(straggler.state.group?.epoch).toBe(1n);
    });

    test("may be anybody's, so that only so far a gap is told of, and a nearer one again", async () => {
      const { world, members } = await enter(mode);
      const [alice] = members as [Member];
      for (const epoch of [2n ** 63n, 7n, 9n]) {
        const forged = packetOf(alice, encodeMlsHeader("garden", epoch));
        await receive(world, alice, { ...forged, appId: STRANGER.appId });
      }
      expect(eventsOfKind(alice, "epochGap").map(({ ahead }) => ahead)).toEqual([17n, 7n]);
      expect(alice.state.bufferedPackets).toEqual([]);
    });
  });
});

import { describe, expect, test } from "vitest";
import {
  approveBan,
  castOf,
  encodeMlsHeader,
  groupIdOf,
  eventsOf,
  gatherInEachMode,
  MODES,
  packetOf,
  receive,
  send,
  settle,
  STRANGER,
  until,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"]);

describe("W14: messages of an epoch whose commit was missed", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("report the gap and its size", async () => {
      const { world } = await inMode(mode);
      const { steward, others } = castOf(world);
      const [straggler, target] = others;
      await approveBan(world, steward, target);
      // From now on no packet reaches the straggler.
      world.arrives = ({ to }) => to !== straggler;
      await until(world, () => steward.state.group?.epoch === 2n);
      await settle(world);
      world.arrives = () => true;
      expect(eventsOf(straggler, "epochGap")).toEqual([]);

      await send(world, steward, "where are you?");
      await settle(world);
      expect(straggler.outcomes.at(-1)).toEqual({ kind: "buffered", reason: "future-epoch" });
      expect(eventsOf(straggler, "epochGap")).toEqual([{ kind: "epochGap", epoch: 1n, ahead: 2n }]);
      expect(straggler.state.group?.epoch).toBe(1n);
    });

    test("may be forged, so the reported gap is bounded, and a smaller one is reported again", async () => {
      const { world, members } = await inMode(mode);
      const [alice] = members as [Member];
      for (const epoch of [2n ** 63n, 7n, 9n]) {
        const forged = packetOf(alice, encodeMlsHeader(groupIdOf(alice), epoch));
        await receive(world, alice, { ...forged, appId: STRANGER.appId });
      }
      expect(eventsOf(alice, "epochGap").map(({ ahead }) => ahead)).toEqual([17n, 7n]);
      expect(alice.state.inbound.buffered).toEqual([]);
    });
  });
});

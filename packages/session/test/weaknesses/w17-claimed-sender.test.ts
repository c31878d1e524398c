import { decodeAppMessage } from "@demls/wire";
import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import {
  eventsOf,
  gatherInEachMode,
  MODES,
  send,
  sendUnchecked,
  settle,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "mallory"]);

describe("W17: the sender that a chat message claims", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test.each(["SYSTEM", "alice", ""])(
      "is only a claim beside the authenticated sender: %j",
      async (claimed) => {
        const { world, members } = await inMode(mode);
        const [alice, bob, mallory] = members as [Member, Member, Member];
        await sendUnchecked(world, mallory, {
          kind: "conversation_message",
          message: utf8ToBytes("bob has left"),
          sender: claimed,
          conversationName: "garden",
        });
        await settle(world);
        for (const reader of [alice, bob]) {
          expect(eventsOf(reader, "message")).toEqual([
            {
              kind: "message",
              sender: mallory.id,
              verified: false,
              claimedName: mode === "strict" ? "mallory" : claimed || undefined,
              content: utf8ToBytes("bob has left"),
              text: "bob has left",
              epoch: mallory.state.group?.epoch,
              id: expect.any(String),
              receivedAtMs: expect.any(Number),
            },
          ]);
        }
      },
    );

    test("is set to the display name for 3.0.0 members, which show it", async () => {
      const { world, members } = await inMode(mode);
      const [alice, bob] = members as [Member, Member];
      await send(world, alice, "hello");
      const letter = world.inFlight.find(({ to }) => to === bob);
      if (letter === undefined || bob.state.group === undefined) throw new Error("Nothing was sent.");
      const { outcome } = await bob.mls.open(bob.state.group, letter.packet.payload);
      const plaintext = outcome.kind === "application" ? outcome.plaintext : new Uint8Array();
      expect(decodeAppMessage(plaintext)).toMatchObject({
        ok: true,
        value: { kind: "conversation_message", sender: "alice" },
      });
    });
  });
});

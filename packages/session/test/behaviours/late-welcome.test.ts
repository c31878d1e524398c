import { WELCOME_SUBTOPIC } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import {
  eventsOf,
  gather,
  join,
  send,
  settle,
  shareEpoch,
  stewardsOf,
  until,
  type Letter,
  type Member,
  type World,
} from "../harness/index.js";
import { probeAt, recordedSettings, type Behaviours } from "./probes.js";

interface LateWelcome {
  readonly conversation: string;
  /** Names in the list's order, and last its election epoch. */
  readonly steward_lists: Readonly<Record<string, readonly (string | number)[]>>;
  readonly epochs: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, string>>;
  readonly readers: readonly string[];
  readonly errors: readonly (readonly [string, string])[];
  readonly forked: boolean;
}

const recorded = loadVectors<Behaviours>("11_behaviours.json");
const NAME = "a joiner that gets its welcome after the election proposal keeps the old steward list";
const probes = [0, 1, 2, 3].map((index) => probeAt<LateWelcome>(recorded, index, NAME));

const isSettled = (world: World, size: number): boolean =>
  world.inFlight.length === 0 &&
  world.members.every(
    ({ state, plugins }) =>
      state.sync.synced &&
      state.phase === "working" &&
      state.group?.members.length === size &&
      plugins.consensus.proposals(state.votes.sessions).every((tally) => tally.state !== "active") &&
      !plugins.stewards.isExhausted(state.stewards.list, state.group.epoch),
  );

/** Withholds the packets of the welcome subtopic from one member until the test releases them. */
function holdWelcomes(world: World, of: Member): () => void {
  const held: Letter[] = [];
  world.arrives = (letter) => {
    if (letter.to !== of || letter.packet.subtopic !== WELCOME_SUBTOPIC) return true;
    held.push(letter);
    return false;
  };
  return () => {
    world.arrives = () => true;
    world.inFlight.push(...held);
  };
}

describe("a joiner that receives its welcome after the election proposal (W6)", () => {
  test("kept the old list in 3.0.0, and lost the group in one of four conversations", () => {
    expect(recorded.source).toBe("de-mls 3.0.0");
    for (const { steward_lists, states, epochs } of probes) {
      const { alice, bob, dave } = steward_lists;
      expect(bob).toEqual(alice);
      expect(dave).not.toEqual(alice);
      expect(dave?.at(-1)).toBe(1);
      expect(alice?.at(-1)).toBe(3);
      expect(epochs["dave"]).toBe(epochs["alice"]);
      expect(new Set(Object.values(states))).toEqual(new Set(["Working"]));
    }
    expect(probes.map(({ forked }) => forked)).toEqual([false, false, false, true]);
    expect(probes.map(({ readers }) => readers.includes("dave"))).toEqual([true, true, true, false]);
    expect(probes[3]?.errors[0]).toMatchObject(["dave", expect.stringContaining("AEAD decryption")]);
  });

  test.each(probes)(
    "has the others' list, and decrypts messages after the next join: $conversation",
    async ({ conversation }) => {
      const options = { ...recordedSettings(recorded), seed: conversation };
      const { world } = await gather(["alice", "bob"], options);
      const [alice] = world.members as [Member];
      await join(world, "carol");
      await until(world, () => isSettled(world, 3));

      const dave = await join(world, "dave");
      const release = holdWelcomes(world, dave);
      const isAskedToElect = (): boolean =>
        eventsOf(alice, "voteRequested").some(
          ({ request }) => request.kind === "electStewards" && request.electionEpoch === 3n,
        );
      await until(world, isAskedToElect);
      await settle(world);
      expect(dave.state.phase).toBe("pending-join");
      release();
      await until(world, () => isSettled(world, 4));
      for (const member of world.members) expect(stewardsOf(member)).toEqual(stewardsOf(alice));

      await join(world, "eve");
      await until(world, () => isSettled(world, 5));
      await send(world, alice, "hello");
      await settle(world);
      for (const reader of world.members.slice(1))
        expect(eventsOf(reader, "message")).toMatchObject([{ text: "hello" }]);
      expect(shareEpoch(world.members)).toBe(true);
    },
  );
});

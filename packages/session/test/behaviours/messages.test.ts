import { utf8ToBytes, type Packet } from "@demls/wire/core";
import { expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import {
  eventsOf,
  gather,
  join,
  receive,
  send,
  settle,
  until,
  type Member,
  type World,
} from "../harness/index.js";
import { probeAt, recordedSettings, type Behaviours } from "./probes.js";

const recorded = loadVectors<Behaviours>("11_behaviours.json");

async function two(seed: string): Promise<{ world: World; alice: Member; bob: Member }> {
  const { world, members } = await gather(["alice", "bob"], { ...recordedSettings(recorded), seed });
  const [alice, bob] = members as [Member, Member];
  return { world, alice, bob };
}

/** Packets of messages that are not delivered yet. */
async function messages(world: World, from: Member, texts: readonly string[]): Promise<readonly Packet[]> {
  for (const [ticket, text] of texts.entries()) await send(world, from, utf8ToBytes(text), ticket);
  const packets = world.inFlight.filter((letter) => letter.from === from).map(({ packet }) => packet);
  world.inFlight = [];
  return packets;
}

test("a message of the previous epoch after the commit is delivered; 3.0.0 drops it silently (W14)", async () => {
  const probe = probeAt<{ readonly result: string; readonly seen_by_bob: boolean }>(
    recorded,
    18,
    "message of the previous epoch arrives after the commit",
  );
  expect(probe).toMatchObject({ result: "ok", seen_by_bob: false });
  const { world, alice, bob } = await two("late message");
  const [late] = (await messages(world, alice, ["before the commit"])) as [Packet];
  const epoch = bob.state.group?.epoch;
  await join(world, "carol");
  await until(world, () => bob.state.group?.epoch !== epoch);
  await settle(world);
  expect(await receive(world, bob, late)).toMatchObject({ kind: "accepted", what: "message" });
  expect(eventsOf(bob, "message")).toMatchObject([{ text: "before the commit", epoch }]);
});

test("messages in reverse order are all delivered; 3.0.0 rejects all but the newest five", async () => {
  const probe = probeAt<{ readonly results: Readonly<Record<string, string>> }>(
    recorded,
    19,
    "12 messages delivered in the order 11,10,8,6,5,4,0 (OpenMLS default out_of_order_tolerance)",
  );
  const { world, alice, bob } = await two("out of order");
  const sent = await messages(
    world,
    alice,
    Array.from({ length: 12 }, (_, i) => `o${i}`),
  );
  const order = Object.keys(probe.results);
  expect(order).toEqual(["o11", "o10", "o8", "o6", "o5", "o4", "o0"]);
  expect(order.filter((name) => probe.results[name] !== "ok")).toEqual(["o6", "o5", "o4", "o0"]);
  for (const name of order) {
    const outcome = await receive(world, bob, sent[Number(name.slice(1))] as Packet);
    expect([name, outcome.kind]).toEqual([name, "accepted"]);
  }
});

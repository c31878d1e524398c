import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import {
  eventsOf,
  fork,
  gather,
  rolesOf,
  runFor,
  send,
  textsOf,
  type Member,
  type World,
} from "../harness/index.js";
import { answersIn, isAppMessage, overhear, requestsIn } from "./material.js";

const settled = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

let world: World;
let writer: Member, reader: Member, witness: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [witness, writer, reader] = rolesOf(world);
});

/** Loses the first packets to some members. */
function lose(count: number, ...members: readonly Member[]): void {
  const left = new Map(members.map((member) => [member, count]));
  world.arrives = (letter) => {
    const rest = left.get(letter.to) ?? 0;
    if (!isAppMessage(letter) || rest === 0) return true;
    left.set(letter.to, rest - 1);
    return false;
  };
}

describe("A lost chat message", () => {
  test("arrives within seconds after the next message shows the gap", async () => {
    lose(1, reader);
    await send(world, writer, "one");
    await send(world, writer, "two");
    await runFor(world, 4_000);
    expect(textsOf(reader)).toEqual(["two", "one"]);
  });

  test("arrives by the next report if no message follows", async () => {
    lose(1, reader);
    await send(world, writer, "one");
    await runFor(world, 300_000);
    expect(textsOf(reader)).toEqual(["one"]);
  });

  test("is served by another member if the author is gone", async () => {
    lose(1, reader);
    await send(world, writer, "one");
    writer.online = false;
    await runFor(world, 300_000);
    expect(textsOf(reader)).toEqual(["one"]);
    expect(textsOf(witness)).toEqual(["one"]);
  });

  test("is served by one member where two could", async () => {
    const overheard = overhear(world);
    lose(1, reader);
    await send(world, writer, "one");
    await send(world, writer, "two");
    await runFor(world, 30_000);
    expect(textsOf(reader)).toEqual(["two", "one"]);
    expect(requestsIn(overheard).map(({ from }) => from)).toEqual([reader.name]);
    expect(answersIn(overheard).map(({ message }) => message.packets.length)).toEqual([1]);
  });

  test("is requested only after a second, so that a message that is only late costs nothing", async () => {
    const overheard = overhear(world);
    world.delaysMs = (_, to) => [to === reader ? 900 : 0];
    await send(world, writer, "one");
    world.delaysMs = () => [0];
    await send(world, writer, "two");
    await runFor(world, 30_000);
    expect(textsOf(reader)).toEqual(["two", "one"]);
    expect(requestsIn(overheard)).toEqual([]);
  });

  test("is emitted once, even if it arrives again after it was served", async () => {
    world.delaysMs = (_, to) => [to === reader ? 20_000 : 0];
    await send(world, writer, "one");
    world.delaysMs = () => [0];
    await send(world, writer, "two");
    await runFor(world, 10_000);
    expect(textsOf(reader)).toEqual(["two", "one"]);
    await runFor(world, 20_000);
    expect(textsOf(reader)).toEqual(["two", "one"]);
  });
});

describe("A reader that loses any of several messages, which arrive in any order,", () => {
  test("emits each of them exactly once", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isLost: fc.boolean(), delayMs: fc.nat(3_000) }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (messages) => {
          ({ world } = await fork(settled.world));
          [witness, writer, reader] = rolesOf(world);
          for (const [number, { isLost, delayMs }] of messages.entries()) {
            world.delaysMs = (_, to) => (to !== reader ? [0] : isLost ? [] : [delayMs]);
            await send(world, writer, String(number));
          }
          world.delaysMs = () => [0];
          await runFor(world, 400_000);
          const numbers = messages.map((_, number) => String(number));
          expect(textsOf(reader).toSorted()).toEqual(numbers.toSorted());
          expect(eventsOf(reader, "missed")).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe("A chat message that no member has", () => {
  /** Three messages of which the last alone arrives, and whose author forgets the others. */
  async function loseForGood(): Promise<void> {
    lose(2, reader, witness);
    for (const text of ["one", "two", "three"]) await send(world, writer, text);
    const { repair } = writer.state;
    writer.state = { ...writer.state, repair: { ...repair, log: repair.log.slice(-1) } };
  }

  const sentBy = (): object => ({ kind: "missed", sender: writer.id, count: 2 });

  test("is missed once, with the number of lost messages, after three answers without it", async () => {
    await loseForGood();
    // Its author would declare that it cannot be served.
    writer.online = false;
    const overheard = overhear(world);
    await runFor(world, 3_600_000);
    expect(eventsOf(reader, "missed")).toMatchObject([sentBy()]);
    expect(eventsOf(witness, "missed")).toMatchObject([sentBy()]);
    const answers = answersIn(overheard).filter(({ from }) => from === witness.name);
    expect(answers.length).toBeGreaterThanOrEqual(3);
  });

  test("is not missed while no member answers", async () => {
    await loseForGood();
    writer.online = false;
    witness.online = false;
    const overheard = overhear(world);
    await runFor(world, 3_600_000);
    expect(eventsOf(reader, "missed")).toEqual([]);
    const gapsMs = requestsIn(overheard)
      .filter(({ from }) => from === reader.name)
      .map(({ atMs }, i, all) => atMs - (all[i - 1]?.atMs ?? NaN));
    expect(gapsMs.slice(1, 7)).toEqual([5_000, 5_000, 5_000, 30_000, 120_000, 300_000]);
    expect(gapsMs.slice(7).every((gapMs) => gapMs === 300_000)).toBe(true);
  });

  test("is not requested again after it was missed", async () => {
    await loseForGood();
    writer.online = false;
    await runFor(world, 600_000);
    const overheard = overhear(world);
    // The next message shows the gap again. Its author's reports are lost.
    world.arrives = ({ from, packet }) => from !== writer || packet.subtopic === "app_msg";
    writer.online = true;
    await send(world, writer, "four", 4);
    await runFor(world, 3_600_000);
    expect(textsOf(reader)).toEqual(["three", "four"]);
    expect(requestsIn(overheard).filter(({ from }) => from !== writer.name)).toEqual([]);
    expect(eventsOf(reader, "missed")).toHaveLength(1);
  });
});

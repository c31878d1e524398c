import { APP_MSG_SUBTOPIC, type Packet } from "@demls/wire/core";
import { beforeEach, expect, test } from "vitest";
import {
  approveBan,
  ban,
  epochOf,
  eventsOf,
  fork,
  gather,
  receive,
  rolesOf,
  runFor,
  runUntil,
  shareEpoch,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, writer: Member, reader: Member, target: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, writer, reader, target] = rolesOf(world);
});

/** The app messages that the others send meanwhile, none of which arrives at `reader`. */
async function missedIn(act: () => Promise<unknown>): Promise<readonly Packet[]> {
  const missed: Packet[] = [];
  world.arrives = ({ to, packet }) => {
    if (to === reader && packet.subtopic === APP_MSG_SUBTOPIC) missed.push(packet);
    return to !== reader;
  };
  await act();
  return missed;
}

test("A vote that was in the buffer until the others decided it is decided as they did, without a vote", async () => {
  await approveBan(world, steward, target);
  await missedIn(() => runUntil(world, () => [steward, writer].every((each) => epochOf(each) === 2n)));
  const early = await missedIn(async () => {
    await ban(world, steward, writer);
    await runFor(world, 1_000);
  });
  for (const packet of early)
    expect(await receive(world, reader, packet)).toMatchObject({ kind: "buffered" });
  const resultAt = (member: Member): string | undefined =>
    eventsOf(member, "proposalDecided").find(
      ({ request }) => request.kind === "remove" && request.member === writer.id,
    )?.result;
  await runUntil(world, () => resultAt(steward) !== undefined);
  expect(resultAt(steward)).not.toBe("yes");

  world.arrives = () => true;
  await runUntil(world, () => resultAt(reader) !== undefined);
  await runFor(world, 10_000);
  expect(shareEpoch([steward, writer, reader])).toBe(true);
  const asked = eventsOf(reader, "voteRequested").flatMap(({ request }) =>
    request.kind === "remove" ? [request.member] : [],
  );
  expect(asked).toEqual([target.id]);
  expect(resultAt(reader)).not.toBe("yes");
});

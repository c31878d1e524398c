import { decodeAppMessage } from "@demls/wire";
import { beforeEach, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  alter,
  approveBan,
  ban,
  eventsOf,
  fork,
  gather,
  rolesOf,
  type Letter,
  type Member,
  receive,
  settle,
  shareEpoch,
  until,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let steward: Member, backup: Member, late: Member, target: Member, asker: Member;
/** Packets not delivered to the late member yet. */
let delayed: Letter[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, late, target, asker] = rolesOf(world);
  delayed = [];
});

function isCandidate({ packet }: Letter): boolean {
  const decoded = decodeAppMessage(packet.payload);
  return decoded.ok && decoded.value.kind === "commit_candidate";
}

/** Moves one member to reelection while the others merge a commit. */
async function fallBehind(): Promise<void> {
  await approveBan(world, asker, target);
  world.arrives = (letter) => {
    if (letter.to === late) delayed.push(letter);
    return letter.to !== late;
  };
  await until(world, () => late.state.phase === "reelection");
  world.arrives = () => true;
}

async function handOver(isWanted: (letter: Letter) => boolean): Promise<void> {
  for (const letter of delayed.filter(isWanted)) await receive(world, late, letter.packet);
}

function staying(): readonly Member[] {
  return world.members.filter((member) => member !== target);
}

test("the epoch steward's candidate is merged at once after the freeze", async () => {
  await fallBehind();
  expect(late.state.group?.epoch).toBe(1n);
  await handOver((letter) => isCandidate(letter) && letter.from === steward);
  expect(late.state.phase).toBe("working");
  expect(eventsOf(late, "commitApplied")).toMatchObject([{ committer: steward.id }]);
  await handOver((letter) => !isCandidate(letter));
  await settle(world);
  expect(shareEpoch(staying())).toBe(true);
});

test("a backup's candidate waits for a better one, which wins", async () => {
  await fallBehind();
  await handOver((letter) => isCandidate(letter) && letter.from === backup);
  expect(late.state.phase).toBe("reelection");
  await handOver((letter) => isCandidate(letter) && letter.from === steward);
  expect(eventsOf(late, "commitApplied")).toMatchObject([{ committer: steward.id }]);
  expect(shareEpoch(staying())).toBe(true);
});

test("a backup's candidate is merged if no better one arrives", async () => {
  steward.online = false;
  world.arrives = ({ from }) => from !== steward;
  await fallBehind();
  const { recoveryInactivityMs } = late.state.config;
  await handOver((letter) => isCandidate(letter) && letter.from === backup);
  const cameMs = world.nowMs;
  await advance(world, recoveryInactivityMs - 1);
  expect(late.state.phase).toBe("reelection");
  await advance(world, 1);
  expect(eventsOf(late, "commitApplied")).toMatchObject([{ committer: backup.id }]);
  expect(world.nowMs - cameMs).toBe(recoveryInactivityMs);
});

test("a candidate that arrives before the last vote on its change is merged after that vote", async () => {
  await ban(world, asker, target);
  world.arrives = (letter) => {
    if (letter.to === late) delayed.push(letter);
    return letter.to !== late;
  };
  const approved = { proposalId: 1, request: removeRequest(asker.id), proposer: late.id };
  alter(late, "changes", { approved: [approved] });
  await until(world, () => staying().every((member) => member === late || member.state.group?.epoch === 2n));
  world.arrives = () => true;
  alter(late, "commit", { anchoredAtMs: undefined });
  alter(late, "changes", { approved: [] });
  late.state = { ...late.state, phase: "reelection" };
  await handOver(isCandidate);
  expect(late.state.group?.epoch).toBe(1n);
  await handOver((letter) => !isCandidate(letter));
  expect(late.state.group?.epoch).toBe(2n);
  expect(shareEpoch(staying())).toBe(true);
});

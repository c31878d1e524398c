import { WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import type { CompatibilityMode } from "../../src/index.js";
import { deadlockRequest } from "../../src/model/request.js";
import {
  advance,
  alter,
  ban,
  candidatePacket,
  castOf,
  create,
  createWorld,
  emergenciesOf,
  forgedCommit,
  forgedProposal,
  fork,
  isSynced,
  isWorldSettled,
  join,
  leave,
  type Letter,
  type Member,
  receive,
  sealed,
  sendUnchecked,
  settle,
  take,
  until,
  type World,
} from "../harness/index.js";
import {
  candidatesOf,
  knocking,
  messagesOf,
  plaintextsOf,
  recordAll,
  strangersKeyPackage,
  type Genuine,
} from "./genuine.js";
import { repairsOf } from "./genuine-repairs.js";

/** A member in the state in which it receives hostile packets, and their material. */
export interface Stage {
  readonly name: StageName;
  readonly world: World;
  /** Receiver of the packets. */
  readonly reader: Member;
  /** Members whose messages MLS accepts on the reader now or later. */
  readonly insiders: readonly Member[];
  readonly genuine: Genuine;
}

export type StageName = (typeof STAGES)[number]["name"];

const NAMES = ["alice", "bob", "carol", "dave", "erin"] as const;

/** Number of recent genuine packets in a stage's material. */
const REMEMBERED = 60;

/** Roles of a settled conversation: the reader is not a steward. */
interface Scene {
  readonly world: World;
  readonly reader: Member;
  readonly target: Member;
  readonly steward: Member;
  readonly backup: Member;
  readonly genuine: Genuine;
}

/** Steps from a settled conversation to each stage; returns the reader if it differs from the scene's. */
const STAGES = [
  { name: "waiting for the welcome", reach: async (scene: Scene) => joiner(scene, () => false) },
  {
    name: "before the sync",
    reach: async (scene: Scene) => {
      const newcomer = await joiner(scene, () => false);
      const welcome = scene.genuine.packets.findLast(
        ({ subtopic, appId }) => subtopic === WELCOME_SUBTOPIC && appId !== newcomer.appId,
      );
      await receive(scene.world, newcomer, welcome as Packet);
      expectThat(newcomer.state.phase === "working" && !isSynced(newcomer));
      return newcomer;
    },
  },
  { name: "at rest", reach: async () => undefined },
  {
    name: "a vote is open",
    reach: async (scene: Scene) => {
      await openRemoval(scene);
      expectThat(hasOpenVote(scene.reader));
    },
  },
  {
    name: "a change is approved",
    reach: approveRemoval,
  },
  {
    name: "freezing",
    reach: async (scene: Scene) => {
      await approveRemoval(scene);
      await wait(scene, 60_000);
      expectThat(scene.reader.state.phase === "freezing");
    },
  },
  {
    name: "one candidate short of the selection",
    reach: async (scene: Scene) => {
      const { world, reader, target, backup } = scene;
      await approveRemoval(scene);
      await wait(scene, 60_000);
      const { proposals, commit } = await forgedCommit(backup, [{ kind: "remove", member: target.id }]);
      await receive(world, reader, candidatePacket(backup, { proposals, commit }));
      expectThat(reader.state.phase === "freezing" && reader.state.commit.candidates.size === 1);
    },
  },
  {
    name: "in reelection",
    reach: async (scene: Scene) => {
      await approveRemoval(scene);
      await wait(scene, 60_000);
      await wait(scene, 30_000);
      expectThat(scene.reader.state.phase === "reelection");
    },
  },
  {
    name: "an emergency is open",
    reach: async ({ world, reader, steward }: Scene) => {
      const epoch = steward.state.group?.epoch ?? 0n;
      const proposal = forgedProposal(world, steward, deadlockRequest(steward.id, epoch));
      await sendUnchecked(world, steward, { kind: "proposal", proposal });
      await settle(world);
      expectThat(emergenciesOf(reader).length === 1);
    },
  },
  {
    name: "an election is open",
    reach: async ({ world, reader, steward }: Scene) => {
      const stewards = castOf(world).others.map(({ id }) => id);
      const electionEpoch = steward.state.group?.epoch ?? 0n;
      const request = { kind: "electStewards", stewards, electionEpoch, retryRound: 0 } as const;
      await sendUnchecked(world, steward, {
        kind: "proposal",
        proposal: forgedProposal(world, steward, request),
      });
      await settle(world);
      expectThat(hasOpenVote(reader));
    },
  },
  {
    name: "a commit of something else is held",
    reach: async ({ world, reader, steward }: Scene) => {
      const keyPackage = await strangersKeyPackage(world);
      const forged = await forgedCommit(steward, [{ kind: "add", keyPackage }]);
      await receive(world, reader, candidatePacket(steward, forged));
      expectThat(reader.state.commit.candidates.size === 1);
    },
  },
  {
    name: "on the way out",
    reach: async ({ world, reader }: Scene) => {
      await leave(world, reader);
      await settle(world);
      expectThat(reader.state.changes.approved.length === 1 && reader.state.phase !== "ended");
    },
  },
  {
    name: "packets of the next epoch have come",
    reach: async (scene: Scene) => {
      const { world, reader, steward } = scene;
      await approveRemoval(scene);
      world.arrives = ({ to }) => to !== reader;
      await until(world, () => steward.state.group?.epoch !== reader.state.group?.epoch);
      await receive(world, reader, await sealed(steward, { kind: "empty" }));
      expectThat(reader.state.inbound.buffered.length > 0);
    },
  },
  {
    name: "recovering",
    reach: async ({ world }: Scene) => {
      for (const member of world.members) alter(member, "stewards", { recovery: true });
    },
  },
  {
    name: "gone",
    reach: async (scene: Scene) => {
      const { world, reader } = scene;
      await leave(world, reader);
      await until(world, () => reader.state.phase === "ended");
    },
  },
] as const;

/** All stages of a mode, each in its own world. */
export async function reachStages(
  mode: CompatibilityMode,
  options: { readonly fakes: boolean },
): Promise<readonly Stage[]> {
  // With this seed, a held candidate outranks a forged one in `de-mls-3` mode, so that `lesser-candidate` is reached.
  const world = createWorld({ mode, fakes: options.fakes, seed: `hostile, ${mode}` });
  const genuine = recordAll(world);
  const [founder, ...others] = NAMES;
  await create(world, founder);
  for (const name of others) await join(world, name);
  await until(world, () => isWorldSettled(world, NAMES.length));
  const stages: Stage[] = [];
  for (const { name, reach } of STAGES) stages.push(await reached(name, reach, world, genuine));
  return stages;
}

async function reached(
  name: StageName,
  reach: (scene: Scene) => Promise<Member | void>,
  settled: World,
  genuine: Genuine,
): Promise<Stage> {
  const { world } = await fork(settled, name);
  const { steward, backup, others } = castOf(world);
  const [reader, target] = others;
  const scene: Scene = { world, reader, target, steward, backup, genuine };
  const newcomer = await reach(scene);
  const target_ = newcomer ?? reader;
  // Everything due is run first, so that later changes come from the packet.
  for (let i = 0; i < 3; i++) await take(world, target_, { kind: "tick" });
  return { name, world, reader: target_, ...(await material(scene, target_)) };
}

/** Material of the stage's packets: recent packets, and messages and commits that each insider could send now. */
async function material(
  { world, steward, backup, target, genuine }: Scene,
  reader: Member,
): Promise<Pick<Stage, "insiders" | "genuine">> {
  const insiders = [steward, backup, target];
  const packets = genuine.packets.slice(-REMEMBERED);
  const plaintexts = genuine.plaintexts.slice(-REMEMBERED);
  for (const insider of insiders) {
    plaintexts.push(...plaintextsOf(await messagesOf(world, insider, reader)));
    packets.push(...(await candidatesOf(world, insider, reader)));
  }
  packets.push(await knocking(world, target), await sealed(steward, { kind: "empty" }));
  const repairs = repairsOf(world, reader, packets);
  return { insiders, genuine: { packets, plaintexts, repairs } };
}

/** A joiner whose welcome was sent and is delayed, with the packets after it. */
async function joiner({ world }: Scene, arrives: (letter: Letter) => boolean): Promise<Member> {
  const newcomer = await join(world, "frank");
  world.arrives = (letter) => letter.to !== newcomer || arrives(letter);
  const size = world.members.length;
  await until(world, () => world.members.some(({ state }) => state.group?.members.length === size));
  await advance(world, 0);
  return newcomer;
}

async function openRemoval({ world, steward, target }: Scene): Promise<void> {
  await ban(world, steward, target);
  await settle(world);
}

async function approveRemoval(scene: Scene): Promise<void> {
  const { world } = scene;
  await openRemoval(scene);
  await until(world, () => world.members.every(({ state }) => state.changes.approved.length === 1));
}

/** Advances time for the reader alone, without delivery. */
async function wait({ world, reader }: Scene, forMs: number): Promise<void> {
  world.nowMs += forMs;
  await take(world, reader, { kind: "tick" });
}

function hasOpenVote({ plugins, state }: Member): boolean {
  return plugins.consensus.proposals(state.votes.sessions).some((tally) => tally.state === "active");
}

/** Checks that a stage has its phase; otherwise its tests would test nothing. */
function expectThat(isSo: boolean): void {
  if (!isSo) throw new Error("The stage was not reached.");
}

import { generateStewardList } from "@demls/steward";
import { concatBytes, utf8ToBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, describe, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { settledState } from "../../src/join/settled-state.js";
import { syncFlaw } from "../../src/join/sync-validation.js";
import { removeRequest } from "../../src/model/request.js";
import {
  approve,
  createWorld,
  enterWorld,
  environmentOf,
  epochOf,
  eventsOf,
  GARDEN,
  gather,
  runFor,
  runUntil,
  type Member,
} from "../harness/index.js";
import { beginTransaction } from "../../src/model/transaction.js";

const HONEST = ["alice", "bob", "carol"];
/** Epochs in which the group may elect stewards after the joiner has come. */
const EPOCHS = [1n, 2n, 3n];
const TRIES = 20_000;

const config = { snMin: 1, snMax: 2, allowSubsetCandidates: false };

/** First of the members in an election, by the conversation's name or a seed. */
function firstOf(
  members: readonly MemberId[],
  electionEpoch: bigint,
  seed?: Uint8Array,
): MemberId | undefined {
  const inputs = { electionEpoch, retryRound: 0, conversationId: GARDEN, candidates: members, config, seed };
  return generateStewardList(inputs, 1).members[0];
}

/** Name of a joiner whose identity is the first in each of the epochs. The names stand for keys that it tries. */
async function grind(): Promise<string> {
  const world = createWorld({ fakes: true });
  const idOf = async (name: string): Promise<MemberId> => (await enterWorld(world, name)).id;
  const honest = await Promise.all(HONEST.map(idOf));
  for (let i = 0; i < TRIES; i++) {
    const name = `mallory ${i}`;
    const id = await idOf(name);
    if (EPOCHS.every((epoch) => firstOf([...honest, id], epoch) === id)) return name;
  }
  throw new Error("No such key was found.");
}

const name = await grind();

/** The elections of a group that the joiner has come to, and that shrinks by two members. */
async function elect(mode: CompatibilityMode) {
  const { world, members } = await gather([...HONEST, name], { mode, fakes: true });
  const [alice, bob, carol, mallory] = members as [Member, Member, Member, Member];
  for (const gone of [carol, bob]) {
    const present = members.filter(({ state }) => state.phase !== "ended");
    const staying = present.filter((member) => member !== gone);
    const epoch = epochOf(alice);
    await approve({ ...world, members: present }, removeRequest(gone.id));
    await runUntil(world, () => staying.every((member) => epochOf(member) > epoch));
  }
  await runFor(world, 60_000);
  const elections = eventsOf(alice, "stewardsChanged").filter(({ electionEpoch }) => electionEpoch > 0n);
  expect(elections.length).toBeGreaterThan(1);
  return { mallory, alice, firsts: elections.map(({ stewards }) => stewards[0]) };
}

describe("W57: a key that was made to come first in elections", () => {
  test("comes first in each of them", async () => {
    const { mallory, firsts } = await elect("de-mls-3");
    expect(new Set(firsts)).toEqual(new Set([mallory.id]));
  });

  test("does not in a strict group, whose elections follow from what no one knew when it was made", async () => {
    const { alice, mallory, firsts } = await elect("strict");
    expect(new Set(firsts)).not.toEqual(new Set([mallory.id]));
    const list = alice.plugins.stewards.currentList(alice.state.stewards.list);
    expect(list?.seed).toHaveLength(32);
  });
});

describe("W57: the seed of a steward list", () => {
  test("is a hash of the epoch authenticator with a label", async () => {
    const { world, members } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
    const [alice, bob] = members as [Member, Member, Member];
    expect(world.members).toHaveLength(3);
    const list = alice.plugins.stewards.currentList(alice.state.stewards.list);
    expect(list?.electionEpoch).toBe(epochOf(alice));
    const { epochAuthenticator } = alice.state.group;
    expect(list?.seed).toEqual(sha256(concatBytes(utf8ToBytes("de-MLS stewards"), epochAuthenticator)));
    expect(bob.plugins.stewards.currentList(bob.state.stewards.list)).toEqual(list);
    const order = firstOf(alice.state.group.members, list?.electionEpoch ?? 0n, list?.seed);
    expect(list?.members[0]).toBe(order);
  });

  test("cannot be stated otherwise in its epoch, nor with another length later", async () => {
    const { world, members } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
    const [alice] = members as [Member, Member, Member];
    const tx = beginTransaction(alice.state as never, environmentOf(world, alice));
    const { list } = alice.state.stewards;
    const sync = settledState(tx, { list, scores: alice.state.scores.values, recovery: false });
    expect(sync.stewardSeed).toHaveLength(32);
    expect(syncFlaw(tx, sync)).toBeUndefined();
    const { stewards } = alice.plugins;
    const stated = (stewardSeed: Uint8Array, electionEpoch: bigint) => {
      const pool = alice.state.group.members;
      const other = stewards.installList(
        stewards.withSeed(list, stewardSeed),
        electionEpoch,
        pool,
        2,
        0,
      ).state;
      return settledState(tx, { list: other, scores: alice.state.scores.values, recovery: false });
    };
    const wanted = new Uint8Array(32).fill(7);
    expect(syncFlaw(tx, stated(wanted, epochOf(alice)))).toBe("steward-seed");
    expect(syncFlaw(tx, stated(wanted.slice(1), epochOf(alice) - 1n))).toBe("steward-seed");
    expect(syncFlaw(tx, stated(wanted, epochOf(alice) - 1n))).toBeUndefined();
  });
});

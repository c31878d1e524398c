import type { RosterEntry } from "@demls/mls";
import { beforeEach, describe, expect, test } from "vitest";
import {
  advance,
  candidatePacket,
  candidatesBy,
  enter,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  receive,
  rolesOf,
  type Member,
  type World,
} from "../harness/index.js";
import { repairPacket } from "../lost-packets/material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });

let world: World;
let steward: Member, accomplices: readonly Member[], honest: Member, target: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const [first, second, third, fourth, fifth] = rolesOf(world);
  [steward, accomplices, honest, target] = [first, [first, second, third], fourth, fifth];
  world.arrives = () => false;
});

/** A key package of a newcomer, with its proof or with `identityProof`. */
async function newcomer(identityProof?: Uint8Array): Promise<Uint8Array> {
  const { mls } = await enter(world, "newcomer");
  return (await mls.generateKeyPackage(identityProof && { identityProof })).bytes;
}

describe("A commit that adds an unproved leaf", () => {
  test.each([
    ["without a proof", new Uint8Array(0)],
    ["with a forged one", new Uint8Array(32).fill(1)],
  ])("%s is not held, nor merged when a majority has chosen it", async (_what, proof) => {
    const commit = await forgedCommit(steward, [{ kind: "add", keyPackage: await newcomer(proof) }]);
    const packet = candidatePacket(steward, commit);
    const rejection = { kind: "rejected", reason: "invalid-candidate", detail: "unproved-identity" };
    expect(await receive(world, honest, packet)).toEqual({ ...rejection, sender: steward.id });
    for (const accomplice of accomplices) {
      const choice = { kind: "choice", commitHash: commit.hash } as const;
      const outcome = await receive(world, honest, await repairPacket(world, accomplice, choice));
      expect(outcome).toMatchObject({ kind: "accepted", what: "choice" });
    }
    expect(await receive(world, honest, packet)).toMatchObject(rejection);
    const { epoch } = honest.state.group;
    await advance(world, 600_000);
    expect(honest.state.group.epoch).toBe(epoch);
    expect(candidatesBy(honest, steward)).toEqual([]);
    expect(eventsOf(honest, "commitApplied").filter((applied) => applied.epoch > epoch)).toEqual([]);
  });

  test("is merged when a majority has chosen it if the leaf is proved", async () => {
    const commit = await forgedCommit(steward, [{ kind: "add", keyPackage: await newcomer() }]);
    await receive(world, honest, candidatePacket(steward, commit));
    for (const accomplice of accomplices) {
      const choice = { kind: "choice", commitHash: commit.hash } as const;
      await receive(world, honest, await repairPacket(world, accomplice, choice));
    }
    expect(honest.state.group.members).toHaveLength(6);
  });
});

describe("A commit that changes the leaf of its committer", () => {
  /** Changes that only a complete MLS library can make: the fake keeps a committer's leaf. */
  function stagesWith(twist: Partial<RosterEntry>): void {
    const { mls } = honest.plugins;
    const twisted: typeof mls = {
      ...mls,
      async stage(group, proposals, commit) {
        const result = await mls.stage(group, proposals, commit);
        if (result.outcome.kind !== "staged") return result;
        const { staged } = result.outcome;
        const roster = (staged.next?.roster ?? []).map((entry) =>
          entry.member === steward.id ? { ...entry, ...twist } : entry,
        );
        const next = staged.next && { ...staged.next, roster };
        return { ...result, outcome: { kind: "staged", staged: { ...staged, next } } };
      },
    };
    Object.assign(honest, { plugins: { ...honest.plugins, mls: twisted } });
  }

  test.each<[string, Partial<RosterEntry>]>([
    ["its signature key", { signatureKey: new Uint8Array(32).fill(9) }],
    ["its admission", { admission: new Uint8Array(16).fill(9) }],
    ["its proof", { identityProof: new Uint8Array(32).fill(9) }],
    ["both to nothing", { admission: undefined, identityProof: undefined }],
  ])("in %s is not held", async (_what, twist) => {
    stagesWith(twist);
    const commit = await forgedCommit(steward, [{ kind: "remove", member: target.id }]);
    expect(await receive(world, honest, candidatePacket(steward, commit))).toMatchObject({
      ...{ kind: "rejected", reason: "invalid-candidate", detail: "changed-binding" },
    });
    expect(candidatesBy(honest, steward)).toEqual([]);
  });

  test("in nothing but its encryption key is held", async () => {
    stagesWith({});
    const commit = await forgedCommit(steward, [{ kind: "remove", member: target.id }]);
    await receive(world, honest, candidatePacket(steward, commit));
    expect(candidatesBy(honest, steward)).toHaveLength(1);
  });
});

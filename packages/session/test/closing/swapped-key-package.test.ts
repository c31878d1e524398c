import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import {
  additionOf,
  advance,
  approve,
  candidatePacket,
  epochStewardOf,
  eventsOf,
  forgedCommit,
  gatherInEachMode,
  keyPackageOf,
  receive,
  shareEpoch,
  stranger,
  type Letter,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let members: Member[];

function errorsOf(member: Member): readonly string[] {
  return eventsOf(member, "error").map(({ operation }) => operation);
}

describe("a commit that adds another key package than the approved one, under the same identity", () => {
  async function swap(
    mode: CompatibilityMode,
  ): Promise<{ steward: Member; others: readonly Member[]; packet: Letter["packet"] }> {
    ({ world, members } = await inMode(mode));
    const steward = epochStewardOf(world, members[0] as Member);
    await approve(world, await additionOf(world, stranger(1), "honest"));
    const keyPackage = await keyPackageOf(world, stranger(1), "swapped");
    const commit = await forgedCommit(steward, [{ kind: "add", keyPackage }]);
    world.arrives = ({ from }) => from !== steward;
    steward.online = false;
    return {
      steward,
      others: members.filter((member) => member !== steward),
      packet: candidatePacket(steward, commit),
    };
  }

  test("is taken, as 3.0.0 members take it, and reported", async () => {
    const { steward, others, packet } = await swap("de-mls-3");
    for (const member of others) await receive(world, member, packet);
    await advance(world, 60_000);
    for (const member of others) {
      expect(eventsOf(member, "commitApplied")).toMatchObject([{ committer: steward.id }]);
      expect(errorsOf(member)).toContain("keyPackageSwapped");
    }
    expect(shareEpoch(others)).toBe(true);
  });

  test("is not merged in a strict group, and the epoch steward loses score with the next commit", async () => {
    const { steward, others, packet } = await swap("strict");
    for (const member of others) await receive(world, member, packet);
    await advance(world, 65_000);
    await approve(world, await additionOf(world, stranger(2), "next"));
    await advance(world, 120_000);
    for (const member of others) {
      for (const { committer } of eventsOf(member, "commitApplied")) expect(committer).not.toBe(steward.id);
      expect(errorsOf(member)).toContain("keyPackageSwapped");
      expect(eventsOf(member, "scoreChanged")).toContainEqual(
        expect.objectContaining({ member: steward.id, cause: "censorship-inactivity" }),
      );
    }
  });
});

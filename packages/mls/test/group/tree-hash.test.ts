import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { MlsChange } from "../../src/index.js";
import { groupOf, member, stageAndAdopt, welcomeAll, type GroupMember } from "../group-members.js";
import { freshTreeHash, treeHash } from "../tree-hash.js";

/** Commits `changes` by the first member; the others that stay merge them. */
async function commit(everyone: readonly GroupMember[], changes: readonly MlsChange[]): Promise<void> {
  const [committer, ...others] = everyone as [GroupMember, ...GroupMember[]];
  const { group, candidate } = await committer.mls.createCandidate(committer.group, changes);
  for (const other of others) await stageAndAdopt(other, candidate);
  committer.group = committer.mls.merge(group, candidate);
}

describe("the tree hash that is kept", () => {
  test("is that of a tree without kept hashes, after adds, removals, renewals and commits that were dropped", async () => {
    let everyone = await groupOf(["a", "b", "c", "d", "e"]);
    const check = async (): Promise<void> => {
      for (const { group } of everyone) expect(treeHash(group)).toEqual(await freshTreeHash(group));
    };
    const removalOf = ({ mls }: GroupMember): MlsChange => ({ kind: "remove", member: mls.identity });
    await check();

    const [, gone, staying] = everyone as [GroupMember, GroupMember, GroupMember];
    // Staged and dropped: the hashes of its tree must not reach the next commit.
    const dropped = await staying.mls.createCandidate(staying.group, [removalOf(gone)]);
    staying.group = dropped.group;
    everyone = everyone.filter((each) => each !== gone);
    await commit(everyone, [removalOf(gone)]);
    await check();

    await commit(everyone.toReversed(), []);
    await check();

    everyone = await welcomeAll(
      everyone,
      await Promise.all(["f", "g", "h", "i"].map((name) => member(name))),
    );
    await check();

    const last = everyone.at(-1) as GroupMember;
    everyone = everyone.slice(0, -1);
    await commit(everyone, [removalOf(last)]);
    await check();
    const sealed = await staying.mls.seal(staying.group, utf8ToBytes("one group"));
    const { outcome } = await (everyone[0] as GroupMember).mls.open(
      (everyone[0] as GroupMember).group,
      sealed.message,
    );
    expect(outcome.kind).toBe("application");
  });
});

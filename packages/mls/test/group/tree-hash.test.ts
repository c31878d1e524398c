import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { MlsChange } from "../../src/index.js";
import { commitAmong, groupOf, member, welcomeAll, type GroupMember } from "../group-members.js";
import { freshTreeHash, treeHash } from "../tree-hash.js";

describe("the tree hash that is kept", () => {
  test("is that of a tree without kept hashes, after adds, removals, renewals and commits that were dropped", async () => {
    let everyone = await groupOf(["a", "b", "c", "d", "e"]);
    const check = async (): Promise<void> => {
      for (const { group } of everyone) expect(treeHash(group)).toEqual(await freshTreeHash(group));
    };
    const commit = async (
      changes: readonly MlsChange[],
      [committer, ...others] = everyone,
    ): Promise<void> => {
      await commitAmong(committer as GroupMember, others, changes);
    };
    const removalOf = ({ mls }: GroupMember): MlsChange => ({ kind: "remove", member: mls.identity });
    await check();

    const [, gone, staying] = everyone as [GroupMember, GroupMember, GroupMember];
    // Staged and dropped: the hashes of its tree must not reach the next commit.
    const dropped = await staying.mls.createCandidate(staying.group, [removalOf(gone)]);
    staying.group = dropped.group;
    everyone = everyone.filter((each) => each !== gone);
    await commit([removalOf(gone)]);
    await check();

    await commit([], everyone.toReversed());
    await check();

    everyone = await welcomeAll(
      everyone,
      await Promise.all(["f", "g", "h", "i"].map((name) => member(name))),
    );
    await check();

    const last = everyone.at(-1) as GroupMember;
    everyone = everyone.slice(0, -1);
    await commit([removalOf(last)]);
    await check();
    const sealed = await staying.mls.seal(staying.group, utf8ToBytes("one group"));
    const { outcome } = await (everyone[0] as GroupMember).mls.open(
      (everyone[0] as GroupMember).group,
      sealed.message,
    );
    expect(outcome.kind).toBe("application");
  });
});

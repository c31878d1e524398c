import { commands } from "vitest/browser";
import { expect, test } from "vitest";

test("Members in tabs come back after a reload, a crash and a second tab, without a commit", async () => {
  const { starts, formerErrors, epochs, memberCounts } = await commands.liveInTabs();
  expect(starts).toEqual({
    reloaded: undefined,
    reopened: undefined,
    second: "storage-in-use",
    takingOver: undefined,
  });
  expect(formerErrors).toContain("storage-failed");
  expect(memberCounts).toEqual([2, 2]);
  expect(new Set(epochs).size).toBe(1);
});

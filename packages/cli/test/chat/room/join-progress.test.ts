import { expect, test } from "vitest";
import { createJoinProgress } from "../../../src/chat/room/join-progress.js";

test("The obstacle of a join is the first step that no connection has reached", () => {
  const progress = createJoinProgress();
  progress.noteConnection(0, 0);
  expect(progress.obstacle).toBe("no-peer");
  progress.noteConnection(2, 0);
  expect(progress.obstacle).toBe("no-member");
  progress.noteConnection(1, 1);
  progress.noteConnection(0, 0);
  expect(progress.obstacle).toBe("not-let-in");
});

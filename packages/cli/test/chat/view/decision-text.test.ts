import type { MemberId } from "demls";
import { expect, test } from "vitest";
import { createMemberNames } from "../../../src/chat/room/member-names.js";
import { describeDecision } from "../../../src/chat/view/text/decision-text.js";

const SELF = "a".repeat(40) as MemberId;
const OTHER = "b".repeat(40) as MemberId;
const room = { names: createMemberNames(() => [SELF, OTHER]), self: SELF };

test("A decision about this user says you, and one about another member names it", () => {
  const commitHash = "0123456789abcdef";
  expect(describeDecision({ kind: "candidateBacked", steward: SELF, commitHash }, room)).toBe(
    "chooses your commit candidate (01234567)",
  );
  expect(describeDecision({ kind: "candidateBacked", steward: OTHER, commitHash }, room)).toBe(
    "chooses the commit candidate of bbbb (01234567)",
  );
  const score = { kind: "score", score: 5n, cause: "sync" } as const;
  expect(describeDecision({ ...score, member: SELF }, room)).toBe("you have score 5: sync");
  expect(describeDecision({ ...score, member: OTHER }, room)).toBe("bbbb has score 5: sync");
});

import type { ConversationSnapshot, MemberId } from "demls";
import { describe, expect, test } from "vitest";
import { agree } from "../../src/demo/agreement.js";

const ADA = "0a" as MemberId;
const BELA = "0b" as MemberId;

const together = {
  epoch: 7n,
  epochAuthenticator: "a1",
  members: [{ id: ADA }, { id: BELA }],
  stewards: { members: [ADA] },
};

function member(differing: object = {}): { conversation: { state: ConversationSnapshot } } {
  return { conversation: { state: { ...together, ...differing } as unknown as ConversationSnapshot } };
}

describe("Members agree", () => {
  test("in the same epoch with the same members, stewards and keys", () => {
    expect(agree([member(), member(), member()])).toBe(true);
  });

  test.each([
    ["another epoch", { epoch: 8n }],
    ["other members", { members: [{ id: ADA }] }],
    ["other stewards", { stewards: { members: [BELA] } }],
    ["another turn of the stewards", { stewards: { members: [ADA, BELA] } }],
    ["no steward list", { stewards: undefined }],
    ["another epoch authenticator", { epochAuthenticator: "a2" }],
  ])("not with one that has %s", (_what, differing) => {
    expect(agree([member(), member(differing), member()])).toBe(false);
  });

  test("not with a member without a conversation", () => {
    expect(agree([member(), { conversation: undefined }])).toBe(false);
  });
});

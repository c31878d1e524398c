import type { MemberId } from "demls";
import { describe, expect, test } from "vitest";
import { createMemberNames, type MemberNames } from "../../../src/chat/room/member-names.js";

const ADA = "3fa9000000000000000000000000000000000001" as MemberId;
const BOB = "81c2000000000000000000000000000000000002" as MemberId;
const ALIKE = "3fa9100000000000000000000000000000000003" as MemberId;

function namesOf(...members: MemberId[]): MemberNames {
  return createMemberNames(() => members);
}

describe("A member's name", () => {
  test("is the shortest unique prefix of its id", () => {
    expect(namesOf(ADA, BOB).nameOf(ADA)).toBe("3fa9");
    expect(namesOf(ADA, BOB, ALIKE).nameOf(ADA)).toBe("3fa90");
    expect(namesOf(ADA, BOB, ALIKE).nameOf(BOB)).toBe("81c2");
  });

  test("is its claimed name followed by the prefix", () => {
    const names = namesOf(ADA, BOB);
    names.claim(ADA, "ada");
    names.claim(BOB, "ada~3fa9");
    expect(names.nameOf(ADA)).toBe("ada~3fa9");
    expect(names.nameOf(BOB)).toBe("ada_3fa9~81c2");
  });

  test("is the prefix alone after the member claims no name or its own address", () => {
    const names = namesOf(ADA);
    names.claim(ADA, "ada");
    names.claim(ADA, `0x${ADA.toUpperCase()}`);
    expect(names.nameOf(ADA)).toBe("3fa9");
  });
});

describe("A typed name", () => {
  const names = namesOf(ADA, BOB, ALIKE);
  names.claim(ADA, "Ada");
  names.claim(BOB, "bob");
  names.claim(ALIKE, "bob");

  test.each([
    ["ada", ADA],
    ["ADA~3fa90", ADA],
    ["81c2", BOB],
    ["8", BOB],
    ["0x81C2", BOB],
    ["bob~81c2", BOB],
    [ALIKE, ALIKE],
  ])("%s finds its member", (text, member) => {
    expect(names.find(text, [ADA, BOB, ALIKE])).toBe(member);
  });

  test("without a match is rejected, with the list of members", () => {
    expect(() => names.find("carl", [ADA, BOB])).toThrow(
      expect.objectContaining({ code: "unknown-member", remedy: "Type one of Ada~3fa90, bob~81c2." }),
    );
    expect(() => names.find("0x", [ADA, BOB])).toThrow(expect.objectContaining({ code: "unknown-member" }));
  });

  test("with several matches is rejected, with the list of matches", () => {
    expect(() => names.find("bob", [ADA, BOB, ALIKE])).toThrow(
      expect.objectContaining({ code: "ambiguous-member", message: '"bob" matches bob~81c2 and bob~3fa91.' }),
    );
  });

  test("equal to a member's full name finds that member even if another claims the same name", () => {
    const alike = namesOf(ADA, BOB);
    alike.claim(BOB, "3fa9");
    expect(alike.find("3fa9", [ADA, BOB])).toBe(ADA);
  });
});

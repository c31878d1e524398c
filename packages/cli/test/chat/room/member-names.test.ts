import type { MemberId } from "demls";
import { describe, expect, test } from "vitest";
import { createMemberNames, type MemberNames } from "../../../src/chat/room/member-names.js";

const ADA = "3fa9000000000000000000000000000000000001" as MemberId;
const BOB = "81c2000000000000000000000000000000000002" as MemberId;
const ALIKE = "3fa9100000000000000000000000000000000003" as MemberId;

function namesOf(...members: MemberId[]): MemberNames {
  return createMemberNames(() => members);
}

describe("a member's name", () => {
  test("is the beginning of its id, as long as it has to be", () => {
    expect(namesOf(ADA, BOB).nameOf(ADA)).toBe("3fa9");
    expect(namesOf(ADA, BOB, ALIKE).nameOf(ADA)).toBe("3fa90");
    expect(namesOf(ADA, BOB, ALIKE).nameOf(BOB)).toBe("81c2");
  });

  test("begins with the one it claims, which never stands alone", () => {
    const names = namesOf(ADA, BOB);
    names.claim(ADA, "ada");
    names.claim(BOB, "ada~3fa9");
    expect(names.nameOf(ADA)).toBe("ada~3fa9");
    expect(names.nameOf(BOB)).toBe("ada_3fa9~81c2");
  });

  test("is the beginning of its id again when it claims no other, or its own address", () => {
    const names = namesOf(ADA);
    names.claim(ADA, "ada");
    names.claim(ADA, `0x${ADA.toUpperCase()}`);
    expect(names.nameOf(ADA)).toBe("3fa9");
  });
});

describe("a name that is typed", () => {
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
  ])("%s finds the member that it means", (text, member) => {
    expect(names.find(text, [ADA, BOB, ALIKE])).toBe(member);
  });

  test("that nobody has is refused, with those that there are", () => {
    expect(() => names.find("carl", [ADA, BOB])).toThrow(
      expect.objectContaining({ code: "unknown-member", remedy: "Members are Ada~3fa90, bob~81c2." }),
    );
    expect(() => names.find("0x", [ADA, BOB])).toThrow(expect.objectContaining({ code: "unknown-member" }));
  });

  test("that several have is refused, with which they are", () => {
    expect(() => names.find("bob", [ADA, BOB, ALIKE])).toThrow(
      expect.objectContaining({ code: "ambiguous-member", message: '"bob" may be bob~81c2 or bob~3fa91.' }),
    );
  });

  test("that is one member's whole name finds it though another claims the same word", () => {
    const alike = namesOf(ADA, BOB);
    alike.claim(BOB, "3fa9");
    expect(alike.find("3fa9", [ADA, BOB])).toBe(ADA);
  });
});

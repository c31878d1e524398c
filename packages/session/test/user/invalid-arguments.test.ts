import { memberIdFromBytes } from "@demls/wire/core";
import type { DemlsError } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createUserFrom, type Conversation, type MembershipCall } from "../../src/index.js";
import { expectMistake, openScene, type Person } from "../harness/index.js";

let alice: Person;
let garden: Conversation;

beforeEach(async () => {
  ({ alice } = await openScene("mistakes", "alice"));
  garden = await alice.user.createConversation("garden");
});

/** Expects a call to reject through its promises only, without other effects. */
async function expectRefused(call: () => MembershipCall, code: string, field?: string): Promise<void> {
  const before = garden.state;
  const { accepted, decided, committed } = call();
  for (const promise of [accepted, decided, committed]) await expectMistake(promise, code, field);
  expect(garden.state).toBe(before);
}

describe("The display name", () => {
  test.each(["", " ", "x".repeat(65), "two\nlines", "\ud800", undefined, 7])(
    "must not be %j",
    async (display) => {
      await expectMistake(
        createUserFrom({ ...alice.options, display: display as string }),
        "invalid-display",
        "display",
      );
    },
  );
});

describe("The content of a message", () => {
  test.each([undefined, null, 7, {}, [104, 105], new ArrayBuffer(2)])("must not be %o", async (content) => {
    await expectMistake(garden.send(content as never), "invalid-message", "content");
    expect(garden.state.pendingOutbound).toBe(0);
  });

  test.each(["\ud800", "half: \udc00", "\udc00\ud800"])(
    "is no text with half a character: %j",
    async (text) => {
      await expectMistake(garden.send(text), "invalid-message", "content");
    },
  );

  test.each(["", "😀", new Uint8Array(), Buffer.from("hi")])("may be %o", async (content) => {
    await expect(garden.send(content)).resolves.toBeDefined();
  });
});

describe("A vote", () => {
  test.each(["no", 0, null, undefined])("must not be %j, and does not count as no", async (choice) => {
    await expectMistake(garden.vote(1, choice as never), "invalid-vote", "choice");
  });

  test.each([undefined, "1", Number.NaN])("on %j is rejected", async (id) => {
    await expectMistake(garden.vote(id as never, true), "unknown-proposal", "proposalId");
  });
});

describe("A key package", () => {
  test.each([undefined, null, "bytes", {}, 5])("must not be %j", async (given) => {
    await expectRefused(() => garden.proposeAdd(given as never), "invalid-key-package", "keyPackage");
    await expectMistake(garden.announceKeyPackage(given as never), "invalid-key-package", "keyPackage");
  });

  test("must not be arbitrary bytes", async () => {
    await expectRefused(() => garden.proposeAdd(new Uint8Array(9)), "invalid-key-package", "keyPackage");
  });
});

describe("A member to be removed", () => {
  test.each([undefined, null, "bob", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"])(
    "is named by its id, not by %j",
    async (given) => {
      await expectRefused(() => garden.proposeRemove(given as never), "invalid-member-id", "memberId");
      await expectRefused(() => garden.proposeRemove(given as never), "invalid-member-id", "memberId");
      const error: unknown = await garden
        .proposeRemove(given as never)
        .accepted.catch((reason: unknown) => reason);
      expect((error as DemlsError).remedy).toContain("proposeRemove(parseMemberId(");
    },
  );
});

describe("A request", () => {
  const bytes = Uint8Array.of(1);
  const member = memberIdFromBytes(bytes);
  const evidence = {
    violation: "brokenCommit",
    target: member,
    payload: bytes,
    epoch: 1n,
    creator: member,
  };
  const election = { kind: "electStewards", stewards: [member], electionEpoch: 1n, retryRound: 0 };

  test.each<[unknown, string]>([
    [undefined, "request"],
    [null, "request"],
    ["remove bob", "request"],
    [{}, "request.kind"],
    [{ kind: "dance" }, "request.kind"],
    [{ kind: "empty" }, "request.kind"],
    [{ kind: "toString" }, "request.kind"],
    [{ kind: "remove" }, "request.member"],
    [{ kind: "remove", member: "xy" }, "request.member"],
    [{ kind: "add", member }, "request.keyPackage"],
    [{ kind: "add", keyPackage: bytes }, "request.member"],
    [{ kind: "emergency", evidence: null }, "request.evidence"],
    [{ kind: "emergency", evidence: { ...evidence, epoch: 1 } }, "request.evidence"],
    [{ kind: "emergency", evidence: { ...evidence, violation: "dance" } }, "request.evidence"],
    // It has a name.
    [{ kind: "emergency", evidence: { ...evidence, violation: 1 } }, "request.evidence"],
    [{ ...election, stewards: ["xy"] }, "request.stewards"],
    [{ ...election, stewards: undefined }, "request.stewards"],
    [{ ...election, electionEpoch: 1 }, "request.electionEpoch"],
    [{ ...election, retryRound: "0" }, "request.retryRound"],
  ])("must not be %o", async (request, field) => {
    await expectRefused(() => garden.propose(request as never), "invalid-request", field);
  });

  test("with a number out of range rejects with the encoder's error", async () => {
    const request = { ...election, retryRound: -1 };
    await expectRefused(() => garden.propose(request as never), "value-out-of-range", "request.retryRound");
  });

  test.each(["no", null as never, 1])("rejects the creator vote %j", async (creatorVote) => {
    const options = { creatorVote: creatorVote as never };
    const propose = (): MembershipCall => garden.propose({ kind: "emergency", evidence: undefined }, options);
    if (creatorVote === null) await expectRefused(propose, "incomplete-request", "request");
    else await expectRefused(propose, "invalid-creator-vote", "creatorVote");
  });
});

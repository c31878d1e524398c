import { describe, expect, test } from "vitest";
import { createGarden } from "../harness/chat-garden.js";

/** Real cryptography is slow on a busy machine. */
const MEMBER = expect.stringMatching(/^[0-9a-f]{40}$/) as string;

const MEMBER_NAME = expect.stringMatching(/^bob~[0-9a-f]{4}$/) as string;
const CODE = expect.stringMatching(/^\d{5}( \d{5}){11}$/) as string;

describe("A JSON chat", () => {
  test("starts with the addresses and join commands", async () => {
    const { create } = createGarden();
    const ada = await create("ada", "--json");
    expect(ada.json).toEqual([
      {
        type: "started",
        conversation: "garden",
        created: true,
        resumed: false,
        unconfirmed: false,
        folder: expect.stringMatching(/^\/data\/demls\/0x[0-9a-f]{40}$/) as string,
        encrypted: false,
        member: MEMBER,
        peerId: "ada",
        addresses: ["/memory/ada"],
        join: ["demls chat garden --dial /memory/ada"],
      },
    ]);
  });

  test("reports the steps of a join, and the members after it", async () => {
    const { create, join, until } = createGarden({ deliberates: true });
    const ada = await create("ada", "--json");
    const bob = await join("bob", "--json");
    expect(ada.json.find(({ type }) => type === "voteRequested")).toEqual({
      type: "voteRequested",
      proposalId: expect.any(Number) as number,
      number: expect.any(Number) as number,
      proposer: ada.last("started")?.["member"],
      request: { kind: "add", target: bob.last("started")?.["member"] },
      claimedName: "bob",
      defaultVote: true,
      deadline: expect.stringMatching(/^2026-11-21T00:00:\d\d\.\d{3}Z$/) as string,
      seconds: 10,
    });
    const [adaId, bobId] = [ada, bob].map((user) => user.last("started")?.["member"]);
    await until(() => ada.last("membersChanged") !== undefined);
    expect(ada.last("membersChanged")).toMatchObject({
      added: [bobId],
      removed: [],
      letIn: [{ member: bobId, letInBy: adaId, invited: false, byHand: false }],
      epoch: "1",
      members: [
        { member: adaId, score: "110" },
        { member: bobId, role: "member", score: "100" },
      ],
    });
    expect(ada.last("commitApplied")).toMatchObject({
      epoch: "1",
      committer: adaId,
      urgent: false,
      changes: [{ request: { kind: "add", target: bobId } }],
    });
    expect(bob.last("started")).toMatchObject({ unconfirmed: false });
    expect(bob.last("joined")).toMatchObject({ epoch: "1", unconfirmed: true });
    await until(() => bob.last("stewardsChanged")?.["electionEpoch"] === "1");
    expect(bob.last("stewardsChanged")).toMatchObject({ epochSteward: MEMBER, retryRound: 0 });
    expect(bob.json.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["connection", "asked", "joined", "phaseChanged", "scoreChanged"]),
    );
  });

  test("answers each request once, by its id, with a result or an error", async () => {
    const { create, request } = createGarden();
    const ada = await create("ada", "--json");
    expect(await request(ada, { send: "/who is not asked" })).toMatchObject({ command: "send", ok: true });
    expect(await request(ada, { command: "/who" })).toMatchObject({
      command: "who",
      ok: true,
      result: { members: [{ member: MEMBER, role: "epoch-steward", score: "100" }] },
    });
    expect(await request(ada, { command: "/vote 7 yes" })).toMatchObject({ ok: false, code: "unknown-vote" });
    expect(await request(ada, { command: "/dance" })).toMatchObject({ ok: false, code: "unknown-command" });
    expect(await request(ada, { command: 7 })).toMatchObject({ ok: false, code: "invalid-line" });
    expect(await request(ada, { send: "a", command: "b" })).toMatchObject({
      ok: false,
      code: "invalid-line",
    });
    expect(ada.json.filter(({ type }) => type === "reply")).toHaveLength(6);
  });

  test.each(['{"send":', "{}", "[1]x{", "{nonsense"])(
    "answers %s, which is no request, and goes on",
    async (line) => {
      const { create, request, until } = createGarden();
      const ada = await create("ada", "--json");
      ada.type(line.startsWith("[") ? `/${line}` : line);
      await until(() => ada.last("reply") !== undefined);
      expect(ada.last("reply")).toMatchObject({ ok: false });
      expect(await request(ada, { command: "/votes" })).toMatchObject({ ok: true });
    },
  );

  test("has the code of a member, and its mark", async () => {
    const { create, join, request, until } = createGarden();
    const ada = await create("ada", "--json");
    const bob = await join("bob", "--json");
    await until(() => bob.last("stewardsChanged")?.["electionEpoch"] === "1");
    const [adaId, bobId] = [ada, bob].map((user) => user.last("started")?.["member"]);
    const { result } = await request(ada, { command: "/verify bob" });
    expect(result).toEqual({ member: bobId, name: MEMBER_NAME, code: CODE, verified: false });
    const { code } = result as { code: string };
    expect((await request(bob, { command: "/verify ada" }))["result"]).toMatchObject({ member: adaId, code });
    expect(await request(ada, { command: "/verify bob y" })).toMatchObject({
      ok: true,
      result: { member: bobId, verified: true },
    });
    expect((await request(ada, { command: "/who" }))["result"]).toMatchObject({
      members: [{ verified: false }, { verified: true }],
    });
    await request(bob, { send: "hello" });
    await until(() => ada.last("message") !== undefined);
    expect(ada.last("message")).toMatchObject({ text: "hello", verified: true });
  });

  test("reports equal epoch authenticators to all members", async () => {
    const { create, join, request, until } = createGarden();
    const ada = await create("ada", "--json");
    const bob = await join("bob", "--json");
    await until(() => bob.last("stewardsChanged")?.["electionEpoch"] === "1");
    const [ofAda, ofBob] = [
      await request(ada, { command: "/state" }),
      await request(bob, { command: "/state" }),
    ];
    const { epoch, epochAuthenticator, fingerprint, epochSteward, members } = ofAda["result"] as Record<
      string,
      unknown
    >;
    expect(ofBob["result"]).toMatchObject({
      epoch,
      epochAuthenticator,
      fingerprint,
      epochSteward,
      members,
      phase: "working",
    });
    expect(epoch).toBe("1");
    expect(epochAuthenticator).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint).toEqual(CODE);
    expect(epochSteward).toEqual(MEMBER);
  });

  test("carries any text in both directions, one message per line", async () => {
    const { create, join, request, until } = createGarden();
    const ada = await create("ada", "--json");
    const bob = await join("bob", "--json");
    const text = 'line\nbreak \u2028 "quote" \u001b[2J \u202e 你好 👋 {"type":"closed"}';
    const { result } = await request(bob, { send: text });
    expect(result).toEqual({ messageId: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    await until(() => ada.last("message") !== undefined);
    expect(ada.last("message")).toMatchObject({
      sender: bob.last("started")?.["member"],
      epoch: "1",
      text,
      id: (result as Record<string, unknown>)["messageId"],
      sentAt: expect.stringMatching(/^2026-11-21T00:00:\d\d\.\d{3}Z$/) as string,
    });
    for (const line of ada.printed) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  });

  test("removes one of three members by manual votes, before the default votes", async () => {
    const { create, join, request, until, clock } = createGarden();
    const slow = ["--json", "--set", "votingDelayMs=19000"];
    const ada = await create("ada", ...slow);
    const bob = await join("bob", ...slow);
    const cleo = await join("cleo", ...slow);
    // Any following elections have ended by then.
    await clock.advance(30_000);
    const target = cleo.last("started")?.["member"] as string;
    const banned = await request(ada, { command: `/ban ${target}` });
    const { proposalId } = banned["result"] as { proposalId: number };
    await until(() => bob.last("voteRequested")?.["proposalId"] === proposalId);
    expect(await request(bob, { command: "/votes" })).toMatchObject({
      result: { votes: [{ proposalId, yes: 1, no: 0, expected: 2, voted: false, secondsLeft: 19 }] },
    });
    const number = Number(bob.last("voteRequested")?.["number"]);
    expect(await request(bob, { command: `/vote ${number} yes` })).toMatchObject({ ok: true });
    await until(() => ada.last("proposalDecided")?.["proposalId"] === proposalId, 1_000);
    await until(() => cleo.status !== undefined);
    expect(cleo.last("leaving")).toMatchObject({ reason: "removed" });
    expect(cleo.last("closed")).toEqual({ type: "closed", status: 1 });
    expect(cleo.status).toBe(1);
    expect(await request(ada, { command: "/who" })).toMatchObject({
      result: { bans: [{ member: target, until: expect.stringMatching(/^2026-12-21T00:/) as string }] },
    });
  });

  test("ends at the end of its input, with `closed` as the last line", async () => {
    const { create, until } = createGarden();
    const ada = await create("ada", "--json");
    ada.endInput();
    await until(() => ada.status !== undefined);
    expect(ada.json.at(-1)).toEqual({ type: "closed", status: 0 });
  });
});

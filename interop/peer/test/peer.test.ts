import { createVirtualClock } from "@demls/testkit";
import {
  bytesToHex,
  encodeAppMessage,
  encodeConversationUpdateRequest,
  utf8ToBytes,
  ViolationType,
} from "@demls/wire";
import { describe, expect, test } from "vitest";
import { peerCommand } from "../src/index.js";
import { startPeer, type Line } from "./peer-driver.js";
import {
  appMessages,
  banWithConsent,
  eventsOf,
  founded,
  GARDEN,
  join,
  newUser,
  secretKey,
  settled,
  stateOf,
} from "./peer-garden.js";

describe("A peer", () => {
  test("starts with a ready line and ends with status 0 at the end of its input", async () => {
    const peer = startPeer();
    await peer.ask("poll_all");
    expect(peer.output[0]).toEqual({
      type: "ready",
      version: expect.stringMatching(/^demls \d+\.\d+\.\d+/),
      pid: process.pid,
    });
    expect(await peer.end()).toBe(0);
  });

  test("reports the joins, votes, messages, bans and leaves of three users", async () => {
    const peer = await founded();
    const alice = (await stateOf(peer, "alice")).members[0]?.id;
    const bob = await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);

    const carol = await newUser(peer, "carol");
    await peer.call("join", { user: "carol", ...GARDEN, config: { commit_inactivity_ms: 20_000 } });
    expect(await stateOf(peer, "carol")).toMatchObject({ state: "PendingJoin", epoch: null, members: [] });
    const { key_package_b64 } = await peer.call<{ key_package_b64: string }>("key_package", {
      user: "carol",
    });
    await peer.call("invite", { user: "alice", ...GARDEN, key_package_b64 });
    await peer.carry();
    const [banner] = appMessages(peer, "bob", "vote_payload").filter(
      ({ decoded_payload }) => (decoded_payload as Record<string, unknown>)["identity"] === carol.identity,
    );
    expect(banner).toMatchObject({
      conversation_id: "garden",
      decoded_payload: { kind: "invite_member", identity: carol.identity },
      from: alice,
    });
    const proposal_id = banner?.["proposal_id"];
    await peer.call("vote", { user: "bob", ...GARDEN, proposal_id, vote: true });
    await peer.carry();
    const outcome = { kind: "reached", proposal_id, result: true };
    expect(peer.linesOf("alice", "consensus").at(-1)).toMatchObject({ conversation_id: "garden", outcome });
    expect(eventsOf(peer, "bob", "proposal_decided").at(-1)).toMatchObject({ outcome });
    await settled(peer, ["alice", "bob", "carol"]);
    expect(peer.linesOf("bob", "freeze").at(-1)).toMatchObject({ status: "applied" });
    expect(eventsOf(peer, "alice", "commit_applied").at(-1)).toMatchObject({
      batch: [{ kind: "invite_member", identity: carol.identity }],
    });

    await peer.call("send_message", { user: "carol", ...GARDEN, text: "good morning ☕" });
    await peer.call("send_message", { user: "bob", ...GARDEN, data_hex: "ff00" });
    await peer.carry();
    const heard = appMessages(peer, "alice", "conversation_message");
    expect(heard).toMatchObject([
      { text: "good morning ☕", sender: carol.display, from: carol.identity, conversation_name: "garden" },
      { message: "ff00", from: bob.identity },
    ]);

    await peer.call("ban_request", { user: "alice", ...GARDEN, identity_hex: carol.identity });
    expect(eventsOf(peer, "alice", "own_proposal_submitted").at(-1)).toMatchObject({
      request: { kind: "remove_member", identity: carol.identity },
    });
    await peer.passUntil(() => eventsOf(peer, "carol", "leaving").length > 0);
    await settled(peer, ["alice", "bob"]);
    expect(peer.linesOf("carol", "lifecycle").map(({ event }) => event)).toEqual(["created", "removed"]);
    expect(await peer.call("list", { user: "carol" })).toEqual([]);
    expect(await peer.ask("state", { user: "carol", ...GARDEN })).toMatchObject({ ok: false });

    await peer.call("leave", { user: "bob", ...GARDEN });
    await peer.passUntil(() => eventsOf(peer, "bob", "leaving").length > 0);
    await settled(peer, ["alice"]);
    const last = await stateOf(peer, "alice");
    expect(last).toMatchObject({ state: "Working", is_steward: true, pending_outbound: 0 });
    expect(last.epoch_authenticator).toMatch(/^[0-9a-f]{64}$/);
    expect(await peer.end()).toBe(0);
  });

  test("writes the events of a command before its reply", async () => {
    const peer = await founded();
    await peer.call("send_message", { user: "alice", ...GARDEN, text: "anyone?" });
    const [packet, reply] = peer.output.slice(-2);
    expect(packet).toMatchObject({ type: "packet", user: "alice", seq: 1, subtopic: "app_msg" });
    expect(packet?.["meaning"]).toMatchObject({ kind: "conversation_message", text: "anyone?" });
    expect(reply).toMatchObject({ type: "reply", ok: true });
  });

  test("fires timers only when polled", async () => {
    const peer = await founded();
    await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);
    const { identity } = await newUser(peer, "carol");
    const { key_package_b64 } = await peer.call<{ key_package_b64: string }>("key_package", {
      user: "carol",
    });
    await peer.call("invite", { user: "alice", ...GARDEN, key_package_b64, creator_vote: "deferred" });
    const written = peer.output.length;
    await peer.clock.advance(1_000);
    expect(peer.output).toHaveLength(written);
    await peer.call("poll", { user: "bob" });
    expect(peer.output).toHaveLength(written + 1);
    await peer.call("poll", { user: "alice" });
    expect(peer.output.slice(written)).toContainEqual(
      expect.objectContaining({
        type: "packet",
        user: "alice",
        meaning: expect.objectContaining({ kind: "vote" }),
      }),
    );
    expect((await stateOf(peer, "alice")).members.map(({ id }) => id)).not.toContain(identity);
  });

  test("polls automatically at the given interval, until it is set to 0", async () => {
    const peer = await founded("--tick-ms", "20");
    const joined = newUser(peer, "bob");
    const { identity } = await joined;
    const { key_package_b64 } = await peer.call<{ key_package_b64: string }>("key_package", { user: "bob" });
    const votes = (): number =>
      peer.linesOf("alice", "packet").filter((line) => (line["meaning"] as Line | null)?.["kind"] === "vote")
        .length;

    await peer.call("invite", { user: "alice", ...GARDEN, key_package_b64, creator_vote: "deferred" });
    await peer.clock.advance(400);
    expect(votes()).toBe(1);
    expect((await stateOf(peer, "alice")).approved).toMatchObject([{ kind: "invite_member", identity }]);

    await peer.call("tick", { ms: 0 });
    await peer.clock.advance(2_000);
    expect((await stateOf(peer, "alice")).epoch).toBe(0);
    await peer.call("tick", { ms: 10 });
    await peer.clock.advance(2_000);
    expect((await stateOf(peer, "alice")).epoch).toBe(1);
    await peer.end();
    expect(peer.clock.nextWakeMs()).toBeUndefined();
  });

  test("rejects a packet with a reason, and accepts an echo of its own", async () => {
    const peer = await founded();
    await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);
    const inbound = { user: "alice", ...GARDEN, subtopic: "app_msg", app_id: "00".repeat(16) };
    const error = async (fields: object): Promise<unknown> => {
      const reply = await peer.ask("inbound", { ...inbound, payload_b64: "AAAA", ...fields });
      return reply.ok ? undefined : reply.error;
    };
    expect(await error({})).toContain("rejected: malformed-packet");
    expect(await error({ subtopic: "gossip" })).toContain("rejected: unknown-subtopic");
    expect(await error({ subtopic: "welcome" })).toContain("rejected: malformed-packet");
    expect(await error({ conversation_id: "shed" })).toContain("not in that conversation");
    const own = peer.linesOf("alice", "packet").at(-1);
    expect(await error({ app_id: own?.["app_id"] })).toBeUndefined();
  });

  test("opens a vote on a buffered key package as the epoch steward", async () => {
    const peer = await founded();
    const { identity } = await newUser(peer, "bob");
    const { key_package_b64 } = await peer.call<{ key_package_b64: string }>("key_package", { user: "bob" });
    await peer.call("invite", { user: "alice", ...GARDEN, key_package_b64, mode: "buffer" });
    expect(eventsOf(peer, "alice", "own_proposal_submitted")).toMatchObject([
      { request: { kind: "invite_member", identity } },
    ]);
    expect(
      await peer.ask("invite", { user: "alice", ...GARDEN, key_package_b64: "AAAA", mode: "buffer" }),
    ).toMatchObject({
      ok: false,
      error: expect.stringContaining("rejected: invalid-key-package"),
    });
  });

  test("proposes any encoded request", async () => {
    const peer = await founded();
    const { identity } = await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);
    const alice = (await stateOf(peer, "alice")).members.find(({ id }) => id !== identity);
    const request = encodeConversationUpdateRequest({
      kind: "emergency_criteria",
      evidence: {
        violationType: ViolationType.CensorshipInactivity,
        targetMemberId: Uint8Array.from(Buffer.from(identity, "hex")),
        evidencePayload: new Uint8Array(),
        epoch: 1n,
        creatorMemberId: Uint8Array.from(Buffer.from(alice?.id ?? "", "hex")),
      },
    });
    await peer.call("propose", { user: "alice", ...GARDEN, request_hex: bytesToHex(request) });
    await peer.carry();
    expect(appMessages(peer, "bob", "vote_payload").at(-1)).toMatchObject({
      decoded_payload: {
        kind: "emergency_criteria",
        evidence: { violation_type: 3, target_member_id: identity },
      },
    });
  });

  test("encrypts any message as a member, whose next own message can still be decrypted", async () => {
    const peer = await founded();
    const { identity } = await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);
    const forged = encodeAppMessage({
      kind: "conversation_message",
      message: utf8ToBytes("I am alice"),
      sender: "alice",
      conversationName: "garden",
    });
    const packets = peer.linesOf("bob", "packet").length;
    const { payload_b64 } = await peer.call<{ payload_b64: string }>("encrypt_raw", {
      user: "bob",
      ...GARDEN,
      app_message_hex: bytesToHex(forged),
    });
    expect(peer.linesOf("bob", "packet")).toHaveLength(packets);
    const packet = { user: "alice", ...GARDEN, payload_b64, subtopic: "app_msg", app_id: "01".repeat(16) };
    await peer.call("inbound", packet);
    expect(await peer.ask("inbound", packet)).toMatchObject({
      ok: false,
      error: expect.stringContaining("replayed"),
    });
    await peer.call("send_message", { user: "bob", ...GARDEN, text: "it was me" });
    expect(await peer.carry()).toBe(0);
    expect(appMessages(peer, "alice", "conversation_message")).toMatchObject([
      { text: "I am alice", sender: "alice", from: identity },
      { text: "it was me", from: identity },
    ]);
  });

  test("encrypts any message during a freeze, which delays chat messages", async () => {
    const peer = await founded();
    await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);
    await newUser(peer, "carol");
    const { key_package_b64 } = await peer.call<{ key_package_b64: string }>("key_package", {
      user: "carol",
    });
    await peer.call("invite", { user: "alice", ...GARDEN, key_package_b64 });
    const isFreezing = async (): Promise<boolean> => (await stateOf(peer, "alice")).state === "Freezing";
    // Bob does not receive the candidate, so that the freeze lasts.
    await peer.carry();
    while (!(await isFreezing())) {
      await peer.clock.advance(50);
      await peer.call("poll_all");
      if (!(await isFreezing())) await peer.carry();
    }
    const said = peer.linesOf("alice", "packet").length;
    await peer.call("send_message", { user: "alice", ...GARDEN, text: "later" });
    expect(peer.linesOf("alice", "packet")).toHaveLength(said);
    const message = encodeAppMessage({
      kind: "ban_request",
      userToBan: new Uint8Array(20),
      conversationName: "garden",
    });
    const app_message_hex = bytesToHex(message);
    const { payload_b64 } = await peer.call<{ payload_b64: string }>("encrypt_raw", {
      user: "alice",
      ...GARDEN,
      app_message_hex,
    });
    const packet = { user: "bob", ...GARDEN, payload_b64, subtopic: "app_msg", app_id: "01".repeat(16) };
    expect(await peer.ask("inbound", packet)).toMatchObject({
      ok: false,
      error: expect.stringContaining("not-a-member"),
    });
  });

  test("reports the failure of a command after its reply in an error line", async () => {
    const peer = await founded();
    await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);
    await banWithConsent(peer, "alice", "bob");
    await peer.passUntil(async () => (await stateOf(peer, "bob")).state === "Freezing");
    await peer.call("send_message", { user: "bob", ...GARDEN, text: "one more thing" });
    await peer.passUntil(() => eventsOf(peer, "bob", "leaving").length > 0);
    expect(peer.linesOf("bob", "error")).toEqual([
      {
        type: "error",
        user: "bob",
        ...GARDEN,
        op: "send_message",
        error: expect.stringContaining("[conversation-ended]"),
      },
    ]);
  });

  test("reports no errors of calls that are pending at the end of its input", async () => {
    const peer = await founded();
    await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);
    await banWithConsent(peer, "alice", "bob");
    await peer.passUntil(async () => (await stateOf(peer, "bob")).state === "Freezing");
    await peer.call("send_message", { user: "bob", ...GARDEN, text: "one more thing" });
    const written = peer.output.length;
    expect(await peer.end()).toBe(0);
    expect(peer.output).toHaveLength(written);
  });

  test("installs a steward list without a vote on command", async () => {
    const peer = await founded();
    const { identity } = await join(peer, "bob");
    await settled(peer, ["alice", "bob"]);
    for (const user of ["alice", "bob"]) await peer.call("regenerate_steward_list", { user, ...GARDEN });
    const [atAlice, atBob] = [await stateOf(peer, "alice"), await stateOf(peer, "bob")];
    expect(atAlice.steward_list).toEqual(atBob.steward_list);
    expect(atAlice.steward_list).toMatchObject({
      has_list: true,
      list_retry_round: 0,
      election_epoch: atAlice.epoch,
    });
    expect(atAlice.steward_list.members).toContain(identity);
  });

  test("broadcasts a ConversationSync on command", async () => {
    const peer = await founded();
    await peer.call("send_sync", { user: "alice", ...GARDEN });
    expect(peer.linesOf("alice", "packet").at(-1)?.["meaning"]).toMatchObject({
      kind: "conversation_sync",
      sn_min: 1,
      sn_max: 2,
      timing: { freeze_duration_ms: "450" },
    });
  });

  test("prefers a conversation's settings over its user's", async () => {
    const peer = startPeer();
    await newUser(peer, "alice");
    const config = { sn_max: 4, default_score: "9007199254740993", threshold: -5, compatibility: "strict" };
    await peer.call("create_conversation", { user: "alice", ...GARDEN, config });
    expect(await stateOf(peer, "alice")).toMatchObject({
      scores: [{ score: "9007199254740993" }],
      steward_list: { sn_min: 1, sn_max: 4 },
    });
    await peer.call("send_sync", { user: "alice", ...GARDEN });
    expect(peer.linesOf("alice", "packet").at(-1)?.["meaning"]).toMatchObject({
      threshold_peer_score: "-5",
      timing: { freeze_duration_ms: "450" },
    });
  });

  test.each([
    ["de-mls-3 where nothing is said", {}, {}, false],
    ["its user's", { compatibility: "strict" }, {}, true],
    ["its own", { compatibility: "strict" }, { compatibility: "de-mls-3" }, false],
  ])("creates a conversation in a mode that is %s", async (_, ofUser, ofConversation, isStrict) => {
    const peer = startPeer();
    const user = "alice";
    await peer.call("new_user", { user, secret_key_hex: secretKey(user), config: ofUser });
    await peer.call("create_conversation", { user, ...GARDEN, config: ofConversation });
    // Only strict conversations allow partial commits, by default.
    expect((await stateOf(peer, user)).steward_list.allow_subset_candidates).toBe(isStrict);
  });

  test("cancels a pending join on leave", async () => {
    const peer = startPeer();
    await newUser(peer, "alice");
    await peer.call("join", { user: "alice", ...GARDEN });
    await peer.call("leave", { user: "alice", ...GARDEN });
    expect(peer.output.slice(-3)).toMatchObject([
      { type: "event", event: "leaving" },
      { type: "lifecycle", event: "removed", conversation_id: "garden" },
      { type: "reply", ok: true },
    ]);
  });

  test("reports the outcome of every packet of a verbose user as a diagnostic", async () => {
    const peer = startPeer();
    await peer.call("new_user", { user: "alice", secret_key_hex: secretKey("alice"), verbose: true });
    await peer.call("create_conversation", { user: "alice", ...GARDEN });
    const packet = { payload_b64: "AAAA", subtopic: "app_msg", app_id: "01".repeat(16) };
    await peer.ask("inbound", { user: "alice", ...GARDEN, ...packet });
    expect(peer.diagnostics).toEqual([
      "demls peer: alice, garden: app_msg packet rejected: malformed-packet",
    ]);
  });
});

describe("The options of demls peer", () => {
  test.each([
    [["--tick-ms", "soon"], "--tick-ms takes whole milliseconds from 0 to 3600000"],
    [["--tick-ms", "3600001"], "--tick-ms takes whole milliseconds from 0 to 3600000"],
    [["--data", "here"], "--data is not supported"],
    [["--volume", "11"], "Unknown option '--volume'"],
  ])("%j are rejected with a reason", async (options, reason) => {
    const peer = startPeer(...options);
    await expect(peer.end()).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining(reason),
    });
    expect(peer.output).toEqual([]);
  });

  test("are printed by --help", async () => {
    const printed: string[] = [];
    const context = {
      lines: async function* () {},
      print: (line: string) => void printed.push(line),
      printError: () => undefined,
      clock: createVirtualClock(),
    };
    expect(await peerCommand(["--help"], context)).toBe(0);
    expect(printed).toEqual([expect.stringContaining("--tick-ms N")]);
  });
});

import { encodeAppMessage, encodeWelcomeMessage, type AppMessage } from "@demls/wire";
import { utf8ToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import {
  createScene,
  enter,
  eventsOf,
  expectMistake,
  fork,
  GARDEN,
  gather,
  packetOf,
  receive,
  sealed,
  send,
  type Member,
  type Person,
  type Scene,
  type World,
} from "../harness/index.js";
import { probeAt } from "./probes.js";

/** Recorded errors of 3.0.0 by situation: the text, or the result and events for an encrypted message. */
type Said = string | { readonly result: string; readonly events: readonly string[] };

const recorded = probeAt<Readonly<Record<string, Said>>>(loadVectors("11_behaviours.json"), 5, "errors");
const asserted = new Set(["name"]);

/** The recorded error of a situation. Notes the situation, so that the last test finds any without a test. */
function said(what: string): string {
  const found = recorded[what];
  if (found === undefined) throw new Error(`There is no such error: ${what}`);
  asserted.add(what);
  return typeof found === "string" ? found : [found.result, ...found.events].join(" ");
}

const ignored = (reason: string): object => ({ kind: "ignored", reason });
const rejected = (reason: string): object => ({ kind: "rejected", reason });

const emptyCandidate = {
  conversationName: utf8ToBytes(GARDEN),
  mlsProposals: [],
  commitMessage: new Uint8Array(),
  stewardIdentity: new Uint8Array(),
};

const settled = await gather(["alice", "bob"]);

describe("packets from the network: 3.0.0's recorded result and this implementation's", () => {
  let world: World;
  let alice: Member;
  let bob: Member;

  beforeEach(async () => {
    ({ world } = await fork(settled.world));
    [alice, bob] = world.members as [Member, Member];
  });

  const app = (payload: Uint8Array): Packet => packetOf(alice, payload);
  const welcome = (payload: Uint8Array): Packet => packetOf(alice, payload, WELCOME_SUBTOPIC);

  test.each<[string, string, () => Packet, object]>([
    [
      "inbound unknown conversation",
      "[ConversationNotFound]",
      () => ({ ...app(Uint8Array.of(1)), conversationId: "elsewhere" }),
      ignored("other-conversation"),
    ],
    [
      "inbound bad subtopic",
      "InvalidSubtopic",
      () => packetOf(alice, Uint8Array.of(1), "zzz"),
      rejected("unknown-subtopic"),
    ],
    ["inbound empty app_msg", "EndOfStream", () => app(new Uint8Array()), rejected("malformed-packet")],
    [
      "inbound garbage app_msg",
      "UnknownValue",
      () => app(Uint8Array.of(2, 3, 4)),
      rejected("malformed-packet"),
    ],
    ["inbound garbage welcome", "DecodeError", () => welcome(Uint8Array.of(0)), rejected("malformed-packet")],
    ["inbound empty welcome", "ok", () => welcome(new Uint8Array()), ignored("empty-message")],
    [
      "welcome with bad key package json",
      "KeyPackageJson",
      () => welcome(encodeWelcomeMessage({ kind: "user_key_package", keyPackageBytes: utf8ToBytes("{}") })),
      rejected("invalid-key-package"),
    ],
    [
      "plaintext AppMessage (not a candidate)",
      "MlsMessageDeserialize",
      () => app(encodeAppMessage(chat("in the clear"))),
      rejected("malformed-packet"),
    ],
  ])("%s (%s)", async (what, then, packet, now) => {
    expect(said(what)).toContain(then);
    expect(await receive(world, bob, packet())).toMatchObject(now);
  });

  test.each<[string, string, AppMessage | Uint8Array, object]>([
    ["encrypted empty AppMessage", "ok", new Uint8Array(), ignored("empty-message")],
    ["encrypted garbage", "DecodeError", Uint8Array.of(0xff, 0xff), rejected("malformed-message")],
    [
      "encrypted user_vote",
      "ok",
      { kind: "user_vote", proposalId: 1, vote: true, conversationName: GARDEN },
      ignored("local-only-message"),
    ],
    [
      "encrypted proposal_added",
      "ok",
      { kind: "proposal_added", conversationId: GARDEN, request: undefined },
      ignored("local-only-message"),
    ],
    [
      "encrypted commit_candidate",
      "ok",
      { kind: "commit_candidate", candidate: emptyCandidate },
      ignored("handshake-outside-candidate"),
    ],
    [
      "encrypted ban_request for non-member",
      "ok",
      { kind: "ban_request", userToBan: new Uint8Array(20), conversationName: GARDEN },
      rejected("not-a-member"),
    ],
  ])("%s (%s)", async (what, then, message, now) => {
    expect(said(what)).toContain(then);
    const told = bob.events.length;
    expect(await receive(world, bob, await sealed(alice, message))).toMatchObject(now);
    expect(bob.events).toHaveLength(told);
  });

  test("a chat message with another sender's name: shown with its authenticated sender (W17)", async () => {
    expect(said("encrypted conversation_message claiming another sender")).toBe("ok app_message");
    await receive(world, bob, await sealed(alice, chat("it is I", bob.name)));
    expect(eventsOf(bob, "message")).toMatchObject([{ text: "it is I", sender: alice.id }]);
  });

  test("a repeated, changed, or own message", async () => {
    const packet = await sealed(alice, chat("once"));
    expect(await receive(world, bob, packet)).toMatchObject({ kind: "accepted" });
    expect(said("same app message again")).toContain("SecretReuseError");
    expect(await receive(world, bob, packet)).toMatchObject(rejected("replayed-message"));
    expect(said("tampered copy of an already processed message")).toContain("SecretReuseError");
    const last = packet.payload.length - 1;
    const tampered = packet.payload.with(last, (packet.payload[last] ?? 0) ^ 1);
    expect(await receive(world, bob, { ...packet, payload: tampered })).toMatchObject({ kind: "rejected" });
    expect(said("own message back, own app_id")).toBe("ok");
    expect(await receive(world, alice, packet)).toMatchObject(ignored("own-echo"));
    expect(said("own message back, other app_id")).toContain("CannotDecryptOwnMessage");
    const back = { ...packet, appId: bob.appId };
    expect(await receive(world, alice, back)).toMatchObject(ignored("own-message"));
  });

  test("an empty message is accepted", async () => {
    expect(said("empty message")).toBe("ok");
    await send(world, alice, new Uint8Array());
    await receive(world, bob, (world.inFlight[0] as { packet: Packet }).packet);
    expect(eventsOf(bob, "message")).toMatchObject([{ text: "", sender: alice.id }]);
  });
});

describe("commands: 3.0.0's recorded error and this implementation's error code", () => {
  let scene: Scene, alice: Person;

  beforeEach(async () => {
    scene = createScene("recorded errors");
    alice = await enter(scene, "alice");
  });

  afterEach(() => scene.close());

  test("a name in use, an empty name, or an unknown name", async () => {
    await alice.user.createConversation("garden");
    expect(said("create twice")).toContain("ConversationAlreadyExists");
    await expectMistake(alice.user.createConversation("garden"), "conversation-exists", "name");
    for (const what of ["message to unknown conversation", "leave unknown"]) {
      expect(said(what)).toContain("Conversation not found");
      await expectMistake((async () => alice.user.conversation("cellar"))(), "unknown-conversation", "name");
    }
    expect(said("empty conversation name")).toBe("ok");
    await expectMistake(alice.user.createConversation(""), "invalid-conversation-name", "name");
  });

  test("a proposal lifetime below one second, with which 3.0.0 can neither ban nor leave (W15)", async () => {
    expect(said("proposal_expiration below one second")).toContain("timeout must be greater than 0");
    expect(said("leave with proposal_expiration below one second")).toContain("ProposalExpired");
    const config = { proposalExpirationMs: 999 };
    await expectMistake(
      alice.user.createConversation("garden", { config }),
      "invalid-config",
      "proposalExpirationMs",
    );
  });

  test("commands other than leave while a join is pending", async () => {
    const garden = await alice.user.join({ name: "garden" }).conversation;
    expect(said("message while pending join")).toContain('ConversationBlocked("PendingJoin")');
    await expectMistake(garden.send("hello"), "not-joined", "conversation");
    expect(said("ban while pending join")).toContain('ConversationBlocked("PendingJoin")');
    await expectMistake(garden.proposeRemove(alice.id).accepted, "not-joined", "conversation");
    expect(said("leave while pending join")).toBe("ok");
    await garden.leave().committed;
    expect(alice.user.conversations.size).toBe(0);
  });
});

test("every recorded error is covered", () => {
  expect(Object.keys(recorded).filter((what) => !asserted.has(what))).toEqual([]);
});

function chat(text: string, sender = "alice"): AppMessage {
  return {
    kind: "conversation_message",
    message: utf8ToBytes(text),
    sender,
    conversationName: GARDEN,
  };
}

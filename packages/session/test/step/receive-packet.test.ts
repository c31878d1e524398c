import { createSeededRandom } from "@demls/testkit";
import { MAX_PACKET_BYTES, encodeAppMessage, encodeWelcomeMessage, type AppMessage } from "@demls/wire";
import { APP_MSG_SUBTOPIC, utf8ToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Phase } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  castOf,
  create,
  createWorld,
  encodeMlsHeader,
  encodeState,
  encodeStateButGroup,
  fork,
  gather,
  groupIdOf,
  join,
  packetOf,
  propose,
  receive,
  sealed,
  send,
  take,
  until,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave"]);

/** A member in a phase, a sender, and every packet ever sent to the member. */
interface Scene {
  readonly world: World;
  readonly reader: Member;
  readonly writer: Member;
  readonly genuine: readonly Packet[];
}

async function inPhase(phase: Phase): Promise<Scene> {
  const { world } = await fork(settled.world, phase);
  const { stewards, others } = castOf(world);
  const [first] = stewards;
  const [reader, target] = others;
  const genuine: Packet[] = [];
  world.arrives = ({ to, packet }) => {
    if (to === reader) genuine.push(packet);
    return true;
  };
  for (const text of ["one", "two"]) await send(world, first, text);
  await propose(world, first, removeRequest(phase === "ended" ? reader.id : target.id));
  await until(world, () => world.members.every(({ state }) => state.changes.approved.length === 1));
  if (phase === "ended") await until(world, () => reader.state.phase === "ended");
  if (phase === "freezing" || phase === "reelection") {
    world.nowMs += 60_000;
    await take(world, reader, { kind: "tick" });
  }
  if (phase === "reelection") {
    world.nowMs += 30_000;
    await take(world, reader, { kind: "tick" });
  }
  expect(reader.state.phase).toBe(phase);
  return { world, reader, writer: first, genuine };
}

async function untouched({ world, reader }: Scene, packet: Packet): Promise<string> {
  const before = encodeState(reader.state, reader.mls);
  const outcome = await receive(world, reader, packet);
  expect(encodeState(reader.state, reader.mls)).toBe(before);
  expect(["ignored", "rejected"]).toContain(outcome.kind);
  return outcome.kind === "ignored" || outcome.kind === "rejected" ? outcome.reason : outcome.kind;
}

const SUBTOPICS = [APP_MSG_SUBTOPIC, WELCOME_SUBTOPIC];
const PHASES = ["working", "freezing", "reelection", "ended"] as const;

describe.each(PHASES)("while %s, the state is unchanged byte for byte", async (phase) => {
  const scene = await inPhase(phase);
  const { writer, genuine } = scene;

  test.each(SUBTOPICS)("after any bytes on %s", async (subtopic) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await untouched(scene, packetOf(writer, bytes, subtopic));
      }),
      { numRuns: 40 },
    );
  });

  test("after genuine packets truncated, modified, or sent on the other subtopic", async () => {
    const random = createSeededRandom(phase);
    expect(genuine.length).toBeGreaterThan(3);
    for (const packet of genuine.slice(0, 6)) {
      const { payload, subtopic } = packet;
      const cut = payload.slice(0, random.integer(0, payload.length - 1));
      const place = payload.length - 1 - random.integer(0, 15);
      const changed = payload.with(place, (payload[place] ?? 0) ^ 0x40);
      const elsewhere = subtopic === APP_MSG_SUBTOPIC ? WELCOME_SUBTOPIC : APP_MSG_SUBTOPIC;
      await untouched(scene, { ...packet, payload: cut });
      await untouched(scene, { ...packet, payload: changed });
      await untouched(scene, { ...packet, subtopic: elsewhere });
    }
  });

  test("after repeated genuine packets", async () => {
    for (const packet of genuine) {
      const reason = await untouched(scene, packet);
      expect(phase === "ended" ? ["conversation-ended"] : ["replayed-message", "known-candidate"]).toContain(
        reason,
      );
    }
  });

  test("after a packet that is too large, of another conversation, on an unknown subtopic, or its own echo", async () => {
    const large = new Uint8Array(MAX_PACKET_BYTES + 1);
    const small = Uint8Array.of(1);
    const ended = phase === "ended";
    for (const subtopic of SUBTOPICS) {
      const reason = await untouched(scene, packetOf(writer, large, subtopic));
      expect(reason).toBe(ended ? "conversation-ended" : "packet-too-large");
    }
    const stray = { ...packetOf(writer, small), conversationId: "meadow" };
    expect(await untouched(scene, stray)).toBe(ended ? "conversation-ended" : "other-conversation");
    expect(await untouched(scene, packetOf(writer, small, "weather"))).toBe(
      ended ? "conversation-ended" : "unknown-subtopic",
    );
    expect(await untouched(scene, packetOf(scene.reader, small))).toBe(
      ended ? "conversation-ended" : "own-echo",
    );
  });

  test("after a message of another group or a past epoch", async () => {
    const ended = phase === "ended";
    const foreign = packetOf(writer, encodeMlsHeader("abcdef", 1n));
    expect(await untouched(scene, foreign)).toBe(ended ? "conversation-ended" : "other-group");
    const past = packetOf(writer, encodeMlsHeader(groupIdOf(writer), 0n));
    expect(["past-epoch", "not-decryptable", "conversation-ended"]).toContain(await untouched(scene, past));
  });
});

describe("an invalid message of an authenticated member only consumes its generation", () => {
  const NONSENSE: [string, AppMessage | Uint8Array, string][] = [
    ["no message", encodeAppMessage({ kind: "empty" }), "empty-message"],
    ["noise", Uint8Array.of(0xff, 0xff, 0xff), "malformed-message"],
    [
      "a vote as an instance asks its user",
      { kind: "user_vote", proposalId: 1, vote: true, conversationName: "garden" },
      "local-only-message",
    ],
    [
      "a notice for an instance's user",
      { kind: "proposal_added", conversationId: "garden", request: undefined },
      "local-only-message",
    ],
    [
      "a vote's payload for an instance's user",
      {
        kind: "vote_payload",
        conversationId: "garden",
        proposalId: 1,
        payload: new Uint8Array(),
        timestamp: 1n,
      },
      "local-only-message",
    ],
    [
      "a candidate inside a message",
      {
        kind: "commit_candidate",
        candidate: {
          conversationName: utf8ToBytes("garden"),
          mlsProposals: [],
          commitMessage: new Uint8Array(),
          stewardIdentity: new Uint8Array(),
        },
      },
      "handshake-outside-candidate",
    ],
  ];

  describe.each(["working", "freezing", "reelection"] as const)("while %s", async (phase) => {
    const { world, reader, writer } = await inPhase(phase);
    test.each(NONSENSE)("%s", async (_what, message, reason) => {
      const packet = await sealed(writer, message);
      const before = encodeStateButGroup(reader.state, reader.mls);
      expect(await receive(world, reader, packet)).toMatchObject({ reason });
      expect(encodeStateButGroup(reader.state, reader.mls)).toBe(before);
      expect(await receive(world, reader, packet)).toMatchObject({ reason: "replayed-message" });
    });
  });
});

describe("while a join is pending", () => {
  test("invalid packets on the welcome subtopic leave the state unchanged", async () => {
    const world = createWorld();
    await create(world, "alice");
    const bob = await join(world, "bob");
    const welcomes: Packet[] = [];
    world.arrives = ({ to, packet }) => {
      if (to === bob && packet.subtopic === WELCOME_SUBTOPIC) welcomes.push(packet);
      return to !== bob;
    };
    await until(world, () => welcomes.length > 0);
    const [welcome] = welcomes as [Packet];
    const { length } = welcome.payload;
    const forged = [
      new Uint8Array(),
      Uint8Array.of(1, 2, 3),
      welcome.payload.slice(0, length - 40),
      welcome.payload.with(length - 20, (welcome.payload[length - 20] ?? 0) ^ 1),
      encodeWelcomeMessage({ kind: "invitation_to_join", mlsMessageOutBytes: Uint8Array.of(0, 1, 0, 3) }),
      encodeWelcomeMessage({ kind: "user_key_package", keyPackageBytes: Uint8Array.of(1) }),
      encodeWelcomeMessage({ kind: "empty" }),
    ];
    for (const payload of forged) {
      const before = encodeState(bob.state, bob.mls);
      const outcome = await receive(world, bob, { ...welcome, payload });
      expect(["ignored", "rejected"]).toContain(outcome.kind);
      expect(encodeState(bob.state, bob.mls)).toBe(before);
      expect(bob.keyPackages).toHaveLength(1);
    }
    expect(await receive(world, bob, welcome)).toMatchObject({ kind: "accepted", what: "welcome" });
  });

  test("a welcome to another group is rejected, and the key package stays valid", async () => {
    const world = createWorld();
    const alice = await create(world, "alice");
    const bob = await join(world, "bob");
    const meadow = await alice.mls.createGroup("meadow");
    const [keyPackage] = bob.keyPackages;
    if (keyPackage === undefined) throw new Error("Bob has announced no key package.");
    const { candidate } = await alice.mls.createCandidate(meadow, [
      { kind: "add", keyPackage: keyPackage.bytes },
    ]);
    const payload = encodeWelcomeMessage({
      kind: "invitation_to_join",
      mlsMessageOutBytes: candidate.welcome ?? new Uint8Array(),
    });
    expect(await receive(world, bob, packetOf(alice, payload, WELCOME_SUBTOPIC))).toEqual({
      kind: "rejected",
      reason: "invalid-welcome",
      detail: "other-conversation",
    });
    expect(bob.state.phase).toBe("pending-join");
    expect(bob.keyPackages).toEqual([keyPackage]);
    await until(world, () => bob.state.phase === "working");
    expect(bob.keyPackages).toEqual([]);
  });
});

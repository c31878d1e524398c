import { beforeEach, describe, expect, test } from "vitest";
import {
  toJson,
  type ChangeRequest,
  type Conversation,
  type ConversationEvent,
  type ConversationSnapshot,
} from "../../src/index.js";
import { gather, openScene, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person;
let garden: Conversation;

/** While a vote is open, so that requests with bytes, and proposals, are in the snapshot. */
beforeEach(async () => {
  const { bob, carol, ...rest } = await openScene("snapshots as JSON", "alice", "bob", "carol");
  ({ scene, alice } = rest);
  [garden] = await gather(scene, "garden", alice, bob);
  await carol.user.join({ name: "garden" }).conversation;
  await until(scene, () => garden.state.openVotes.length > 0);
});

describe("A snapshot as JSON", () => {
  test("is all of it, 64-bit integers as decimal strings and bytes as hex", () => {
    const { state } = garden;
    const parsed = JSON.parse(JSON.stringify(state)) as ConversationSnapshot;
    expect(Object.keys(parsed)).toEqual(Object.keys(state));
    expect(parsed).toMatchObject({
      name: "garden",
      epoch: String(state.epoch),
      epochAuthenticator: state.epochAuthenticator,
      config: state.config,
      members: [
        { id: alice.id, role: "epoch-steward", score: "110" },
        { role: expect.any(String) as string },
      ],
      stewards: { electionEpoch: String(state.stewards?.electionEpoch) },
    });
    const [vote] = parsed.openVotes;
    expect(vote?.request).toMatchObject({
      kind: "add",
      keyPackage: expect.stringMatching(/^([0-9a-f]{2})+$/) as string,
    });
  });

  test.each([
    ["members", ({ members }: ConversationSnapshot) => members],
    ["stewards", ({ stewards }: ConversationSnapshot) => stewards],
    ["openVotes", ({ openVotes }: ConversationSnapshot) => openVotes],
    ["proposals", ({ proposals }: ConversationSnapshot) => proposals],
  ] as const)("has its %s as they are by themselves", (name, partOf) => {
    const whole = JSON.parse(JSON.stringify(garden.state)) as Record<string, unknown>;
    expect(JSON.parse(JSON.stringify(partOf(garden.state)))).toEqual(whole[name]);
    expect(whole[name]).toBeDefined();
  });

  test("is that of an election by itself, of an event and of a bigint within both", () => {
    const request: ChangeRequest = {
      kind: "electStewards",
      stewards: [alice.id],
      electionEpoch: 2n ** 60n,
      retryRound: 1,
    };
    const event: ConversationEvent = { kind: "proposalDecided", proposalId: 7, request, result: "yes" };
    const json = { ...request, electionEpoch: "1152921504606846976" };
    expect(() => JSON.stringify(event)).toThrow(TypeError);
    expect(JSON.parse(JSON.stringify(toJson(request)))).toEqual(json);
    expect(JSON.parse(JSON.stringify(toJson(event)))).toEqual({ ...event, request: json });
  });

  test("is no part of the data: keys, spreads, comparisons and structured clones do not see it", () => {
    const { state } = garden;
    const copy = { ...state };
    expect(Object.keys(state)).not.toContain("toJSON");
    expect(copy).toStrictEqual(state);
    expect(structuredClone(state)).toStrictEqual(state);
    expect("toJSON" in copy).toBe(false);
  });
});

import { LIMITS } from "../../src/model/limits.js";
import { memberIdToBytes, REPAIR_SUBTOPIC, utf8ToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  advance,
  approveBan,
  candidatePacket,
  encodeState,
  forgedCommit,
  gatherInEachMode,
  MODES,
  packetOf,
  receive,
  rolesOf,
  scoreOf,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/**
 * A candidate is sent unencrypted. In 3.0.0 anyone on the network could forge one in a steward's name: it cost that
 * steward 90 points and started a freeze.
 */
describe.each(MODES)("W5: forged commit candidates change no phase and no score (%s)", (mode) => {
  let world: World;
  /** The epoch steward and the other listed one. */
  let steward: Member, backup: Member;
  /** Three members not on the list: the target of a removal, an onlooker, and an attacker. */
  let target: Member, onlooker: Member, mallory: Member;

  beforeEach(async () => {
    ({ world } = await settled(mode));
    [steward, backup, target, onlooker, mallory] = rolesOf(world);
    await approveBan(world, onlooker, target);
  });

  function removal(member: Member): { readonly kind: "remove"; readonly member: Member["id"] } {
    return { kind: "remove", member: member.id };
  }

  function scoresAt(viewer: Member): readonly (bigint | undefined)[] {
    return world.members.map((member) => scoreOf(viewer, member));
  }

  /** Delivers a packet that must change neither state, scores nor phase. */
  async function refusal(packet: Parameters<typeof receive>[2]): Promise<unknown> {
    const before = encodeState(onlooker.state, onlooker.mls);
    const outcome = await receive(world, onlooker, packet);
    expect(encodeState(onlooker.state, onlooker.mls)).toBe(before);
    return outcome;
  }

  const commitBytes = (): Uint8Array => mallory.random.bytes(200);

  test("random bytes in a steward's name", async () => {
    const forged = { proposals: [commitBytes()], commit: commitBytes() };
    const packet = candidatePacket(mallory, forged, { stewardIdentity: memberIdToBytes(steward.id) });
    expect(await refusal(packet)).toMatchObject({ kind: "rejected", reason: "invalid-candidate" });
  });

  test("a genuine commit with its ciphertext changed", async () => {
    const { proposals, commit } = await forgedCommit(steward, [removal(target)]);
    const broken = commit.with(-1, (commit.at(-1) ?? 0) ^ 1);
    expect(await refusal(candidatePacket(steward, { proposals, commit: broken }))).toMatchObject({
      kind: "rejected",
      reason: "invalid-candidate",
    });
    // The forged packet has not consumed the genuine packet's generations.
    const genuine = candidatePacket(steward, { proposals, commit });
    expect(await receive(world, onlooker, genuine)).toMatchObject({ kind: "accepted", sender: steward.id });
  });

  test("another steward's commit under a changed name, sent ahead of the genuine one", async () => {
    const commit = await forgedCommit(steward, [removal(target)]);
    const scores = scoresAt(onlooker);
    for (const stranger of [memberIdToBytes(mallory.id), memberIdToBytes(backup.id), new Uint8Array()]) {
      const packet = candidatePacket(mallory, commit, { stewardIdentity: stranger });
      expect(await refusal(packet)).toEqual({
        kind: "rejected",
        reason: "invalid-candidate",
        detail: "foreign-steward",
      });
    }
    expect(onlooker.state.phase).toBe("working");
    expect(await receive(world, onlooker, candidatePacket(steward, commit))).toEqual({
      kind: "accepted",
      what: "candidate",
      sender: steward.id,
    });
    expect(scoresAt(onlooker)).toEqual(scores);
    await advance(world, 60_000);
    expect(onlooker.state.group?.members).not.toContain(target.id);
    expect(scoreOf(onlooker, steward)).toBe((scores[world.members.indexOf(steward)] ?? 0n) + 10n);
  });

  test("a bundle with a proposal left out, doubled or added", async () => {
    const { proposals, commit } = await forgedCommit(steward, [removal(target)]);
    const stray = await forgedCommit(mallory, [removal(onlooker)]);
    for (const bundle of [[], [...proposals, ...proposals], [...proposals, ...stray.proposals]]) {
      const outcome = await refusal(candidatePacket(steward, { proposals: bundle, commit }));
      expect(outcome).toMatchObject({ kind: "rejected", reason: "invalid-candidate" });
    }
  });

  test("the id of another group", async () => {
    const commit = await forgedCommit(steward, [removal(target)]);
    const packet = candidatePacket(steward, commit, { conversationName: utf8ToBytes("meadow") });
    expect(await refusal(packet)).toEqual({ kind: "ignored", reason: "other-group" });
  });

  test("more proposals than a commit may contain", async () => {
    const { proposals, commit } = await forgedCommit(steward, [removal(target)]);
    const [one = new Uint8Array()] = proposals;
    const many = Array.from({ length: LIMITS.commitChanges + 1 }, () => one);
    expect(await refusal(candidatePacket(steward, { proposals: many, commit }))).toEqual({
      kind: "rejected",
      reason: "candidate-too-large",
    });
  });

  test("a message that is not a commit", async () => {
    const { proposals } = await forgedCommit(steward, [removal(target)]);
    const [proposal = new Uint8Array()] = proposals;
    expect(await refusal(candidatePacket(steward, { proposals, commit: proposal }))).toEqual({
      kind: "rejected",
      reason: "invalid-candidate",
      detail: "not-a-commit",
    });
  });

  test("a bare commit or proposal, outside a candidate", async () => {
    const { proposals, commit } = await forgedCommit(steward, [removal(target)]);
    for (const handshake of [...proposals, commit]) {
      const outcome = await refusal(packetOf(steward, handshake));
      expect(outcome).toEqual({ kind: "ignored", reason: "handshake-outside-candidate" });
    }
  });

  test("a merged commit that arrives again", async () => {
    const commit = await forgedCommit(steward, [removal(target)]);
    // In strict mode the members exchange their choices.
    world.arrives = ({ packet }) => packet.subtopic === REPAIR_SUBTOPIC;
    for (const member of [onlooker, backup, mallory])
      await receive(world, member, candidatePacket(steward, commit));
    await advance(world, 30_000);
    expect(onlooker.state.group?.epoch).toBe(2n);
    expect(await refusal(candidatePacket(steward, commit))).toEqual({
      kind: "ignored",
      reason: "committed-candidate",
    });
  });
});

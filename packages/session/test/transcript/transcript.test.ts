import { commitHash } from "@demls/steward";
import { decodeWelcomeMessage, type ConversationSync } from "@demls/wire";
import { bytesToHex, memberIdFromBytes } from "@demls/wire/core";
import { beforeAll, describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import { recordedLines, type Stream } from "./log-lines.js";
import { recordedKeyPackage, recordedMls } from "./recorded-user.js";
import {
  appMessageIn,
  beforePacket,
  bytes,
  nameOf,
  startWallMs,
  withDelay,
  withoutPacket,
  type Recording,
  type ReplayedName,
} from "./recording.js";
import { POLL_MS, replay, type Replay } from "./replay.js";
import { recordedSent } from "./sent.js";
import type { View } from "./view.js";

const whole = loadVectors<Recording>("10_transcript.json");

/** Maximum delay of a message between the recorder's processes. */
const HOP_MS = 1;

const STREAMS: readonly Stream[] = ["event", "consensus", "freeze", "lifecycle"];

/** Outcomes of packets of epochs before the member joined. */
const TOO_EARLY = ["buffered before-join", "ignored past-epoch"];

const OUTSIDE: View = {
  phase: "pending-join",
  epoch: undefined,
  members: [],
  stewards: [],
  scores: {},
  open: [],
  approved: [],
  retryRound: 0,
};

interface Timed {
  readonly atMs: number;
}

/** Expects each recorded action at the same time as the replayed one, or at the recorder's next poll after it. */
function expectPunctual(recorded: readonly Timed[], ours: readonly Timed[]): void {
  expect(ours).toHaveLength(recorded.length);
  for (const [i, { atMs }] of recorded.entries()) {
    const lateMs = atMs - (ours[i]?.atMs ?? NaN);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThanOrEqual(POLL_MS + HOP_MS);
  }
}

/** The sync in packet `n`. */
function syncIn(n: number): ConversationSync {
  const packet = whole.packets[n];
  const message = packet && appMessageIn(packet).message;
  if (message?.kind !== "conversation_sync") throw new Error(`Packet ${n} is no sync.`);
  return message.sync;
}

/** The recorder's text after `word` in Python's notation, such as `members ['alice', 'bob']`. */
function namesIn(text: string, word: string): readonly string[] | undefined {
  const list = new RegExp(`${word} \\[(.*)\\]`).exec(text)?.[1];
  return list === undefined ? undefined : [...list.matchAll(/'(\w+)'/g)].map(([, name = ""]) => name);
}

/** Tests of a replay that follows the log. */
function testAgainstLog(name: ReplayedName, recording: Recording, ours: () => Replay): void {
  test.each(STREAMS)("has the events of the log, in its order and at its times: %s", (stream) => {
    const recorded = recordedLines(recording, name).filter((line) => line.stream === stream);
    const told = ours().lines.filter((line) => line.stream === stream);
    expect(told.map(({ text }) => text)).toEqual(recorded.map(({ text }) => text));
    expectPunctual(recorded, told);
  });

  test("sends the recorded packets at their times, byte for byte except for the secrets of commits", () => {
    const recorded = recordedSent(recording, name);
    const { sent } = ours();
    const untimed = recorded.map((packet, i) => ({ ...packet, atMs: sent[i]?.atMs }));
    expect(sent).toEqual(untimed);
    expectPunctual(recorded, sent);
  });

  test("holds the members and stewards that the log's steps name", () => {
    for (const [step, view] of Object.entries(ours().views)) {
      expect(view.members, step).toEqual(namesIn(step, "members") ?? view.members);
      expect(view.stewards, step).toEqual(namesIn(step, "stewards") ?? view.stewards);
    }
  });
}

/** The state of a new member equals the group's ConversationSync. */
function expectSynced({ views, end }: Replay, n: number): void {
  const sync = syncIn(n);
  const names = (ids: readonly Uint8Array[]): string[] =>
    ids.map((id) => nameOf(whole, memberIdFromBytes(id)));
  const view = views[`#${n}`];
  expect(view?.stewards).toEqual(names(sync.stewardMembers));
  expect(view?.scores).toMatchObject(
    Object.fromEntries(sync.peerScores.map(({ memberId, score }) => [names([memberId])[0], Number(score)])),
  );
  expect(end.config).toMatchObject({
    commitInactivityMs: Number(sync.timing?.commitInactivityDurationMs),
    freezeMs: Number(sync.timing?.freezeDurationMs),
    recoveryInactivityMs: Number(sync.timing?.recoveryInactivityDurationMs),
    proposalExpirationMs: Number(sync.timing?.proposalExpirationMs),
    consensusTimeoutMs: Number(sync.timing?.consensusTimeoutMs),
    pendingUpdateMaxEpochs: sync.pendingUpdateMaxEpochs,
    livenessCriteriaYes: sync.livenessCriteriaYes,
  });
  const { snMin, snMax, allowSubsetCandidates } = sync;
  expect(end.stewardBounds).toEqual({ snMin, snMax, allowSubsetCandidates });
  expect(end.maxRetries).toBe(sync.maxReelectionAttempts);
}

/** Whether a replay has the same events and packets as the replay that follows the log. */
async function comesToTheSame(
  changed: Recording,
  name: ReplayedName,
  { lines, sent }: Replay,
): Promise<boolean> {
  const other = await replay(changed, name);
  return JSON.stringify([other.lines, other.sent]) === JSON.stringify([lines, sent]);
}

describe("vectors/10 runs: replayed as bob from his recorded private parts, he", () => {
  // Afterwards the others follow bob's commit, whose path secrets were not recorded.
  const recording = beforePacket(whole, 20);
  let bob: Replay;
  beforeAll(async () => void (bob = await replay(recording, "bob")));

  testAgainstLog("bob", recording, () => bob);

  test("takes every packet of the others, but for those from before he was in", () => {
    expect(bob.outcomes).toEqual({
      1: TOO_EARLY,
      2: TOO_EARLY,
      3: TOO_EARLY,
      4: ["accepted welcome"],
      5: ["accepted sync of alice"],
      6: ["accepted proposal of alice"],
      8: ["accepted message of alice"],
      10: ["accepted vote of alice"],
      12: ["accepted keyPackage"],
      14: ["accepted vote of alice"],
      16: ["accepted candidate of alice"],
    });
  });

  test("has the recorded state at every step", () => {
    const election = 419410085;
    const addCarol = 4045351104;
    const scores = { alice: 100, bob: 100 };
    const welcomed: View = { ...OUTSIDE, phase: "working", epoch: 1, members: ["alice", "bob"], scores };
    const synced: View = { ...welcomed, stewards: ["alice"], scores: { ...scores, alice: 110 } };
    const electing: View = { ...synced, open: [election] };
    const elected: View = { ...synced, stewards: ["bob", "alice"] };
    const asked: View = { ...elected, open: [addCarol] };
    const expected: Record<string, View> = {
      "#1": OUTSIDE,
      "bob sent key package": OUTSIDE,
      "#2": OUTSIDE,
      "#3": OUTSIDE,
      "#4": welcomed,
      "#5": synced,
      "#6": electing,
      "bob joined: members ['alice', 'bob']": electing,
      "#8": electing,
      "messages exchanged": electing,
      "#10": electing,
      "#12": asked,
      "carol sent key package": asked,
      "#14": asked,
      "alice and bob voted yes by hand": { ...elected, approved: [addCarol] },
      "#16": {
        ...elected,
        epoch: 2,
        members: ["alice", "bob", "carol"],
        scores: { alice: 115, bob: 110, carol: 100 },
      },
    };
    expect(bob.views).toEqual(expected);
    expectSynced(bob, 5);
  });

  test("chooses his own candidate, as the recorded welcome shows", () => {
    expect(bob.chosen.map(({ steward }) => steward)).toEqual(["bob"]);
    const welcomes = recording.packets.filter(({ kind }) => kind === "invitation_to_join");
    expect(welcomes.at(-1)).toMatchObject({ n: 18, sender: "bob" });
  });

  test("sends a welcome by which the recorded carol gets in", async () => {
    const [welcome] = bob.packets.flatMap(({ payload, subtopic }) => {
      const decoded = subtopic === "welcome" ? decodeWelcomeMessage(payload) : undefined;
      return decoded?.ok && decoded.value.kind === "invitation_to_join" ? [decoded.value] : [];
    });
    const carol = await recordedMls(whole, "carol", () => startWallMs(whole));
    const invitation = welcome?.mlsMessageOutBytes ?? new Uint8Array();
    const joined = await carol.join(invitation, [recordedKeyPackage(whole, "carol")]);
    if (joined.kind !== "joined") throw new Error(joined.kind);
    expect(bytesToHex(joined.group.epochAuthenticator)).toBe(bob.end.epochAuthenticator);
  });

  test.each([4, 5, 6, 8, 10, 12, 14, 16])("would tell or send other things without packet %i", async (n) => {
    expect(await comesToTheSame(withoutPacket(recording, n), "bob", bob)).toBe(false);
  });

  test("would do things later if a vote came later, and the same again if none did", async () => {
    expect(await comesToTheSame(withDelay(recording, 14, 100), "bob", bob)).toBe(false);
    expect(await comesToTheSame(withDelay(recording, 14, 0), "bob", bob)).toBe(true);
  });
});

describe("vectors/10 runs: replayed as carol from her recorded private parts, she", () => {
  // Afterwards carol is removed.
  const recording = beforePacket(whole, 28);
  let carol: Replay;
  beforeAll(async () => void (carol = await replay(recording, "carol")));

  testAgainstLog("carol", recording, () => carol);

  test("takes every packet of the others, but for those from before she was in", () => {
    expect(carol.outcomes).toEqual({
      13: TOO_EARLY,
      14: TOO_EARLY,
      15: TOO_EARLY,
      16: TOO_EARLY,
      17: TOO_EARLY,
      18: ["accepted welcome"],
      19: ["accepted sync of bob"],
      22: ["accepted proposal of alice"],
      23: ["accepted vote of bob"],
      25: ["accepted candidate of alice"],
      26: ["accepted candidate of bob"],
    });
  });

  test("has the recorded state at every step", () => {
    const removal = 459846022;
    const members = ["alice", "bob", "carol"];
    const scores = { alice: 100, bob: 100, carol: 100 };
    const welcomed: View = { ...OUTSIDE, phase: "working", epoch: 2, members, scores };
    const stewards = ["bob", "alice"];
    const synced: View = { ...welcomed, stewards, scores: { alice: 115, bob: 110, carol: 100 } };
    const approved: View = { ...synced, approved: [removal] };
    const out: View = { ...OUTSIDE, phase: "ended", stewards };
    const expected: Record<string, View> = {
      "#13": OUTSIDE,
      "carol sent key package": OUTSIDE,
      "#14": OUTSIDE,
      "#15": OUTSIDE,
      "alice and bob voted yes by hand": OUTSIDE,
      "#16": OUTSIDE,
      "#17": OUTSIDE,
      "#18": welcomed,
      "#19": synced,
      "carol joined through a vote": synced,
      "carol spoke": synced,
      "alice asks to remove carol (stewards ['bob', 'alice'])": synced,
      "#22": { ...synced, open: [removal] },
      "#23": approved,
      "#25": { ...approved, phase: "freezing" },
      "#26": out,
      "#27": out,
      "carol removed": out,
    };
    expect(carol.views).toEqual(expected);
    expectSynced(carol, 19);
  });

  test("chooses the candidate of alice, whose turn it is in the second epoch of the list", () => {
    const decoded = whole.packets[25]?.decoded;
    if (decoded?.kind !== "commit_candidate") throw new Error("Packet 25 is no candidate.");
    const hash = bytesToHex(commitHash(bytes(decoded.commit_message)));
    expect(carol.chosen).toEqual([{ steward: "alice", commitHash: hash }]);
  });

  test.each([18, 19, 22, 23, 25, 26])("would tell or send other things without packet %i", async (n) => {
    expect(await comesToTheSame(withoutPacket(recording, n), "carol", carol)).toBe(false);
  });
});

import { groupOf } from "../../src/model/state.js";
import { createEthereumSigner, identityStatement } from "@demls/consensus";
import { createMlsService } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import { bytesToHex } from "@demls/wire/core";
import { first } from "rxjs";
import { beforeAll, describe, expect, test } from "vitest";
import { conversationConfig, type ConversationSnapshot } from "../../src/index.js";
import { pendingJoin } from "../../src/step/index.js";
import {
  decodeTraceRecord,
  encodeTraceRecord,
  type Replay,
  replayTrace,
  type TracedDecision,
  type TraceRecord,
} from "../../src/trace/index.js";
import { createScene, enter, gather, settle, textsOf, until, type Person } from "../harness/index.js";

const SEED = "replay";
const APP_ID_BYTES = 16;

/** Bob's trace of a conversation of three, as lines, and the final state. */
let lines: readonly string[];
let ended: ConversationSnapshot;
let bob: Person;

beforeAll(async () => {
  const scene = createScene(SEED);
  const [alice, carol] = [await enter(scene, "alice"), await enter(scene, "carol")];
  bob = await enter(scene, "bob");
  const written: string[] = [];
  bob.user.lifecycle$.subscribe((change) => {
    if (change.kind !== "created") return;
    change.conversation.admin.trace$.subscribe((record) => written.push(encodeTraceRecord(record)));
  });
  const [atAlice, atBob] = await gather(scene, "garden", alice, bob, carol);
  await atAlice.send("hello");
  await atBob.send("hello yourself");
  await expect(atBob.vote(1, true)).rejects.toThrow();
  const ban = atAlice.proposeRemove(carol.id);
  atBob.events$
    .pipe(first((event) => event.kind === "phaseChanged" && event.phase === "freezing"))
    .subscribe(() => void atBob.send("said while the group froze"));
  await until(scene, () => atBob.state.members.length === 2 && atBob.state.openVotes.length === 0);
  await ban.committed;
  await until(scene, () => textsOf(alice).length === 2);
  await settle(scene);
  lines = written;
  ended = atBob.state;
  await scene.close();
});

function read(): TraceRecord[] {
  return lines.map((line) => {
    const decoded = decodeTraceRecord(line);
    if (!decoded.ok) throw new Error(decoded.reason);
    return decoded.value;
  });
}

/** Replays records from Bob's initial state, with his keys, his randomness and his announced key package. */
async function replay(records: readonly TraceRecord[]): Promise<{ replay: Replay; inspection: unknown }> {
  const { plugins } = bob.options;
  const own = createSeededRandom(SEED).fork("bob");
  const first = records[0];
  if (first?.kind !== "input") throw new Error("A trace begins with an input.");
  let wallMs = Number(first.nowSeconds) * 1_000;
  const signer = createEthereumSigner(own.fork("key").bytes(32));
  const mls = await createMlsService({
    identity: signer.identity,
    random: own.fork("mls"),
    wallMs: () => wallMs,
  });
  const random = own.fork("session");
  const appId = random.bytes(APP_ID_BYTES);
  const { signaturePublicKey, signatureKeySince } = mls;
  const identityProof = signer.sign(
    identityStatement(signer.identity, signaturePublicKey, signatureKeySince),
  );
  const keyPackages = [
    await mls.generateKeyPackage({
      identityProof,
      claimedName: "bob",
      boundTo: { name: "garden", groupId: undefined },
    }),
  ];
  const config = conversationConfig(plugins.conversationConfig);
  const { consensus, stewards, scoring, verifier, admission } = plugins;
  const seed = {
    name: "garden",
    config,
    stewards: stewards.create("garden", plugins.stewardListConfig, config.maxReelectionAttempts),
    scores: scoring.create(plugins.scoringConfig, plugins.scoreDeltas),
  };
  const start = pendingJoin(seed, first.nowMs);
  const result = await replayTrace(records, start, (nowMs, nowSeconds) => {
    wallMs = Number(nowSeconds) * 1_000;
    const layers = { mls, consensus, stewards, scoring, verifier, admission };
    const base = { plugins: layers, self: bob.id, display: "bob", appId, random, keyPackages, identityProof };
    return { ...base, nowMs, nowSeconds };
  });
  const { phase } = result.state;
  const group = groupOf(result.state);
  return {
    replay: result,
    inspection: {
      phase,
      epoch: group?.epoch,
      members: group?.members,
      epochAuthenticator: group && bytesToHex(group.epochAuthenticator),
    },
  };
}

describe("a trace that was written down", () => {
  test("contains a whole life: joining, rejected commands, a commit, and packets buffered meanwhile", () => {
    const records = read();
    const decisions = records.flatMap((record) => (record.kind === "decision" ? [record.decision] : []));
    const phases = decisions.filter(({ kind }) => kind === "phase") as Extract<
      TracedDecision,
      { kind: "phase" }
    >[];
    expect(phases[0]).toEqual({ kind: "phase", from: "pending-join", to: "working", reason: "welcome" });
    expect(phases.map(({ reason }) => reason)).toContain("commit-merged");
    const kinds = new Set(decisions.map(({ kind }) => kind));
    for (const kind of ["defaultVote", "proposalDecided", "candidateHeld", "candidateChosen", "score"]) {
      expect(kinds).toContain(kind);
    }
    const installed = decisions.flatMap((made) => (made.kind === "stewardsInstalled" ? [made.cause] : []));
    expect(installed).toEqual(expect.arrayContaining(["synced", "elected"]));
    expect(records).toContainEqual({ kind: "failed", code: "unknown-proposal" });
    const sent = records.flatMap((record) =>
      record.kind === "input" && record.input.kind === "command" && record.input.command.kind === "send"
        ? [record.input.command.contentBytes]
        : [],
    );
    expect(sent).toEqual(["hello yourself", "said while the group froze"].map(({ length }) => length));
  });

  test("is replayed to the same decisions and outcomes, and to the same end", async () => {
    const { replay: replayed, inspection } = await replay(read());
    expect(replayed.differences).toEqual([]);
    const { phase, epoch, members, epochAuthenticator } = ended;
    expect(members).toHaveLength(2);
    expect(inspection).toEqual({ phase, epoch, members: members.map(({ id }) => id), epochAuthenticator });
  });

  test("is replayed with a difference where a decision was changed", async () => {
    const records = read();
    const index = records.findIndex(
      (record) => record.kind === "decision" && record.decision.kind === "defaultVote",
    );
    const original = records[index];
    if (original?.kind !== "decision" || original.decision.kind !== "defaultVote") throw new Error("none");
    const changed: TraceRecord = { ...original, decision: { ...original.decision, vote: false } };
    const { replay: replayed } = await replay(records.with(index, changed));
    expect(replayed.differences).toHaveLength(1);
    expect(replayed.differences[0]?.recorded).toContainEqual(changed);
    expect(replayed.differences[0]?.replayed).toContainEqual(original);
  });

  test("is replayed with differences where an outcome was changed, or a packet forged", async () => {
    const records = read();
    const at = (found: (record: TraceRecord) => boolean): number => records.findIndex(found);
    const outcome = at(({ kind }) => kind === "outcome");
    const renamed = records.with(outcome, {
      kind: "outcome",
      buffered: false,
      outcome: { kind: "ignored", reason: "queue-full" },
    });
    expect((await replay(renamed)).replay.differences).toHaveLength(1);

    const message = records.findIndex(
      (record) =>
        record.kind === "outcome" && record.outcome.kind === "accepted" && record.outcome.what === "message",
    );
    const packetAt = records.slice(0, message).findLastIndex(({ kind }) => kind === "input");
    const input = records[packetAt];
    if (input?.kind !== "input" || input.input.kind !== "packet") throw new Error("no packet");
    const { packet } = input.input;
    const payload = packet.payload.with(-1, packet.payload.at(-1)! ^ 1);
    const forged: TraceRecord = { ...input, input: { kind: "packet", packet: { ...packet, payload } } };
    const { differences } = (await replay(records.with(packetAt, forged))).replay;
    expect(differences[0]?.recorded[0]).toEqual(forged);
    expect(differences[0]?.replayed).toContainEqual(
      expect.objectContaining({ kind: "outcome", outcome: expect.objectContaining({ kind: "rejected" }) }),
    );
  });

  test("is replayed with differences where an input was left out", async () => {
    const records = read();
    const signed = records.findIndex((record) => record.kind === "input" && record.input.kind === "signed");
    const next = records.findIndex((record, index) => index > signed && record.kind === "input");
    const { replay: replayed } = await replay(records.toSpliced(signed, next - signed));
    expect(replayed.differences.length).toBeGreaterThan(0);
  });
});

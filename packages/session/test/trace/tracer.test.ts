import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Conversation } from "../../src/index.js";
import type { TraceRecord } from "../../src/trace/index.js";
import { advance, enter, gather, openScene, settle, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;
let atAlice: Conversation, atBob: Conversation;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("trace", "alice", "bob"));
  [atAlice, atBob] = await gather(scene, "garden", alice, bob);
});

function recordsOf(conversation: Conversation): readonly TraceRecord[] {
  const records: TraceRecord[] = [];
  conversation.admin.trace$.subscribe((record) => records.push(record));
  return records;
}

describe("trace$", () => {
  test("records a step's input, time, decisions and packet outcome", async () => {
    const carol = await enter(scene, "carol");
    [atAlice, atBob] = await gather(scene, "cellar", alice, bob, carol);
    await advance(scene, 3_000);
    const records = recordsOf(atBob);
    const ban = atAlice.proposeRemove(carol.id);
    await ban.accepted;
    await settle(scene);
    const [given, ...rest] = records;
    expect(given).toMatchObject({
      kind: "input",
      nowMs: scene.clock.monotonicMs(),
      nowSeconds: BigInt(Math.floor(scene.clock.wallMs() / 1_000)),
      input: { kind: "packet" },
    });
    expect(rest.map(({ kind }) => kind)).toEqual(["decision", "outcome"]);
    expect(rest).toMatchObject([
      { decision: { kind: "defaultVote", vote: true, reason: "silence-agrees" } },
      { buffered: false, outcome: { kind: "accepted", what: "proposal" } },
    ]);
  });

  test("records a failed command by its error code, and chat by its length", async () => {
    const records = recordsOf(atAlice);
    await expect(atAlice.vote(5, true)).rejects.toMatchObject({ code: "unknown-proposal" });
    await atAlice.send("hello");
    expect(records.slice(0, 3)).toMatchObject([
      { kind: "input", input: { kind: "command", command: { kind: "vote" } } },
      { kind: "failed", code: "unknown-proposal" },
      { kind: "input", input: { kind: "command", command: { kind: "send", ticket: 1, contentBytes: 5 } } },
    ]);
  });

  test("completes when the conversation ends, like the other observables", async () => {
    const complete = vi.fn();
    atBob.admin.trace$.subscribe({ complete });
    await bob.user.close();
    expect(complete).toHaveBeenCalledOnce();
  });
});

describe("inspect()", () => {
  test("reports deadlines relative to the time of the call", async () => {
    await atAlice.proposeRemove(bob.id).accepted;
    await settle(scene);
    const [before] = atBob.admin.inspect().deadlines;
    await advance(scene, 1_000);
    const [after] = atBob.admin.inspect().deadlines;
    expect(after).toEqual({ ...before, inMs: (before?.inMs ?? 0) - 1_000 });
  });

  test("works for a pending join and after leaving", async () => {
    const carol = await enter(scene, "carol");
    const joining = await carol.user.join({ name: "elsewhere" }).conversation;
    expect(joining.admin.inspect()).toMatchObject({
      phase: "pending-join",
      epoch: null,
      mode: null,
      members: [],
    });
    joining.leave();
    await settle(scene);
    expect(joining.admin.inspect()).toMatchObject({ phase: "ended", endReason: "join-cancelled" });
  });
});

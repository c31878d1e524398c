import { createMemoryStorage } from "@demls/storage-memory";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { admitAll, askAlways, type AdmissionPolicy, type Conversation } from "../../src/index.js";
import { createScene, expectMistake, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene;
let policy: AdmissionPolicy;
let gardens: readonly Conversation[];
let dave: Person;
let line: string;

/** Two members, which ask about the guest that joins. */
beforeEach(async () => {
  scene = createScene({ seed: "shared join", fakes: true });
  policy = admitAll;
  const enter = (name: string): Promise<Person> =>
    scene.enter(name, createMemoryStorage(), { admission: (request) => policy(request) });
  gardens = await scene.gather("garden", await enter("alice"), await enter("bob"));
  policy = askAlways;
  line = (await gardens[0]?.createInvitation())?.line ?? "";
  dave = await enter("dave");
});

afterEach(() => scene.close());

const requests = (): readonly number[] => gardens.map(({ state }) => state.requests.length);

/** Both members let the guest in. */
async function admit(): Promise<void> {
  await gardens[0]?.admit(dave.id);
  await until(scene, () => gardens.some(({ state }) => state.openVotes.length > 0));
  const [vote] = gardens[1]?.state.openVotes ?? [];
  if (vote !== undefined) await gardens[1]?.vote(vote.proposalId, true);
}

describe("A join of two attempts", () => {
  test("goes on for the later one when the deadline of the earlier one has come", async () => {
    const first = dave.user.join(line, { deadlineMs: 20_000 });
    await scene.clock.advance(10_000);
    const second = dave.user.join(line, { deadlineMs: 300_000 });
    await scene.clock.advance(20_000);
    await expectMistake(first.ready, "out-of-time");
    expect(dave.user.conversations.size).toBe(1);
    await admit();
    let isReady = false;
    void second.ready.then(() => (isReady = true));
    await until(scene, () => isReady);
    expect((await second.ready).membersLearned).toBe(3);
  });

  test("goes on for the earlier one when the user of the later one gives up", async () => {
    const giving = new AbortController();
    const first = dave.user.join(line, { deadlineMs: 300_000 });
    await scene.clock.advance(10_000);
    const second = dave.user.join(line, { signal: giving.signal });
    await scene.clock.advance(1_000);
    giving.abort(new Error("enough"));
    await expect(second.ready).rejects.toThrow("enough");
    await scene.clock.advance(20_000);
    expect([dave.user.conversations.size, requests()]).toEqual([1, [1, 1]]);
    await admit();
    let isReady = false;
    void first.ready.then(() => (isReady = true));
    await until(scene, () => isReady);
  });

  test("is withdrawn when the user gives up both, one of them before it has begun", async () => {
    const giving = [new AbortController(), new AbortController()] as const;
    const first = dave.user.join(line, { signal: giving[0].signal });
    await scene.clock.advance(10_000);
    const second = dave.user.join(line, { signal: giving[1].signal });
    for (const each of giving) each.abort(new Error("enough"));
    for (const { ready } of [first, second]) await expect(ready).rejects.toThrow("enough");
    await scene.clock.advance(5_000);
    expect([dave.user.conversations.size, requests()]).toEqual([0, [0, 0]]);
  });

  test("goes on after the deadline of the later one, if the earlier one has ended with the first answer", async () => {
    const first = dave.user.join(line, { until: "started" });
    await scene.clock.advance(10_000);
    await first.started;
    const second = dave.user.join(line, { deadlineMs: 5_000 });
    await scene.clock.advance(6_000);
    await expectMistake(second.ready, "out-of-time");
    const garden = await first.conversation;
    expect(dave.user.conversations.get("garden")).toBe(garden);
    void garden.leave();
    await scene.clock.advance(5_000);
    expect([dave.user.conversations.size, requests()]).toEqual([0, [0, 0]]);
  });
});

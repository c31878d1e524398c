import type { MlsGroup } from "@demls/mls";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { eventsOf, gather, openScene, settle, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person, carol: Person;

beforeEach(async () => {
  ({ scene, alice, bob, carol } = await openScene("ends", "alice", "bob", "carol"));
});

/** Every group value that a user's MLS service returns from now on. */
function watchGroups({ mls }: Person): readonly MlsGroup[] {
  const seen: MlsGroup[] = [];
  for (const name of ["seal", "open", "createCandidate", "stage"] as const) {
    const real = mls[name].bind(mls) as (...given: unknown[]) => Promise<{ readonly group: MlsGroup }>;
    vi.spyOn(mls, name).mockImplementation(async (...given: unknown[]) => {
      const result = await real(...given);
      seen.push(result.group);
      return result as never;
    });
  }
  return seen;
}

describe.each([
  ["leaves", () => bob.user.conversation("garden").leave(), "left"],
  ["is removed", () => alice.user.conversation("garden").proposeRemove(bob.id), "removed"],
] as const)("a member that %s (finalize self leave)", (_what, end, reason) => {
  test("keeps no timer, subscription, stream or secret of the conversation", async () => {
    const [, garden] = await gather(scene, "garden", alice, bob, carol);
    const groups = watchGroups(bob);
    await garden.send("to have keys in use");
    const completed: string[] = [];
    garden.events$.subscribe({ complete: () => completed.push("events") });
    garden.state$.subscribe({ complete: () => completed.push("state") });
    garden.admin.inbound$.subscribe({ complete: () => completed.push("inbound") });
    void end();
    await until(scene, () => !bob.user.conversations.has("garden"));
    await settle(scene);

    expect(completed.sort()).toEqual(["events", "inbound", "state"]);
    expect(eventsOf(bob, "leaving")).toMatchObject([{ reason }]);
    expect(bob.lifecycle.at(-1)).toEqual({ kind: "removed", name: "garden", reason });
    expect(scene.network.listeners("garden")).toBe(2);
    expect(groups.length).toBeGreaterThan(2);
    for (const { state } of groups)
      expect(state).toHaveProperty("keySchedule.initSecret", new Uint8Array(32));

    await Promise.all([alice.user.close(), carol.user.close()]);
    expect(scene.clock.nextWakeMs()).toBeUndefined();
  });
});

describe("conversations with their own settings and with the user's (create conversation with config)", () => {
  test("expire a join at its own deadline, or at the default", async () => {
    const own = await bob.user.join({ name: "cellar" }, { deadlineMs: 200_000 }).conversation;
    const usual = await bob.user.join({ name: "garden" }).conversation;
    const startMs = scene.clock.monotonicMs();
    await until(scene, () => own.state.phase === "ended");
    expect(scene.clock.monotonicMs() - startMs).toBe(200_000);
    expect(usual.state.phase).toBe("pending-join");
    await until(scene, () => usual.state.phase === "ended");
    expect(scene.clock.monotonicMs() - startMs).toBe(300_000);
  });
});

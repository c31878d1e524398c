import { beforeEach, describe, expect, test } from "vitest";
import {
  advance,
  openScene,
  settle,
  textsOf,
  until,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("joined", "alice", "bob"));
});

describe("The joined promise", () => {
  test("resolves at once for the creator", async () => {
    const garden = await alice.user.createConversation("garden");
    await expect(garden.joined).resolves.toBeUndefined();
  });

  test("resolves for a joiner with the welcome, and from then on it can read and write", async () => {
    await alice.user.createConversation("garden");
    const joining = await bob.user.join({ name: "garden" }).conversation;
    const joined = watch(joining.joined);
    await settle(scene);
    expect(joined.outcome).toBe("pending");
    const sent = joining.joined.then(() => joining.send("I am in"));
    await until(scene, () => joined.outcome !== "pending");
    await sent;
    await until(scene, () => textsOf(alice).length > 0);
    expect(joined.outcome).toBe("resolved");
    expect(textsOf(alice)).toEqual(["I am in"]);
  });

  test("stays resolved after leaving", async () => {
    const garden = await alice.user.createConversation("garden");
    await garden.leave().committed;
    await expect(garden.joined).resolves.toBeUndefined();
  });
});

describe("The joined promise rejects", () => {
  test("when no welcome arrives in time", async () => {
    const joining = await bob.user.join({ name: "garden" }).conversation;
    const joined = watch(joining.joined);
    await advance(scene, 5 * joining.state.config.commitInactivityMs);
    expect(joined.error).toMatchObject({ code: "conversation-ended", reason: "join-expired" });
  });

  test("when the join is cancelled", async () => {
    const joining = await bob.user.join({ name: "garden" }).conversation;
    joining.leave();
    await expect(joining.joined).rejects.toMatchObject({
      code: "conversation-ended",
      reason: "join-cancelled",
    });
  });

  test("when the user is closed", async () => {
    const joining = await bob.user.join({ name: "garden" }).conversation;
    await bob.user.close();
    await expect(joining.joined).rejects.toMatchObject({ code: "conversation-ended", reason: "closed" });
  });

  // An unhandled rejection would fail the whole run.
  test("without an unhandled rejection", async () => {
    await bob.user.join({ name: "garden" }).conversation;
    await bob.user.close();
    await settle(scene);
    expect(bob.user.conversations.size).toBe(0);
  });
});

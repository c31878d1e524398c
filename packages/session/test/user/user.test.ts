import type { OwnKeyPackage } from "@demls/mls";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createUserFrom, type User } from "../../src/index.js";
import {
  expectMistake,
  gather,
  openScene,
  settle,
  until,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("users", "alice", "bob"));
});

describe("Creating a user", () => {
  test.each([
    ["the MLS service", () => ({ plugins: { ...alice.options.plugins, mls: bob.mls } })],
    ["the signer", () => ({ plugins: { ...alice.options.plugins, signer: bob.options.plugins.signer } })],
  ])("rejects %s of another identity", async (_what, foreign) => {
    const create = async (): Promise<User> => createUserFrom({ ...alice.options, ...foreign() });
    await expectMistake(create(), "identity-mismatch", "mls");
  });

  test("rejects a missing transport", async () => {
    const create = async (): Promise<User> => createUserFrom({ ...alice.options, transport: {} as never });
    await expectMistake(create(), "missing-transport", "transport");
  });
});

describe("Creating a conversation", () => {
  test.each([
    ["strict mode allows commits to omit approved changes", "strict", {}, true],
    ["a strict one does not if the option says so", "strict", { allowSubsetCandidates: false }, false],
    ["one that 3.0.0 members may join does not", "de-mls-3", {}, false],
  ] as const)("%s", async (_what, compatibility, stewards, allowed) => {
    const garden = await alice.user.createConversation("garden", { compatibility, stewards });
    expect(garden.state.stewardBounds.allowSubsetCandidates).toBe(allowed);
  });
});

describe("The registry", () => {
  test("contains a conversation from its creation to its end, when its name is released", async () => {
    const garden = await alice.user.createConversation("garden");
    expect([...alice.user.conversations]).toEqual([["garden", garden]]);
    expect(scene.network.listeners("garden")).toBe(1);
    await garden.leave().committed;
    await settle(scene);
    expect(alice.user.conversations.size).toBe(0);
    expect(scene.network.listeners("garden")).toBe(0);
    const again = await alice.user.createConversation("garden");
    expect(again).not.toBe(garden);
    expect(garden.state.phase).toBe("ended");
    expect(again.state.phase).toBe("working");
  });

  test("emits created before the conversation's first event", async () => {
    const log: string[] = [];
    bob.user.lifecycle$.subscribe((change) => {
      log.push(change.kind);
      if (change.kind === "created") change.conversation.events$.subscribe(({ kind }) => log.push(kind));
    });
    await gather(scene, "garden", alice, bob);
    expect(log.slice(0, 4)).toEqual(["created", "joined", "membersChanged", "phaseChanged"]);
    expect(log.filter((kind) => kind === "created")).toHaveLength(1);
  });

  test("emits removed once, after the conversation's last event, with the reason", async () => {
    const [garden] = await gather(scene, "garden", alice, bob);
    const log: unknown[] = [];
    bob.user.lifecycle$.subscribe((change) => log.push(change));
    bob.user.conversations.get("garden")?.events$.subscribe({
      next: ({ kind }) => (kind === "leaving" ? log.push(kind) : undefined),
      complete: () => log.push("complete"),
    });
    garden.proposeRemove(bob.id);
    bob.user.conversations.get("garden")?.events$.subscribe((event) => {
      if (event.kind === "voteRequested")
        void bob.user.conversations.get("garden")?.vote(event.proposalId, true);
    });
    await until(scene, () => bob.user.conversations.size === 0);
    await settle(scene);
    expect(log).toEqual(["leaving", "complete", { kind: "removed", name: "garden", reason: "removed" }]);
  });

  test("emits removed without a reason for closed conversations, and completes", async () => {
    await alice.user.createConversation("garden");
    let completed = false;
    alice.user.lifecycle$.subscribe({ complete: () => (completed = true) });
    await alice.user.close();
    expect(alice.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: undefined }]);
    expect(completed).toBe(true);
  });

  test("emits the end of a leave that was in progress when the user was closed", async () => {
    const garden = await alice.user.createConversation("garden");
    const left = new Promise<void>((resolve) => {
      garden.events$.subscribe(({ kind }) => (kind === "leaving" ? resolve() : undefined));
    });
    garden.leave();
    await left.then(() => alice.user.close());
    expect(alice.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: "left" }]);
  });
});

describe("A conversation by its name", () => {
  test("is returned while the user is in it or joining", async () => {
    const garden = await alice.user.createConversation("garden");
    const pending = await bob.user.join({ name: "garden" }).conversation;
    expect(alice.user.conversation("garden")).toBe(garden);
    expect(bob.user.conversation("garden")).toBe(pending);
  });

  test("throws if it is missing: never joined, left, or closed", async () => {
    const refusal = async (): Promise<unknown> => alice.user.conversation("garden");
    await expectMistake(refusal(), "unknown-conversation", "name");
    const garden = await alice.user.createConversation("garden");
    await expectMistake((async () => alice.user.conversation("meadow"))(), "unknown-conversation", "name");
    await garden.leave().committed;
    await settle(scene);
    await expectMistake(refusal(), "unknown-conversation", "name");
    await alice.user.createConversation("garden");
    await alice.user.close();
    await expectMistake(refusal(), "unknown-conversation", "name");
  });
});

describe("A name", () => {
  test("is reserved while the user is in the conversation or joining", async () => {
    await alice.user.createConversation("garden");
    await bob.user.join({ name: "garden" }).conversation;
    for (const { user } of [alice, bob]) {
      await expectMistake(user.createConversation("garden"), "conversation-exists", "name");
      // A join goes on with the one that is there.
      expect(await user.join({ name: "garden" }).conversation).toBe(user.conversation("garden"));
    }
    expect(bob.user.conversations.get("garden")?.state.phase).toBe("pending-join");
  });

  test("is reserved by the first of two concurrent calls", async () => {
    const first = watch(alice.user.createConversation("garden"));
    await expectMistake(alice.user.join({ name: "garden" }).conversation, "conversation-exists", "name");
    await settle(scene);
    expect(first.outcome).toBe("resolved");
  });

  test("has 1 to 255 bytes of UTF-8, whatever its number of characters", async () => {
    for (const name of ["", "g".repeat(256), "ß".repeat(128), "\ud800", undefined as never, 7 as never]) {
      await expectMistake(alice.user.createConversation(name), "invalid-conversation-name", "name");
      await expectMistake(alice.user.join({ name }).conversation, "invalid-conversation-name", "name");
    }
    const longest = `${"ß".repeat(127)}g`;
    await expect(alice.user.createConversation(longest)).resolves.toMatchObject({ name: longest });
  });
});

describe("Settings", () => {
  test.each<[string, object, string, string]>([
    [
      "a proposal lifetime below a second",
      { config: { proposalExpirationMs: 999 } },
      "invalid-config",
      "proposalExpirationMs",
    ],
    [
      "a voting delay as long as the vote",
      { config: { votingDelayMs: 30_000 } },
      "invalid-config",
      "votingDelayMs",
    ],
    ["a time of no length", { config: { freezeMs: 0 } }, "invalid-config", "freezeMs"],
    ["a list without stewards", { stewards: { snMin: 0 } }, "invalid-steward-list-config", "snMin"],
    ["a list of fewer", { stewards: { snMin: -1 } }, "invalid-steward-list-config", "snMin"],
    ["a misspelt time", { config: { freezMs: 5 } }, "invalid-config", "freezMs"],
    ["a misspelt bound", { stewards: { min: 1 } }, "invalid-steward-list-config", "min"],
    ["a misspelt score", { scoring: { start: 1n } }, "invalid-scoring-config", "start"],
  ])("are rejected with %s, and leave no trace", async (_what, options, code, field) => {
    await expectMistake(alice.user.createConversation("garden", options), code, field);
    await expectMistake(alice.user.join({ name: "garden" }, options).conversation, code, field);
    expect(alice.user.conversations.size).toBe(0);
    expect(alice.lifecycle).toEqual([]);
    expect(scene.network.listeners("garden")).toBe(0);
    expect(scene.clock.nextWakeMs()).toBeUndefined();
  });
});

describe("The compatibility mode", () => {
  test.each(["Strict", "de-mls-4", "", null])("cannot be %j", async (mode) => {
    const options = { compatibility: mode as never };
    await expectMistake(
      alice.user.createConversation("garden", options),
      "invalid-compatibility",
      "compatibility",
    );
    expect(alice.user.conversations.size).toBe(0);
  });

  test.each(["strict", "de-mls-3", undefined] as const)("%s is set by the creator", async (mode) => {
    const options = mode === undefined ? {} : { compatibility: mode };
    const garden = await alice.user.createConversation("garden", options);
    expect(garden.state.mode).toBe(mode ?? "strict");
  });

  test("is unknown to a joiner until it has joined, and then the group's", async () => {
    await alice.user.createConversation("garden", { compatibility: "strict" });
    const joining = await bob.user.join({ name: "garden" }).conversation;
    expect(joining.state.mode).toBeUndefined();
    await until(scene, () => joining.state.members.length === 2);
    expect(joining.state.mode).toBe("strict");
  });
});

describe("A transport that fails to subscribe", () => {
  test("fails the call, and leaves neither a conversation nor a secret", async () => {
    vi.spyOn(alice.transport, "subscribe").mockRejectedValue(new Error("no radio"));
    const keyPackages = vi.spyOn(alice.mls, "generateKeyPackage");
    const wipe = vi.spyOn(alice.mls, "wipe");
    await expect(alice.user.createConversation("garden")).rejects.toThrow("no radio");
    expect(wipe.mock.calls.map(([spent]) => spent.length)).toEqual([1]);
    await expectMistake(alice.user.join({ name: "cellar" }).conversation, "transport");
    const keyPackage = await (keyPackages.mock.results[0]?.value as Promise<OwnKeyPackage>);
    expect(keyPackage.secrets.initPrivateKey.every((byte) => byte === 0)).toBe(true);
    expect(alice.user.conversations.size).toBe(0);
    expect(alice.lifecycle).toEqual([]);

    vi.restoreAllMocks();
    await expect(alice.user.createConversation("garden")).resolves.toMatchObject({ name: "garden" });
  });
});

describe("Closing a user", () => {
  test("completes every stream, cancels every timer, and wipes every group and key package", async () => {
    const [garden] = await gather(scene, "garden", alice, bob);
    const cellar = await alice.user.join({ name: "cellar" }).conversation;
    await alice.user.generateKeyPackage();
    garden.proposeRemove(bob.id);
    await bob.user.close();
    const completed: string[] = [];
    for (const { name, events$, state$, admin } of [garden, cellar].filter((one) => one !== undefined)) {
      events$.subscribe({ complete: () => completed.push(`${name} events`) });
      state$.subscribe({ complete: () => completed.push(`${name} state`) });
      admin.inbound$.subscribe({ complete: () => completed.push(`${name} inbound`) });
    }
    const wipe = vi.spyOn(alice.mls, "wipe");
    const wipeKeyPackage = vi.spyOn(alice.mls, "wipeKeyPackage");
    expect(scene.clock.nextWakeMs()).toBeDefined();

    await alice.user.close();

    expect(completed.sort()).toEqual(
      ["cellar", "garden"].flatMap((name) => ["events", "inbound", "state"].map((it) => `${name} ${it}`)),
    );
    expect(scene.clock.nextWakeMs()).toBeUndefined();
    const wiped = wipe.mock.calls.flatMap(([spent, kept]) => (kept.length === 0 ? spent : []));
    expect(wiped.map(({ name }) => name)).toContain("garden");
    for (const { state } of wiped) expect(state).toHaveProperty("keySchedule.initSecret", new Uint8Array(32));
    expect(wipeKeyPackage).toHaveBeenCalledTimes(2);
    expect(scene.network.listeners("garden") + scene.network.listeners("cellar")).toBe(0);
  });

  test("twice resolves both calls together", async () => {
    await alice.user.createConversation("garden");
    const second = (): boolean => alice.lifecycle.some(({ kind }) => kind === "removed");
    const overAtEnd: boolean[] = [];
    const both = [alice.user.close(), alice.user.close()].map((call) =>
      call.then(() => overAtEnd.push(second())),
    );
    await Promise.all(both);
    await alice.user[Symbol.asyncDispose]();
    expect(overAtEnd).toEqual([true, true]);
    expect(alice.lifecycle.filter(({ kind }) => kind === "removed")).toHaveLength(1);
  });

  test("rejects later calls, and ignores further packets", async () => {
    const [garden, atBob] = await gather(scene, "garden", alice, bob);
    const before = garden.state;
    await alice.user.close();
    await expectMistake(alice.user.createConversation("cellar"), "closed");
    await expectMistake(alice.user.join({ name: "cellar" }).conversation, "closed");
    await expectMistake(alice.user.generateKeyPackage(), "closed");
    await expectMistake(garden.send("hello"), "closed");
    await expectMistake(garden.vote(1, true), "closed");
    await expectMistake(garden.admin.sendSync(), "closed");
    await expectMistake(garden.proposeRemove(bob.id).accepted, "closed");
    await expectMistake(garden.leave().committed, "closed");
    await atBob.send("anyone there?");
    await settle(scene);
    expect(garden.state).toBe(before);
  });

  test("rejects queued calls before they create anything", async () => {
    const createGroup = vi.spyOn(alice.mls, "createGroup");
    const opening = alice.user.createConversation("garden");
    const closing = alice.user.close();
    await expectMistake(opening, "closed");
    await closing;
    expect(alice.user.conversations.size).toBe(0);
    expect(scene.network.listeners("garden")).toBe(0);
    expect(scene.clock.nextWakeMs()).toBeUndefined();
    expect(createGroup).not.toHaveBeenCalled();
  });

  test("during subscribing wipes the new group", async () => {
    const wipe = vi.spyOn(alice.mls, "wipe");
    let closing: Promise<void> | undefined;
    const subscribe = alice.transport.subscribe.bind(alice.transport);
    vi.spyOn(alice.transport, "subscribe").mockImplementation(async (name, listener) => {
      closing = alice.user.close();
      return subscribe(name, listener);
    });
    await expectMistake(alice.user.createConversation("garden"), "closed");
    await closing;
    expect(wipe.mock.calls.map(([spent, kept]) => [spent.length, kept.length])).toEqual([[1, 0]]);
    expect(scene.network.listeners("garden")).toBe(0);
  });

  test("leaves the transport open", async () => {
    const close = vi.spyOn(alice.transport, "close");
    await alice.user.createConversation("garden");
    await alice.user.close();
    expect(close).not.toHaveBeenCalled();
  });
});

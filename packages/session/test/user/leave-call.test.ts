import { createSerialQueue } from "../../src/runtime/serial-queue.js";
import { selfLeaveProposalId } from "@demls/consensus";
import type { Clock } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { ConversationDriver } from "../../src/runtime/driver.js";
import type { Conversation } from "../../src/user/conversation.js";
import { createConversation } from "../../src/user/create-conversation.js";
import type { ConversationEvent } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  expectMistake,
  fork,
  gather,
  type Member,
  nowSeconds,
  type TestState,
  watch,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol"]);

let world: World;
let leaver: Member;
let events: ConversationEvent[];
/** Whether the leaver's signer signs. */
let signs: boolean;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [leaver] = world.members as [Member];
  events = [];
  signs = true;
});

/** The leaver's conversation, with `changes` in its state; its packets are not delivered. */
function begin(changes: Readonly<Record<string, unknown>>): {
  driver: ConversationDriver;
  leaving: Conversation;
} {
  const clock: Clock = {
    monotonicMs: () => world.nowMs,
    wallMs: () => Number(nowSeconds(world)) * 1_000,
    wakeAt: () => () => undefined,
  };
  const { plugins, signer, id: self, name: display, appId, random } = leaver;
  const driver = new ConversationDriver(
    {
      state: { ...leaver.state, ...changes },
      events: [],
      store: undefined,
      isRestored: false,
    },
    {
      ...{
        plugins,
        leafKey: { mls: plugins.mls, identityProof: undefined },
        self,
        display,
        appId,
        clock,
        random,
      },
      signer: {
        identity: signer.identity,
        async sign(message) {
          if (!signs) throw new Error("declined");
          return signer.sign(message);
        },
      },
      transport: {
        publish: async () => undefined,
        subscribe: async () => () => undefined,
      },
      historyOf: () => undefined,
      inboundLoad: { packets: 0, bytes: 0 },
      queue: createSerialQueue(),
      keyPackages: () => [],
      consumeKeyPackage: () => undefined,
      generateKeyPackage: async () => new Uint8Array(0),
    },
  );
  driver.events.subscribe((event) => events.push(event));
  const leaving = createConversation("garden", driver, {
    identityOf: async () => self,
    renewSignatureKey: async () => undefined,
    issueInvitation: () => Promise.reject(new Error("no invitations here")),
  });
  return { driver, leaving };
}

/** Starts a freeze in the leaver's conversation. */
function freezing(): Partial<TestState> {
  return { phase: "freezing", commit: { ...leaver.state.commit, anchoredAtMs: world.nowMs } };
}

function submitted(): readonly number[] {
  return events.flatMap((event) => (event.kind === "ownProposalSubmitted" ? [event.proposalId] : []));
}

describe("A leave", () => {
  test("resolves accepted when it is proposed, with its usual id", async () => {
    const { leaving } = begin({});
    const usual = selfLeaveProposalId(leaver.id);
    await expect(leaving.leave().accepted).resolves.toBe(usual);
    expect(submitted()).toEqual([usual]);
  });

  test("resolves to another id if the usual one is in use", async () => {
    const usual = selfLeaveProposalId(leaver.id);
    const { leaving } = begin({ votes: { ...leaver.state.votes, resolved: [usual] } });
    const call = leaving.leave();
    const id = await call.accepted;
    expect(id).not.toBe(usual);
    expect(submitted()).toEqual([id]);
    await expect(call.decided).resolves.toBe("yes");
  });

  test("resolves accepted after a freeze, if it had to wait", async () => {
    const { driver, leaving } = begin({
      ...freezing(),
      votes: { ...leaver.state.votes, resolved: [selfLeaveProposalId(leaver.id)] },
    });
    const call = leaving.leave();
    const accepted = watch(call.accepted);
    await leaving.admin.idle();
    expect([accepted.outcome, submitted()]).toEqual(["pending", []]);
    world.nowMs += leaver.state.config.freezeMs;
    await driver.submit({ kind: "tick" });
    expect([await call.accepted]).toEqual(submitted());
  });

  test("is abandoned if the signer declines, under any id", async () => {
    signs = false;
    const { leaving } = begin({
      votes: { ...leaver.state.votes, resolved: [selfLeaveProposalId(leaver.id)] },
    });
    const call = leaving.leave();
    await expectMistake(call.accepted, "abandoned");
    await expectMistake(call.committed, "abandoned");
  });

  test("that is requested again is the same", async () => {
    const { leaving } = begin({
      votes: { ...leaver.state.votes, resolved: [selfLeaveProposalId(leaver.id)] },
    });
    const id = await leaving.leave().accepted;
    await expect(leaving.leave().accepted).resolves.toBe(id);
    expect(submitted()).toEqual([id]);
  });

  test("is required to leave: a member cannot propose its own removal", async () => {
    const { leaving } = begin({});
    await expectMistake(leaving.propose(removeRequest(leaver.id)).accepted, "own-removal", "member");
    expect(submitted()).toEqual([]);
  });

  test("that was never proposed ends with the conversation", async () => {
    const { driver, leaving } = begin(freezing());
    const { accepted } = leaving.leave();
    await leaving.admin.idle();
    await driver.close();
    await expectMistake(accepted, "conversation-ended");
  });
});

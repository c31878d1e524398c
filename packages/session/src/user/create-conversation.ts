import { isBytes, type MemberId } from "@demls/wire/core";
import { distinctUntilChanged, filter, map } from "rxjs";
import type { RequestSnapshot } from "../view/people-snapshots.js";
import type { ConversationDriver } from "../runtime/driver.js";
import { invalidCreatorVote, invalidKeyPackage, invalidVote } from "../runtime/conversation-errors.js";
import { compatibilityPolicy, modeOf } from "../model/compatibility.js";
import type { Command } from "../model/input.js";
import { createAdmin } from "./admin.js";
import type { ConversationHost } from "./conversation-host.js";
import { checkedMember } from "./checked-member.js";
import type { Conversation, ProposeOptions } from "./conversation.js";
import { EventIterator } from "./event-iterator.js";
import { trackJoin } from "./joined.js";
import { firstOf } from "./first-of.js";
import { identityCalls } from "./identity-calls.js";
import { invitationCalls } from "./invitation-calls.js";
import { leaveProposal } from "./leave-call.js";
import { trackMembershipCall, type MembershipCall } from "./membership-call.js";
import { checkedStart, deleteMessage, readMessages } from "./message-calls.js";
import { messageBytes } from "./message-bytes.js";
import { nextEvent } from "./next-event.js";
import { nextState } from "./next-state.js";
import { checkRequest } from "../model/request-check.js";
import { isActive, type ConversationState } from "../model/state.js";
import { createSerialQueue } from "../runtime/serial-queue.js";
import { trackSentMessages } from "./sent-messages.js";
import { removeRequest, type ChangeRequest } from "../model/request.js";

/** Creates the public API of a driver. */
export function createConversation(
  name: string,
  driver: ConversationDriver,
  host: ConversationHost,
): Conversation {
  const { events$ } = driver.feed;
  const { self } = driver.snapshot;
  const sent = trackSentMessages(driver);
  const { messages } = driver;
  // Keeps the call order of commands that need asynchronous work before their step.
  const commands = createSerialQueue();

  async function runCommand(command: Command): Promise<void> {
    // Wrapped in an object, because later commands need not wait until its step is stored.
    const { taken } = await commands.run(async () => ({
      taken: driver.submit({ kind: "command", command }),
    }));
    await taken;
  }

  function propose(
    requested: () => ChangeRequest | Promise<ChangeRequest>,
    options?: ProposeOptions,
  ): MembershipCall {
    const opened = commands.run(async () => {
      const creatorVote = options?.creatorVote ?? "yes";
      if (creatorVote !== "yes" && creatorVote !== "deferred") throw invalidCreatorVote();
      const request = await requested();
      checkRequest(request);
      const command = { kind: "propose", request, creatorVote } as const;
      const { proposalId } = await driver.submit({ kind: "command", command });
      return { proposalId: requireProposalId(proposalId), request };
    });
    return trackMembershipCall(opened, self, driver.events);
  }

  return {
    name,
    events$,
    // `driver.states.pipe` would return a subject and expose its `next`.
    state$: driver.states.asObservable().pipe(map(() => driver.snapshot)),
    joined: trackJoin(driver),
    get state() {
      return driver.snapshot;
    },
    messages$: messages.from({}),
    messagesFrom: (start) => messages.from(checkedStart(start)),
    messages: (page) => readMessages(messages.history, page),
    deleteMessage: (message) => deleteMessage(messages.history, message),
    clearHistory: async () => messages.history?.clear(),
    events: (options) => new EventIterator(events$, options),
    nextEvent: (kind, options) => nextEvent(driver, kind, options),
    nextState: (where, options) => nextState(driver, where, options),

    async send(content) {
      const bytes = messageBytes(content);
      return sent.send((ticket) => runCommand({ kind: "send", ticket, content: bytes }));
    },

    async vote(proposalId, choice) {
      if (typeof choice !== "boolean") throw invalidVote();
      await runCommand({ kind: "vote", proposalId, vote: choice });
    },

    requests$: driver.states.asObservable().pipe(
      map(() => driver.snapshot.requests),
      distinctUntilChanged((a, b) => a.map(joinerOf).join() === b.map(joinerOf).join()),
    ),
    async admit(joiner) {
      await runCommand({ kind: "admit", joiner: checkedMember(joiner) });
    },
    async refuse(joiner) {
      await runCommand({ kind: "refuse", joiner: checkedMember(joiner) });
    },

    proposeAdd(keyPackage, options) {
      // Copied now, because the command may wait in the queue.
      const bytes = isBytes(keyPackage) ? Uint8Array.from(keyPackage) : undefined;
      const requested = async (): Promise<ChangeRequest> => {
        if (bytes === undefined) throw invalidKeyPackage();
        return { kind: "add", member: await host.identityOf(bytes), keyPackage: bytes };
      };
      return propose(requested, options);
    },

    proposeRemove: (member, options) => propose(() => removalOf(member), options),
    propose: (request, options) => propose(() => request, options),

    leave() {
      const asked = commands.run(() => driver.submit({ kind: "command", command: { kind: "leave" } }));
      const opened = asked.then(({ state }) => leaveProposal(self, state, driver.states));
      return trackMembershipCall(opened, self, driver.events);
    },

    async renewKeys({ signature = false } = {}) {
      if (signature && mayRenewKeys(driver.state)) await host.renewSignatureKey();
      await runCommand({ kind: "renewKeys" });
      await firstOf(
        driver.states.pipe(
          filter(hasRenewedKeys),
          map(() => undefined),
        ),
        driver,
        undefined,
      );
    },

    async unban(member) {
      await runCommand({ kind: "unban", member: checkedMember(member) });
    },
    async confirmMember(member) {
      await runCommand({ kind: "confirmMember", member: checkedMember(member) });
    },
    ...identityCalls(driver, runCommand),
    ...invitationCalls(driver, runCommand, host),

    async announceKeyPackage(keyPackage) {
      if (!isBytes(keyPackage)) throw invalidKeyPackage();
      await runCommand({ kind: "announceKeyPackage", keyPackage: Uint8Array.from(keyPackage) });
    },

    announceAgain: () => runCommand({ kind: "announceAgain" }),

    handleEvents: (handler) => driver.feed.handle(handler),

    admin: createAdmin(driver, { run: runCommand, idle: () => commands.idle() }),
  };
}

/** Whether the mode has renewals; if not, the command explains it, and the signer is not asked. */
function mayRenewKeys(state: ConversationState): boolean {
  return isActive(state) && compatibilityPolicy(modeOf(state.group)).renewsKeys;
}

function hasRenewedKeys(state: ConversationState): boolean {
  return isActive(state) && state.keys.requestedAtMs === undefined;
}

/** @throws DemlsError `invalid-member-id`. */
function removalOf(member: MemberId): ChangeRequest {
  return removeRequest(checkedMember(member));
}

function joinerOf({ joiner }: RequestSnapshot): MemberId {
  return joiner;
}

function requireProposalId(proposalId: number | undefined): number {
  if (proposalId === undefined) throw new Error("A proposal was opened without an id.");
  return proposalId;
}

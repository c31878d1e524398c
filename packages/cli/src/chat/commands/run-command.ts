import { DemlsError, type ConversationSnapshot, type MemberId } from "demls";
import { isLocal, outerAddresses } from "../network/best-addresses.js";
import { subscribersOf } from "../network/chat-transport.js";
import { lastMessages } from "../room/last-messages.js";
import { banRows, memberRows } from "../room/member-rows.js";
import { stewardOverview } from "../room/steward-overview.js";
import { voteRows } from "../room/vote-rows.js";
import type { CommandResult, VoteByHand } from "./command-result.js";
import type { Command } from "./command.js";
import type { Room } from "../room/room.js";
import { findVote, voteNumber } from "../room/vote-numbers.js";

/** Side effects that a command may have on the chat. */
export interface ChatControls {
  /** Ends the chat. A conversation that is not kept is left. */
  quit(): void;
  /** After the end of the input the chat waits for `work`, such as a publish, for a limited time. */
  track(work: Promise<unknown>): void;
  /** Reports a failure that came after the command's reply. */
  reportFailure(error: unknown): void;
}

/** Maximum number of addresses that are dialled again after a start; the oldest is evicted. */
const MAX_DIALLED = 16;

/** Time in seconds until an invitation expires. */
const INVITATION_S = 7 * 86_400;

/** Maximum number of addresses in an invitation, and of those of others. */
const MAX_INVITED_ADDRESSES = 4;
const MAX_INVITED_PEERS = 3;

const DONE: CommandResult = { kind: "done" };

/**
 * Runs a command. Its later effects, such as a vote, are reported as events.
 *
 * @throws DemlsError `unknown-member`, `ambiguous-member`, `not-banned`, `unknown-vote`,
 *   `ambiguous-vote`, `vote-over`, `not-sent`; the errors of the
 *   conversation and of the transport.
 */
export async function runCommand(
  room: Room,
  command: Command,
  controls: ChatControls,
): Promise<CommandResult> {
  const { conversation, names, transport, decisions } = room;
  switch (command.kind) {
    case "nothing":
      return DONE;
    case "send":
      return { kind: "sent", messageId: await send(room, command.text, controls) };
    case "vote":
      return { kind: "voted", ...(await vote(room, command.number, command.choice)) };
    case "ban": {
      const members = conversation.state.members.map(({ id }) => id);
      const proposalId = await conversation.proposeRemove(names.find(command.member, members)).accepted;
      return { kind: "opened", proposalId, number: voteNumber(proposalId) };
    }
    case "admit":
    case "refuse": {
      const joiner = names.find(command.member, joinersIn(conversation.state), "joiner");
      await conversation[command.kind](joiner);
      return { kind: "answered", joiner, admitted: command.kind === "admit" };
    }
    case "invite":
      return invite(room, command);
    case "revoke":
      await conversation.revokeInvitation(command.id);
      return { kind: "revoked", id: command.id };
    case "requests":
      return { kind: "requests", requests: conversation.state.requests };
    case "unban": {
      const banned = conversation.state.bans.map(({ member }) => member);
      if (banned.length === 0) throw noBans();
      await conversation.unban(names.find(command.member, banned));
      return DONE;
    }
    case "confirm": {
      const others = conversation.state.members.filter(({ id }) => id !== room.self).map(({ id }) => id);
      await conversation.confirmMember(names.find(command.member, others));
      return DONE;
    }
    case "verify":
      return verify(room, command.member, command.verified);
    case "leave":
      await leave(room, controls);
      return { kind: "leaving", waits: isAlone(room) };
    // The view has done it.
    case "verbose":
      return DONE;
    case "quit":
      controls.quit();
      return DONE;
    case "who":
      return { kind: "members", members: memberRows(room), bans: banRows(room) };
    case "votes":
      return { kind: "votes", votes: voteRows(room) };
    case "stewards":
      return { kind: "stewards", ...stewardOverview(room) };
    case "history": {
      const messages = await lastMessages(room, command.count);
      room.names.claimIn(messages);
      return { kind: "history", messages };
    }
    case "why":
      return { kind: "decisions", decisions: decisions.last(command.count) };
    case "state": {
      const { epochAuthenticator } = conversation.state;
      const { epochSteward } = stewardOverview(room);
      const inspection = conversation.admin.inspect();
      const fingerprint = epochAuthenticator === undefined ? undefined : conversation.fingerprint();
      return { kind: "state", inspection, epochSteward, epochAuthenticator, fingerprint };
    }
    case "address":
      return { kind: "addresses", addresses: transport.addresses, neighbour: await room.neighbour() };
    case "connections":
      return { kind: "connections", peerId: transport.peerId, connection: transport.connection };
    case "dial":
      await transport.dial(command.address);
      await rememberDialled(room, command.address);
      return DONE;
    case "offline":
      transport.goOffline();
      return DONE;
    case "online":
      transport.goOnline();
      return DONE;
    case "help":
      return { kind: "help" };
  }
}

/** Joiners that wait for an answer or are voted on. */
function joinersIn({ requests, openVotes }: ConversationSnapshot): readonly MemberId[] {
  const voted = openVotes.flatMap(({ request }) => (request.kind === "add" ? [request.member] : []));
  return [...new Set([...requests.map(({ joiner }) => joiner), ...voted])];
}

/** Issues an invitation for a week, with addresses of this node and of others in the conversation. */
async function invite(
  room: Room,
  { uses, qr }: Extract<Command, { kind: "invite" }>,
): Promise<CommandResult> {
  const { conversation, clock, neighbour } = room;
  const addresses = await invitedAddresses(room, qr);
  const expiresAt = Math.floor(clock.wallMs() / 1_000) + INVITATION_S;
  const { line, invitation } = await conversation.createInvitation({ uses, expiresAt, addresses });
  const { id } = invitation;
  const terms = { uses, expiresWallMs: expiresAt * 1_000, addresses, qr };
  return { kind: "invited", line, id, ...terms, neighbour: await neighbour() };
}

/**
 * Addresses at which a guest finds the conversation: of this node, and one of each of up to three connected peers, which may be
 * there when this one is not. One alone for a QR code, which would not fit on the screen.
 */
async function invitedAddresses(
  { transport, conversation }: Pick<Room, "transport" | "conversation">,
  isShort: boolean,
): Promise<readonly string[]> {
  const own = outerAddresses(transport.addresses);
  if (isShort) return own.slice(0, 1);
  const peers = await transport.knownPeers(conversation.name);
  const others = peers
    .flatMap(({ addresses }) => outerAddresses(addresses).slice(0, 1))
    // One of this machine is of no use to a guest for whom this node has another one.
    .filter((address) => !isLocal(address) || own.every(isLocal))
    .slice(0, MAX_INVITED_PEERS);
  return [...own.slice(0, MAX_INVITED_ADDRESSES - others.length), ...others];
}

/** Marks a member, or returns the code to compare with a member or with a joiner. */
async function verify(
  { conversation, names, self }: Room,
  typed: string,
  verified: boolean | undefined,
): Promise<CommandResult> {
  const { members } = conversation.state;
  const others = members.filter(({ id }) => id !== self).map(({ id }) => id);
  if (verified !== undefined) {
    const member = names.find(typed, others);
    await conversation.markVerified(member, verified);
    return { kind: "marked", member, name: names.nameOf(member), verified };
  }
  const member = names.find(typed, [...new Set([...others, ...joinersIn(conversation.state)])]);
  const code = conversation.verificationCode(member);
  const isMarked = members.some((each) => each.id === member && each.verified);
  return { kind: "code", member, name: names.nameOf(member), code, verified: isMarked };
}

/** Has the next start dial the address too. */
async function rememberDialled({ kept }: Room, address: string): Promise<void> {
  const others = kept?.settings.dial?.filter((other) => other !== address) ?? [];
  await kept?.remember({ dial: [...others, address].slice(-MAX_DIALLED) });
}

/** Proposes to leave. At the end of the input a kept chat waits for the commit. */
async function leave({ conversation, kept }: Room, controls: ChatControls): Promise<void> {
  const { accepted, committed } = conversation.leave();
  if (kept !== undefined) controls.track(committed);
  await accepted;
}

/** Whether other members are needed for the commit of a leave, and no peer is in the conversation. */
function isAlone({ conversation, transport }: Room): boolean {
  return (
    conversation.state.members.length > 1 && subscribersOf(transport.connection, conversation.name) === 0
  );
}

/**
 * Sends a message, after the join if that is pending, and returns its id. One that was typed before the join is not sent to a
 * group that can be anyone's, which its author has not seen yet.
 */
async function send({ conversation }: Room, text: string, controls: ChatControls): Promise<string> {
  const isEarly = conversation.state.phase === "pending-join";
  await conversation.joined.catch(() => {
    throw notSent();
  });
  if (isEarly && conversation.state.unconfirmed) throw notSentToAnyone();
  const { id, published } = await conversation.send(text);
  published.catch(controls.reportFailure);
  controls.track(published);
  return id;
}

async function vote({ conversation }: Room, typed: number, choice: boolean): Promise<VoteByHand> {
  const { openVotes, proposals } = conversation.state;
  const proposalId = findVote(typed, { openVotes, proposals });
  const proposal = proposals.find((known) => known.proposalId === proposalId);
  const number = voteNumber(proposalId);
  if (openVotes.every((open) => open.proposalId !== proposalId)) throw voteOver(number, proposal?.state);
  await conversation.vote(proposalId, choice);
  return { proposalId, number, choice };
}

function noBans(): DemlsError<"not-banned"> {
  return new DemlsError("not-banned", {
    message: "No member is banned.",
    field: "member",
    remedy: "/who lists the members and the banned ones.",
  });
}

function notSent(): DemlsError<"not-sent"> {
  return new DemlsError("not-sent", {
    message: "The message was not sent: the chat ended before you were let in.",
    remedy: "Send it again when you are in.",
  });
}

function notSentToAnyone(): DemlsError<"not-sent"> {
  return new DemlsError("not-sent", {
    message:
      "The message was not sent: the group that you have joined is not confirmed, and can be anyone's.",
    remedy: "Compare the numbers of /verify with a member. Then send it again.",
  });
}

function voteOver(number: number, result: string | undefined): DemlsError<"vote-over"> {
  return new DemlsError("vote-over", {
    message: `Vote ${number} is over${result === undefined ? "" : `: ${result}`}.`,
    field: "vote",
    remedy: "/votes lists the open votes.",
  });
}

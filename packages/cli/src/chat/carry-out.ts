import { DemlsError } from "demls";
import { memberRows, stewardsView, voteRows, type Answer } from "./answer.js";
import type { Command } from "./commands.js";
import type { Room } from "./room.js";

/** What a command may set off beside its answer. */
export interface ChatControls {
  /** Ends the chat, leaving word. */
  quit(): void;
  /** Something that is to be over before a chat ends whose input has: a message that goes out. */
  awaits(work: Promise<unknown>): void;
  /** Sending failed after it was answered. */
  failed(error: unknown): void;
}

const DONE: Answer = { kind: "done" };

/**
 * Carries out a command. What it sets off that takes its time, such as a vote, shows as events.
 *
 * @throws DemlsError what the conversation throws; `unknown-member`, `ambiguous-member`, `unknown-vote`,
 *   `vote-over`; what the transport throws.
 */
export async function carryOut(room: Room, command: Command, controls: ChatControls): Promise<Answer> {
  const { conversation, names, votes, transport, decisions } = room;
  switch (command.kind) {
    case "nothing":
      return DONE;
    case "send":
      await send(room, command.text, controls);
      return DONE;
    case "vote":
      await vote(room, command.number, command.choice);
      return DONE;
    case "ban": {
      const members = conversation.state.members.map(({ id }) => id);
      const proposalId = await conversation.proposeRemove(names.find(command.member, members)).accepted;
      return { kind: "opened", proposalId, number: votes.numberOf(proposalId) };
    }
    case "leave":
      await conversation.leave().accepted;
      return DONE;
    case "quit":
      controls.quit();
      return DONE;
    case "who":
      return { kind: "members", members: memberRows(room) };
    case "votes":
      return { kind: "votes", votes: voteRows(room) };
    case "stewards":
      return { kind: "stewards", ...stewardsView(room) };
    case "why":
      return { kind: "decisions", decisions: decisions.last(command.count) };
    case "state": {
      const { epochAuthenticator } = conversation.state;
      const { epochSteward } = stewardsView(room);
      return { kind: "state", inspection: conversation.admin.inspect(), epochSteward, epochAuthenticator };
    }
    case "address":
      return { kind: "addresses", addresses: transport.addresses };
    case "connections":
      return { kind: "connections", peerId: transport.peerId, connection: transport.connection };
    case "dial":
      await transport.dial(command.address);
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

/** Sends a message; one that is typed before this member is in waits for that. */
async function send({ conversation }: Room, text: string, controls: ChatControls): Promise<void> {
  await conversation.joined;
  const { published } = await conversation.send(text);
  published.catch(controls.failed);
  controls.awaits(published);
}

async function vote({ conversation, votes }: Room, number: number, choice: boolean): Promise<void> {
  const proposalId = votes.proposalOf(number);
  const { openVotes, proposals } = conversation.state;
  if (openVotes.every((open) => open.proposalId !== proposalId)) {
    throw voteOver(number, proposals.find((known) => known.proposalId === proposalId)?.state);
  }
  await conversation.vote(proposalId, choice);
}

function voteOver(number: number, result: string | undefined): DemlsError<"vote-over"> {
  return new DemlsError("vote-over", {
    message: `Vote ${number} is over${result === undefined ? "" : `: ${result}`}.`,
    field: "vote",
    remedy: "/votes lists those that are open.",
  });
}

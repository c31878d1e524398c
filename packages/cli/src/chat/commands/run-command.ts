import { DemlsError } from "demls";
import { memberRows } from "../room/member-rows.js";
import { stewardOverview } from "../room/steward-overview.js";
import { voteRows } from "../room/vote-rows.js";
import type { CommandResult } from "./command-result.js";
import type { Command } from "./command.js";
import type { Room } from "../room/room.js";

/** Side effects that a command may have on the chat. */
export interface ChatControls {
  /** Leaves the conversation and ends the chat. */
  quit(): void;
  /** After the end of the input the chat ends only when `work`, such as a publish, has settled. */
  track(work: Promise<unknown>): void;
  /** Reports a failure that came after the command's reply. */
  reportFailure(error: unknown): void;
}

const DONE: CommandResult = { kind: "done" };

/**
 * Runs a command. Its later effects, such as a vote, are reported as events.
 *
 * @throws DemlsError `unknown-member`, `ambiguous-member`, `unknown-vote`, `vote-over`; the errors of the
 *   conversation and of the transport.
 */
export async function runCommand(
  room: Room,
  command: Command,
  controls: ChatControls,
): Promise<CommandResult> {
  const { conversation, names, votes, transport, decisions } = room;
  switch (command.kind) {
    case "nothing":
      return DONE;
    case "send":
      return { kind: "sent", messageId: await send(room, command.text, controls) };
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
      return { kind: "stewards", ...stewardOverview(room) };
    case "why":
      return { kind: "decisions", decisions: decisions.last(command.count) };
    case "state": {
      const { epochAuthenticator } = conversation.state;
      const { epochSteward } = stewardOverview(room);
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

/** Sends a message, after the join if that is pending, and returns its id. */
async function send({ conversation }: Room, text: string, controls: ChatControls): Promise<string> {
  await conversation.joined;
  const { id, published } = await conversation.send(text);
  published.catch(controls.reportFailure);
  controls.track(published);
  return id;
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
    remedy: "/votes lists the open votes.",
  });
}

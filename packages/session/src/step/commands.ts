import { DemlsError } from "@demls/wire/core";
import { announceKeyPackage } from "../join/welcome.js";
import { sendSync } from "../join/sync.js";
import { sendChat } from "../messages/chat.js";
import { endConversation } from "../model/ending.js";
import type { Command } from "../model/input.js";
import { inGroup, requireGroup, update, type Transaction } from "../model/transaction.js";
import { regenerateStewards } from "../stewards/elections.js";
import { voteByHand } from "../voting/cast-vote.js";
import { propose } from "../voting/propose.js";

/**
 * Carries out a command of this member.
 *
 * @returns the id of the proposal that a `propose` command opened.
 * @throws DemlsError `not-joined` for a command that needs the group; otherwise as the command's function.
 */
export async function runCommand(tx: Transaction, command: Command): Promise<number | undefined> {
  switch (command.kind) {
    case "propose":
      return propose(requireGroup(tx), command.request, command.creatorVote);
    case "vote":
      voteByHand(requireGroup(tx), command.proposalId, command.vote);
      return undefined;
    case "send":
      await sendChat(requireGroup(tx), command.ticket, command.content);
      return undefined;
    case "announceKeyPackage":
      announceKeyPackage(tx, command.keyPackage);
      return undefined;
    case "sendSync":
      await sendSync(requireGroup(tx));
      return undefined;
    case "regenerateStewards":
      regenerateStewards(requireGroup(tx));
      return undefined;
    case "leave":
      leave(tx);
      return undefined;
  }
}

/**
 * Leaves. A pending join ends at once, and so does a conversation without other members. Otherwise the leave is
 * proposed as soon as the phase allows it and another member can commit it, and this member stays until that commit, or
 * until it has waited for it too long.
 */
function leave(tx: Transaction): void {
  if (tx.state.phase === "pending-join") endConversation(tx, "join-cancelled");
  else if (!inGroup(tx)) throw alreadyLeft();
  else if (tx.state.group.members.length === 1) endConversation(tx, "left");
  else update(tx, "leave", { requested: true });
}

function alreadyLeft(): DemlsError<"not-joined"> {
  return new DemlsError("not-joined", {
    message: "This member has left the conversation already.",
    field: "conversation",
    remedy: "Nothing to do.",
  });
}

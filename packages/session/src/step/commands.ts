import { DemlsError } from "@demls/wire/core";
import { renewKeys } from "../keys/index.js";
import { markVerified } from "../identity/verified-members.js";
import { awaitJoin } from "../join/announcement.js";
import { announceAgain, announceKeyPackage, isPending } from "../join/welcome.js";
import { noteAssurance, sendSync } from "../join/sync.js";
import { sendChat } from "../messages/chat.js";
import { endConversation } from "../model/ending.js";
import type { Command } from "../model/input.js";
import { inGroup, requireGroup, type Transaction } from "../model/transaction.js";
import { requestLeave } from "../voting/self-leave.js";
import { regenerateStewards } from "../stewards/steward-lists.js";
import { unban } from "../voting/bans.js";
import { withdrawJoiner } from "../voting/withdrawal.js";
import { voteByHand } from "../voting/cast-vote.js";
import { confirmMember } from "../voting/member-confirmations.js";
import { revokeInvitation, shareInvitation } from "../voting/invitations.js";
import { admitJoiner, refuseJoiner } from "../voting/joiners.js";
import { propose } from "../voting/propose.js";
import { followUp } from "./follow-ups.js";

/**
 * Runs a command of this member.
 *
 * @returns the proposal id of a `propose` command.
 * @throws DemlsError `not-joined` if the command needs the group; otherwise as the command's function.
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
      announceKeyPackage(tx, command);
      return undefined;
    case "announceAgain":
      announceAgain(tx);
      return undefined;
    case "noteAssurance":
      noteAssurance(requireGroup(tx), command.assurance, command.inviter);
      return undefined;
    case "awaitJoin":
      awaitJoin(tx, command.untilMs);
      return undefined;
    case "giveUpJoin":
      giveUpJoin(tx, command.isCancelled);
      return undefined;
    case "withdrawJoiner":
      await followUp(tx, await withdrawJoiner(requireGroup(tx), command));
      return undefined;
    case "admit":
      await admitJoiner(requireGroup(tx), command.joiner);
      return undefined;
    case "refuse":
      await refuseJoiner(requireGroup(tx), command.joiner);
      return undefined;
    case "sendSync":
      await sendSync(requireGroup(tx));
      return undefined;
    case "regenerateStewards":
      regenerateStewards(requireGroup(tx));
      return undefined;
    case "renewKeys":
      renewKeys(requireGroup(tx));
      return undefined;
    case "unban":
      await unban(requireGroup(tx), command.member);
      return undefined;
    case "confirmMember":
      await confirmMember(requireGroup(tx), command.member);
      return undefined;
    case "shareInvitation":
      await shareInvitation(requireGroup(tx), command);
      return undefined;
    case "revokeInvitation":
      await revokeInvitation(requireGroup(tx), command.id);
      await followUp(tx, [{ kind: "invitationRevoked" }]);
      return undefined;
    case "markVerified":
      markVerified(requireGroup(tx), command.member, command.verified);
      return undefined;
    case "leave":
      leave(tx);
      return undefined;
  }
}

function giveUpJoin(tx: Transaction, isCancelled: boolean): void {
  if (isPending(tx)) endConversation(tx, isCancelled ? "join-cancelled" : "join-expired");
}

/**
 * Leaves. A pending join and a conversation without other members end at once. Otherwise the leave is proposed once the
 * phase allows it and another member can commit it, and this member stays until that commit or a timeout.
 */
function leave(tx: Transaction): void {
  if (tx.state.phase === "pending-join") endConversation(tx, "join-cancelled");
  else if (!inGroup(tx)) throw alreadyLeft();
  else if (tx.state.group.members.length === 1) endConversation(tx, "left");
  else requestLeave(tx);
}

function alreadyLeft(): DemlsError<"not-joined"> {
  return new DemlsError("not-joined", {
    message: "This member has already left the conversation.",
    field: "conversation",
    remedy: "No action is needed.",
  });
}

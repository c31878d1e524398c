import type { ConversationEvent, MemberId } from "demls";
import { memberRows } from "../../room/member-rows.js";
import type { JoinObstacle } from "../../room/join-progress.js";
import type { Room } from "../../room/room.js";
import { secondsUntil } from "../../room/seconds-until.js";
import { stewardOverview } from "../../room/steward-overview.js";
import { voteNumber } from "../../room/vote-numbers.js";
import type { LineStyle, ScreenLine } from "../../terminal/screen.js";
import { describeCompany, describeMember, nameIn } from "./member-text.js";
import { describeMessage } from "./message-text.js";
import { describeAsking, describeAskReason, describeRequest } from "./request-text.js";
import { isRoutine, isStrict, proposalOf } from "./routine.js";
import type { TextSettings } from "./text-settings.js";
import { words } from "./wording.js";

type EventOf<Kind extends ConversationEvent["kind"]> = Extract<ConversationEvent, { kind: Kind }>;

const JOIN_OBSTACLES: Readonly<Record<JoinObstacle, (name: string) => string>> = {
  "no-peer": () =>
    "No peer was connected. Check that the other chat runs, and that its /address shows the address that you dial.",
  "no-member": (name) => `The connected peers are not in ${name}. Check the name, and --framing.`,
  "not-let-in": () =>
    "Peers were asked, but did not let you in: they voted no, or too few members were online to decide. If you were a " +
    "member before in the mode de-mls-3, the others must /ban your old membership first.",
};

/** Describes an event in text lines; no lines for events that a chat does not show. */
export function describeConversationEvent(
  event: ConversationEvent,
  room: Room,
  settings: Pick<TextSettings, "isVerbose" | "timeOf">,
): readonly ScreenLine[] {
  if (!settings.isVerbose && isRoutine(event, room)) return [];
  const nameOf = nameIn(room);
  const names = (members: readonly MemberId[]): string => members.map(nameOf).join(", ");
  switch (event.kind) {
    case "joined":
      return joined(event, room, settings);
    case "leaving":
      return leaving(event, room);
    case "message":
      return [{ style: "message", text: describeMessage(event, room, settings) }];
    case "joinRequested":
      return notice(
        `${nameOf(event.joiner)}${event.invitedBy === undefined ? "" : `, invited by ${nameOf(event.invitedBy)},`} asks to join${describeAskReason(event.reason)}: /admit ${nameOf(event.joiner)} or /refuse ${nameOf(event.joiner)}.`,
      );
    case "memberConfirmed":
      return notice(
        `${nameOf(event.by)} ${event.by === room.self ? "confirm" : "confirms"} ${nameOf(event.member)}.`,
      );
    case "voteRequested":
      return voteRequested(event, room);
    case "voteCast":
      return voteCast(event, room);
    case "ownProposalSubmitted":
      // Without the bundled yes vote, a `voteRequested` event follows.
      return !event.bundled
        ? []
        : notice(`#${voteNumber(event.proposalId)}: ${describeAsking(event.request, nameOf, room.self)}.`);
    case "proposalDecided":
      return decided(event, room);
    case "reconciled":
      return notice(
        `${nameOf(event.committer)} committed other changes than were approved here, and the group merged them.`,
      );
    case "commitApplied":
      return notice(`Epoch ${event.epoch}, committed by ${nameOf(event.committer)}.`);
    case "membersChanged":
      return membersChanged(event, room);
    case "stewardsChanged":
      return notice(`Stewards are ${names(event.stewards)}; ${whoseTurn(room)}.`);
    case "scoreChanged":
      return notice(
        `${nameOf(event.member)} ${event.member === room.self ? "have" : "has"} score ${event.score}${event.cause ? ` (${words(event.cause)})` : ""}.`,
      );
    case "phaseChanged":
      return phaseChanged(event, room);
    case "epochGap":
      return warning(
        `A message claims epoch ${event.ahead}, but you are at ${event.epoch}: you may have missed a commit.`,
      );
    case "diverged":
      return warning(
        `A message of epoch ${event.epoch} cannot be decrypted: the group may have diverged. Compare /state with the others.`,
      );
    case "ambiguousConversation":
      return warning(
        `${event.groupIds.length} groups of this name have added you. You are in ${event.groupIds[0]}: compare /state with the others.`,
      );
    case "caughtUp":
      return notice(`You have caught up with the others, from epoch ${event.from} to ${event.epoch}.`);
    case "rejoined":
      return notice(
        `You were left behind at epoch ${event.from}, and are back at epoch ${event.epoch}. Messages between are lost.`,
      );
    case "branchLost":
      return notice(
        `The others went on without you from epoch ${event.at}. You follow them; your messages since then are sent again.`,
      );
    case "equivocated":
      return notice(
        `${nameOf(event.member)} has signed two choices of epoch ${event.epoch}. Consider to ban it.`,
      );
    case "memberRejoined":
      return notice(`${nameOf(event.member)} is back, and may have missed messages.`);
    case "unbanned":
      return notice(
        event.by === undefined
          ? `The ban of ${nameOf(event.member)} was lifted.`
          : `${nameOf(event.by)} ${event.by === room.self ? "lift" : "lifts"} the ban of ${nameOf(event.member)}.`,
      );
    case "learned":
      return learned(event, room);
    case "keysRenewed":
      return [];
    case "provisional":
      return warning(
        `Only ${event.chosenBy} of ${event.members} members are known to have agreed on epoch ${event.epoch}: the others are away.`,
      );
    case "missed":
      return warning(
        `${event.count} packets of ${nameOf(event.sender)} are lost: no member that answers has them.`,
      );
    case "delivered":
      return delivered(event, room);
    case "notDelivered":
      return warning("A message of yours has reached no member, as far as you know, and is not sent again.");
    case "error":
      return warning(`${event.operation}: ${event.message}`);
    case "commitCandidateReceived":
    case "commitCandidateChosen":
      return [];
  }
}

function joined(
  { epoch }: EventOf<"joined">,
  room: Room,
  { isVerbose }: Pick<TextSettings, "isVerbose">,
): readonly ScreenLine[] {
  const rows = memberRows(room);
  const { name, state } = room.conversation;
  if (state.unconfirmed)
    return warning(
      `You have joined a group named ${name}${describeCompany(room)}. It is not confirmed: anyone can copy a group's name and id. ` +
        "Before you write, compare the numbers of /verify with a member. With an invitation, the inviter confirms the group.",
    );
  if (isVerbose)
    return notice(
      `You are in, at epoch ${epoch}: ${rows.map((row) => describeMember(row, room)).join("; ")}.`,
    );
  return notice(`You are in ${name}${describeCompany(room)}.`);
}

function voteRequested(event: EventOf<"voteRequested">, room: Room): readonly ScreenLine[] {
  const { proposalId, proposer, request, defaultVote, deadlineMonotonicMs } = event;
  const number = voteNumber(proposalId);
  const seconds = secondsUntil(deadlineMonotonicMs, room.clock);
  const asks = describeAsking(request, nameIn(room), proposer);
  const silence = `Silence votes ${yesOrNo(defaultVote)} in ${seconds} s.`;
  // Elections follow most changes, and few users vote on them by hand.
  if (request.kind === "electStewards") return notice(`#${number}: ${asks}. ${silence}`);
  const how = `/vote ${number} yes or /vote ${number} no?`;
  return [{ style: "question", text: `#${number}: ${asks}. ${how} ${silence}` }];
}

/** Describes a vote with its request, since the vote may be the first event of its proposal. */
function voteCast({ proposalId, voter, vote }: EventOf<"voteCast">, room: Room): readonly ScreenLine[] {
  const proposal = proposalOf(proposalId, room);
  if (voter === room.self) return [];
  const { request, proposer } = proposal ?? {};
  const what = request === undefined ? "" : ` (${describeRequest(request, nameIn(room), proposer)})`;
  return notice(`${nameIn(room)(voter)} votes ${yesOrNo(vote)} on #${voteNumber(proposalId)}${what}.`);
}

function decided(
  { proposalId, request, result }: EventOf<"proposalDecided">,
  room: Room,
): readonly ScreenLine[] {
  // The `stewardsChanged` event that follows shows the result.
  if (request.kind === "electStewards" && result === "yes") return [];
  const proposer = proposalOf(proposalId, room)?.proposer;
  const isLeave = request.kind === "remove" && request.member === proposer;
  const what = isLeave ? leaves(proposer, room) : describeRequest(request, nameIn(room), undefined);
  return notice(`#${voteNumber(proposalId)} (${what}) is decided: ${result}.`);
}

function membersChanged(
  { added, removed, letIn }: EventOf<"membersChanged">,
  room: Room,
): readonly ScreenLine[] {
  const nameOf = nameIn(room);
  const sponsors = new Map(letIn.map(({ member, letInBy }) => [member, letInBy]));
  const others = added.includes(room.self) ? [] : added;
  const areIs = (members: readonly MemberId[]): string =>
    members.length > 1 || members[0] === room.self ? "are" : "is";
  return [
    ...[...new Set(others.map((member) => sponsors.get(member)))].flatMap((sponsor) => {
      const guests = others.filter((member) => sponsors.get(member) === sponsor);
      const by = sponsor === undefined ? "" : `, let in by ${nameOf(sponsor)}`;
      return notice(`${guests.map(nameOf).join(", ")} ${areIs(guests)} in${by}.`);
    }),
    ...(removed.length === 0 ? [] : notice(`${removed.map(nameOf).join(", ")} ${areIs(removed)} out.`)),
  ];
}

/** A mark of the messages that no member had before. */
function delivered({ member, messages }: EventOf<"delivered">, room: Room): readonly ScreenLine[] {
  const fresh = messages.filter(({ count }) => count === 1).length;
  if (fresh === 0) return [];
  return notice(
    `✓ ${nameIn(room)(member)} has ${fresh === 1 ? "your message" : `${fresh} messages of yours`}.`,
  );
}

function learned({ by, invitations, bans }: EventOf<"learned">, room: Room): readonly ScreenLine[] {
  const nameOf = nameIn(room);
  const told = [
    ...(bans.length === 0 ? [] : [`the bans of ${bans.map(nameOf).join(", ")}`]),
    ...(invitations.length === 0
      ? []
      : [`invitations of ${[...new Set(invitations.map(({ inviter }) => nameOf(inviter)))].join(", ")}`]),
  ];
  return warning(`${nameOf(by)} tells of ${told.join(" and of ")}, which you did not know.`);
}

function leaving(
  { reason }: EventOf<"leaving">,
  { conversation, kept, joinProgress }: Room,
): readonly ScreenLine[] {
  switch (reason) {
    case "left":
      return notice(
        `You have left ${conversation.name}${kept === undefined ? "" : ", and nothing of it is kept here"}.`,
      );
    case "removed":
      return warning(`You were removed from ${conversation.name}.`);
    case "join-cancelled":
      return notice("You cancelled the join.");
    case "join-expired":
      return warning(`The join timed out. ${JOIN_OBSTACLES[joinProgress.obstacle](conversation.name)}`);
  }
}

function phaseChanged({ phase }: EventOf<"phaseChanged">, room: Room): readonly ScreenLine[] {
  if (phase === "freezing") {
    const hold = isStrict(room) ? "" : "; messages wait until then";
    return notice(`The stewards commit the approved changes${hold}.`);
  }
  if (phase === "reelection") return warning("No steward has committed in time; the group elects new ones.");
  return [];
}

function leaves(member: MemberId, room: Room): string {
  return member === room.self ? "you leave" : `${nameIn(room)(member)} leaves`;
}

function whoseTurn(room: Room): string {
  const { epochSteward } = stewardOverview(room);
  if (epochSteward === undefined) return "an election is due";
  return epochSteward === room.self ? "it is your turn" : `it is ${nameIn(room)(epochSteward)}'s turn`;
}

function yesOrNo(vote: boolean): string {
  return vote ? "yes" : "no";
}

function notice(text: string): readonly ScreenLine[] {
  return line("notice", text.replace(/^you /, "You "));
}

function warning(text: string): readonly ScreenLine[] {
  return line("warning", text);
}

function line(style: LineStyle, text: string): readonly ScreenLine[] {
  return [{ style, text }];
}

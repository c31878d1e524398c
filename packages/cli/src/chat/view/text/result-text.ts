import type { MemberId } from "demls";
import type { TimerKind } from "demls/trace";
import { COMMAND_HELP } from "../../commands/command.js";
import type { CommandResult } from "../../commands/command-result.js";
import type { Room } from "../../room/room.js";
import type { StewardOverview } from "../../room/steward-overview.js";
import type { VoteRow } from "../../room/vote-rows.js";
import { bestAddresses } from "../../network/best-addresses.js";
import { qrRows } from "./qr-code.js";
import { invitedCommand, joinCommand } from "../join-command.js";
import { describeDecision } from "./decision-text.js";
import { describeMember, nameIn } from "./member-text.js";
import { describeMessage } from "./message-text.js";
import { describeAsking, describeRequest } from "./request-text.js";
import type { TextSettings } from "./text-settings.js";
import { count, words } from "./wording.js";

/** Names of the timers in the output of `/state`. */
const TIMERS: Readonly<Record<TimerKind, string>> = {
  defaultVote: "default vote",
  deputies: "list of deputies",
  voteDeadline: "vote deadline",
  sessionSlot: "session slot",
  epochVotes: "epoch votes",
  joinExpiry: "join expiry",
  announcement: "announcement",
  farewell: "farewell to a join that was given up",
  rejoin: "rejoin",
  branches: "comparison of branches",
  leafNotice: "notice of a leaf",
  confirmation: "confirmation of the group to a guest",
  presence: "sign of presence",
  keyRenewal: "renewal of keys",
  freeze: "freeze",
  standIn: "commit in place of a steward",
  selection: "selection",
  lateSelection: "late selection",
  closing: "commit without silent members",
  fallbackElection: "fallback election",
  fallbackChanges: "fallback proposal",
  leave: "leave",
  expiry: "expiry of a proposal",
  repair: "repair",
  resend: "sending chat again",
  publish: "publishing",
};

/** Describes a result in text lines; no lines if an event shows it. */
export function describeResult(
  result: CommandResult,
  room: Room,
  settings: Pick<TextSettings, "joinOptions" | "timeOf">,
): readonly string[] {
  const { clock, conversation } = room;
  switch (result.kind) {
    case "leaving":
      return result.waits ? [describeWaitingLeave(room)] : [];
    case "done":
    case "sent":
    case "opened":
      return [];
    case "voted":
      return [describeOwnVote(result, room)];
    case "history":
      return result.messages.length === 0
        ? ["No messages are kept."]
        : result.messages.map((message) => describeMessage(message, room, settings));
    case "members":
      return result.members.length === 0
        ? ["You have not joined yet."]
        : [
            ...result.members.map((row) => `  0x${row.member}  ${describeMember(row, room)}`),
            ...result.bans.map(
              ({ member, name, untilWallMs }) =>
                `  0x${member}  ${name}, banned until ${settings.timeOf(untilWallMs)}`,
            ),
          ];
    case "invited":
      return describeInvitation(result, settings);
    case "revoked":
      return [`The invitation ${result.id} is revoked.`];
    case "answered": {
      const name = nameIn(room)(result.joiner);
      return [
        result.admitted
          ? `You vouch for ${name}: it is in with the next commit, unless the others vote no.`
          : `You have refused ${name}.`,
      ];
    }
    case "requests":
      return result.requests.length === 0
        ? ["Nobody waits to be let in."]
        : result.requests.map(({ joiner }) => `  0x${joiner}  ${nameIn(room)(joiner)}`);
    case "code":
      return describeCode(result);
    case "marked":
      return [
        result.verified
          ? `You have marked ${result.name} as verified.`
          : `${result.name} is not marked as verified.`,
      ];
    case "votes":
      return result.votes.length === 0
        ? ["No vote is open."]
        : result.votes.map((row) => `  ${describeVote(row, room)}`);
    case "stewards":
      return describeStewards(result, room);
    case "decisions":
      return result.decisions.length === 0
        ? ["There are no decisions yet."]
        : result.decisions.map(({ atMs, decision }) => {
            const seconds = ((clock.monotonicMs() - atMs) / 1_000).toFixed(0).padStart(4);
            return `${seconds} s ago  ${describeDecision(decision, room)}`;
          });
    case "state":
      return describeState(result, room);
    case "addresses": {
      const commands = bestAddresses(result.addresses).map(
        (address) => `  ${joinCommand(settings.joinOptions, conversation.name, address, result.neighbour)}`,
      );
      return commands.length === 0
        ? ["This node has no address, so that others cannot connect to it."]
        : ["Others join with", ...commands];
    }
    case "connections":
      return describeConnections(result, room);
    case "help":
      return ["A line without a slash is a message to all.", ...COMMAND_HELP.map((line) => `  ${line}`)];
  }
}

function describeWaitingLeave({ kept }: Room): string {
  const end =
    kept === undefined ? "Ctrl-C ends without it." : "Ctrl-C ends, and the same command goes on with it.";
  return `Your leave waits until another member is online. ${end}`;
}

function describeInvitation(
  invited: Extract<CommandResult, { kind: "invited" }>,
  { joinOptions, timeOf }: Pick<TextSettings, "joinOptions" | "timeOf">,
): readonly string[] {
  const { id, uses, expiresWallMs, addresses, line, qr } = invited;
  const [guests, them] = uses === 1 ? ["one guest", "that guest"] : [`${uses} guests`, "them"];
  return [
    `This line lets ${guests} in until ${timeOf(expiresWallMs)}. Send it to ${them} alone.`,
    `  ${invitedCommand(joinOptions, invited)}`,
    ...(qr ? qrRows(line) : []),
    ...(addresses.length > 0
      ? []
      : ["This node has no address: the guest also needs --dial with that of a member."]),
    `/revoke ${id} takes it back.`,
  ];
}

function describeCode({ name, code, verified }: Extract<CommandResult, { kind: "code" }>): readonly string[] {
  return [
    `Your code with ${name}${verified ? ", whom you have verified" : ""}:`,
    ...halvesOf(code).map((half) => `  ${half}`),
    "Compare it where you recognise each other, as face to face or by a call; not in this chat.",
    ...(verified ? [] : [`If the code is the same there: /verify ${name} yes`]),
  ];
}

/** A code of twelve groups of digits in two lines. */
function halvesOf(code: string): readonly string[] {
  const groups = code.split(" ");
  return [groups.slice(0, groups.length / 2), groups.slice(groups.length / 2)].map((half) => half.join(" "));
}

function describeConnections(
  { peerId, connection }: Extract<CommandResult, { kind: "connections" }>,
  { clock }: Room,
): readonly string[] {
  const { peers, dialling, waiting, isOnline } = connection;
  const dialled = dialling.map(({ address, state, nextAtMs, lastError }) => {
    const seconds =
      nextAtMs === undefined ? "" : ` ${Math.max(0, Math.ceil((nextAtMs - clock.monotonicMs()) / 1_000))} s`;
    return `  ${address} (${state}${seconds}${lastError === undefined ? "" : `: ${lastError}`})`;
  });
  return [
    `This is ${peerId}, ${isOnline ? "online" : "offline"}, connected to ${count(peers.length, "peer")}`,
    ...peers.map((peer) => `  ${peer}`),
    ...(dialled.length === 0 ? [] : ["Dialled addresses", ...dialled]),
    ...(waiting === 0 ? [] : [`Buffered until a peer connects: ${count(waiting, "packet")}`]),
  ];
}

function describeOwnVote(
  { proposalId, number, choice }: Extract<CommandResult, { kind: "voted" }>,
  room: Room,
): string {
  const proposal = room.conversation.state.proposals.find((known) => known.proposalId === proposalId);
  const { request, proposer } = proposal ?? {};
  const what = request === undefined ? "" : ` (${describeRequest(request, nameIn(room), proposer)})`;
  return `You vote ${choice ? "yes" : "no"} on #${number}${what}.`;
}

function describeVote(vote: VoteRow, room: Room): string {
  const { number, request, proposer, yes, no, expected, voted, defaultVote, secondsLeft } = vote;
  const nameOf = nameIn(room);
  const asked = `#${number}: ${describeAsking(request, nameOf, proposer, "asked")}`;
  const tally = `${yes} yes, ${no} no of ${expected}`;
  const time = secondsLeft === undefined ? "" : ` in ${secondsLeft} s`;
  if (voted || defaultVote === undefined) return `${asked}: ${tally}; settled${time === "" ? " soon" : time}`;
  return `${asked}: ${tally}; silence votes ${defaultVote ? "yes" : "no"}${time}`;
}

function describeStewards(overview: StewardOverview, room: Room): readonly string[] {
  const { stewards, epochSteward, backup, electionEpoch, exhausted, recovery } = overview;
  if (stewards.length === 0) return ["No stewards are known yet."];
  const nameOf = nameIn(room);
  const turn = (member: MemberId): string =>
    member === epochSteward ? "  commits now" : member === backup ? "  backup" : "";
  return [
    `Elected in epoch ${electionEpoch ?? "?"}, in the order of their turns:`,
    ...stewards.map((member, index) => `  ${index + 1}. ${nameOf(member)}${turn(member)}`),
    ...(exhausted ? ["  All stewards have had their turn: an election is due."] : []),
    ...(recovery ? ["  The group is in recovery: any member may commit."] : []),
  ];
}

function describeState(result: Extract<CommandResult, { kind: "state" }>, room: Room): readonly string[] {
  const { inspection, epochSteward, fingerprint } = result;
  const { phase, epoch, groupId, members, mode, approved, openVotes, deadlines } = inspection;
  const next = deadlines[0];
  return [
    `  epoch          ${epoch ?? "none yet"}, ${words(phase)}${mode === null ? "" : `, ${mode}`}`,
    ...(groupId === null ? [] : [`  group          ${groupId}`]),
    `  members        ${members.length}`,
    `  epoch steward  ${epochSteward === undefined ? "none" : nameIn(room)(epochSteward)}`,
    `  open           ${count(openVotes.length, "vote")}, ${count(approved.length, "change")} to commit`,
    ...(next === undefined
      ? []
      : [`  next           ${TIMERS[next.kind]} in ${Math.max(0, Math.ceil(next.inMs / 1_000))} s`]),
    ...(fingerprint === undefined ? [] : halvesOf(fingerprint)).map(
      (half, index) => `  ${index === 0 ? "fingerprint" : "           "}    ${half}`,
    ),
  ];
}

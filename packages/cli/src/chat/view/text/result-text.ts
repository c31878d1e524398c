import type { MemberId } from "demls";
import type { TimerKind } from "demls/trace";
import { COMMAND_HELP } from "../../commands/command.js";
import type { CommandResult } from "../../commands/command-result.js";
import type { Room } from "../../room/room.js";
import type { StewardOverview } from "../../room/steward-overview.js";
import type { VoteRow } from "../../room/vote-rows.js";
import { bestAddresses, joinCommand, type JoinCommandOptions } from "../join-command.js";
import { describeDecision } from "./decision-text.js";
import { describeMember, nameIn } from "./member-text.js";
import { describeRequest } from "./request-text.js";
import { count, words } from "./wording.js";

/** What comes next. */
const TIMERS: Readonly<Record<TimerKind, string>> = {
  defaultVote: "own vote",
  voteDeadline: "settling",
  sessionSlot: "free place",
  epochVotes: "epoch votes",
  joinExpiry: "join expiry",
  freeze: "freeze",
  selection: "selection",
  lateSelection: "late selection",
  fallbackElection: "standing in",
  leave: "leave",
  publish: "publishing",
};

/** A result as lines for people; none where what was done shows by itself. */
export function describeResult(
  result: CommandResult,
  room: Room,
  joinOptions: JoinCommandOptions,
): readonly string[] {
  const { names, votes, clock, conversation } = room;
  switch (result.kind) {
    case "done":
    case "opened":
      return [];
    case "members":
      return result.members.length === 0
        ? ["You are not in yet."]
        : result.members.map((row) => {
            return `  0x${row.member}  ${describeMember(row, room)}`;
          });
    case "votes":
      return result.votes.length === 0
        ? ["No vote is open."]
        : result.votes.map((row) => `  ${describeVote(row, room)}`);
    case "stewards":
      return describeStewards(result, room);
    case "decisions":
      return result.decisions.length === 0
        ? ["Nothing was decided yet."]
        : result.decisions.map(({ atMs, decision }) => {
            const seconds = ((clock.monotonicMs() - atMs) / 1_000).toFixed(0).padStart(4);
            const told = { nameOf: names.nameOf, numberOf: votes.numberOf };
            return `${seconds} s ago  ${describeDecision(decision, told)}`;
          });
    case "state":
      return describeState(result, room);
    case "addresses": {
      const commands = bestAddresses(result.addresses).map(
        (address) => `  ${joinCommand(joinOptions, conversation.name, address)}`,
      );
      return commands.length === 0
        ? ["Nobody can connect to this end: it has no address."]
        : ["Others join with", ...commands];
    }
    case "connections":
      return describeConnections(result, room);
    case "help":
      return ["What does not begin with a slash is said to all.", ...COMMAND_HELP.map((line) => `  ${line}`)];
  }
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
    ...(dialled.length === 0 ? [] : ["Addresses that connections are kept to", ...dialled]),
    ...(waiting === 0 ? [] : [`${count(waiting, "packet")} wait for a peer`]),
  ];
}

function describeVote(vote: VoteRow, room: Room): string {
  const { number, request, proposer, yes, no, expected, voted, defaultVote, secondsLeft } = vote;
  const nameOf = nameIn(room);
  const asked = `#${number}: ${nameOf(proposer)} asked to ${describeRequest(request, nameOf, proposer)}`;
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
    member === epochSteward ? "  commits now" : member === backup ? "  stands in" : "";
  return [
    `Elected in epoch ${electionEpoch ?? "?"}, in the order of their turns:`,
    ...stewards.map((member, index) => `  ${index + 1}. ${nameOf(member)}${turn(member)}`),
    ...(exhausted ? ["  All had their turn: others are to be elected."] : []),
    ...(recovery ? ["  The group recovers: any member may commit."] : []),
  ];
}

function describeState(result: Extract<CommandResult, { kind: "state" }>, room: Room): readonly string[] {
  const { inspection, epochSteward, epochAuthenticator } = result;
  const { phase, epoch, members, mode, approved, openVotes, deadlines } = inspection;
  const next = deadlines[0];
  return [
    `  epoch          ${epoch ?? "none yet"}, ${words(phase)}${mode === null ? "" : `, ${mode}`}`,
    `  members        ${members.length}`,
    `  epoch steward  ${epochSteward === undefined ? "none" : nameIn(room)(epochSteward)}`,
    `  open           ${count(openVotes.length, "vote")}, ${count(approved.length, "change")} to commit`,
    ...(next === undefined
      ? []
      : [`  next           ${TIMERS[next.kind]} in ${Math.max(0, Math.ceil(next.inMs / 1_000))} s`]),
    // RFC 9420, section 8.7.
    ...(epochAuthenticator === undefined ? [] : [`  agreement      ${epochAuthenticator.slice(0, 32)}`]),
  ];
}

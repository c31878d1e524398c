import type { MemberId } from "demls";
import type { Answer, StewardsView, VoteRow } from "./answer.js";
import { COMMAND_HELP } from "./commands.js";
import { describeDecision, words } from "./decision-text.js";
import { describeMember, nameIn } from "./event-text.js";
import { bestAddresses, joinCommand, type Invitation } from "./invitation.js";
import { describeRequest } from "./request-text.js";
import type { Room } from "./room.js";

/** An answer as lines for people; none where what was done shows by itself. */
export function describeAnswer(answer: Answer, room: Room, invitation: Invitation): readonly string[] {
  const { names, votes, clock, conversation } = room;
  switch (answer.kind) {
    case "done":
    case "opened":
      return [];
    case "members":
      return answer.members.length === 0
        ? ["You are not in yet."]
        : answer.members.map((row) => {
            return `  0x${row.member}  ${describeMember(row, room)}`;
          });
    case "votes":
      return answer.votes.length === 0
        ? ["No vote is open."]
        : answer.votes.map((row) => `  ${describeVote(row, room)}`);
    case "stewards":
      return describeStewards(answer, room);
    case "decisions":
      return answer.decisions.length === 0
        ? ["Nothing was decided yet."]
        : answer.decisions.map(({ atMs, decision }) => {
            const seconds = ((clock.monotonicMs() - atMs) / 1_000).toFixed(0).padStart(4);
            const told = { nameOf: names.nameOf, numberOf: votes.numberOf };
            return `${seconds} s ago  ${describeDecision(decision, told)}`;
          });
    case "state":
      return describeState(answer, room);
    case "addresses": {
      const commands = bestAddresses(answer.addresses).map(
        (address) => `  ${joinCommand(invitation, conversation.name, address)}`,
      );
      return commands.length === 0
        ? ["Nobody can connect to this end: it has no address."]
        : ["Others join with", ...commands];
    }
    case "connections":
      return describeConnections(answer, room);
    case "help":
      return ["What does not begin with a slash is said to all.", ...COMMAND_HELP.map((line) => `  ${line}`)];
  }
}

/** `2 peers` */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function describeConnections(
  { peerId, connection }: Extract<Answer, { kind: "connections" }>,
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

function describeStewards(view: StewardsView, room: Room): readonly string[] {
  const { stewards, epochSteward, backup, electionEpoch, exhausted, recovery } = view;
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

function describeState(answer: Extract<Answer, { kind: "state" }>, room: Room): readonly string[] {
  const { inspection, epochSteward, epochAuthenticator } = answer;
  const { phase, epoch, members, mode, approved, openVotes, deadlines } = inspection;
  const next = deadlines[0];
  return [
    `  epoch          ${epoch ?? "none yet"}, ${words(phase)}${mode === null ? "" : `, ${mode}`}`,
    `  members        ${members.length}`,
    `  epoch steward  ${epochSteward === undefined ? "none" : nameIn(room)(epochSteward)}`,
    `  open           ${count(openVotes.length, "vote")}, ${count(approved.length, "change")} to commit`,
    ...(next === undefined
      ? []
      : [`  next           ${words(next.what)} in ${Math.max(0, Math.ceil(next.inMs / 1_000))} s`]),
    // RFC 9420, section 8.7.
    ...(epochAuthenticator === undefined ? [] : [`  agreement      ${epochAuthenticator.slice(0, 32)}`]),
  ];
}

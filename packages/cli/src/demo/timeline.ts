import type { ChangeRequest, Clock, ConversationEvent, MemberId, MemberSnapshot } from "demls";
import type { Actor, Cast } from "./cast.js";

/** Writes a line of the timeline. */
export type Print = (line: string) => void;

/** Counts of the events so far, by which the scenario goes on and the closing table is made. */
export interface Tally {
  /** Commits merged, by committer. */
  readonly commits: Map<string, number>;
  /** Who proposed an election, by name. */
  readonly electionProposers: Set<string>;
  /** The most candidates that one selection had before it. */
  mostCandidates: number;
  /** Messages read, by reader. */
  readonly read: Map<string, number>;
  /** Votes that members cast, by proposal. */
  readonly votes: Map<number, readonly boolean[]>;
}

/**
 * A timeline of a play: lines of the narrator and, if `verbose`, the events of the members. Each event is printed once, as
 * of the member that causes it; each message as of its reader.
 */
export interface Timeline {
  readonly tally: Tally;
  /** Prints a line of the narrator. */
  say(line: string): void;
  /** Counts the events of a member, and prints them if `verbose`. */
  follow(actor: Actor): void;
}

export function createTimeline(cast: Cast, clock: Clock, print: Print, verbose: boolean): Timeline {
  const startMs = clock.monotonicMs();
  const tally: Tally = {
    commits: new Map(),
    electionProposers: new Set(),
    mostCandidates: 0,
    read: new Map(),
    votes: new Map(),
  };

  function write(who: string, line: string): void {
    const seconds = ((clock.monotonicMs() - startMs) / 1_000).toFixed(2).padStart(6);
    print(`${seconds}s  ${who.padEnd(6)}  ${line}`);
  }

  function follow({ name, user, conversation }: Actor): void {
    conversation?.events$.subscribe((event) => {
      count(tally, cast, name, event);
      if (!verbose) return;
      const line = describe(event, user.id, cast, conversation.state.members);
      if (line !== undefined) write(name, line);
    });
  }

  return { tally, follow, say: (line) => print(verbose ? `\n        ${line}` : line) };
}

function count(tally: Tally, cast: Cast, name: string, event: ConversationEvent): void {
  const add = (counts: Map<string, number>, key: string): void =>
    void counts.set(key, (counts.get(key) ?? 0) + 1);
  if (event.kind === "message") add(tally.read, name);
  if (event.kind === "commitApplied" && cast.nameOf(event.committer) === name) add(tally.commits, name);
  if (event.kind === "voteCast" && cast.nameOf(event.voter) === name)
    tally.votes.set(event.proposalId, [...(tally.votes.get(event.proposalId) ?? []), event.vote]);
  if (event.kind === "commitCandidateChosen")
    tally.mostCandidates = Math.max(tally.mostCandidates, event.candidates);
  if (event.kind === "ownProposalSubmitted" && event.request.kind === "electStewards") {
    tally.electionProposers.add(name);
  }
}

/** The event as a line, if it is this member's to tell. */
function describe(
  event: ConversationEvent,
  self: MemberId,
  cast: Cast,
  members: readonly MemberSnapshot[],
): string | undefined {
  const { nameOf } = cast;
  const list = (ids: readonly MemberId[]): string => ids.map(nameOf).join(", ");
  switch (event.kind) {
    case "joined":
      return `joined at epoch ${event.epoch}: ${list(event.members)}`;
    case "leaving":
      return `is out (${event.reason})`;
    case "message":
      return `read from ${nameOf(event.sender)}: ${event.text ?? ""}`;
    case "ownProposalSubmitted":
      return `proposes #${tag(event.proposalId)}: ${describeRequest(event.request, cast)}`;
    case "voteCast":
      return event.voter === self
        ? `votes ${event.vote ? "yes" : "no"} on #${tag(event.proposalId)}`
        : undefined;
    case "proposalDecided":
      return `sees #${tag(event.proposalId)} decided: ${event.result}`;
    case "phaseChanged":
      return event.phase === "selection" ? undefined : `is ${event.phase}`;
    case "commitCandidateReceived":
      return event.own
        ? `sends candidate ${event.commitHash.slice(0, 8)} (${event.proposals} changes)`
        : undefined;
    case "reconciled":
      return `follows ${nameOf(event.committer)}, whose commit is not what it had approved`;
    case "commitCandidateChosen":
      return `chooses ${nameOf(event.steward)}'s candidate ${event.commitHash.slice(0, 8)} of ${event.candidates}`;
    case "commitApplied":
      if (event.committer !== self) return undefined;
      return `committed epoch ${event.epoch}: ${event.changes.map(({ request }) => describeRequest(request, cast)).join(", ")}`;
    case "membersChanged":
      return event.added.includes(self)
        ? undefined
        : `has members ${list(event.members)}; ${scores(members, cast)}`;
    case "stewardsChanged":
      return `has stewards ${list(event.stewards)} from epoch ${event.electionEpoch}`;
    case "diverged":
      return `finds itself apart from others at epoch ${event.epoch}`;
    case "epochGap":
      return `waits for epoch ${event.ahead}, being at ${event.epoch}`;
    case "error":
      return `notes a problem (${event.operation}): ${event.message}`;
    case "voteRequested":
    case "scoreChanged":
      return undefined;
  }
}

function scores(members: readonly MemberSnapshot[], cast: Cast): string {
  return `scores ${members.map(({ id, score }) => `${cast.nameOf(id)} ${score ?? "-"}`).join(", ")}`;
}

function describeRequest(request: ChangeRequest, { nameOf }: Cast): string {
  switch (request.kind) {
    case "add":
      return `add ${nameOf(request.member)}`;
    case "remove":
      return `remove ${nameOf(request.member)}`;
    case "electStewards":
      return `elect ${request.stewards.map(nameOf).join(", ")}`;
    case "emergency":
      return "an emergency";
  }
}

function tag(proposalId: number): string {
  return proposalId.toString(16).padStart(8, "0").slice(0, 4);
}

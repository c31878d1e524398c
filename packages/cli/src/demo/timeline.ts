import type { ChangeRequest, Clock, ConversationEvent, MemberId, MemberSnapshot } from "demls";
import type { Actor, Cast } from "./cast.js";

/** Writes a line of the timeline. */
export type Print = (line: string) => void;

/** Counts of the events so far, for the scenario and the final table. */
export interface Tally {
  /** Commits merged, by committer. */
  readonly commits: Map<string, number>;
  /** Messages read, by reader. */
  readonly read: Map<string, number>;
  /** Votes that members cast, by proposal. */
  readonly votes: Map<number, readonly boolean[]>;
}

/**
 * Prints the demo: lines of the narrator and, if `verbose`, the events of the members. Each event is printed once, for
 * the member that caused it; each message is printed for each of its readers.
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
}

/** Describes the event, if it is printed for member `self`. */
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
      return `merges the commit of ${nameOf(event.committer)}, which differs from its approved changes`;
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
      return `has diverged from others at epoch ${event.epoch}`;
    case "ambiguousConversation":
      return `was added by ${event.groupIds.length} groups of this name`;
    case "caughtUp":
      return `has caught up from epoch ${event.from} to ${event.epoch}`;
    case "rejoined":
      return `is back with a new leaf, from epoch ${event.from} to ${event.epoch}`;
    case "branchLost":
      return `takes back the epochs from ${event.at} to ${event.from}, and follows the others`;
    case "equivocated":
      return `proves that ${nameOf(event.member)} has signed two choices of epoch ${event.epoch}`;
    case "memberRejoined":
      return `sees ${nameOf(event.member)} back with a new leaf`;
    case "unbanned":
      return `sees the ban of ${nameOf(event.member)} lifted`;
    case "memberConfirmed":
      return `sees ${nameOf(event.member)} confirmed by ${nameOf(event.by)}`;
    case "learned":
      return `learns of ${event.invitations.length} invitations and ${event.bans.length} bans from ${nameOf(event.by)}`;
    case "keysRenewed":
      return `sees the renewed keys of ${nameOf(event.member)}`;
    case "provisional":
      return `entered epoch ${event.epoch} by the choice of ${event.chosenBy} of ${event.members} members`;
    case "missed":
      return `misses ${event.count} packets of ${nameOf(event.sender)}`;
    case "notDelivered":
      return "gives up a message that no member has";
    case "epochGap":
      return `waits for epoch ${event.ahead}, at epoch ${event.epoch}`;
    case "error":
      return `reports an error (${event.operation}): ${event.message}`;
    case "joinRequested":
    case "voteRequested":
    case "scoreChanged":
    case "delivered":
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

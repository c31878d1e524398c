import type { Clock, ConversationUpdateRequest, MemberId, MemberRole } from "demls";
import type { ConversationInspection } from "demls/trace";
import type { Connection } from "./chat-transport.js";
import type { LoggedDecision } from "./decision-log.js";
import type { Room } from "./room.js";

/** A member, as it is shown. */
export interface MemberRow {
  readonly member: MemberId;
  readonly name: string;
  readonly role: MemberRole;
  readonly score: bigint | undefined;
}

/** An open vote, as it is shown. */
export interface VoteRow {
  readonly number: number;
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly request: ConversationUpdateRequest;
  readonly yes: number;
  readonly no: number;
  /** How many may vote. */
  readonly expected: number;
  readonly voted: boolean;
  /** What is cast for this member if its hand casts nothing; `undefined` where nothing is. */
  readonly defaultVote: boolean | undefined;
  /** Until that is cast, or the vote is settled where this member has voted; `undefined` where nothing is due. */
  readonly secondsLeft: number | undefined;
}

/** The stewards, as they are shown. */
export interface StewardsView {
  /** In the order of their turns. */
  readonly stewards: readonly MemberId[];
  readonly epochSteward: MemberId | undefined;
  readonly backup: MemberId | undefined;
  readonly electionEpoch: bigint | undefined;
  /** Whether each has had its turn, so that an election is due. */
  readonly exhausted: boolean;
  /** Whether any member may commit. */
  readonly recovery: boolean;
}

/** What a command is answered. */
export type Answer =
  | { readonly kind: "done" }
  /** A vote was opened. */
  | { readonly kind: "opened"; readonly proposalId: number; readonly number: number }
  | { readonly kind: "members"; readonly members: readonly MemberRow[] }
  | { readonly kind: "votes"; readonly votes: readonly VoteRow[] }
  | ({ readonly kind: "stewards" } & StewardsView)
  | { readonly kind: "decisions"; readonly decisions: readonly LoggedDecision[] }
  | {
      readonly kind: "state";
      readonly inspection: ConversationInspection;
      readonly epochSteward: MemberId | undefined;
      /** Hex. The same at two members exactly when they share the epoch's keys. */
      readonly epochAuthenticator: string | undefined;
    }
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  | { readonly kind: "connections"; readonly peerId: string; readonly connection: Connection }
  | { readonly kind: "help" };

/** The members, in leaf order. */
export function memberRows({ conversation, names }: Room): readonly MemberRow[] {
  return conversation.state.members.map(({ id, role, score }) => ({
    member: id,
    name: names.nameOf(id),
    role,
    score,
  }));
}

/** The votes that are open, as long as they are. */
export function voteRows({ conversation, votes, clock }: Room): readonly VoteRow[] {
  const { openVotes } = conversation.admin.inspect();
  return conversation.state.openVotes.map(
    ({ proposalId, proposer, request, yes, no, expected, voted, deadlineMonotonicMs }) => ({
      ...{ number: votes.numberOf(proposalId), proposalId, proposer, request, yes, no, expected, voted },
      defaultVote: openVotes.find((open) => open.proposalId === proposalId)?.defaultVote ?? undefined,
      secondsLeft: deadlineMonotonicMs === undefined ? undefined : secondsUntil(deadlineMonotonicMs, clock),
    }),
  );
}

/** Whole seconds until a monotonic time; 0 where it has passed. */
export function secondsUntil(monotonicMs: number, clock: Clock): number {
  return Math.max(0, Math.ceil((monotonicMs - clock.monotonicMs()) / 1_000));
}

/** The stewards, and whose turn it is. */
export function stewardsView({ conversation }: Pick<Room, "conversation">): StewardsView {
  const { stewards, members, recovery } = conversation.state;
  const withRole = (wanted: MemberRole): MemberId | undefined =>
    members.find(({ role }) => role === wanted)?.id;
  return {
    stewards: stewards?.members ?? [],
    epochSteward: withRole("epoch-steward"),
    backup: withRole("backup-steward"),
    electionEpoch: stewards?.electionEpoch,
    exhausted: stewards?.exhausted ?? false,
    recovery,
  };
}

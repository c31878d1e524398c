import type { MemberId, MemberRole } from "demls";
import type { Room } from "./room.js";

/** The stewards, as they are shown. */
export interface StewardOverview {
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

/** The stewards, and whose turn it is. */
export function stewardOverview({ conversation }: Pick<Room, "conversation">): StewardOverview {
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

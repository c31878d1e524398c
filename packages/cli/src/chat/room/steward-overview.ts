import type { MemberId, MemberRole } from "demls";
import type { Room } from "./room.js";

/** The stewards in the output of `/stewards`. */
export interface StewardOverview {
  /** In the order of their turns. */
  readonly stewards: readonly MemberId[];
  readonly epochSteward: MemberId | undefined;
  readonly backup: MemberId | undefined;
  readonly electionEpoch: bigint | undefined;
  /** Whether each steward has had its turn, so that an election is due. */
  readonly exhausted: boolean;
  /** Whether any member may commit. */
  readonly recovery: boolean;
}

/** The steward list, the epoch steward and the backup steward. */
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

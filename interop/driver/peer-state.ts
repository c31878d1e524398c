/** The fields of a member's `state` that the scenarios use. */
export interface PeerState {
  readonly state: "PendingJoin" | "Working" | "Freezing" | "Selection" | "Reelection";
  readonly epoch: number | string;
  readonly is_steward: boolean;
  readonly members: readonly { readonly id: string; readonly role: string | null }[];
  readonly approved: readonly unknown[];
  readonly steward_list: {
    readonly has_list: boolean;
    readonly members: readonly string[];
    readonly election_epoch: number | string;
  } | null;
}

/** The part of the state that all members must share, as text. */
export function sharedView(state: PeerState): string {
  return JSON.stringify({
    epoch: Number(state.epoch),
    members: state.members.map(({ id }) => id).sort(),
    stewards: state.steward_list?.members ?? [],
  });
}

/** Whether a member is idle: in phase working, with no approved change and no election due. */
export function isIdle(state: PeerState): boolean {
  const list = state.steward_list;
  const exhausted = list === null || Number(state.epoch) >= Number(list.election_epoch) + list.members.length;
  return state.state === "Working" && state.approved.length === 0 && !exhausted;
}

import type { RosterEntry } from "@demls/mls";
import type { GenerationRange } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { list, optionalTime, time, whole, type SliceValue } from "./slice.js";

/** Epoch whose packets this member can ask for or serve. */
export interface RepairEpoch {
  readonly epoch: bigint;
  /** Id of `key` in packets, 12 bytes: the first 4 of the group id, then 8 from the MLS exporter. */
  readonly keyId: Uint8Array;
  /** Repair key: 16 bytes from the MLS exporter. It opens no content. */
  readonly key: Uint8Array;
  /** Members of the epoch, in leaf order. */
  readonly roster: readonly Pick<RosterEntry, "leafIndex" | "member" | "signatureKey" | "keySince">[];
  /** Monotonic time at which this member left the epoch; undefined for the current one. */
  readonly leftAtMs: number | undefined;
}

/** Epoch of a branch that this member has left for another one. */
export interface DepartedEpoch extends RepairEpoch {
  /** Monotonic time at which this member has last told so. */
  readonly toldAtMs: number;
}

/** Place of a packet among those of its epoch. */
export type PacketSlot =
  | {
      readonly kind: "message";
      /** Position of the sender in the epoch's roster. */
      readonly position: number;
      /** Generation of the sender's application ratchet. */
      readonly generation: number;
    }
  | {
      readonly kind: "candidate";
      /** Id of the commit: the first 8 bytes of its SHA-256, in hex. */
      readonly id: string;
    }
  | {
      readonly kind: "choice";
      /** Position of the chooser in the epoch's roster. */
      readonly position: number;
      /** SHA-256 of the chosen commit, in hex. */
      readonly commit: string;
      /** The steward whose turn the commit was, if the chooser has got no valid candidate of it. */
      readonly silent: MemberId | undefined;
    };

/** Packet of the `app_msg` subtopic, or a choice of the `repair` subtopic, kept for members that lack it. */
export interface LoggedPacket {
  readonly epoch: bigint;
  readonly slot: PacketSlot;
  /** As received or published: encrypted. */
  readonly payload: Uint8Array;
  /** Monotonic time at which it was logged. */
  readonly atMs: number;
}

/** Trickle timer (RFC 6206) of the reports of progress. */
export interface TrickleTimer {
  readonly intervalMs: number;
  /** Monotonic end of the interval. */
  readonly endsAtMs: number;
  /** Monotonic time of the report; undefined after it was sent or suppressed. */
  readonly sendAtMs: number | undefined;
  /** Equal reports of other members in this interval. */
  readonly heard: number;
}

/** Request for packets that this member lacks. */
export interface RepairRequest {
  readonly epoch: bigint;
  /** Monotonic time of the next try. */
  readonly dueAtMs: number;
  /** Number of tries. */
  readonly tries: number;
  /** Monotonic time of the last try. */
  readonly triedAtMs: number | undefined;
  /** Number of complete answers after which a packet was still missing. */
  readonly answers: number;
  /** Number of incomplete answers whose rest was requested at once. */
  readonly rests: number;
  /** Nonce of the last try, in hex. */
  readonly nonce: string | undefined;
  /** Next generation of each leaf as other members report it. */
  readonly reported: readonly number[];
  /** Candidates that other members report. */
  readonly reportedCandidates: readonly string[];
  /** Whether something may exist that no report names, such as a later epoch. */
  readonly isOpen: boolean;
}

/** Members of an epoch that have chosen a commit. */
export interface ChosenBy {
  /** Id of the commit: the first 8 bytes of its SHA-256, in hex. */
  readonly commit: string;
  /** Their positions in the roster. */
  readonly positions: readonly number[];
}

/** Latest packet of a member in the current epoch. */
export interface Heard {
  /** Position of the member in the roster. */
  readonly position: number;
  /** Monotonic time of a recent packet. */
  readonly atMs: number;
}

/** Answer that is delayed, so that one member answers and the others stay silent. */
export interface PendingAnswer {
  readonly epoch: bigint;
  /** Nonce of the request, in hex. */
  readonly nonce: string;
  /** Position of the requester in the roster of `epoch`. */
  readonly requester: number;
  /** Monotonic time in ms. */
  readonly dueAtMs: number;
  /** Whether another member has answered. */
  readonly isAnswered: boolean;
  /** Packets in the answers of other members. */
  readonly heard: readonly PacketSlot[];
  readonly next: readonly number[];
  readonly missing: readonly GenerationRange[];
  readonly candidates: readonly string[];
  readonly chosen: readonly ChosenBy[];
}

/** Answers to one member within a minute, or to a former member within ten minutes. */
export interface AnswerQuota {
  /** Leaf signature key of the requester, in hex. */
  readonly requester: string;
  /** Whether it is no member any more. */
  readonly isFormer: boolean;
  /** Monotonic start of the time. */
  readonly sinceMs: number;
  /** Bytes of its requests. */
  readonly asked: number;
  /** Bytes of the answers: of this member's, and to a former member also of others'. */
  readonly bytes: number;
  readonly answers: number;
}

/** Generations that carry no packet, or none that any member still has. */
export interface VoidGenerations extends GenerationRange {
  readonly epoch: bigint;
}

/** Catching up after a start or a pause, before this member acts on its own. */
export interface CatchUp {
  /** Monotonic time at which it ends. */
  readonly endsAtMs: number;
  /** Whether a member has answered. Those that have more answer until `endsAtMs`. */
  readonly isAnswered: boolean;
}

/**
 * Own packets may exist that the state does not show: no peer has confirmed this member's next generation since a
 * start.
 */
export interface UnconfirmedHeight {
  /** Monotonic time of the start or pause, or of entering an epoch after the others. */
  readonly sinceMs: number;
  /**
   * Epoch of the start or pause, or the one entered since. The others have served the own packets of earlier epochs.
   */
  readonly epoch: bigint;
  /** Whether a member of a later epoch has served all that it has of the current one. */
  readonly isServed: boolean;
  /** Ratchets with which this member has sealed since, and skipped generations before. */
  readonly hasSkipped: readonly ("application" | "handshake")[];
}

function moved<T extends { readonly dueAtMs: number }>(entry: T, byMs: number): T {
  return { ...entry, dueAtMs: entry.dueAtMs + byMs };
}

export const repairSlice = {
  /** Epochs with a repair key: the current one last, and past ones. */
  epochs: list<RepairEpoch>({
    identity: ({ epoch }) => epoch,
    shifted: (entry, byMs) => ({
      ...entry,
      leftAtMs: entry.leftAtMs === undefined ? undefined : entry.leftAtMs + byMs,
    }),
  }),
  /** Epochs of other branches that this member was in, oldest first. */
  departed: list<DepartedEpoch>({
    identity: ({ keyId }) => keyId,
    shifted: (entry, byMs) => ({
      ...entry,
      leftAtMs: entry.leftAtMs === undefined ? undefined : entry.leftAtMs + byMs,
      toldAtMs: entry.toldAtMs + byMs,
    }),
  }),
  /** Positions of members of the current epoch that have left its branch. */
  moved: whole<readonly number[]>([]),
  /** Monotonic time since which the branch of the current epoch counts as lost, because its members have left it. */
  lostSinceMs: optionalTime(),
  /** Number of this member's first messages of the current epoch that one other member has, without a gap. */
  delivered: whole(0),
  /** Other members that were heard in the current epoch. */
  heard: list<Heard>({
    identity: ({ position }) => position,
    shifted: (entry, byMs) => ({ ...entry, atMs: entry.atMs + byMs }),
  }),
  /** Packets in order of arrival. */
  log: list<LoggedPacket>({
    identity: ({ payload }) => payload,
    shifted: (entry, byMs) => ({ ...entry, atMs: entry.atMs + byMs }),
  }),
  voids: whole<readonly VoidGenerations[]>([]),
  /** Absent outside a strict conversation, and while this member is alone. */
  trickle: {
    ...whole<TrickleTimer | undefined>(undefined),
    shifted: (timer: TrickleTimer | undefined, byMs: number) =>
      timer && {
        ...timer,
        endsAtMs: timer.endsAtMs + byMs,
        sendAtMs: timer.sendAtMs === undefined ? undefined : timer.sendAtMs + byMs,
      },
  },
  /** Open requests: for the current epoch, for the one before. */
  requests: list<RepairRequest>({
    identity: ({ epoch }) => epoch,
    shifted: (request, byMs) => ({
      ...moved(request, byMs),
      triedAtMs: request.triedAtMs === undefined ? undefined : request.triedAtMs + byMs,
    }),
  }),
  answers: list<PendingAnswer>({ identity: ({ nonce }) => nonce, shifted: moved }),
  /** Nonces of requests that were answered, oldest first. */
  nonces: whole<readonly string[]>([]),
  quotas: list<AnswerQuota>({
    identity: ({ requester }) => requester,
    shifted: (quota, byMs) => ({ ...quota, sinceMs: quota.sinceMs + byMs }),
  }),
  catchUp: {
    ...whole<CatchUp | undefined>(undefined),
    shifted: (catchUp: CatchUp | undefined, byMs: number) =>
      catchUp && { ...catchUp, endsAtMs: catchUp.endsAtMs + byMs },
  },
  /** Set by a start, until a peer has confirmed this member's next generation. */
  unconfirmed: {
    ...whole<UnconfirmedHeight | undefined>(undefined),
    shifted: (height: UnconfirmedHeight | undefined, byMs: number) =>
      height && { ...height, sinceMs: height.sinceMs + byMs },
  },
  /** Monotonic time before which an unreadable packet starts no request. */
  unreadableAfterMs: time(0),
  /** The latest epoch that a member of this one reports in an answer. */
  peerEpoch: whole<bigint | undefined>(undefined),
  /** The epoch in which this member found itself behind the others; undefined once it has caught up. */
  behindSince: whole<bigint | undefined>(undefined),
  /** Position of a member of a later epoch that has served all that this member lacks of the current one. */
  servedBy: whole<number | undefined>(undefined),
  /** Monotonic time since which `servedBy` is known. */
  servedAtMs: optionalTime(),
  /** Monotonic time since which packets of other epochs arrive, and none of a member of the current one. */
  aloneSinceMs: optionalTime(),
};

/** Packets kept for other members, and the search for those that this member lacks. */
export type Repair = SliceValue<typeof repairSlice>;

/** Epoch with this number; `undefined` if its repair key was never derived or is forgotten. */
export function repairEpochOf({ epochs }: Repair, epoch: bigint): RepairEpoch | undefined {
  return epochs.find((known) => known.epoch === epoch);
}

/** Generations of an epoch that carry no packet. */
export function voidsOf({ voids }: Repair, epoch: bigint): readonly VoidGenerations[] {
  return voids.filter((each) => each.epoch === epoch);
}

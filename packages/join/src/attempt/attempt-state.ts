import type { MemberId, RandomSource } from "@demls/wire/core";
import type { Invitation } from "../invitation.js";
import type { Readiness } from "../readiness-codec.js";
import type { JoinAnswers } from "./answers.js";
import type { AppliedThrough, GroupAssurance, JoinProgress, JoinStarted, ReadyReport } from "./progress.js";

/** Aim of a joiner. */
export interface AttemptPlan {
  /** Whether the attempt ends with the first sign of a member, or with a member in good standing. */
  readonly until: "started" | "ready";
  /** Monotonic times in ms. */
  readonly startedAtMs: number;
  readonly deadlineAtMs: number;
  /** Whether it goes on asking if nobody has answered for ten seconds. */
  readonly retries: boolean;
  /** Addresses to dial in place of those of the invitation. */
  readonly addresses: readonly string[] | undefined;
}

/** Knowledge of its group that a joiner has once it is a member. */
export interface JoinedGroup {
  readonly self: MemberId;
  readonly groupId: string;
  /** Mark of the group state in hex, as in a readiness. */
  readonly head: string;
  readonly applied: AppliedThrough;
  readonly members: readonly MemberId[];
  /** Members that have signed a packet of this epoch. */
  readonly heard: readonly MemberId[];
  /** Number of the `applied` messages that it knows to be missing. */
  readonly missing: number;
  /** Whether nothing is known to be missing. */
  readonly isCaughtUp: boolean;
  /** How it knows that the group is the one that it meant. */
  readonly assurance: GroupAssurance | undefined;
  /** The inviter that has told it, or whose deputy has; `undefined` for a founder. */
  readonly assuredBy: MemberId | undefined;
}

/** Where a joiner stands by its own state. */
export type Standing =
  | {
      readonly kind: "outside";
      /** Whether its key package is announced. */
      readonly hasAnnounced: boolean;
      /** Whether it holds a welcome to a group that is not confirmed. */
      readonly holdsWelcome: boolean;
    }
  | { readonly kind: "member"; readonly group: JoinedGroup };

/** State of an attempt to join. A plain value. */
export interface AttemptState {
  readonly plan: AttemptPlan;
  readonly phase: "reading" | "identifying" | "entering" | "joining" | "over";
  /** Undefined until it is read, and for a conversation that the joiner knows by its name. */
  readonly invitation: Invitation | undefined;
  readonly answers: JoinAnswers;
  /** Monotonic time at which the attempt ends without an answer. */
  readonly unansweredUntilMs: number;
  /** Number of probes, and the monotonic time of the next one, if the conversation has answers. */
  readonly probes: {
    readonly count: number;
    readonly intervalMs: number;
    readonly nextAtMs: number | undefined;
  };
  readonly announcing: {
    /** Monotonic time from which this user announces itself without an answer. */
    readonly patientUntilMs: number;
    /** Monotonic time from which it wants to announce itself. */
    readonly sinceMs: number | undefined;
    /** Monotonic time of the last request, for the key package or the welcome. */
    readonly lastAtMs: number | undefined;
  };
  readonly started: JoinStarted | undefined;
  readonly progress: JoinProgress;
}

/**
 * Event of an attempt:
 *
 * - `read`: the invitation is good, or there is none
 * - `identified`: this user's identity is provided
 * - `entered`: packets of the conversation come
 * - `answered`: a member's answer to a probe was opened and is believed
 * - `tick`: time has passed, or the joiner's standing has changed
 * - `failed`: something that the attempt needs has failed, or the joiner's conversation has ended
 * - `aborted`: its user does not want it any more
 */
export type AttemptEvent =
  | { readonly kind: "read"; readonly invitation: Invitation | undefined }
  | { readonly kind: "identified" }
  | { readonly kind: "entered" }
  | {
      readonly kind: "answered";
      readonly readiness: Readiness;
      /** Number of the probe that it answers. */
      readonly probe: number;
      readonly trust: "inviter" | "member";
    }
  | { readonly kind: "tick" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "aborted"; readonly reason: unknown };

/** End of an attempt. After `failed`, a join that is pending is given up; `withdraws`: the members are told. */
export type AttemptOutcome =
  | { readonly kind: "started" }
  | { readonly kind: "ready"; readonly report: ReadyReport }
  | { readonly kind: "failed"; readonly error: unknown; readonly withdraws: boolean };

/**
 * Effect of an attempt, which its surroundings carry out:
 *
 * - `dial`: connect to these addresses; a failure is none of the attempt
 * - `enter`: provide this user's identity, go on with `identified`, subscribe, then go on with `entered`
 * - `probe`: publish a probe with this number
 * - `announce`: announce the key package, with a redemption of the invitation, or announce it again
 * - `assure`: note that the inviter is in the group that this user has joined
 * - `progress`, `started`: tell the user
 * - `end`: tell the user, and wipe the secrets. It comes once, and is the last
 */
export type AttemptEffect =
  | { readonly kind: "dial"; readonly addresses: readonly string[] }
  | { readonly kind: "enter" }
  | { readonly kind: "probe"; readonly number: number }
  | { readonly kind: "announce" }
  | { readonly kind: "assure"; readonly inviter: MemberId }
  | { readonly kind: "progress"; readonly progress: JoinProgress }
  | { readonly kind: "started"; readonly report: JoinStarted }
  | { readonly kind: "end"; readonly outcome: AttemptOutcome };

/** The moment of a step. */
export interface AttemptMoment {
  /** Monotonic time in ms. */
  readonly nowMs: number;
  /** Wall clock in ms since the Unix epoch. */
  readonly wallMs: number;
  readonly random: RandomSource;
  readonly standing: Standing;
  /** Whether the transport reaches enough subscribers; true if it cannot tell. */
  readonly isConnected: boolean;
}

/** Result of a step. */
export interface AttemptStep {
  readonly state: AttemptState;
  readonly effects: readonly AttemptEffect[];
}

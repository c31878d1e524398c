import { DemlsError, type CancelTimer, type MemberId } from "@demls/wire/core";
import type { HeldInvitation, NamedConversation } from "../invitation.js";
import { parseInvitation } from "../parse-invitation.js";
import type {
  AttemptEffect,
  AttemptEvent,
  AttemptMoment,
  AttemptOutcome,
  Standing,
} from "./attempt-state.js";
import { checkedDeadline, notPrepared, notReceiving } from "./errors.js";
import type { JoinProgress, JoinStarted } from "./progress.js";
import { createProber, type Prober, type ProberPorts } from "./prober.js";
import { beginAttempt, nextTickMs, stepAttempt } from "./step-attempt.js";

/** Options of {@link startAttempt}. */
export interface AttemptOptions {
  /**
   * Point at which the attempt ends: the first answer of a member, or a member in good standing. With `"started"` the join
   * goes on by itself.
   *
   * @defaultValue `"ready"`
   */
  readonly until?: "started" | "ready" | undefined;
  /**
   * Time for all of the attempt, in milliseconds by the monotonic clock. It is never exceeded.
   *
   * @defaultValue 300000
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Whether the attempt goes on if nobody has answered for ten seconds. Otherwise it ends then with `no-ready-peers`, and this user
   * has announced nothing.
   *
   * @defaultValue `true`
   */
  readonly retry?: boolean | undefined;
  /**
   * Addresses that the transport dials, if it can. Anyone may have written those of an invitation, also private ones: pass
   * those that your user has agreed to.
   *
   * @defaultValue those of the invitation
   */
  readonly addresses?: readonly string[] | undefined;
}

/** Conversation that a joiner wants to enter. */
export type JoinTarget = HeldInvitation | NamedConversation;

/** Surroundings of an attempt to join. */
export interface AttemptPorts<Target extends JoinTarget = HeldInvitation> extends ProberPorts {
  /** Where this user stands now. Tell each change by {@link Attempt.look}. */
  standing(): Standing;
  /** Connects to members at these addresses. A failure is none of the attempt. */
  dial?(addresses: readonly string[]): Promise<void>;
  /** Whether the transport reaches enough subscribers of the conversation. Without it, nothing is waited for. */
  isConnected?(): boolean;
  /**
   * Provides this user's identity, and receives the conversation's packets. A DemlsError ends the attempt; others become
   * `transport`.
   *
   * @param onIdentified - called once the identity is provided. Without the call, the progress alone is later.
   */
  enter(target: Target, onIdentified: () => void): Promise<void>;
  /**
   * Announces a key package, with a redemption of the invitation if there is one, or announces it again. Errors as
   * {@link AttemptPorts.enter}; others become `local`.
   */
  announce(target: Target): Promise<void>;
  /** Notes that the inviter is in the group that this user has joined. */
  assure(inviter: MemberId): void;
  /** Tells each progress after {@link FIRST_PROGRESS}. */
  onProgress(progress: JoinProgress): void;
  /** Tells the first sign of a member. */
  onStarted(report: JoinStarted): void;
  /** Tells the end, once, after everything else. */
  onEnd(outcome: AttemptOutcome): void;
}

/** An attempt to join over a transport: {@link stepAttempt} with a timer and its secrets. */
export interface Attempt {
  /** Handles a packet of the members and of other joiners. */
  receive(payload: Uint8Array): void;
  /** Looks at this user's standing, which may have changed. */
  look(): void;
  /** Ends the attempt with an error. */
  fail(error: unknown): void;
  /** Ends the attempt, which its user does not want any more. */
  abort(reason: unknown): void;
}

/**
 * Joins: from the line in hand to a member in good standing. The ports are not called before it returns.
 *
 * @param wanted - the line of an invitation, or its secret form, which is copied; or the name of a conversation, whose members
 *   are not asked who is there.
 * @throws DemlsError `invalid-config` if the deadline is none.
 */
export function startAttempt(
  wanted: string | Uint8Array,
  options: AttemptOptions,
  ports: AttemptPorts,
): Attempt;
export function startAttempt(
  wanted: string | Uint8Array | NamedConversation,
  options: AttemptOptions,
  ports: AttemptPorts<JoinTarget>,
): Attempt;
export function startAttempt(
  wanted: string | Uint8Array | NamedConversation,
  options: AttemptOptions,
  ports: AttemptPorts<JoinTarget>,
): Attempt {
  const { clock, random, verifier } = ports;
  const { until = "ready", retry: retries = true, addresses } = options;
  const startedAtMs = clock.monotonicMs();
  const deadlineAtMs = startedAtMs + checkedDeadline(options.deadlineMs);
  let state = beginAttempt({ until, retries, addresses, startedAtMs, deadlineAtMs });
  let target: JoinTarget | undefined;
  let prober: Prober | undefined;
  let cancel: CancelTimer = clock.wakeAt(deadlineAtMs, () => take({ kind: "tick" }));

  function moment(): AttemptMoment {
    return {
      ...{ nowMs: clock.monotonicMs(), wallMs: clock.wallMs(), random },
      ...{ standing: ports.standing(), isConnected: ports.isConnected?.() ?? true },
    };
  }

  function take(event: AttemptEvent): void {
    if (state.phase === "over") return;
    const step = stepAttempt(state, event, moment());
    state = step.state;
    cancel();
    const atMs = nextTickMs(state, clock.monotonicMs());
    if (atMs !== undefined) cancel = clock.wakeAt(atMs, () => take({ kind: "tick" }));
    for (const effect of step.effects) carryOut(effect);
  }

  function carryOut(effect: AttemptEffect): void {
    switch (effect.kind) {
      case "dial":
        return void ports.dial?.(effect.addresses).catch(() => undefined);
      case "enter":
        return run(
          (entered) => ports.enter(entered, () => take({ kind: "identified" })),
          "entered",
          notReceiving,
        );
      case "probe":
        return void prober?.ask(effect.number);
      case "announce":
        return run(ports.announce, "tick", notPrepared);
      case "assure":
        return ports.assure(effect.inviter);
      case "progress":
        return ports.onProgress(effect.progress);
      case "started":
        return ports.onStarted(effect.report);
      case "end":
        return end(effect.outcome);
    }
  }

  /** Runs a part of the attempt, and goes on with an event. */
  function run(
    part: (target: JoinTarget) => Promise<void>,
    next: "entered" | "tick",
    errorOf: (cause: unknown) => unknown,
  ): void {
    if (target === undefined) return;
    part(target).then(
      () => take({ kind: next }),
      (error: unknown) =>
        take({ kind: "failed", error: error instanceof DemlsError ? error : errorOf(error) }),
    );
  }

  function end(outcome: AttemptOutcome): void {
    prober?.close();
    if (target !== undefined && "secret" in target) target.secret.fill(0);
    ports.onEnd(outcome);
  }

  async function read(): Promise<void> {
    if (typeof wanted === "object" && "name" in wanted) {
      target = wanted;
      return take({ kind: "read", invitation: undefined });
    }
    try {
      const nowSeconds = Math.floor(clock.wallMs() / 1_000);
      const found = await parseInvitation(wanted, { verifier, nowSeconds });
      if (state.phase === "over") return void found.secret.fill(0);
      target = found;
      prober = createProber(found, ports, (readiness, probe, trust) =>
        take({ kind: "answered", readiness, probe, trust }),
      );
      take({ kind: "read", invitation: found.invitation });
    } catch (error) {
      take({ kind: "failed", error });
    }
  }

  // Later, so that the caller has the attempt before its ports are called.
  void Promise.resolve().then(read);
  return {
    receive: (payload) => void prober?.receive(payload),
    look: () => take({ kind: "tick" }),
    fail: (error) => take({ kind: "failed", error }),
    abort: (reason) => take({ kind: "aborted", reason }),
  };
}

import type { VoteVerifier } from "@demls/consensus";
import type { CancelTimer, Clock, PacketVerdict } from "@demls/wire/core";
import type { SealOptions } from "../seal-readiness.js";
import { verifyInvitation } from "../verify-invitation.js";
import { answerTo, type MemberKnowledge } from "./knowledge.js";
import {
  nextTurnMs,
  NO_PROBES,
  stepAnswerer,
  type AnswererEffect,
  type AnswererEvent,
  type AnswererMoment,
} from "./step-answerer.js";

/** Surroundings of a member that answers joiners. */
export interface AnswererPorts extends Pick<SealOptions, "seal"> {
  readonly clock: Clock;
  /** The verifier of the conversation's votes. */
  readonly verifier: VoteVerifier;
  /** Present knowledge of the member; `undefined` while it can answer nobody: outside the group, and while it catches up. */
  knowledge(): MemberKnowledge | undefined;
  /** Publishes an answer. A failure is as a packet that was lost. */
  publish(payload: Uint8Array): Promise<void>;
}

/** A member that answers joiners over a transport: {@link stepAnswerer} with a timer. */
export interface Answerer {
  /** Handles a packet of the joiners and of other members. Never throws. @returns the verdict on it, for the transport. */
  receive(payload: Uint8Array): PacketVerdict;
  /** Gives no further answer. Idempotent. */
  close(): void;
}

/** Answers the probes of joiners for one member. */
export function createAnswerer(ports: AnswererPorts): Answerer {
  const { clock, verifier } = ports;
  let state = NO_PROBES;
  let cancel: CancelTimer = () => undefined;
  let isClosed = false;

  function moment(): AnswererMoment {
    return { nowMs: clock.monotonicMs(), nowSeconds: secondsOf(clock), knowledge: ports.knowledge() };
  }

  function take(event: AnswererEvent): PacketVerdict {
    if (isClosed) return "unjudged";
    const { state: next, effects, verdict = "unjudged" } = stepAnswerer(state, event, moment());
    const [before, dueAtMs] = [nextTurnMs(state), nextTurnMs(next)];
    state = next;
    if (before !== dueAtMs) {
      cancel();
      if (dueAtMs !== undefined) cancel = clock.wakeAt(dueAtMs, () => take({ kind: "tick" }));
    }
    for (const effect of effects) void carryOut(effect);
    return verdict;
  }

  /** Never throws: if the transport fails, or the group has ended meanwhile, the joiner asks again. */
  async function carryOut({ kind, probe }: AnswererEffect): Promise<void> {
    if (kind === "verify") {
      if (await verifyInvitation(probe.invitation, verifier)) take({ kind: "verified", probe });
      return;
    }
    try {
      // That of now: a group that was replaced meanwhile has no key to sign with.
      const knowledge = ports.knowledge();
      const options = { seal: ports.seal, nowSeconds: secondsOf(clock) };
      const payload = knowledge && (await answerTo(probe, knowledge, options));
      if (payload !== undefined) await ports.publish(payload);
    } catch {
      // See above.
    }
  }

  return {
    receive: (payload) => take({ kind: "packet", payload }),
    close() {
      isClosed = true;
      cancel();
    },
  };
}

/** Wall clock in whole seconds since the Unix epoch. */
function secondsOf(clock: Clock): number {
  return Math.floor(clock.wallMs() / 1_000);
}

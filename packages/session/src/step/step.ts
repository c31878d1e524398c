import type { Effect } from "../model/effect.js";
import type { Environment } from "../model/environment.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import type { InboundOutcome } from "../model/inbound-outcome.js";
import type { Input } from "../model/input.js";
import { isActive, type ConversationState } from "../model/state.js";
import { inGroup, type Transaction } from "../model/transaction.js";
import { notePublished, notePublishFailed } from "../messages/outbox.js";
import { dropSignature, useSignature } from "../voting/signed-vote.js";
import { runCommand } from "./commands.js";
import { followUp } from "./follow-ups.js";
import { receivePacket } from "./receive-packet.js";
import { settle } from "./settle.js";
import { nextWakeMs, runTimers } from "./timers.js";

/** Result of one step. */
export interface StepResult {
  readonly state: ConversationState;
  readonly effects: readonly Effect[];
  /** Monotonic time in ms of the next `tick`; `undefined` if none is needed. */
  readonly wakeAtMs: number | undefined;
  /** Outcome of a packet; `undefined` for other inputs. */
  readonly outcome: InboundOutcome | undefined;
  /** Id of the proposal of a `propose` command. */
  readonly proposalId: number | undefined;
}

/**
 * Handles one input. The new state and the effects contain all results; the step itself has no side effects.
 *
 * @throws DemlsError if a command fails; the given state stays valid.
 */
export async function step(state: ConversationState, input: Input, env: Environment): Promise<StepResult> {
  const tx: Transaction = { state, env, effects: [] };
  const { facts, outcome, proposalId } = await handle(tx, input);
  await followUp(tx, facts);
  await settle(tx, isActive(state) ? state.group.epoch : undefined);
  return { state: tx.state, effects: tx.effects, wakeAtMs: nextWakeMs(tx), outcome, proposalId };
}

interface Handled {
  readonly facts: Facts;
  readonly outcome?: InboundOutcome;
  readonly proposalId?: number | undefined;
}

async function handle(tx: Transaction, input: Input): Promise<Handled> {
  switch (input.kind) {
    case "packet": {
      const { outcome, facts } = await receivePacket(tx, input.packet);
      await followUp(tx, facts);
      tx.effects.push({ kind: "inbound", packet: input.packet, outcome });
      return { outcome, facts: NO_FACTS };
    }
    case "command":
      return { proposalId: await runCommand(tx, input.command), facts: NO_FACTS };
    case "tick":
      await runTimers(tx);
      return { facts: NO_FACTS };
    case "signed":
      return { facts: inGroup(tx) ? await useSignature(tx, input.requestId, input.signature) : NO_FACTS };
    case "signingFailed":
      if (inGroup(tx)) dropSignature(tx, input.requestId);
      return { facts: NO_FACTS };
    case "published":
      notePublished(tx, input.sequence);
      return { facts: NO_FACTS };
    case "publishFailed":
      return { facts: notePublishFailed(tx, input.sequence) };
  }
}

import type { Effect } from "../model/effect.js";
import type { Environment } from "../model/environment.js";
import type { InboundOutcome } from "../model/inbound-outcome.js";
import type { Input } from "../model/input.js";
import { groupOf, type ConversationState } from "../model/state.js";
import { beginTransaction, inGroup, type Transaction } from "../model/transaction.js";
import { renewUnattendedKeys } from "../keys/index.js";
import { noteResumedJoin } from "../join/announcement.js";
import { notePublished, notePublishFailed } from "../messages/outbox.js";
import { dropSignature, useSignature } from "../voting/signed-vote.js";
import { runCommand } from "./commands.js";
import { followUp } from "./follow-ups.js";
import { takePacket } from "./take-packet.js";
import { settle } from "./settle.js";
import { nextWakeMs, runTimers } from "./timers.js";
import { beginUnconfirmed } from "../standing/index.js";
import { followRepairEpoch, requestPackets } from "../lost-packets/index.js";

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
  const tx: Transaction = beginTransaction(state, env);
  const { outcome, proposalId } = await takeInput(tx, input);
  await settle(tx, groupOf(state));
  return { state: tx.state, effects: tx.effects, wakeAtMs: nextWakeMs(tx), outcome, proposalId };
}

/** Result of an input, for its caller. */
type InputResult = Partial<Pick<StepResult, "outcome" | "proposalId">>;

/** Handles an input and runs the follow-ups of its facts. */
async function takeInput(tx: Transaction, input: Input): Promise<InputResult> {
  switch (input.kind) {
    case "packet":
      return { outcome: await takePacket(tx, input.packet, input.origin) };
    case "command":
      return { proposalId: await runCommand(tx, input.command) };
    case "tick":
      await runTimers(tx);
      return {};
    case "resumed":
      noteResumedJoin(tx);
      if (inGroup(tx) && beginUnconfirmed(tx)) {
        await followRepairEpoch(tx);
        requestPackets(tx, "start");
        renewUnattendedKeys(tx);
      }
      await runTimers(tx);
      return {};
    case "signed":
      if (inGroup(tx)) await followUp(tx, await useSignature(tx, input.requestId, input.signature));
      return {};
    case "signingFailed":
      if (inGroup(tx)) dropSignature(tx, input.requestId);
      return {};
    case "published":
      await followUp(tx, notePublished(tx, input.sequence));
      return {};
    case "publishFailed":
      await followUp(tx, notePublishFailed(tx, input.sequence));
      return {};
  }
}

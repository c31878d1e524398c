import { LIMITS } from "./state.js";
import { emit, update, type Turn } from "./turn.js";

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 8_000;

/** The network has a packet: it leaves the outbox. */
export function notePublished(turn: Turn, sequence: number): void {
  const rest = turn.state.outbox.filter((entry) => entry.sequence !== sequence);
  if (rest.length === turn.state.outbox.length) return;
  update(turn, { outbox: rest });
  turn.effects.push({ kind: "left-outbox", sequence, published: true });
}

/** The network would not take a packet: it is tried again, later each time, and given up at last. */
export function notePublishFailed(turn: Turn, sequence: number): void {
  const { outbox } = turn.state;
  const entry = outbox.find((candidate) => candidate.sequence === sequence);
  if (entry === undefined) return;
  const attempts = entry.attempts + 1;
  if (attempts >= LIMITS.publishAttempts) {
    update(turn, { outbox: outbox.filter((candidate) => candidate !== entry) });
    turn.effects.push({ kind: "left-outbox", sequence, published: false });
    const message = `The transport refused a packet ${attempts} times; it was given up.`;
    emit(turn, { kind: "error", operation: "publish", message });
    return;
  }
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** entry.attempts);
  const retried = { ...entry, attempts, notBeforeMs: turn.env.nowMs + delayMs };
  update(turn, { outbox: outbox.map((candidate) => (candidate === entry ? retried : candidate)) });
}

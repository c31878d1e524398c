import type { Packet } from "@demls/wire/core";
import { filter, firstValueFrom, type BehaviorSubject } from "rxjs";
import type { ErrorEventCode } from "../model/error-code.js";
import type { InboundOutcome } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import { groupOf, isActive, type ConversationState } from "../model/state.js";
import { mayBeAwaitedWelcome } from "./awaited-welcome.js";
import type { DriverContext } from "./driver-context.js";
import { withinTime } from "./time-limit.js";

/** Time in ms that a history goes back further than the last step: clocks differ, and packets travel. */
const MARGIN_MS = 600_000;

/** Time in ms that a packet of a later epoch waits for it: longer than catching up without an answer. */
const AHEAD_MS = 20_000;

/** Time in ms that a restored pending join may have missed its welcome. */
const PENDING_MS = 3_600_000;

/** Outcomes of packets that may be read in a later epoch. */
const AHEAD: ReadonlySet<string> = new Set(["future-epoch", "epoch-out-of-reach", "unknown-repair-key"]);

/** Reader of the transport's history, for packets that were published while this member was away. */
export interface HistoryReader {
  /** Notes a step of a conversation that is not away. */
  noteStep(): void;
  /** Reads the packets since the last such step, unless a history is being read. */
  read(): void;
  /** Stops reading. */
  close(): void;
}

/** Driver of the conversation that reads. */
export interface HistoryOwner {
  readonly states: BehaviorSubject<ConversationState>;
  /** Runs the step of an old packet. Rejects once the conversation is over. */
  take(packet: Packet): Promise<InboundOutcome | undefined>;
  /** Emits an `error` event. */
  report(operation: string, otherwise: string, error: unknown, code: ErrorEventCode): void;
}

export function createHistoryReader(
  { transport, clock, queue }: Pick<DriverContext, "transport" | "clock" | "queue">,
  owner: HistoryOwner,
): HistoryReader {
  const ending = new AbortController();
  const { signal } = ending;
  let lastStepWallMs =
    clock.wallMs() - clock.monotonicMs() + lastActivityMs(owner.states.value, clock.monotonicMs());
  let isReading = false;

  /** Waits until the conversation is in another epoch, or a time has passed. */
  function epochChange(): Promise<unknown> {
    const epoch = groupOf(owner.states.value)?.epoch;
    const changed = firstValueFrom(owner.states.pipe(filter((state) => groupOf(state)?.epoch !== epoch)));
    return withinTime(
      changed.catch(() => undefined),
      clock,
      AHEAD_MS,
    );
  }

  function take(packet: Packet): Promise<InboundOutcome | undefined> {
    const task = (): Promise<InboundOutcome | undefined> => owner.take(packet);
    return mayBeAwaitedWelcome(owner.states.value, packet) ? queue.run(task) : task();
  }

  async function takeAll(packets: AsyncIterable<Packet>): Promise<void> {
    let count = 0;
    /** Epoch in which a packet has waited in vain. */
    let stuckIn: bigint | undefined;
    for await (const packet of packets) {
      const outcome = await take(packet);
      const epoch = groupOf(owner.states.value)?.epoch;
      if (outcome !== undefined && "reason" in outcome && AHEAD.has(outcome.reason) && epoch !== stuckIn) {
        await epochChange();
        if (groupOf(owner.states.value)?.epoch === epoch) stuckIn = epoch;
        else await take(packet);
      }
      if (signal.aborted || ++count >= LIMITS.historyPackets) return;
    }
  }

  async function readSince(since: number): Promise<void> {
    isReading = true;
    try {
      const packets = transport.history?.(owner.states.value.name, since, { signal });
      if (packets !== undefined) await takeAll(packets);
    } catch (error) {
      if (signal.aborted) return;
      owner.report("history", "The transport could not read its history.", error, "history-failed");
    } finally {
      isReading = false;
    }
  }

  return {
    noteStep() {
      if (!isReading) lastStepWallMs = clock.wallMs();
    },
    read() {
      if (!isReading && !signal.aborted) void readSince(lastStepWallMs - MARGIN_MS);
    },
    close: () => ending.abort(),
  };
}

/** Monotonic time of a state's last packet, or of the entry into its epoch. A pending join reads the last hour. */
function lastActivityMs(state: ConversationState, nowMs: number): number {
  if (!isActive(state)) return nowMs - PENDING_MS;
  return state.repair.log.reduce((latest, { atMs }) => Math.max(latest, atMs), state.epoch.enteredAtMs);
}

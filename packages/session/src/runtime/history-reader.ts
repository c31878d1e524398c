import type { CancelTimer, Packet } from "@demls/wire/core";
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

/** Time in ms that a store has for the next packet. */
const SILENCE_MS = 60_000;

/** Times in ms after which a failed reading is repeated; the last one again and again. */
const RETRY_MS = [30_000, 120_000, 600_000, 3_600_000];

/** Packets after which other work has its turn: a store may have its packets at hand. */
const AT_ONCE = 64;

/** Reader of the transport's history, for packets that were published while this member was away. */
export interface HistoryReader {
  /** Notes a step of a conversation that is not away. */
  noteStep(): void;
  /** Reads the packets since the last such step, unless a history is being read. A failed reading is repeated. */
  read(): void;
  /** Stops reading. */
  close(): void;
}

/** Driver of the conversation that reads. */
export interface HistoryOwner {
  readonly states: BehaviorSubject<ConversationState>;
  /** Whether the conversation was restored, and is away until it reads. */
  readonly isRestored: boolean;
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
  /** Whether packets since the last noted step are still to be read. */
  let isAway = owner.isRestored;
  let isReading = false;
  let failures = 0;
  let cancelRetry: CancelTimer | undefined;

  const epochOf = (): bigint | undefined => groupOf(owner.states.value)?.epoch;

  /** Waits until the conversation is in another epoch, or a time has passed. */
  function epochChange(): Promise<void> {
    const epoch = epochOf();
    const changed = firstValueFrom(owner.states.pipe(filter((state) => groupOf(state)?.epoch !== epoch)));
    return withinTime(changed, clock, AHEAD_MS);
  }

  function take(packet: Packet): Promise<InboundOutcome | undefined> {
    const task = (): Promise<InboundOutcome | undefined> => owner.take(packet);
    return mayBeAwaitedWelcome(owner.states.value, packet) ? queue.run(task) : task();
  }

  /** The next packet. @throws if the store is silent. */
  async function next(packets: AsyncIterator<Packet>): Promise<Packet | undefined> {
    const found = packets.next();
    const inTime = withinTime(found, clock, SILENCE_MS, signal).then(() => undefined);
    const result = await Promise.race([found, inTime]);
    if (result === undefined && !signal.aborted) throw new Error("The history is silent.");
    return result?.done === false ? result.value : undefined;
  }

  async function takeAll(packets: AsyncIterator<Packet>): Promise<void> {
    /** Epoch in which a packet has waited in vain. */
    let stuckIn: bigint | undefined;
    let bytes = 0;
    for (let count = 1; count <= LIMITS.historyPackets && bytes <= LIMITS.historyBytes; count++) {
      const packet = await next(packets);
      if (packet === undefined || signal.aborted) return;
      bytes += packet.payload.length;
      if (count % AT_ONCE === 0) await withinTime(undefined, clock, 0);
      const outcome = await take(packet);
      const epoch = epochOf();
      const isAhead = outcome !== undefined && "reason" in outcome && AHEAD.has(outcome.reason);
      if (!isAhead || epoch === stuckIn) continue;
      await epochChange();
      if (epochOf() === epoch) stuckIn = epoch;
      else await take(packet);
    }
  }

  async function read(): Promise<void> {
    if (isReading || signal.aborted) return;
    isReading = true;
    cancelRetry?.();
    const startWallMs = clock.wallMs();
    let packets: AsyncIterator<Packet> | undefined;
    try {
      const since = lastStepWallMs - MARGIN_MS;
      packets = transport.history?.(owner.states.value.name, since, { signal })[Symbol.asyncIterator]();
      if (packets !== undefined) await takeAll(packets);
      lastStepWallMs = startWallMs;
      isAway = false;
      failures = 0;
    } catch (error) {
      if (!signal.aborted) fail(error);
    } finally {
      isReading = false;
      // A store that is silent may not answer this either.
      void packets?.return?.()?.catch(() => undefined);
    }
  }

  function fail(error: unknown): void {
    if (failures === 0)
      owner.report("history", "The transport could not read its history.", error, "history-failed");
    const delayMs = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
    failures += 1;
    cancelRetry = clock.wakeAt(clock.monotonicMs() + delayMs, () => void read());
  }

  return {
    noteStep() {
      if (!isReading && !isAway) lastStepWallMs = clock.wallMs();
    },
    read() {
      isAway = true;
      void read();
    },
    close() {
      ending.abort();
      cancelRetry?.();
    },
  };
}

/** Monotonic time of a state's last packet, or of the entry into its epoch. A pending join reads the last hour. */
function lastActivityMs(state: ConversationState, nowMs: number): number {
  if (!isActive(state)) return nowMs - PENDING_MS;
  return state.repair.log.reduce((latest, { atMs }) => Math.max(latest, atMs), state.epoch.enteredAtMs);
}

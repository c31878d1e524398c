import type { Packet } from "@demls/wire/core";
import { filter } from "rxjs";
import { farewellTo } from "../join/farewell.js";
import { outboxOf } from "../messages/outbox.js";
import { LIMITS } from "../model/limits.js";
import type { EndReason } from "../model/phase.js";
import type { PendingJoin } from "../model/state.js";
import { mayBeAwaitedWelcome } from "../runtime/awaited-welcome.js";
import { ConversationDriver } from "../runtime/driver.js";
import type { DriverContext, DriverStart } from "../runtime/driver-context.js";
import type { KeyPackageStore } from "../runtime/key-package-store.js";
import { createSerialQueue } from "../runtime/serial-queue.js";
import { endSubscription, subscribePersistently, subscribeUntil } from "../runtime/subscription.js";
import { withinTime } from "../runtime/time-limit.js";
import type { ConversationStore } from "../storage/conversation-store.js";
import { firstOf } from "./first-of.js";

/** Dependencies of {@link Farewells}. */
export interface FarewellParts {
  readonly context: DriverContext;
  readonly keyPackages: KeyPackageStore;
  /** Store of a new conversation; undefined without a storage. */
  newStore(): ConversationStore | undefined;
  readonly ending: AbortSignal;
}

/**
 * Joins that a user has given up, in conversations that it does not see: each withdraws its key package, and leaves the group of
 * a welcome that comes too late.
 */
export interface Farewells {
  /** Begins the farewell of a join that has ended, unless it has announced nothing. @returns whether it begins. */
  begin(join: PendingJoin | undefined, reason: EndReason | undefined): boolean;
  /** Goes on with a stored farewell. */
  restore(start: DriverStart): void;
  /** Ends the farewell of a conversation that its user joins or creates again. Its keys stay. */
  cancel(name: string): void;
  /** Withdraws the joins that wait for another attempt, and closes all, which go on with the next start. */
  close(): Promise<void>;
}

interface Farewell {
  readonly driver: ConversationDriver;
  readonly store: ConversationStore | undefined;
  unsubscribe: () => unknown;
}

export function createFarewells({ context, keyPackages, newStore, ending }: FarewellParts): Farewells {
  const { clock, transport, queue } = context;
  /** By the names of their conversations, the oldest first. */
  const open = new Map<string, Farewell>();
  const departures = createSerialQueue();

  function enter(start: DriverStart): void {
    const { name } = start.state;
    const [oldest] = open.keys();
    if (open.size >= LIMITS.farewells && oldest !== undefined) cancel(oldest);
    const driver = new ConversationDriver(start, { ...context, historyOf: () => undefined });
    const farewell: Farewell = { driver, store: start.store, unsubscribe: () => undefined };
    open.set(name, farewell);
    driver.feed.handle(() => undefined);
    driver.events.subscribe(({ kind }) => {
      if (kind !== "leaving" || open.get(name) !== farewell) return;
      const spent = keyPackages.madeFor(name);
      keyPackages.discard(name);
      take(name, farewell, spent);
    });
    void subscribePersistently(() => listen(name, farewell), {
      ...{ clock, ending },
      isWanted: () => open.get(name) === farewell,
    });
    if (start.isRestored) driver.resume();
    else driver.submit({ kind: "tick" }).catch(() => undefined);
  }

  async function listen(name: string, farewell: Farewell): Promise<void> {
    const { driver } = farewell;
    const receive = (packet: Packet): void => {
      if (packet.conversationId !== name) return;
      driver.receive(packet, mayBeAwaitedWelcome(driver.state, packet) ? queue.run : undefined);
    };
    const unsubscribe = await subscribeUntil(transport, name, receive, ending);
    if (open.get(name) === farewell) farewell.unsubscribe = unsubscribe;
    else endSubscription(unsubscribe);
  }

  /** Ends a farewell, and deletes its records with those of key packages. */
  function take(name: string, { driver, store, unsubscribe }: Farewell, spent: readonly string[]): void {
    open.delete(name);
    endSubscription(unsubscribe);
    void departures.run(async () => {
      await driver.close();
      await store?.forget(spent).catch(() => undefined);
    });
  }

  /** Withdraws a join that has run out of time, and waits until nothing is to be published; the transport may be gone. */
  async function withdrawn(driver: ConversationDriver): Promise<void> {
    const giveUp = { kind: "giveUpJoin", isCancelled: true } as const;
    await driver.submit({ kind: "command", command: giveUp }).catch(() => undefined);
    await driver.submit({ kind: "tick" }).catch(() => undefined);
    const allPublished = driver.states.pipe(filter((state) => outboxOf(state).length === 0));
    await withinTime(firstOf(allPublished, driver, undefined), clock, LIMITS.farewellCloseMs);
  }

  function cancel(name: string): void {
    const farewell = open.get(name);
    if (farewell !== undefined) take(name, farewell, []);
  }

  return {
    begin(join, reason) {
      const isGivenUp = reason === "join-expired" || reason === "join-cancelled";
      if (!isGivenUp || join?.joining.keyPackage === undefined || ending.aborted) return false;
      cancel(join.name);
      const state = farewellTo(join, clock.monotonicMs(), reason === "join-cancelled");
      enter({ state, events: [], store: newStore(), isRestored: false });
      return true;
    },
    restore: enter,
    cancel,
    async close() {
      await Promise.all([...open.values()].map(({ driver }) => withdrawn(driver)));
      for (const { driver, unsubscribe } of open.values()) {
        endSubscription(unsubscribe);
        void departures.run(() => driver.close());
      }
      open.clear();
      await departures.idle();
    },
  };
}

import type { Packet } from "@demls/wire/core";
import { filter } from "rxjs";
import { farewellTo } from "../join/farewell.js";
import { outboxOf } from "../messages/outbox.js";
import { LIMITS } from "../model/limits.js";
import type { ConversationState } from "../model/state.js";
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
  /** Begins the farewell of a join that was given up, if it needs one. @returns whether it begins. */
  begin(over: ConversationState): boolean;
  /** Settles once the farewell of a conversation is stored, or there is none; rejects if it cannot be. */
  stored(name: string): Promise<unknown>;
  /** Goes on with a stored farewell. */
  restore(start: DriverStart): void;
  /** Suspends the farewell of a conversation that its user joins or creates again, if there is one. */
  suspend(name: string): SuspendedFarewell | undefined;
  /** Publishes what waits, and closes all, which go on with the next start. */
  close(): Promise<void>;
}

/** Farewell of a conversation whose user tries again. It is stored until that is. */
export interface SuspendedFarewell {
  /** Ends it: the user's next attempt is stored. Its keys stay. */
  end(): void;
  /** Goes on with it: there is no other attempt. */
  goOn(): void;
}

interface Farewell {
  readonly driver: ConversationDriver;
  readonly store: ConversationStore | undefined;
  readonly stored: Promise<unknown>;
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
    if (open.size >= LIMITS.farewells && oldest !== undefined) suspend(oldest)?.end();
    const driver = new ConversationDriver(start, { ...context, historyOf: () => undefined });
    driver.feed.handle(() => undefined);
    const stored = start.isRestored ? driver.resume() : driver.submit({ kind: "tick" });
    stored.catch(() => undefined);
    const farewell: Farewell = { driver, store: start.store, stored, unsubscribe: () => undefined };
    open.set(name, farewell);
    driver.events.subscribe(({ kind }) => {
      if (kind !== "leaving" || open.get(name) !== farewell) return;
      const spent = keyPackages.madeFor(name);
      keyPackages.discard(name);
      take(name, farewell, spent);
    });
    listenAtLast(name, farewell);
  }

  function listenAtLast(name: string, farewell: Farewell): void {
    void subscribePersistently(() => listen(name, farewell), {
      ...{ clock, ending },
      isWanted: () => open.get(name) === farewell,
    });
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
  function take(name: string, farewell: Farewell, spent: readonly string[]): void {
    const { driver, store, unsubscribe } = farewell;
    if (open.get(name) === farewell) open.delete(name);
    endSubscription(unsubscribe);
    void departures.run(async () => {
      await driver.close();
      await store?.forget(spent).catch(() => undefined);
    });
  }

  /** Waits until nothing is to be published; the transport may be gone. */
  async function withdrawn(driver: ConversationDriver): Promise<void> {
    await driver.submit({ kind: "tick" }).catch(() => undefined);
    const allPublished = driver.states.pipe(filter((state) => outboxOf(state).length === 0));
    await withinTime(firstOf(allPublished, driver, undefined), clock, LIMITS.farewellCloseMs);
  }

  function suspend(name: string): SuspendedFarewell | undefined {
    const farewell = open.get(name);
    if (farewell === undefined) return undefined;
    open.delete(name);
    endSubscription(farewell.unsubscribe);
    return {
      end: () => take(name, farewell, []),
      goOn() {
        if (open.has(name)) return take(name, farewell, []);
        if (ending.aborted) return void departures.run(() => farewell.driver.close());
        open.set(name, farewell);
        listenAtLast(name, farewell);
      },
    };
  }

  return {
    begin(over) {
      const state = over.phase === "ended" ? farewellTo(over, clock.monotonicMs()) : undefined;
      if (state === undefined || ending.aborted) return false;
      suspend(state.name)?.end();
      enter({ state, events: [], store: newStore(), isRestored: false });
      return true;
    },
    stored: async (name) => open.get(name)?.stored,
    restore: enter,
    suspend,
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

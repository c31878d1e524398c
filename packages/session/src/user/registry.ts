import { JOIN_SUBTOPIC, type Packet, type Unsubscribe } from "@demls/wire/core";
import { Subject, type Observable } from "rxjs";
import { mayBeAwaitedWelcome } from "../runtime/awaited-welcome.js";
import { createDoor, type Door } from "../runtime/door.js";
import { ConversationDriver } from "../runtime/driver.js";
import type { Entered } from "./run-join.js";
import { createFarewells } from "./farewells.js";
import { isFarewell } from "../join/farewell.js";
import type { Conversation } from "./conversation.js";
import type { ConversationHost } from "./conversation-host.js";
import { createConversation } from "./create-conversation.js";
import type { DriverContext, DriverStart } from "../runtime/driver-context.js";
import type { EndReason } from "../model/phase.js";
import type { Input } from "../model/input.js";
import type { KeptMember } from "../runtime/restore-user.js";
import type { KeyPackageStore } from "../runtime/key-package-store.js";
import type { ConversationStore } from "../storage/conversation-store.js";
import { createSerialQueue, type SerialQueue } from "../runtime/serial-queue.js";
import { endSubscription, subscribePersistently, subscribeUntil } from "../runtime/subscription.js";
import { deliver, type SubtopicHandlers } from "../runtime/subtopic-handlers.js";
import { createSleepers } from "../runtime/sleepers.js";
import { LazyMap } from "./lazy-map.js";

/** A change of a user's set of conversations. */
export type LifecycleEvent =
  /** A conversation was created, joined or restored. */
  | { readonly kind: "created"; readonly conversation: Conversation }
  /** A conversation ended, or was closed; `reason` is absent if the user was closed. */
  | { readonly kind: "removed"; readonly name: string; readonly reason: EndReason | undefined };

/** Place of a conversation, restored or not. */
interface Place {
  unsubscribe: Unsubscribe;
}

interface Entry {
  readonly driver: ConversationDriver;
  readonly door: Door;
  readonly conversation: Conversation;
  readonly store: ConversationStore | undefined;
}

/** Dependencies of the registry. */
export interface RegistryParts {
  readonly context: Omit<DriverContext, "queue">;
  readonly host: ConversationHost;
  readonly handlers: SubtopicHandlers;
  readonly keyPackages: KeyPackageStore;
  /** Store of a new conversation; undefined without a storage. */
  newStore(): ConversationStore | undefined;
  /** Serial queue of work that affects several conversations, such as welcomes, which share the key packages. */
  readonly queue: SerialQueue;
  /** Aborts operations that wait for the transport when the user is closed. */
  readonly ending: AbortSignal;
}

/** A user's active conversations with their drivers, by name. */
export interface ConversationRegistry {
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** An active conversation with its driver. */
  entered(name: string): Entered | undefined;
  readonly lifecycle$: Observable<LifecycleEvent>;
  /** Subscribes, registers the conversation and handles `first`. Removes the conversation again if that fails. */
  open(start: DriverStart, first: Input): Promise<Conversation>;
  /** Resumes a stored conversation; its subscription may follow later. */
  restore(start: DriverStart): void;
  /** Takes stored conversations, which are restored and resumed in turn, or earlier by a call or a packet. */
  keep(members: readonly KeptMember[]): void;
  /** Lets each conversation run what has become due by a change of the user, after the steps that run or wait now. */
  refresh(): Promise<void>;
  /** Closes all conversations, without leaving them. */
  close(): Promise<void>;
}

export function createConversationRegistry(parts: RegistryParts): ConversationRegistry {
  const { context, host, handlers, keyPackages, queue, ending } = parts;
  const { clock, transport } = context;
  const entries = new Map<string, Entry>();
  const places = new Map<string, Place>();
  const conversations = new LazyMap<string, Conversation>();
  const lifecycle = new Subject<LifecycleEvent>();
  const departures = createSerialQueue();
  const farewells = createFarewells({ ...parts, context: { ...context, queue } });

  const sleepers = createSleepers({ clock, ending }, enter, async (name) => entryOf(name)?.driver.resume());

  /** A conversation, which is restored if it sleeps. @throws DemlsError `corrupt-storage`. */
  function entryOf(name: string): Entry | undefined {
    return sleepers.wake(name) ?? entries.get(name);
  }

  function receive(name: string, packet: Packet): void {
    if (packet.conversationId !== name) return;
    try {
      const entry = entryOf(name);
      if (entry !== undefined) receiveAt(entry, packet);
    } catch {
      // Each call of the user tells that its records cannot be read.
    }
  }

  function receiveAt({ driver, door }: Entry, packet: Packet): void {
    if (packet.subtopic === JOIN_SUBTOPIC) return door.receive(packet);
    const handler = handlers.of(packet.subtopic);
    if (handler !== undefined) {
      deliver(packet, handler, (error) => driver.tell(error));
      return;
    }
    driver.receive(packet, mayBeAwaitedWelcome(driver.state, packet) ? queue.run : undefined);
  }

  /** Registers a conversation until it ends. It must be registered before its first event. */
  function enter(start: DriverStart): Entry {
    const { name } = start.state;
    const ofDriver = { ...context, queue };
    const driver = new ConversationDriver(start, ofDriver);
    const entry: Entry = {
      ...{ driver, store: start.store, conversation: createConversation(name, driver, host) },
      door: createDoor(
        ofDriver,
        () => driver.state,
        (input) => driver.submit(input),
      ),
    };
    driver.events.subscribe((event) => {
      if (event.kind === "leaving") void remove(name, entry, event.reason);
    });
    entries.set(name, entry);
    return entry;
  }

  /** Subscribes to the conversation's packets. */
  async function listen(name: string, place: Place): Promise<void> {
    const unsubscribe = await subscribeUntil(transport, name, (packet) => receive(name, packet), ending);
    // The conversation may have ended while the transport subscribed.
    if (places.get(name) === place) place.unsubscribe = unsubscribe;
    else endSubscription(unsubscribe);
  }

  function placeFor(name: string): Place {
    const place = { unsubscribe: () => undefined };
    places.set(name, place);
    return place;
  }

  async function open(start: DriverStart, first: Input): Promise<Conversation> {
    const { name } = start.state;
    forgetEnded(name);
    const farewell = farewells.suspend(name);
    const entry = enter(start);
    const { driver, conversation } = entry;
    try {
      await listen(name, placeFor(name));
      const isTaken = driver.submit(first);
      conversations.set(name, conversation);
      lifecycle.next({ kind: "created", conversation });
      await isTaken;
      // From here on this attempt is what a start finds.
      farewell?.end();
    } catch (error) {
      await abandon(name, entry, farewell !== undefined);
      farewell?.goOn();
      throw error;
    }
    return conversation;
  }

  function restore(start: DriverStart): void {
    const { name, phase } = start.state;
    if (isFarewell(start.state)) return farewells.restore(start);
    const entry = enter(start);
    conversations.set(name, entry.conversation);
    if (phase === "ended") void tellTheRest(name, entry);
    else {
      void listenAtLast(name);
      // Deferred so that the caller of `createUser` can subscribe before the first event.
      clock.wakeAt(clock.monotonicMs(), () => void entry.driver.resume());
    }
  }

  function keep(members: readonly KeptMember[]): void {
    for (const { name } of members) {
      conversations.setLater(name, () => entryOf(name)?.conversation);
      void listenAtLast(name);
    }
    sleepers.keep(members);
  }

  /** Subscribes with retries, so that an unreachable transport does not prevent restoring the user. */
  function listenAtLast(name: string): Promise<void> {
    const place = placeFor(name);
    const message = "The transport could not subscribe; retrying.";
    return subscribePersistently(() => listen(name, place), {
      ...{ clock, ending },
      isWanted: () => places.get(name) === place,
      onFailure: (error) => entries.get(name)?.driver.report("subscribe", message, error, "subscribe-failed"),
    });
  }

  /** Delivers the kept events of a conversation that ended before a restart. */
  async function tellTheRest(name: string, entry: Entry): Promise<void> {
    await entry.driver.close();
    await entry.driver.feed.drained;
    if (entries.get(name) === entry) forgetEnded(name);
  }

  function forgetEnded(name: string): void {
    const entry = entries.get(name);
    if (entry === undefined) return;
    entries.delete(name);
    conversations.delete(name);
    void forget(entry, []);
  }

  /** Removes a conversation that could not be opened, with its key packages unless a farewell needs those. */
  async function abandon(name: string, entry: Entry, keepsKeys: boolean): Promise<void> {
    const spent = keepsKeys ? [] : keyPackages.madeFor(name);
    const isTold = conversations.has(name);
    takeOut(name, entry);
    if (!keepsKeys) keyPackages.discard(name);
    await entry.driver.close();
    await forget(entry, spent);
    if (isTold) lifecycle.next({ kind: "removed", name, reason: undefined });
  }

  function takeOut(name: string, entry?: Entry): void {
    const place = places.get(name);
    for (const map of [entries, conversations, places]) map.delete(name);
    entry?.door.close();
    if (place !== undefined) endSubscription(place.unsubscribe);
  }

  /** @param reason the end reason; undefined if only the user is closed. */
  async function remove(name: string, entry: Entry, reason: EndReason | undefined): Promise<void> {
    if (entries.get(name) !== entry) return;
    // The group may still admit a joiner that has given up.
    const keepsKeys = reason !== undefined && farewells.begin(entry.driver.state);
    const spent = keepsKeys ? [] : keyPackages.madeFor(name);
    takeOut(name, entry);
    if (!keepsKeys) keyPackages.discard(name);
    await departures.run(async () => {
      await entry.driver.close();
      if (reason !== undefined) void entry.driver.feed.drained.then(() => forget(entry, spent));
      lifecycle.next({ kind: "removed", name, reason });
    });
  }

  /**
   * Deletes the records, once the farewell that follows from them is stored. A failure is ignored, because restoring the user
   * deletes the records of ended conversations.
   */
  async function forget({ store, conversation }: Entry, spent: readonly string[]): Promise<void> {
    const stored = farewells.stored(conversation.name);
    await stored.then(() => store?.forget(spent)).catch(() => undefined);
  }

  return {
    conversations,
    entered(name) {
      const entry = entryOf(name);
      if (entry === undefined) return undefined;
      const { conversation, driver, door } = entry;
      return { conversation, driver, listen: door.listen };
    },
    lifecycle$: lifecycle.asObservable(),
    open,
    restore,
    keep,
    async refresh() {
      // A conversation that has ended or whose storage has failed has nothing due.
      await Promise.allSettled([...entries.values()].map(({ driver }) => driver.submit({ kind: "tick" })));
    },
    async close() {
      for (const name of sleepers.close()) {
        takeOut(name);
        void departures.run(async () => lifecycle.next({ kind: "removed", name, reason: undefined }));
      }
      for (const [name, entry] of entries) {
        entry.driver.feed.close();
        void remove(name, entry, undefined);
      }
      await departures.idle();
      await farewells.close();
      lifecycle.complete();
    },
  };
}

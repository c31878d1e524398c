import { WELCOME_SUBTOPIC, type Packet, type Transport, type Unsubscribe } from "@demls/wire/core";
import { Subject, type Observable } from "rxjs";
import { ConversationDriver } from "./conversation-driver.js";
import { createConversation, type Conversation, type ConversationHost } from "./conversation.js";
import type { DriverContext, DriverStart } from "./driver-context.js";
import type { EndReason } from "./event.js";
import type { Input } from "./input.js";
import type { KeyPackageStore } from "./key-package-store.js";
import type { UserStore } from "./persistence/user-store.js";
import { createSerialQueue, type SerialQueue } from "./serial-queue.js";
import { endSubscription, subscribeUntil } from "./subscribing.js";
import { handOver, type SubtopicHandlers } from "./subtopic-handlers.js";

/** Conversations coming and going in a user's registry. */
export type LifecycleEvent =
  | { readonly kind: "created"; readonly conversation: Conversation }
  /** `reason` is absent where the user was closed. */
  | { readonly kind: "removed"; readonly name: string; readonly reason: EndReason | undefined };

interface Entry {
  readonly driver: ConversationDriver;
  readonly conversation: Conversation;
  readonly unsubscribe: Unsubscribe;
}

/** What the registry needs of the user. */
export interface RegistryParts {
  readonly context: DriverContext;
  readonly host: ConversationHost;
  readonly transport: Transport;
  readonly handlers: SubtopicHandlers;
  readonly keyPackages: KeyPackageStore;
  readonly store: UserStore | undefined;
  /** What crosses conversations runs here: a welcome spends a key package, which all of them may use. */
  readonly queue: SerialQueue;
  /** Ends what waits for the transport when the user is closed. */
  readonly ending: AbortSignal;
}

/** A user's conversations, by name: each with what runs it, while it lasts. */
export interface ConversationRegistry {
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly lifecycle$: Observable<LifecycleEvent>;
  /** Opens a conversation: it listens, is entered, and takes `first`. Where that fails, nothing of it is left. */
  open(start: DriverStart, first: Input): Promise<Conversation>;
  /** Closes all of them, without leaving. */
  close(): Promise<void>;
}

export function createConversationRegistry(parts: RegistryParts): ConversationRegistry {
  const { context, host, transport, handlers, keyPackages, store, queue, ending } = parts;
  const entries = new Map<string, Entry>();
  const conversations = new Map<string, Conversation>();
  const lifecycle = new Subject<LifecycleEvent>();
  const departures = createSerialQueue();

  function receive(name: string, packet: Packet): void {
    const driver = entries.get(name)?.driver;
    if (driver === undefined || packet.conversationId !== name) return;
    const handler = handlers.of(packet.subtopic);
    if (handler !== undefined) {
      handOver(packet, handler, (error) => driver.tell(error));
      return;
    }
    const spendsKeyPackage = packet.subtopic === WELCOME_SUBTOPIC && driver.state.phase === "pending-join";
    driver.receive(packet, spendsKeyPackage ? queue.run : undefined);
  }

  /** Listens for a conversation that is being opened; where that fails, what was made for it is wiped. */
  async function listen(name: string, driver: ConversationDriver): Promise<Unsubscribe> {
    try {
      return await subscribeUntil(transport, name, (packet) => receive(name, packet), ending);
    } catch (error) {
      await driver.close();
      throw error;
    }
  }

  async function open(start: DriverStart, first: Input): Promise<Conversation> {
    const { name } = start.state;
    // The records of a conversation that went by the same name must be gone before there are new ones.
    if (store !== undefined) await departures.idle();
    const driver = new ConversationDriver(start, context);
    const conversation = createConversation(name, driver, host);
    const unsubscribe = await listen(name, driver);
    entries.set(name, { driver, conversation, unsubscribe });
    conversations.set(name, conversation);
    driver.events.subscribe((event) => {
      if (event.kind === "leaving") void remove(name, event.reason);
    });
    lifecycle.next({ kind: "created", conversation });
    try {
      await driver.submit(first);
    } catch (error) {
      await remove(name, undefined);
      throw error;
    }
    return conversation;
  }

  /** @param reason why the conversation ended; absent where it goes on, and only this user's process does not. */
  async function remove(name: string, reason: EndReason | undefined): Promise<void> {
    const entry = entries.get(name);
    if (entry === undefined) return;
    entries.delete(name);
    conversations.delete(name);
    endSubscription(entry.unsubscribe);
    const spent = keyPackages.madeFor(name);
    keyPackages.discard(name);
    await departures.run(async () => {
      await entry.driver.close();
      if (reason !== undefined) await forget(name, spent);
      lifecycle.next({ kind: "removed", name, reason });
    });
  }

  /** What could not be forgotten now is, when the user is restored: it has ended. */
  async function forget(name: string, spent: readonly string[]): Promise<void> {
    await store?.forgetConversation(name, spent).catch(() => undefined);
  }

  return {
    conversations,
    lifecycle$: lifecycle.asObservable(),
    open,
    async close() {
      for (const name of entries.keys()) void remove(name, undefined);
      await departures.idle();
      lifecycle.complete();
    },
  };
}

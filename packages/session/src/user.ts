import {
  bytesEqual,
  DemlsError,
  utf8ToBytes,
  WELCOME_SUBTOPIC,
  type MemberId,
  type Packet,
  type Unsubscribe,
} from "@demls/wire/core";
import { stewardListConfig } from "@demls/steward";
import { scoringConfig } from "@demls/scoring";
import { Subject, type Observable } from "rxjs";
import { conversationConfig } from "./config.js";
import { compatibilityPolicy, type CompatibilityMode } from "./compatibility.js";
import { ConversationDriver } from "./conversation-driver.js";
import { createConversation, type Conversation } from "./conversation.js";
import type { EndReason } from "./event.js";
import { memberIdOf } from "./identity.js";
import { createKeyPackageStore } from "./key-package-store.js";
import { createSerialQueue } from "./serial-queue.js";
import { initialState, type ConversationState } from "./state.js";
import type {
  ConversationOptions,
  CreateConversationOptions,
  JoinConversationOptions,
  UserOptions,
} from "./user-options.js";
import {
  conversationExists,
  identityMismatch,
  invalidName,
  MAX_NAME_BYTES,
  subtopicTaken,
  userClosed,
} from "./user-errors.js";

/** Conversations coming and going in a user's registry. */
export type LifecycleEvent =
  | { readonly kind: "created"; readonly conversation: Conversation }
  /** `reason` is absent where the user was closed. */
  | { readonly kind: "removed"; readonly name: string; readonly reason: EndReason | undefined };

/** Takes packets of a subtopic that is not the session's own. */
export type SubtopicHandler = (packet: Packet) => void;

/** A member of any number of conversations. */
export interface User {
  readonly id: MemberId;
  readonly display: string;
  /** The conversations this user is in or joining, by name. */
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Conversations added and removed; hot. `created` comes before any event of the conversation. */
  readonly lifecycle$: Observable<LifecycleEvent>;
  /**
   * Creates a conversation with this user as its only member and steward.
   *
   * @throws DemlsError `invalid-conversation-name`, `conversation-exists`, `invalid-config`,
   *   `invalid-steward-list-config`, `invalid-scoring-config`, `closed`.
   */
  createConversation(name: string, options?: CreateConversationOptions): Promise<Conversation>;
  /**
   * Asks to be let into a conversation; it is pending until the `joined` event, and given up (`leaving`) when
   * nobody answers within three times its `commitInactivityMs`.
   *
   * @throws DemlsError as {@link User.createConversation}.
   */
  joinConversation(name: string, options?: JoinConversationOptions): Promise<Conversation>;
  /** A key package to hand to a member; good for one welcome. @throws DemlsError `closed`. */
  generateKeyPackage(): Promise<Uint8Array>;
  /**
   * Routes packets of a further subtopic, of every conversation of this user, to `handler`.
   *
   * @throws DemlsError `subtopic-taken`.
   */
  handleSubtopic(subtopic: string, handler: SubtopicHandler): Unsubscribe;
  /** Closes every conversation, without leaving it, and wipes what is secret. The transport stays the caller's. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const SESSION_SUBTOPICS = new Set(["welcome", "app_msg"]);
const APP_ID_BYTES = 16;

interface Entry {
  readonly driver: ConversationDriver;
  readonly conversation: Conversation;
  readonly unsubscribe: Unsubscribe;
}

/**
 * A user from its parts.
 *
 * @throws DemlsError `identity-mismatch` where MLS service, signer and identity are not one member's.
 */
export function createUserFrom(options: UserOptions): User {
  const { identity, plugins, transport, clock, random } = options;
  const id = memberIdOf(identity);
  if (plugins.mls.identity !== id || !bytesEqual(plugins.signer.identity, identity.bytes))
    throw identityMismatch();
  const appId = random.bytes(APP_ID_BYTES);
  const keyPackages = createKeyPackageStore(plugins.mls);
  const entries = new Map<string, Entry>();
  const conversations = new Map<string, Conversation>();
  const lifecycle = new Subject<LifecycleEvent>();
  const handlers = new Map<string, SubtopicHandler>();
  // What crosses conversations runs here: opening them, and welcomes, which spend key packages.
  const queue = createSerialQueue();
  const departures = createSerialQueue();
  let closed = false;
  let closing: Promise<void> | undefined;

  const context = {
    plugins,
    signer: plugins.signer,
    self: id,
    display: identity.display,
    appId,
    clock,
    random,
    transport,
    keyPackages: () => keyPackages.unused(),
    consumeKeyPackage: (reference: string) => keyPackages.consume(reference),
  };

  function seed(name: string, mode: CompatibilityMode, overrides: ConversationOptions): ConversationState {
    const config = conversationConfig(overrides.config, plugins.conversationConfig);
    const bounds = stewardListConfig({ ...plugins.stewardListConfig, ...overrides.stewards });
    const scoring = scoringConfig({ ...plugins.scoringConfig, ...overrides.scoring });
    return initialState({
      name,
      mode,
      config,
      phase: "pending-join",
      phaseAnchorMs: clock.monotonicMs(),
      group: undefined,
      consensus: plugins.consensus.empty(),
      stewards: plugins.stewards.create(name, bounds, config.maxReelectionAttempts),
      scores: plugins.scoring.create(scoring, plugins.scoreDeltas),
    });
  }

  function checkName(name: string): void {
    if (closed) throw userClosed();
    const { length } = utf8ToBytes(name);
    if (length === 0 || length > MAX_NAME_BYTES) throw invalidName();
    if (entries.has(name)) throw conversationExists(name);
  }

  function receive(name: string, packet: Packet): void {
    const driver = entries.get(name)?.driver;
    if (driver === undefined || packet.conversationId !== name) return;
    const handler = handlers.get(packet.subtopic);
    if (handler !== undefined) {
      handOver(packet, handler, driver);
      return;
    }
    const submit = async (): Promise<void> => {
      await driver.submit({ kind: "packet", packet });
    };
    const spendsKeyPackage = packet.subtopic === WELCOME_SUBTOPIC && driver.state.phase === "pending-join";
    const done = spendsKeyPackage ? queue.run(submit) : submit();
    done.catch((error: unknown) => {
      if (driver.closed) return;
      const message = error instanceof DemlsError ? error.message : "A packet could not be processed.";
      driver.events.next({ kind: "error", operation: "packet", message });
    });
  }

  /** Listens for a conversation that is being opened; where that fails, what was made for it is wiped. */
  async function listen(name: string, driver: ConversationDriver): Promise<Unsubscribe> {
    try {
      const unsubscribe = await transport.subscribe(name, (packet) => receive(name, packet));
      if (!closed) return unsubscribe;
      unsubscribe();
      throw userClosed();
    } catch (error) {
      keyPackages.discard(name);
      await driver.close();
      throw error;
    }
  }

  async function open(state: ConversationState): Promise<Conversation> {
    const { name } = state;
    const driver = new ConversationDriver(state, context);
    const conversation = createConversation(name, driver, { identityOf });
    const unsubscribe = await listen(name, driver);
    entries.set(name, { driver, conversation, unsubscribe });
    conversations.set(name, conversation);
    driver.events.subscribe((event) => {
      if (event.kind === "leaving") void remove(name, event.reason);
    });
    lifecycle.next({ kind: "created", conversation });
    await driver.submit({ kind: "tick" });
    return conversation;
  }

  async function remove(name: string, reason: EndReason | undefined): Promise<void> {
    const entry = entries.get(name);
    if (entry === undefined) return;
    entries.delete(name);
    conversations.delete(name);
    entry.unsubscribe();
    keyPackages.discard(name);
    await departures.run(async () => {
      await entry.driver.close();
      lifecycle.next({ kind: "removed", name, reason });
    });
  }

  async function identityOf(keyPackage: Uint8Array): Promise<MemberId> {
    const inspected = await plugins.mls.inspectKeyPackage(keyPackage);
    if (inspected.ok) return inspected.identity;
    throw new DemlsError("invalid-key-package", {
      message: `The key package cannot be added: ${inspected.reason}.`,
      field: "keyPackage",
      remedy: "Ask the joiner for a fresh one.",
    });
  }

  async function shutDown(): Promise<void> {
    closed = true;
    await queue.idle();
    for (const name of entries.keys()) void remove(name, undefined);
    await departures.idle();
    keyPackages.discard();
    lifecycle.complete();
  }

  const close = (): Promise<void> => (closing ??= shutDown());

  return {
    id,
    display: identity.display,
    conversations,
    lifecycle$: lifecycle.asObservable(),

    createConversation: (name, { compatibility = "de-mls-3", ...overrides } = {}) =>
      queue.run(async () => {
        checkName(name);
        const pending = seed(name, compatibility, overrides);
        const { stewards, scoring } = plugins;
        return open({
          ...pending,
          phase: "working",
          phaseAnchorMs: undefined,
          synced: true,
          group: await plugins.mls.createGroup(name, {
            strict: compatibilityPolicy(compatibility).marksGroup,
          }),
          stewards: stewards.installList(pending.stewards, 0n, [id], 1, 0).state,
          scores: scoring.addMember(pending.scores, id).state,
        });
      }),

    joinConversation: (name, { announce = true, ...overrides } = {}) =>
      queue.run(async () => {
        checkName(name);
        const state = seed(name, "de-mls-3", overrides);
        const keyPackage = announce ? (await keyPackages.generate(name)).bytes : undefined;
        const conversation = await open(state);
        if (keyPackage !== undefined) {
          const command = { kind: "announce-key-package", keyPackage } as const;
          await entries.get(name)?.driver.submit({ kind: "command", command });
        }
        return conversation;
      }),

    generateKeyPackage: () =>
      queue.run(async () => {
        if (closed) throw userClosed();
        return Uint8Array.from((await keyPackages.generate()).bytes);
      }),

    handleSubtopic(subtopic, handler) {
      if (SESSION_SUBTOPICS.has(subtopic) || handlers.has(subtopic)) throw subtopicTaken(subtopic);
      handlers.set(subtopic, handler);
      return () => {
        if (handlers.get(subtopic) === handler) handlers.delete(subtopic);
      };
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A handler's fault is its owner's to see, and must not come back to the transport. */
function handOver(packet: Packet, handler: SubtopicHandler, driver: ConversationDriver): void {
  try {
    handler(packet);
  } catch {
    const message = `The handler of the subtopic ${JSON.stringify(packet.subtopic)} failed.`;
    driver.events.next({ kind: "error", operation: "subtopic", message });
  }
}

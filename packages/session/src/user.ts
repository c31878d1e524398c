import {
  bytesEqual,
  requireTransport,
  WELCOME_SUBTOPIC,
  type MemberId,
  type Packet,
  type Unsubscribe,
} from "@demls/wire/core";
import { stewardListConfig } from "@demls/steward";
import { scoringConfig } from "@demls/scoring";
import { Subject, type Observable } from "rxjs";
import { conversationConfig } from "./config.js";
import {
  checkCompatibility,
  checkStewardSettings,
  compatibilityPolicy,
  type CompatibilityMode,
} from "./compatibility.js";
import { ConversationDriver } from "./conversation-driver.js";
import { createConversation, type Conversation } from "./conversation.js";
import { checkConversationName } from "./conversation-name.js";
import type { EndReason } from "./event.js";
import { identityIn, memberIdOf } from "./identity.js";
import { createKeyPackageStore } from "./key-package-store.js";
import { createSerialQueue } from "./serial-queue.js";
import { initialState, type ConversationState } from "./state.js";
import { endSubscription, subscribeUntil } from "./subscribing.js";
import { createSubtopicHandlers, handOver, type SubtopicHandler } from "./subtopic-handlers.js";
import type {
  ConversationOptions,
  CreateConversationOptions,
  JoinConversationOptions,
  UserOptions,
} from "./user-options.js";
import { conversationExists, identityMismatch, unknownConversation, userClosed } from "./user-errors.js";

/** Conversations coming and going in a user's registry. */
export type LifecycleEvent =
  | { readonly kind: "created"; readonly conversation: Conversation }
  /** `reason` is absent where the user was closed. */
  | { readonly kind: "removed"; readonly name: string; readonly reason: EndReason | undefined };

/** A member of any number of conversations. */
export interface User {
  /** Who this user is in every conversation. */
  readonly id: MemberId;
  /** A name for people to read; nobody checks it. */
  readonly display: string;
  /** The conversations this user is in or joining, by name. */
  readonly conversations: ReadonlyMap<string, Conversation>;
  /**
   * The conversation of this name, where it has to be there; `conversations.get` where it may not be.
   *
   * @throws DemlsError `unknown-conversation` where this user is not in it: never was, is still creating or
   *   joining it, has left, or is closed.
   */
  conversation(name: string): Conversation;
  /** Conversations added and removed; hot. `created` comes before any event of the conversation. */
  readonly lifecycle$: Observable<LifecycleEvent>;
  /**
   * Creates a conversation with this user as its only member and steward.
   *
   * @throws DemlsError `invalid-conversation-name`, `conversation-exists`, `invalid-compatibility`,
   *   `invalid-config`, `invalid-steward-list-config`, `invalid-scoring-config`, `closed`.
   */
  createConversation(name: string, options?: CreateConversationOptions): Promise<Conversation>;
  /**
   * Asks to be let into a conversation. What it resolves to is pending: await {@link Conversation.joined}. It
   * is given up (`leaving`) when nobody answers within three times its `commitInactivityMs`. The compatibility
   * mode is the group's: `state.mode` tells it once this member is in.
   *
   * @throws DemlsError as {@link User.createConversation}.
   */
  joinConversation(name: string, options?: JoinConversationOptions): Promise<Conversation>;
  /** A key package to hand to a member; good for one welcome. @throws DemlsError `closed`. */
  generateKeyPackage(): Promise<Uint8Array>;
  /**
   * Routes packets of a further subtopic, of every conversation of this user, to `handler`.
   *
   * @throws DemlsError `invalid-subtopic`, `subtopic-taken`, `closed`.
   */
  handleSubtopic(subtopic: string, handler: SubtopicHandler): Unsubscribe;
  /** Closes every conversation, without leaving it, and wipes what is secret. The transport stays the caller's. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const APP_ID_BYTES = 16;

interface Entry {
  readonly driver: ConversationDriver;
  readonly conversation: Conversation;
  readonly unsubscribe: Unsubscribe;
}

/** What a conversation begins with, and the key package that is then announced. */
interface Prepared {
  readonly state: ConversationState;
  readonly keyPackage?: Uint8Array;
}

/**
 * A user from its parts.
 *
 * @throws DemlsError `missing-transport`; `identity-mismatch` where MLS service, signer and identity are not
 *   one member's.
 */
export function createUserFrom(options: UserOptions): User {
  const { identity, plugins, clock, random } = options;
  const transport = requireTransport(options.transport);
  const id = memberIdOf(identity);
  if (plugins.mls.identity !== id || !bytesEqual(plugins.signer.identity, identity.bytes))
    throw identityMismatch();
  const appId = random.bytes(APP_ID_BYTES);
  const keyPackages = createKeyPackageStore(plugins.mls);
  const entries = new Map<string, Entry>();
  /** Conversations that wait for the transport, by the names they have taken. */
  const openings = new Map<string, Promise<Conversation>>();
  const conversations = new Map<string, Conversation>();
  const lifecycle = new Subject<LifecycleEvent>();
  const handlers = createSubtopicHandlers();
  // What crosses conversations runs here: preparing them, and welcomes, which spend key packages.
  const queue = createSerialQueue();
  const departures = createSerialQueue();
  /** Ends what waits for the transport when the user is closed. */
  const ending = new AbortController();
  let closed = false;
  let closing: Promise<void> | undefined;

  const host = { identityOf: (keyPackage: Uint8Array) => identityIn(plugins.mls, keyPackage) };
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
    const bounds = stewardListConfig(overrides.stewards, plugins.stewardListConfig);
    const scoring = scoringConfig(overrides.scoring, plugins.scoringConfig);
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
    checkConversationName(name);
    if (entries.has(name) || openings.has(name)) throw conversationExists(name);
  }

  function receive(name: string, packet: Packet): void {
    const driver = entries.get(name)?.driver;
    if (driver === undefined || packet.conversationId !== name) return;
    const handler = handlers.of(packet.subtopic);
    if (handler !== undefined) {
      handOver(packet, handler, (error) => driver.events.next(error));
      return;
    }
    const spendsKeyPackage = packet.subtopic === WELCOME_SUBTOPIC && driver.state.phase === "pending-join";
    driver.receive(packet, spendsKeyPackage ? queue.run : undefined);
  }

  /**
   * Prepares a conversation in the queue, and opens it beside it: the name is taken from then on, and a
   * transport that takes its time, or never answers, holds up nothing else.
   */
  async function begin(name: string, prepare: () => Promise<Prepared>): Promise<Conversation> {
    const { opening } = await queue.run(async () => {
      checkName(name);
      const prepared = await prepare();
      const opening = open(prepared).finally(() => openings.delete(name));
      openings.set(name, opening);
      // Within an object, or the queue would wait for it.
      return { opening };
    });
    return opening;
  }

  /** Listens for a conversation that is being opened; where that fails, what was made for it is wiped. */
  async function listen(name: string, driver: ConversationDriver): Promise<Unsubscribe> {
    try {
      return await subscribeUntil(transport, name, (packet) => receive(name, packet), ending.signal);
    } catch (error) {
      keyPackages.discard(name);
      await driver.close();
      throw error;
    }
  }

  async function open({ state, keyPackage }: Prepared): Promise<Conversation> {
    const { name } = state;
    const driver = new ConversationDriver(state, context);
    const conversation = createConversation(name, driver, host);
    const unsubscribe = await listen(name, driver);
    entries.set(name, { driver, conversation, unsubscribe });
    conversations.set(name, conversation);
    driver.events.subscribe((event) => {
      if (event.kind === "leaving") void remove(name, event.reason);
    });
    lifecycle.next({ kind: "created", conversation });
    await driver.submit({ kind: "tick" });
    if (keyPackage !== undefined) await conversation.announceKeyPackage(keyPackage);
    return conversation;
  }

  async function remove(name: string, reason: EndReason | undefined): Promise<void> {
    const entry = entries.get(name);
    if (entry === undefined) return;
    entries.delete(name);
    conversations.delete(name);
    endSubscription(entry.unsubscribe);
    keyPackages.discard(name);
    await departures.run(async () => {
      await entry.driver.close();
      lifecycle.next({ kind: "removed", name, reason });
    });
  }

  async function shutDown(): Promise<void> {
    closed = true;
    ending.abort(userClosed());
    await queue.idle();
    await Promise.allSettled(openings.values());
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

    conversation(name) {
      const found = conversations.get(name);
      if (found === undefined) throw unknownConversation(name);
      return found;
    },

    createConversation: (name, { compatibility = "de-mls-3", ...overrides } = {}) =>
      begin(name, async () => {
        checkCompatibility(compatibility);
        const pending = seed(name, compatibility, overrides);
        const { stewards, scoring } = plugins;
        checkStewardSettings(compatibility, stewards.config(pending.stewards));
        const state: ConversationState = {
          ...pending,
          phase: "working",
          phaseAnchorMs: undefined,
          synced: true,
          group: await plugins.mls.createGroup(name, {
            strict: compatibilityPolicy(compatibility).marksGroup,
          }),
          stewards: stewards.installList(pending.stewards, 0n, [id], 1, 0).state,
          scores: scoring.addMember(pending.scores, id).state,
        };
        return { state };
      }),

    joinConversation: (name, { announce = true, ...overrides } = {}) =>
      begin(name, async () => {
        const state = seed(name, "de-mls-3", overrides);
        return announce ? { state, keyPackage: (await keyPackages.generate(name)).bytes } : { state };
      }),

    generateKeyPackage: () =>
      queue.run(async () => {
        if (closed) throw userClosed();
        return Uint8Array.from((await keyPackages.generate()).bytes);
      }),

    handleSubtopic(subtopic, handler) {
      if (closed) throw userClosed();
      return handlers.register(subtopic, handler);
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}

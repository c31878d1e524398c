import { bytesEqual, requireTransport, type MemberId, type Unsubscribe } from "@demls/wire/core";
import { stewardListConfig } from "@demls/steward";
import { scoringConfig } from "@demls/scoring";
import type { Observable } from "rxjs";
import { conversationConfig } from "./config.js";
import {
  checkCompatibility,
  checkConsensus,
  checkStewardSettings,
  compatibilityPolicy,
  type CompatibilityMode,
} from "./compatibility.js";
import type { Conversation } from "./conversation.js";
import type { DriverStart } from "./driver-context.js";
import { checkConversationName } from "./conversation-name.js";
import { createConversationRegistry, type LifecycleEvent } from "./conversation-registry.js";
import { identityIn, memberIdOf } from "./identity.js";
import type { Input } from "./input.js";
import { createKeyPackageStore } from "./key-package-store.js";
import { restoreUser } from "./persistence/restore-user.js";
import { openUserStore } from "./persistence/user-store.js";
import { createSerialQueue } from "./serial-queue.js";
import { initialState, type ConversationState } from "./state.js";
import { createSubtopicHandlers, type SubtopicHandler } from "./subtopic-handlers.js";
import type {
  ConversationOptions,
  CreateConversationOptions,
  JoinConversationOptions,
  UserOptions,
} from "./user-options.js";
import { conversationExists, identityMismatch, unknownConversation, userClosed } from "./user-errors.js";

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
   *   `invalid-config`, `invalid-steward-list-config`, `invalid-scoring-config`, `unsupported-consensus` where the mode
   *   cannot honour an option of the consensus plug-in, `closed`.
   */
  createConversation(name: string, options?: CreateConversationOptions): Promise<Conversation>;
  /**
   * Asks to be let into a conversation. What it resolves to is pending: await {@link Conversation.joined}. It
   * is given up (`leaving`) when nobody answers within three times its `commitInactivityMs`, and at least 10 seconds.
   * The compatibility mode is the group's: `state.mode` tells it once this member is in.
   *
   * @throws DemlsError as {@link User.createConversation}, but for `unsupported-consensus`: the mode is not known yet.
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
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const APP_ID_BYTES = 16;

/** What a conversation begins with, and the first that it is told. */
interface Prepared {
  readonly state: ConversationState;
  readonly first: Input;
}

const TICK: Input = { kind: "tick" };

/**
 * A user from its parts. Where its storage keeps one, that one goes on: with its conversations, votes, timers and
 * packets as they were, and the events that nobody had taken.
 *
 * @throws DemlsError `missing-transport`; `identity-mismatch` where MLS service, signer and identity are not
 *   one member's; `foreign-storage` where the storage keeps another's, `corrupt-storage` where it can't be read.
 */
export async function createUserFrom(options: UserOptions): Promise<User> {
  const { identity, plugins, clock, random, storage } = options;
  const transport = requireTransport(options.transport);
  const id = memberIdOf(identity);
  if (plugins.mls.identity !== id || !bytesEqual(plugins.signer.identity, identity.bytes))
    throw identityMismatch();
  const store = storage && (await openUserStore(storage, plugins.mls, clock));
  const kept = await restoreUser(store);
  const keyPackages = createKeyPackageStore(plugins.mls, store, kept.keyPackages);
  /** Conversations that wait for the transport, by the names they have taken. */
  const openings = new Map<string, Promise<Conversation>>();
  const handlers = createSubtopicHandlers();
  // What crosses conversations runs here: preparing them, and welcomes, which spend key packages.
  const queue = createSerialQueue();
  /** Ends what waits for the transport when the user is closed. */
  const ending = new AbortController();
  let closed = false;
  let closing: Promise<void> | undefined;

  const registry = createConversationRegistry({
    context: {
      plugins,
      signer: plugins.signer,
      self: id,
      display: identity.display,
      appId: random.bytes(APP_ID_BYTES),
      clock,
      random,
      transport,
      keyPackages: () => keyPackages.unused(),
      consumeKeyPackage: (reference) => keyPackages.consume(reference),
    },
    host: { identityOf: (keyPackage) => identityIn(plugins.mls, keyPackage) },
    handlers,
    keyPackages,
    queue,
    ending: ending.signal,
  });
  const { conversations } = registry;

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
    const isThere = conversations.has(name) && conversations.get(name)?.state.phase !== "ended";
    if (isThere || openings.has(name)) throw conversationExists(name);
  }

  /** Opens a conversation, whose name is taken from now on. */
  function open(start: DriverStart, first: Input): Promise<Conversation> {
    const { name } = start.state;
    const opening = registry.open(start, first).finally(() => openings.delete(name));
    openings.set(name, opening);
    return opening;
  }

  /**
   * Prepares a conversation in the queue, and opens it beside it: a transport that takes its time, or never
   * answers, holds up nothing else.
   */
  async function begin(name: string, prepare: () => Promise<Prepared>): Promise<Conversation> {
    const { opening } = await queue.run(async () => {
      checkName(name);
      const { state, first } = await prepare();
      const start = { state, events: [], store: store?.newConversation(), isRestored: false };
      const opening = open(start, first);
      // Within an object, or the queue would wait for it.
      return { opening };
    });
    return opening;
  }

  async function shutDown(): Promise<void> {
    closed = true;
    ending.abort(userClosed());
    await queue.idle();
    await Promise.allSettled(openings.values());
    await registry.close();
    keyPackages.discard();
  }

  const close = (): Promise<void> => (closing ??= shutDown());

  kept.conversations.forEach(registry.restore);

  return {
    id,
    display: identity.display,
    conversations,
    lifecycle$: registry.lifecycle$,

    conversation(name) {
      const found = conversations.get(name);
      if (found === undefined) throw unknownConversation(name);
      return found;
    },

    createConversation: (name, { compatibility = "de-mls-3", ...overrides } = {}) =>
      begin(name, async () => {
        checkCompatibility(compatibility);
        checkConsensus(compatibility, plugins.consensus);
        // Whoever must do all that is approved parts from those to whom an approval comes a moment sooner (W47).
        const { allowsSubsetCommits: allowSubsetCandidates } = compatibilityPolicy(compatibility);
        const bounds = { ...(allowSubsetCandidates && { allowSubsetCandidates }), ...overrides.stewards };
        const pending = seed(name, compatibility, { ...overrides, stewards: bounds });
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
        return { state, first: TICK };
      }),

    joinConversation: (name, { announce = true, ...overrides } = {}) =>
      begin(name, async () => {
        const state = seed(name, "de-mls-3", overrides);
        if (!announce) return { state, first: TICK };
        const { bytes: keyPackage } = await keyPackages.generate(name);
        return { state, first: { kind: "command", command: { kind: "announce-key-package", keyPackage } } };
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

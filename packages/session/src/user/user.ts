// Symbol.asyncDispose, for those whose `lib` ends with a year.
/// <reference lib="esnext.disposable" preserve="true" />
import { memberIdFromBytes, requireTransport, type MemberId, type Unsubscribe } from "@demls/wire/core";
import { stewardListConfig } from "@demls/steward";
import { scoringConfig } from "@demls/scoring";
import type { Observable } from "rxjs";
import { conversationConfig } from "../model/config.js";
import {
  checkCompatibility,
  checkConsensus,
  checkStewardSettings,
  compatibilityPolicy,
} from "../model/compatibility.js";
import type { Conversation } from "./conversation.js";
import type { DriverStart } from "../runtime/driver-context.js";
import { checkConversationName } from "./conversation-name.js";
import { createConversationRegistry, type LifecycleEvent } from "./registry.js";
import { identityIn } from "./key-package-owner.js";
import type { Input } from "../model/input.js";
import { createKeyPackageStore } from "../runtime/key-package-store.js";
import { restoreUser, type KeptUser } from "../runtime/restore-user.js";
import { corruptStorage } from "../storage/corrupt-storage.js";
import { claimStorage } from "../storage/storage-claim.js";
import { openUserStore, type UserStore } from "../storage/user-store.js";
import { createSerialQueue } from "../runtime/serial-queue.js";
import {
  createdConversation,
  pendingJoin,
  type ConversationSeed,
  type ConversationState,
} from "../model/state.js";
import { createSubtopicHandlers, type SubtopicHandler } from "../runtime/subtopic-handlers.js";
import type {
  ConversationOptions,
  CreateConversationOptions,
  JoinConversationOptions,
  UserOptions,
} from "./options.js";
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
   * @throws DemlsError as {@link User.createConversation}, except `unsupported-consensus`: the mode is not known yet.
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
  /**
   * Ends this process's part, and no membership: the others still count this user in, and one created again with the
   * same storage goes on. Without a storage the keys are gone with it, so leave the conversations first
   * ({@link Conversation.leave}), or the others keep a member that reads nothing. Wipes secrets; the transport stays
   * the caller's. Idempotent.
   */
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
 * @throws DemlsError `missing-transport`; `identity-mismatch` where MLS service and signer are not one member's;
 *   `storage-in-use` where another user of this process has the storage, `storage-newer` where a later release wrote
 *   it, `foreign-storage` where it keeps another's, `corrupt-storage` where it can't be read.
 */
export async function createUserFrom(options: UserOptions): Promise<User> {
  const { display, plugins, clock, random, storage } = options;
  const transport = requireTransport(options.transport);
  const id = memberIdFromBytes(plugins.signer.identity);
  if (plugins.mls.identity !== id) throw identityMismatch();
  const release = storage && claimStorage(storage);
  const { store, kept } = await openKept().catch((error: unknown) => {
    release?.();
    throw error;
  });
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
      display,
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

  function seed(name: string, overrides: ConversationOptions): ConversationSeed {
    const config = conversationConfig(overrides.config, plugins.conversationConfig);
    const bounds = stewardListConfig(overrides.stewards, plugins.stewardListConfig);
    const scoring = scoringConfig(overrides.scoring, plugins.scoringConfig);
    return {
      name,
      config,
      stewards: plugins.stewards.create(name, bounds, config.maxReelectionAttempts),
      scores: plugins.scoring.create(scoring, plugins.scoreDeltas),
    };
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

  async function openKept(): Promise<{ readonly store: UserStore | undefined; readonly kept: KeptUser }> {
    const opened = storage && (await openUserStore(storage, plugins.mls, clock));
    return { store: opened, kept: await restoreUser(opened) };
  }

  async function shutDown(): Promise<void> {
    closed = true;
    ending.abort(userClosed());
    await queue.idle();
    await Promise.allSettled(openings.values());
    await registry.close();
    keyPackages.discard();
    release?.();
  }

  const close = (): Promise<void> => (closing ??= shutDown());

  try {
    kept.conversations.forEach(registry.restore);
  } catch (error) {
    // Readable records can still hold what no plug-in can work with.
    await close();
    throw corruptStorage(error);
  }

  return {
    id,
    display,
    conversations,
    lifecycle$: registry.lifecycle$,

    conversation(name) {
      const found = conversations.get(name);
      if (found === undefined) throw unknownConversation(name);
      return found;
    },

    createConversation: (name, { compatibility = "strict", ...overrides } = {}) =>
      begin(name, async () => {
        checkCompatibility(compatibility);
        // Whoever must do all that is approved parts from those to whom an approval comes a moment sooner (W47).
        const { allowsSubsetCommits: allowSubsetCandidates, requiredExtensions } =
          compatibilityPolicy(compatibility);
        const bounds = { ...(allowSubsetCandidates && { allowSubsetCandidates }), ...overrides.stewards };
        const settings = seed(name, { ...overrides, stewards: bounds });
        const { stewards, scoring, consensus, mls } = plugins;
        checkConsensus(compatibility, consensus);
        checkStewardSettings(compatibility, stewards.config(settings.stewards));
        const group = await mls.createGroup(name, { requiredExtensions });
        const state = createdConversation(
          {
            ...settings,
            stewards: stewards.installList(settings.stewards, 0n, [id], 1, 0).state,
            scores: scoring.addMember(settings.scores, id),
          },
          { mode: compatibility, group, sessions: consensus.empty() },
        );
        return { state, first: TICK };
      }),

    joinConversation: (name, { announce = true, ...overrides } = {}) =>
      begin(name, async () => {
        const state = pendingJoin(seed(name, overrides), clock.monotonicMs());
        if (!announce) return { state, first: TICK };
        const { bytes: keyPackage } = await keyPackages.generate(name);
        return { state, first: { kind: "command", command: { kind: "announceKeyPackage", keyPackage } } };
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

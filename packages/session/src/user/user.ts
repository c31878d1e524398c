// Declares Symbol.asyncDispose for projects whose `lib` is a year, such as ES2022.
/// <reference lib="esnext.disposable" preserve="true" />
import { memberIdFromBytes, requireTransport, type MemberId, type Unsubscribe } from "@demls/wire/core";
import type { Observable } from "rxjs";
import {
  checkCompatibility,
  checkConsensus,
  checkStewardSettings,
  compatibilityPolicy,
} from "../model/compatibility.js";
import type { Conversation } from "./conversation.js";
import type { DriverStart } from "../runtime/driver-context.js";
import { checkConversationName } from "./conversation-name.js";
import { conversationSeed } from "./conversation-seed.js";
import { checkedGroupId } from "./group-id.js";
import { createConversationRegistry, type LifecycleEvent } from "./registry.js";
import { identityIn } from "./key-package-owner.js";
import { historySettings } from "../model/history-setting.js";
import type { Input } from "../model/input.js";
import { conversationHistory, type ConversationHistory } from "./message-calls.js";
import { createKeyPackageStore } from "../runtime/key-package-store.js";
import { createOwnLeafKey } from "../runtime/own-leaf-key.js";
import { openUser } from "../runtime/restore-user.js";
import { corruptStorage } from "../storage/corrupt-storage.js";
import { claimStorage } from "../storage/storage-claim.js";
import { createSerialQueue } from "../runtime/serial-queue.js";
import { createdConversation, pendingJoin, type ConversationState } from "../model/state.js";
import { createSubtopicHandlers, type SubtopicHandler } from "../runtime/subtopic-handlers.js";
import type { CreateConversationOptions, JoinConversationOptions, UserOptions } from "./options.js";
import {
  checkDisplay,
  conversationExists,
  identityMismatch,
  unknownConversation,
  userClosed,
} from "./user-errors.js";

/** A member of any number of conversations. */
export interface User {
  /** Member id of this user in every conversation. */
  readonly id: MemberId;
  /** Human-readable name; not verified. */
  readonly display: string;
  /** Conversations that this user is in or joining, by name. */
  readonly conversations: ReadonlyMap<string, Conversation>;
  /**
   * Returns the conversation of this name. Use `conversations.get` if it may be missing.
   *
   * @throws DemlsError `unknown-conversation` if this user is not in it: never joined, still creating or opening it,
   *   left, or closed.
   */
  conversation(name: string): Conversation;
  /**
   * Kept histories that have messages, oldest first, also of conversations that have ended: see
   * {@link UserOptions.history}.
   *
   * @throws DemlsError `corrupt-storage`, `closed`.
   */
  histories(): Promise<readonly ConversationHistory[]>;
  /** Conversations added and removed; hot. `created` precedes all events of the conversation. */
  readonly lifecycle$: Observable<LifecycleEvent>;
  /**
   * Creates a conversation with this user as its only member and steward.
   *
   * @throws DemlsError `invalid-conversation-name`, `conversation-exists`, `invalid-compatibility`, `invalid-config`,
   *   `invalid-steward-list-config`, `invalid-scoring-config`, `unsupported-consensus` if the mode does not support an
   *   option of the consensus plug-in, `identity-not-proved` if the signer refuses to sign for this user's identity,
   *   `closed`.
   */
  createConversation(name: string, options?: CreateConversationOptions): Promise<Conversation>;
  /**
   * Requests to join a conversation. The returned conversation is pending: await {@link Conversation.joined}. The join
   * expires (`leaving`) without a welcome within five times its `commitInactivityMs`, and at least 10 seconds. The
   * group determines the compatibility mode: see `state.mode` after the join.
   *
   * @throws DemlsError `invalid-group-id`; otherwise as {@link User.createConversation}, except `unsupported-consensus`,
   *   because the mode is not known yet. The signer is asked only if a key package is announced.
   */
  joinConversation(name: string, options?: JoinConversationOptions): Promise<Conversation>;
  /**
   * Generates a key package for a member to add; valid for one welcome.
   *
   * @throws DemlsError `identity-not-proved` as {@link User.createConversation}, `closed`.
   */
  generateKeyPackage(): Promise<Uint8Array>;
  /**
   * Registers `handler` for the packets of another subtopic, in every conversation of this user.
   *
   * @throws DemlsError `invalid-subtopic`, `subtopic-taken`, `closed`.
   */
  handleSubtopic(subtopic: string, handler: SubtopicHandler): Unsubscribe;
  /**
   * Stops this user without leaving its conversations: it remains a member, and a user created again with the same
   * storage continues. Without a storage the keys are lost, so call {@link Conversation.leave} first; otherwise the
   * groups keep a member that cannot decrypt. Wipes secrets. Does not close the transport. Idempotent.
   */
  close(): Promise<void>;
  /** Same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const APP_ID_BYTES = 16;

/** Initial state of a conversation, and its first input. */
interface Prepared {
  readonly state: ConversationState;
  readonly first: Input;
}

const TICK: Input = { kind: "tick" };

/**
 * Creates a user from its parts. A stored user is restored with its conversations, votes, timers, packets and
 * undelivered events.
 *
 * @throws DemlsError `missing-transport`; `invalid-display`; `identity-mismatch` if the MLS service and the signer have different
 *   identities; `invalid-history-setting`, `missing-storage`; `storage-in-use` if another user of this process uses the storage; `storage-newer` if a later release
 *   wrote it; `foreign-storage` if it belongs to another user; `corrupt-storage` if a record cannot be read.
 */
export async function createUserFrom(options: UserOptions): Promise<User> {
  const { display, plugins, clock, random, storage, history = "none" } = options;
  const transport = requireTransport(options.transport);
  checkDisplay(display);
  const id = memberIdFromBytes(plugins.signer.identity);
  if (plugins.mls.identity !== id) throw identityMismatch();
  const settingOf = historySettings(history, storage !== undefined);
  const release = storage && claimStorage(storage);
  /** Aborts operations that wait for the transport, or would use the storage, when the user is closed. */
  const ending = new AbortController();
  const opening = openUser({ storage, mls: plugins.mls, clock, settingOf, ending: ending.signal });
  const { store, kept, histories } = await opening.catch((error: unknown) => {
    ending.abort();
    release?.();
    throw error;
  });
  const keyPackages = createKeyPackageStore(plugins.mls, display, store, kept.keyPackages);
  /** Conversations that wait for the transport, by their reserved names. */
  const openings = new Map<string, Promise<Conversation>>();
  const handlers = createSubtopicHandlers();
  // Serial queue of work that affects several conversations: preparing them, and welcomes, which consume key packages.
  const queue = createSerialQueue();
  let closed = false;
  let closing: Promise<void> | undefined;

  const leafKey = await createOwnLeafKey({
    ...plugins,
    ...{ store, stored: kept.identityProof, queue, ending: ending.signal },
  });

  const registry = createConversationRegistry({
    context: {
      ...{ plugins, leafKey },
      signer: plugins.signer,
      self: id,
      display,
      appId: random.bytes(APP_ID_BYTES),
      clock,
      random,
      transport,
      keyPackages: () => keyPackages.unused(),
      historyOf: (name, groupId) => histories?.of(name, groupId),
      consumeKeyPackage: (reference) => keyPackages.consume(reference),
      generateKeyPackage: (name, replaces) =>
        leafKey.use(async (key) => (await keyPackages.generate(key, name, replaces)).bytes),
    },
    host: {
      identityOf: (keyPackage) => identityIn(plugins.mls, keyPackage),
      renewSignatureKey: () => leafKey.renew(() => registry.refresh()),
    },
    handlers,
    keyPackages,
    queue,
    ending: ending.signal,
  });
  const { conversations } = registry;

  function checkName(name: string): void {
    if (closed) throw userClosed();
    checkConversationName(name);
    settingOf(name);
    const isThere = conversations.has(name) && conversations.get(name)?.state.phase !== "ended";
    if (isThere || openings.has(name)) throw conversationExists(name);
  }

  /** Opens a conversation and reserves its name. */
  function open(start: DriverStart, first: Input): Promise<Conversation> {
    const { name } = start.state;
    const opening = registry.open(start, first).finally(() => openings.delete(name));
    openings.set(name, opening);
    return opening;
  }

  /**
   * Prepares a conversation in the queue and opens it outside of it, so that a slow transport blocks no other
   * conversation.
   */
  async function begin(name: string, prepare: () => Promise<Prepared>): Promise<Conversation> {
    const { opening } = await queue.run(async () => {
      checkName(name);
      const { state, first } = await prepare();
      const start = { state, events: [], store: store?.newConversation(), isRestored: false };
      const opening = open(start, first);
      // Wrapped in an object, because the queue would await a promise.
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
    release?.();
  }

  const close = (): Promise<void> => (closing ??= shutDown());

  try {
    kept.conversations.forEach(registry.restore);
  } catch (error) {
    // Readable records may still contain values that a plug-in rejects.
    await close();
    throw corruptStorage(error);
  }

  return {
    id,
    display,
    conversations,
    lifecycle$: registry.lifecycle$,

    histories: async () => ((await histories?.stored()) ?? []).map(conversationHistory),

    conversation(name) {
      const found = conversations.get(name);
      if (found === undefined) throw unknownConversation(name);
      return found;
    },

    async createConversation(name, { compatibility = "strict", ...overrides } = {}) {
      checkName(name);
      checkCompatibility(compatibility);
      // A commit of all approved changes separates members that learn of an approval at different moments (W47).
      const policy = compatibilityPolicy(compatibility);
      const { allowsSubsetCommits: allowSubsetCandidates, requiredExtensions } = policy;
      const leaf = policy.namesLeaves ? { claimedName: display } : {};
      const bounds = { ...(allowSubsetCandidates && { allowSubsetCandidates }), ...overrides.stewards };
      const settings = conversationSeed(name, { ...overrides, stewards: bounds }, plugins);
      const { stewards, scoring, consensus } = plugins;
      checkConsensus(compatibility, consensus);
      checkStewardSettings(compatibility, stewards.config(settings.stewards));
      await leafKey.proved();
      return begin(name, async () => {
        const { mls, identityProof } = await leafKey.proved();
        const group = await mls.createGroup(name, { ...leaf, requiredExtensions, identityProof });
        const state = createdConversation(
          {
            ...settings,
            stewards: stewards.installList(settings.stewards, 0n, [id], 1, 0).state,
            scores: scoring.addMember(settings.scores, id),
          },
          { mode: compatibility, group, sessions: consensus.empty() },
        );
        return { state, first: TICK };
      });
    },

    async joinConversation(name, { announce = true, groupId, ...overrides } = {}) {
      checkName(name);
      const wanted = groupId === undefined ? undefined : checkedGroupId(groupId);
      const settings = conversationSeed(name, overrides, plugins);
      if (announce) await leafKey.proved();
      return begin(name, async () => {
        const state = pendingJoin(settings, clock.monotonicMs(), wanted);
        if (!announce) return { state, first: TICK };
        const { bytes: keyPackage } = await keyPackages.generate(await leafKey.proved(), name);
        return { state, first: { kind: "command", command: { kind: "announceKeyPackage", keyPackage } } };
      });
    },

    async generateKeyPackage() {
      if (closed) throw userClosed();
      return leafKey.use(async (key) => {
        if (closed) throw userClosed();
        return Uint8Array.from((await keyPackages.generate(key)).bytes);
      });
    },

    handleSubtopic(subtopic, handler) {
      if (closed) throw userClosed();
      return handlers.register(subtopic, handler);
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}

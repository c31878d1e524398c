import { issueInvitation, redeemInvitation, type JoinTarget } from "@demls/join";
import type { BoundGroup } from "@demls/mls";
import { memberIdFromBytes, requireTransport } from "@demls/wire/core";
import type { Conversation } from "./conversation.js";
import { wallSeconds, type DriverStart } from "../runtime/driver-context.js";
import { checkConversationName } from "./conversation-name.js";
import { conversationSeed } from "./conversation-seed.js";
import { checkedGroupId } from "./group-id.js";
import { createConversationRegistry, type RegistryParts } from "./registry.js";
import { identityIn } from "./key-package-owner.js";
import { historySettings } from "../model/history-setting.js";
import type { Input } from "../model/input.js";
import { preparedGroup, TICK, type Prepared } from "./prepared-group.js";
import { conversationHistory } from "./message-calls.js";
import { createKeyPackageStore } from "../runtime/key-package-store.js";
import { createOwnLeafKey } from "../runtime/own-leaf-key.js";
import { openUser } from "../runtime/restore-user.js";
import { corruptStorage } from "../storage/corrupt-storage.js";
import { claimStorage } from "../storage/storage-claim.js";
import { createSerialQueue } from "../runtime/serial-queue.js";
import { pendingJoin } from "../model/state.js";
import { createSubtopicHandlers } from "../runtime/subtopic-handlers.js";
import { createJoinEntrance, namedBy } from "./join-entrance.js";
import type { EntranceOptions } from "./join-options.js";
import { runJoin } from "./run-join.js";
import type { UserOptions } from "./options.js";
import type { User } from "./user.js";
import {
  checkDisplay,
  conversationExists,
  identityMismatch,
  unknownConversation,
  userClosed,
} from "./user-errors.js";

const APP_ID_BYTES = 16;

/**
 * Creates a user from its parts. A stored user is restored with its conversations, votes, timers, packets and
 * undelivered events.
 *
 * @throws DemlsError `missing-transport`; `invalid-display`; `identity-mismatch` if the MLS service and the signer have different
 *   identities; `invalid-history-setting`, `missing-storage`; `storage-in-use` if another user of this process uses the storage; `storage-newer` if a later release
 *   wrote it; `foreign-storage` if it belongs to another user; `corrupt-storage` if a record is missing, or cannot
 *   be read and is none of a conversation with a group, which tells it when it is used first.
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

  const context: RegistryParts["context"] = {
    ...{ plugins, leafKey },
    signer: plugins.signer,
    self: id,
    display,
    appId: random.bytes(APP_ID_BYTES),
    clock,
    random,
    transport,
    inboundLoad: { packets: 0, bytes: 0 },
    keyPackages: () => keyPackages.unused(),
    historyOf: (name, groupId) => histories?.of(name, groupId),
    consumeKeyPackage: (reference) => keyPackages.consume(reference),
    generateKeyPackage: (leaf) => leafKey.use(async (key) => (await keyPackages.generate(key, leaf)).bytes),
  };
  const registry = createConversationRegistry({
    context,
    host: {
      identityOf: (keyPackage) => identityIn(plugins.mls, keyPackage),
      renewSignatureKey: () => leafKey.renew(() => registry.refresh()),
      issueInvitation: (terms) =>
        issueInvitation(terms, { signer: plugins.signer, random, nowSeconds: wallSeconds(clock) }),
    },
    handlers,
    keyPackages,
    newStore: () => store?.newConversation(),
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
      const { first, ...prepared } = await prepare();
      const start = { ...prepared, events: [], store: store?.newConversation(), isRestored: false };
      const opening = open(start, first);
      // Wrapped in an object, because the queue would await a promise.
      return { opening };
    });
    return opening;
  }

  /** Asks to join, by a name or by an invitation, whose secret is left as it is. The attempt announces the guest's key package. */
  async function ask(
    target: JoinTarget,
    { announce = true, display: claimedName, ...overrides }: EntranceOptions,
    onIdentified: () => void,
  ): Promise<Conversation> {
    const { name, groupId } = namedBy(target);
    checkName(name);
    const wanted = groupId === undefined ? undefined : checkedGroupId(groupId);
    const settings = conversationSeed(name, overrides, plugins);
    if (announce) await leafKey.proved();
    onIdentified();
    return begin(name, async () => {
      const state = pendingJoin(settings, clock.monotonicMs(), wanted);
      if (!announce) return { state, first: TICK };
      const boundTo = { name, groupId: wanted };
      const { bytes: keyPackage } = await keyPackages.generate(await leafKey.proved(), {
        boundTo,
        claimedName,
      });
      // Without a group id the conversation is one whose members take no redemptions.
      if (!("secret" in target) || wanted === undefined)
        return { state, first: { kind: "command", command: { kind: "announceKeyPackage", keyPackage } } };
      const redemption = redeemInvitation(target.secret, keyPackage, random);
      // From the beginning: a welcome for an earlier key package may come at once.
      const guarded = { ...state, joining: { ...state.joining, keyPackage, redemption } };
      return { state: guarded, secret: target.secret.slice(), first: TICK };
    });
  }

  /** @throws DemlsError `invalid-conversation-name`, `invalid-group-id`. */
  function boundGroup({ name, groupId }: { readonly name: string; readonly groupId?: string }): BoundGroup {
    checkConversationName(name);
    return { name, groupId: groupId === undefined ? undefined : checkedGroupId(groupId) };
  }

  const entrance = createJoinEntrance({ entered: registry.entered, ask });

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
    registry.keep(kept.members);
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

    async createConversation(name, options = {}) {
      checkName(name);
      const prepare = preparedGroup(name, options, { plugins, leafKey, self: id, display });
      await leafKey.proved();
      return begin(name, prepare);
    },

    join: (wanted, options = {}) => runJoin(wanted, options, { context, ...entrance }),

    async generateKeyPackage(conversation) {
      if (closed) throw userClosed();
      const boundTo = conversation && boundGroup(conversation);
      return leafKey.use(async (key) => {
        if (closed) throw userClosed();
        return Uint8Array.from((await keyPackages.generate(key, { boundTo })).bytes);
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

import type { MlsService } from "@demls/mls";
import type { Storage } from "@demls/wire/core";
import type { DriverStart } from "./driver-context.js";
import { isFarewell } from "../join/farewell.js";
import { LIMITS } from "../model/limits.js";
import { openChatHistories, type ChatHistories, type ChatHistoriesParts } from "../storage/chat-histories.js";
import { corruptStorage } from "../storage/corrupt-storage.js";
import type { ConversationStore, KeptConversation } from "../storage/conversation-store.js";
import { hasGroup } from "../storage/outline.js";
import { openUserStore, type KeptKeyPackage, type UserStore } from "../storage/user-store.js";

/** Stored state of a user. */
export interface KeptUser {
  /** Conversations without a group: pending joins, and ended ones with undelivered events. */
  readonly conversations: readonly DriverStart[];
  /** Conversations with a group, oldest first. */
  readonly members: readonly KeptMember[];
  readonly keyPackages: readonly KeptKeyPackage[];
  readonly identityProof: Uint8Array | undefined;
}

/** A conversation with a group, whose records are read and not decoded. */
export interface KeptMember extends Pick<KeptConversation, "name" | "wipe"> {
  /**
   * Decodes the records; once.
   *
   * @throws DemlsError `corrupt-storage` if one cannot be read.
   */
  start(): DriverStart;
}

/** Parts by which a user is opened. */
export interface OpeningParts extends Pick<ChatHistoriesParts, "clock" | "settingOf" | "ending"> {
  readonly storage: Storage | undefined;
  readonly mls: MlsService;
}

/** Opened storage of a user. */
export interface OpenedUser {
  readonly store: UserStore | undefined;
  readonly kept: KeptUser;
  readonly histories: ChatHistories | undefined;
}

/**
 * Opens the storage of a user and reads its state; empty without a storage.
 *
 * @throws DemlsError as {@link openUserStore}, {@link openChatHistories} and {@link restoreUser}.
 */
export async function openUser({ storage, mls, ...parts }: OpeningParts): Promise<OpenedUser> {
  const store = storage && (await openUserStore(storage, mls, parts.clock));
  const histories = storage && (await openChatHistories({ storage, ...parts }));
  const kept = await restoreUser(store);
  // The application's function may throw, which is no fault of the storage.
  for (const { state } of kept.conversations) parts.settingOf(state.name);
  for (const { name } of kept.members) parts.settingOf(name);
  return { store, kept, histories };
}

/**
 * Reads the stored state of a user; empty without a store. Deletes outdated records that a crash left behind: ended
 * conversations without undelivered events, and key packages of conversations that ended or never began.
 *
 * @throws DemlsError `corrupt-storage` if a record is missing or cannot be read.
 */
async function restoreUser(store: UserStore | undefined): Promise<KeptUser> {
  if (store === undefined)
    return { conversations: [], members: [], keyPackages: [], identityProof: undefined };
  try {
    const stores = await store.conversations();
    const kept = await Promise.all(stores.map(async (one) => ({ ...(await one.read()), store: one })));
    const members = kept.filter(({ phase }) => hasGroup(phase)).map(memberIn);
    const others = kept.filter(({ phase }) => !hasGroup(phase)).map(startOf);
    const pending = others.filter(({ state }) => state.phase !== "ended");
    const names = new Set([
      ...members.map(({ name }) => name),
      ...pending.flatMap(({ state }) => (isFarewell(state) ? [] : state.name)),
    ]);
    const unheard = others
      .filter(({ state, events }) => state.phase === "ended" && events.length > 0 && !names.has(state.name))
      .slice(-LIMITS.endedConversations);
    for (const over of others)
      if (!pending.includes(over) && !unheard.includes(over)) await over.store.forget([]);
    return {
      conversations: [...unheard, ...pending],
      members,
      keyPackages: await store.keyPackages(),
      identityProof: await store.identityProof(),
    };
  } catch (error) {
    throw corruptStorage(error);
  }
}

interface Kept extends KeptConversation {
  readonly store: ConversationStore;
}

function startOf({ restore, store }: Kept): DriverStart & Pick<Kept, "store"> {
  return { ...restore(), store, isRestored: true };
}

function memberIn(kept: Kept): KeptMember {
  const { name, wipe } = kept;
  return {
    ...{ name, wipe },
    start() {
      try {
        return startOf(kept);
      } catch (error) {
        throw corruptStorage(error);
      }
    },
  };
}

import type { MlsService } from "@demls/mls";
import type { Clock, Storage } from "@demls/wire/core";
import type { DriverStart } from "./driver-context.js";
import { farewellTo, isFarewell } from "../join/farewell.js";
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
  const kept = await restoreUser(store, parts.clock);
  // The application's function may throw, which is no fault of the storage.
  for (const { state } of kept.conversations) parts.settingOf(state.name);
  for (const { name } of kept.members) parts.settingOf(name);
  return { store, kept, histories };
}

/**
 * Reads the stored state of a user; empty without a store. Deletes outdated records that a crash left behind: ended
 * conversations without undelivered events, and key packages of conversations that ended or never began. The farewell of a join
 * whose end alone was stored begins.
 *
 * @throws DemlsError `corrupt-storage` if a record is missing or cannot be read.
 */
async function restoreUser(store: UserStore | undefined, clock: Clock): Promise<KeptUser> {
  if (store === undefined)
    return { conversations: [], members: [], keyPackages: [], identityProof: undefined };
  try {
    const stores = await store.conversations();
    const kept = await Promise.all(stores.map(async (one) => ({ ...(await one.read()), store: one })));
    const others = kept.filter(({ phase }) => !hasGroup(phase)).map(startOf);
    const isPending = ({ state }: DriverStart): boolean => state.phase !== "ended";
    const joins = new Set(
      others.filter((one) => isPending(one) && !isFarewell(one.state)).map(({ state }) => state.name),
    );
    // A crash may have left the farewell of a join whose user had begun another one.
    const members = kept.filter(({ phase, name }) => hasGroup(phase) && !joins.has(name));
    const names = new Set([...joins, ...members.map(({ name }) => name)]);
    const pending = others.filter(
      (one) => isPending(one) && (!isFarewell(one.state) || !names.has(one.state.name)),
    );
    const unheard = others
      .filter(({ state, events }) => state.phase === "ended" && events.length > 0 && !names.has(state.name))
      .slice(-LIMITS.endedConversations);
    const going = new Set([...names, ...pending.map(({ state }) => state.name)]);
    const farewells = new Map<string, DriverStart>();
    for (const over of others) {
      const { state } = over;
      if (state.phase !== "ended" || going.has(state.name)) continue;
      const farewell = farewellTo(state, clock.monotonicMs());
      if (farewell === undefined) continue;
      // The records of an end that is still to be told stay until the farewell has its own.
      const place = unheard.includes(over) ? store.newConversation() : over.store;
      farewells.set(state.name, { state: farewell, events: [], store: place, isRestored: true });
    }
    const conversations: readonly DriverStart[] = [...unheard, ...farewells.values(), ...pending];
    const used = new Set([...conversations, ...members].map(({ store: one }) => one));
    for (const { store: own } of kept) if (!used.has(own)) await own.forget([]);
    return {
      conversations,
      members: members.map(memberIn),
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

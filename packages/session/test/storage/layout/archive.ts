import { createMemoryStorage } from "@demls/storage-memory";
import { putRecord, type Clock, type Storage, type StorageOperation } from "@demls/wire/core";
import type { RestorableStore } from "../../../src/storage/conversation-store.js";
import { openUserStore } from "../../../src/storage/user-store.js";
import { wallMs, type Member, type World } from "../../harness/index.js";
import { layoutOf, typesOf, type PlacedRecord } from "./layout.js";

/** Namespace, key and value of a record in Base64. */
export type TextRecord = readonly [namespace: string, key: string, value: string];

/** The store of a user with fake MLS at one moment of a life. */
export interface RecordedMoment {
  readonly user: string;
  readonly wallMs: number;
  /** Key that signs the votes, in Base64. */
  readonly voteKey: string;
  readonly records: readonly TextRecord[];
}

/** What lives have stored. */
export interface Remains {
  /** Stores, each of which has many types that those before it lack. */
  readonly stores: readonly RecordedMoment[];
  /** Records with the other types. */
  readonly records: readonly TextRecord[];
}

/** Storages of lives, and the moments at which one has held something that none had held before. */
export interface Archive {
  /** A storage of a user. */
  storage(user: string, wallMs: () => number, voteKey: () => Uint8Array): Storage;
  /** Stores each step of the members of a world from now on. */
  keep(world: World): void;
  /** The fewest stores and records that hold between them all that the storages have held. */
  remains(): Remains;
}

/** A store is recorded for so many types; fewer are recorded as single records. */
const TYPES_OF_A_STORE = 8;

export function createArchive(): Archive {
  const seen = new Set<string>();
  const moments: (Held & { readonly moment: RecordedMoment })[] = [];
  const firsts: (Held & { readonly record: TextRecord })[] = [];

  function storage(user: string, now: () => number, voteKey: () => Uint8Array): Storage {
    const memory = createMemoryStorage();
    return {
      ...memory,
      async write(batch) {
        const puts = putsIn(batch);
        const news = puts.filter((put) => typesIn([put]).some((type) => !seen.has(type)));
        for (const put of news) firsts.push({ types: typesIn([put]), record: textOf(put) });
        for (const { types } of firsts.slice(-news.length)) for (const type of types) seen.add(type);
        await memory.write(batch);
        if (news.length === 0) return;
        const kept = putsIn(memory.records());
        const records = kept.map(textOf);
        moments.push({
          types: typesIn(kept),
          moment: { user, wallMs: now(), voteKey: toBase64(voteKey()), records },
        });
      },
    };
  }

  function keep(world: World): void {
    const stores = new Map<string, Promise<StoreOfMember>>();
    world.onStep = async (member, before, input, { state: after, effects }) => {
      if (!stores.has(member.name)) stores.set(member.name, storeOf(world, member, storage));
      const kept = await stores.get(member.name)!;
      // It has begun to join anew, as after the loss of its storage.
      const isNew = kept.last?.phase !== before.phase;
      if (isNew) kept.store = await kept.begin();
      const events = effects.flatMap((effect) =>
        effect.kind === "event" ? [{ serial: (kept.told += 1), event: effect.event }] : [],
      );
      await kept.store.save({
        before: isNew ? undefined : before,
        after,
        input,
        effects,
        events,
        history: [],
      });
      for (const { serial } of events) kept.store.acknowledge(serial);
      kept.last = after;
    };
  }

  return {
    storage,
    keep,
    remains() {
      const missing = new Set(seen);
      const stores = cover(missing, moments, TYPES_OF_A_STORE).map(({ moment }) => moment);
      return { stores, records: cover(missing, firsts, 1).map(({ record }) => record) };
    },
  };
}

interface Held {
  readonly types: readonly string[];
}

/** Takes those with the most missing types, one after another, as long as one has so many; none is missing then. */
function cover<T extends Held>(missing: Set<string>, candidates: readonly T[], least: number): readonly T[] {
  const chosen: T[] = [];
  const gain = ({ types }: T): number => types.filter((type) => missing.has(type)).length;
  for (;;) {
    const best = candidates.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    if (gain(best) < least) return chosen;
    for (const type of best.types) missing.delete(type);
    chosen.push(best);
  }
}

interface StoreOfMember {
  store: RestorableStore;
  last: { readonly phase: string } | undefined;
  told: number;
  /** Forgets the conversation, and begins another one. */
  begin(): Promise<RestorableStore>;
}

async function storeOf(world: World, member: Member, storageOf: Archive["storage"]): Promise<StoreOfMember> {
  const now = (): number => wallMs(world);
  const { identity } = member.signer;
  const clock: Clock = { monotonicMs: () => world.nowMs, wallMs: now, wakeAt: () => () => undefined };
  const users = await openUserStore(
    storageOf(member.name, now, () => identity),
    member.mls,
    clock,
  );
  const kept: StoreOfMember = {
    store: users.newConversation(),
    last: undefined,
    told: 0,
    async begin() {
      if (kept.last !== undefined) await kept.store.forget([]);
      return users.newConversation();
    },
  };
  return kept;
}

const putsIn = (batch: readonly StorageOperation[]): readonly PlacedRecord[] =>
  batch.flatMap((operation) => (operation.kind === "put" ? [operation] : []));

const typesIn = (records: Iterable<PlacedRecord>): readonly string[] => typesOf(layoutOf(records));

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));

export function textOf({ namespace, key, value }: PlacedRecord): TextRecord {
  return [namespace, key, toBase64(value)];
}

export function recordOf([namespace, key, value]: TextRecord): PlacedRecord {
  return { namespace, key, value: fromBase64(value) };
}

/** A storage that holds the records of a moment. */
export function storageAt({ records }: RecordedMoment): Storage {
  const puts = records.map(recordOf).map(({ namespace, key, value }) => putRecord(namespace, key, value));
  return createMemoryStorage({ records: puts });
}

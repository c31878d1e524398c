import {
  bytesToHex,
  deleteRecord,
  putRecord,
  utf8ToBytes,
  type Storage,
  type StorageOperation,
} from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { proposalIdOf, type ConsensusSession } from "./consensus-session.js";
import type { ConsensusStorage } from "./consensus-storage.js";
import type { ScopeConfig } from "./scope-config.js";
import { decodeConfig, decodeSession, encodeConfig, encodeSession } from "./session-record.js";

/** Session with its position in the scope's order. */
interface Placed {
  readonly serial: number;
  readonly session: ConsensusSession;
}

const CONFIG = "config/";
const SESSION = "session/";

/** Pending change of each scope, by storage. Changes of the same records run one after the other. */
const queuesByStorage = new WeakMap<Storage, Map<string, Promise<unknown>>>();

/**
 * Stores sessions in a {@link Storage}, one record each, so that they survive a restart. Each change of a scope is one
 * batch. Changes run one after the other, even those of another `ConsensusStorage` that this process created over the
 * same `storage` object.
 *
 * @param namespace Namespace of the records. The storage may hold others, such as those of a `@demls/session` user.
 *
 * @example
 * ```ts
 * const storage = createStoredConsensusStorage(myStorage);
 * const service = createConsensusService({ signer, clock, random, storage });
 * ```
 */
export function createStoredConsensusStorage(
  storage: Storage,
  namespace = "demls/consensus",
): ConsensusStorage {
  const queues = queuesByStorage.get(storage) ?? new Map<string, Promise<unknown>>();
  queuesByStorage.set(storage, queues);

  /** Runs the changes of a scope one after the other. */
  function inTurn<R>(scope: string, change: () => Promise<R>): Promise<R> {
    const place = JSON.stringify([namespace, scope]);
    const turn = (queues.get(place) ?? Promise.resolve()).then(change, change);
    queues.set(place, turn);
    const forget = (): void => void (queues.get(place) === turn && queues.delete(place));
    turn.then(forget, forget);
    return turn;
  }

  async function placed(scope: string): Promise<readonly Placed[]> {
    const records = await storage.scan(namespace, { prefix: sessionPrefix(scope) });
    return records.map(({ key, value }) => ({ serial: serialIn(key), session: decodeSession(value) }));
  }

  async function config(scope: string): Promise<ScopeConfig | undefined> {
    const key = CONFIG + nameOf(scope);
    const [record] = await storage.scan(namespace, { prefix: key, limit: 1 });
    return record?.key === key ? decodeConfig(record.value) : undefined;
  }

  return {
    session: async (scope, proposalId) =>
      (await placed(scope)).map(({ session }) => session).find((each) => proposalIdOf(each) === proposalId),
    sessions: async (scope) => (await placed(scope)).map(({ session }) => session),
    update: (scope, change) =>
      inTurn(scope, async () => {
        const before = await placed(scope);
        const { sessions, result } = change(before.map(({ session }) => session));
        const batch = difference(namespace, scope, before, inOrder(before, sessions));
        if (batch.length > 0) await storage.write(batch);
        return result;
      }),
    config,
    updateConfig: (scope, change) =>
      inTurn(scope, async () => {
        const changed = change(await config(scope));
        await storage.write([putRecord(namespace, CONFIG + nameOf(scope), encodeConfig(changed))]);
        return changed;
      }),
    deleteScope: (scope) =>
      inTurn(scope, async () => {
        const records = await storage.scan(namespace, { prefix: sessionPrefix(scope) });
        const keys = [...records.map(({ key }) => key), CONFIG + nameOf(scope)];
        await storage.write(keys.map((key) => deleteRecord(namespace, key)));
      }),
  };
}

/** Hashes the scope: keys are short and printable, scopes are any text. */
function nameOf(scope: string): string {
  return bytesToHex(sha256(utf8ToBytes(scope)));
}

function sessionPrefix(scope: string): string {
  return `${SESSION}${nameOf(scope)}/`;
}

/** As many digits as a safe integer has, so that keys sort by serial. */
function sessionKey(scope: string, serial: number): string {
  return sessionPrefix(scope) + serial.toString().padStart(16, "0");
}

function serialIn(key: string): number {
  return Number(key.slice(key.lastIndexOf("/") + 1));
}

/** Assigns ascending serials. Existing sessions keep theirs if possible. */
function inOrder(before: readonly Placed[], sessions: readonly ConsensusSession[]): readonly Placed[] {
  const serials = new Map(before.map(({ serial, session }) => [proposalIdOf(session), serial]));
  let last = -1;
  return sessions.map((session) => {
    const own = serials.get(proposalIdOf(session)) ?? -1;
    last = own > last ? own : last + 1;
    return { serial: last, session };
  });
}

/** Batch that turns `before` into `after`, writing only the differences. */
function difference(
  namespace: string,
  scope: string,
  before: readonly Placed[],
  after: readonly Placed[],
): readonly StorageOperation[] {
  const old = new Map(before.map(({ serial, session }) => [serial, session]));
  const kept = new Set(after.map(({ serial }) => serial));
  return [
    ...before
      .filter(({ serial }) => !kept.has(serial))
      .map(({ serial }) => deleteRecord(namespace, sessionKey(scope, serial))),
    ...after
      .filter(({ serial, session }) => old.get(serial) !== session)
      .map(({ serial, session }) => putRecord(namespace, sessionKey(scope, serial), encodeSession(session))),
  ];
}

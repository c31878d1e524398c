import {
  requireSince,
  type Clock,
  type DemlsError,
  type HistoryOptions,
  type Packet,
} from "@demls/wire/core";
import type { Multiaddr } from "@multiformats/multiaddr";
import { RepeatedCursor } from "./repeated-cursor.js";
import { readStorePage, storeFailure, type StoreFailure, type StorePage } from "./store-page.js";
import { encodeStoreQuery, type StoreQuery } from "./store-query.js";
import { askStore, type StoreDialler } from "./store-stream.js";
import { historyUnavailable } from "./transport-errors.js";
import { contentTopicOf } from "./waku-packet.js";
import type { StoreSettings } from "./waku-stores.js";

/** Time for a page, from dialling to the last byte, in ms. */
const PAGE_TIMEOUT_MS = 10_000;

/** Messages of a page: the default of other implementations. */
const PAGE_MESSAGES = 20;

/** Divisor of the messages of a page if it has too many bytes. */
const SMALLER = 4;

const MAX_TIME = 2n ** 63n - 1n;

/** Settings of {@link StoreHistory}. */
export interface StoreHistoryOptions {
  readonly node: StoreDialler;
  readonly clock: Clock;
  readonly stores: StoreSettings;
  /** Returns a number that no request had before. */
  readonly nextNumber: () => bigint;
}

/** A question without its page, and the end of its asker. */
interface Asking {
  readonly contentTopics: readonly string[];
  readonly timeStart: bigint;
  readonly signal: AbortSignal | undefined;
}

/** Reads old packets from Waku stores, one page for each iteration at a time. */
export class StoreHistory {
  readonly #options: StoreHistoryOptions;
  /** Requests under way. */
  readonly #requests = new Set<AbortController>();
  #isClosed = false;

  constructor(options: StoreHistoryOptions) {
    this.#options = options;
  }

  /** @param refusal - error of the call, if any */
  async *read(
    conversationId: string,
    since: number,
    { signal }: HistoryOptions,
    refusal: DemlsError | undefined,
  ): AsyncGenerator<Packet, undefined> {
    if (refusal) throw refusal;
    const { addresses, subtopics } = this.#options.stores;
    const sinceNs = BigInt(requireSince(since)) * 1_000_000n;
    const contentTopics = subtopics.map((subtopic) => contentTopicOf({ conversationId, subtopic }));
    const asking = { contentTopics, timeStart: sinceNs < MAX_TIME ? sinceNs : MAX_TIME, signal };
    let last: StoreFailure | undefined;
    for (const address of addresses) {
      last = yield* this.#readStore(address, asking);
      if (last === undefined) return undefined;
    }
    throw historyUnavailable(addresses.length, last);
  }

  /** Ends all iterations. */
  close(): void {
    this.#isClosed = true;
    for (const request of this.#requests) request.abort();
  }

  /** Yields the packets of one store. @returns its failure; `undefined` after the last packet or the asker's end */
  async *#readStore(
    address: Multiaddr,
    { signal, ...question }: Asking,
  ): AsyncGenerator<Packet, StoreFailure | undefined> {
    const isOver = (): boolean => this.#isClosed || signal?.aborted === true;
    const cursors = new RepeatedCursor();
    let limit = PAGE_MESSAGES;
    let next: Pick<StoreQuery, "cursor"> = {};
    while (!isOver()) {
      const requestId = `demls-${this.#options.nextNumber()}`;
      const page = await this.#ask(address, { ...question, ...next, requestId, limit }, signal);
      if (isOver()) return undefined;
      if (page === "oversized") {
        if (limit === 1) return storeFailure("sent a message of too many bytes");
        limit = Math.ceil(limit / SMALLER);
        continue;
      }
      if (page.kind === "failure") return page;
      for (const packet of page.packets) {
        yield packet;
        if (isOver()) return undefined;
      }
      const { cursor } = page;
      if (cursor === undefined) return undefined;
      if (cursors.isRepeatedBy(cursor)) return storeFailure("sent a page again");
      next = { cursor };
    }
    return undefined;
  }

  /** Asks a store for a page, until the timeout, the asker's end or `close()`. */
  async #ask(
    address: Multiaddr,
    query: StoreQuery,
    signal: AbortSignal | undefined,
  ): Promise<StorePage | StoreFailure | "oversized"> {
    const { node, clock } = this.#options;
    const request = new AbortController();
    const abort = (): void => request.abort();
    const cancel = clock.wakeAt(clock.monotonicMs() + PAGE_TIMEOUT_MS, abort);
    signal?.addEventListener("abort", abort, { once: true });
    this.#requests.add(request);
    try {
      const answer = await askStore(node, address, encodeStoreQuery(query), request.signal);
      return answer === "oversized" ? answer : readStorePage(answer, query);
    } catch (cause) {
      if (request.signal.aborted) return storeFailure(`sent no answer within ${PAGE_TIMEOUT_MS} ms`);
      return storeFailure("could not be reached, or ended the stream", cause);
    } finally {
      cancel();
      signal?.removeEventListener("abort", abort);
      this.#requests.delete(request);
    }
  }
}

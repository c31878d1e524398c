import { createMemoryNetwork } from "@demls/transport-memory";
import { DemlsError, requireSince, type HistoryOptions, type Packet } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import {
  createVirtualClock,
  transportHistoryContract,
  type ClosableTransport,
  type HistoryNetwork,
} from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

interface Kept {
  readonly packet: Packet;
  readonly atMs: number;
}

interface Reading {
  readonly conversationId: string;
  readonly sinceMs: number;
  readonly isOver: () => boolean;
}

/** Packets of a page: the store below serves several of them. */
const PAGE = 20;

/** Correct network with a paged store, in parts that faulty ones replace. */
class Store implements HistoryNetwork {
  protected kept: Kept[] = [];
  protected asking = 0;
  protected nowMs = 1_700_000_000_000;

  join(): ClosableTransport {
    let isClosed = false;
    return {
      publish: async (packet) => this.keep(packet),
      subscribe: async () => () => undefined,
      history: (conversationId, since, options = {}) => {
        const wasClosed = isClosed;
        return this.history(conversationId, since, options, () => [wasClosed, isClosed]);
      },
      close: async () => void (isClosed = true),
    };
  }

  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  wallMs(): number {
    return this.nowMs;
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }

  underWay(): number {
    return this.asking;
  }

  protected keep(packet: Packet): void {
    this.kept.push({ packet: copyOf(packet), atMs: this.nowMs });
  }

  protected history(
    conversationId: string,
    since: number,
    { signal }: HistoryOptions,
    closed: () => readonly [boolean, boolean],
  ): AsyncIterable<Packet> {
    const isOver = (): boolean => closed()[1] || signal?.aborted === true;
    return this.begun(conversationId, since, closed()[0], isOver);
  }

  protected async *begun(
    conversationId: string,
    since: number,
    wasClosed: boolean,
    isOver: () => boolean,
  ): AsyncIterable<Packet> {
    if (wasClosed) throw refused();
    yield* this.read({ conversationId, sinceMs: requireSince(since), isOver });
  }

  protected async *read(reading: Reading): AsyncIterable<Packet> {
    for (let from = 0; from < this.kept.length && !reading.isOver(); from += PAGE) {
      const page = await this.page(from);
      for (const packet of page.filter((kept) => this.matches(kept, reading)).map((kept) => this.given(kept)))
        if (!reading.isOver()) yield packet;
    }
  }

  protected async page(from: number): Promise<readonly Kept[]> {
    this.asking += 1;
    await this.settle();
    this.asking -= 1;
    return this.kept.slice(from, from + PAGE);
  }

  protected matches({ packet, atMs }: Kept, { conversationId, sinceMs }: Reading): boolean {
    return packet.conversationId === conversationId && atMs >= sinceMs;
  }

  protected given({ packet }: Kept): Packet {
    return copyOf(packet);
  }
}

function copyOf(packet: Packet): Packet {
  return { ...packet, payload: Uint8Array.from(packet.payload), appId: Uint8Array.from(packet.appId) };
}

function refused(): DemlsError {
  return new DemlsError("refused", { message: "It is refused." });
}

/** Correct store that yields each packet twice. */
class Repeating extends Store {
  protected override async page(from: number): Promise<readonly Kept[]> {
    return (await super.page(from)).flatMap((kept) => [kept, kept]);
  }
}

/** Correct transport that refuses names with a slash and empty ones. */
class Choosy extends Store {
  refuses(name: string): boolean {
    return name === "" || name.includes("/");
  }

  protected override async *read(reading: Reading): AsyncIterable<Packet> {
    if (this.rejects(reading.conversationId)) throw refused();
    yield* super.read(reading);
  }

  protected rejects(name: string): boolean {
    return this.refuses(name);
  }
}

class WithoutHistory extends Store {
  override join(): ClosableTransport {
    const { history: _history, ...rest } = super.join();
    return rest;
  }
}

class NewestFirst extends Store {
  protected override async page(from: number): Promise<readonly Kept[]> {
    await super.page(from);
    return [...this.kept].reverse().slice(from, from + PAGE);
  }
}

class FirstPage extends Store {
  protected override async *read({ isOver, ...reading }: Reading): AsyncIterable<Packet> {
    let left = PAGE;
    yield* super.read({ ...reading, isOver: () => left-- <= 0 || isOver() });
  }
}

class Exclusive extends Store {
  protected override matches(kept: Kept, reading: Reading): boolean {
    return super.matches(kept, reading) && kept.atMs > reading.sinceMs;
  }
}

class AllTimes extends Store {
  protected override matches(kept: Kept, reading: Reading): boolean {
    return super.matches(kept, { ...reading, sinceMs: 0 });
  }
}

class KnownSubtopics extends Store {
  protected override matches(kept: Kept, reading: Reading): boolean {
    return super.matches(kept, reading) && ["welcome", "app_msg"].includes(kept.packet.subtopic);
  }
}

class ByPrefix extends Store {
  protected override matches({ packet, atMs }: Kept, { conversationId, sinceMs }: Reading): boolean {
    return packet.conversationId.startsWith(conversationId) && atMs >= sinceMs;
  }
}

class FailingIfEmpty extends Store {
  protected override async *read(reading: Reading): AsyncIterable<Packet> {
    if (this.kept.length === 0) throw refused();
    yield* super.read(reading);
  }
}

class Text extends Store {
  protected override given(kept: Kept): Packet {
    const payload = new TextEncoder().encode(new TextDecoder().decode(kept.packet.payload));
    return { ...super.given(kept), payload };
  }
}

class SharedWithPublisher extends Store {
  protected override keep(packet: Packet): void {
    this.kept.push({ packet, atMs: this.nowMs });
  }
}

class SharedWithConsumers extends Store {
  protected override given({ packet }: Kept): Packet {
    return packet;
  }
}

class WorkingOn extends Store {
  protected override async *read(reading: Reading): AsyncIterable<Packet> {
    this.asking += 1;
    for await (const packet of super.read(reading)) yield packet;
    this.asking -= 1;
  }
}

class DeafToSignals extends Store {
  protected override history(...args: Parameters<Store["history"]>): AsyncIterable<Packet> {
    return super.history(args[0], args[1], {}, args[3]);
  }
}

class ThrowingOnSignals extends Store {
  protected override history(...args: Parameters<Store["history"]>): AsyncIterable<Packet> {
    const [, , { signal }] = args;
    const packets = super.history(...args);
    return (async function* () {
      for await (const packet of packets) yield packet;
      signal?.throwIfAborted();
    })();
  }
}

class DeafToClosing extends Store {
  protected override history(...args: Parameters<Store["history"]>): AsyncIterable<Packet> {
    const [wasClosed] = args[3]();
    return super.history(args[0], args[1], args[2], () => [wasClosed, false]);
  }
}

class QuietWhenClosed extends Store {
  protected override history(...args: Parameters<Store["history"]>): AsyncIterable<Packet> {
    return super.history(args[0], args[1], args[2], () => [false, args[3]()[1]]);
  }
}

class ThrowingAtOnce extends Store {
  protected override history(...args: Parameters<Store["history"]>): AsyncIterable<Packet> {
    requireSince(args[1]);
    return super.history(...args);
  }
}

class AnyTime extends Store {
  protected override begun(
    conversationId: string,
    since: number,
    ...rest: [boolean, () => boolean]
  ): AsyncIterable<Packet> {
    return super.begun(conversationId, Number.isFinite(since) ? since : 0, ...rest);
  }
}

class AnyName extends Choosy {
  protected override rejects(): boolean {
    return false;
  }
}

class OneCursor extends Store {
  #from = 0;

  protected override async *read(reading: Reading): AsyncIterable<Packet> {
    for (this.#from = 0; this.#from < this.kept.length && !reading.isOver(); this.#from += 1)
      yield* (await this.page(this.#from))
        .slice(0, 1)
        .filter((kept) => this.matches(kept, reading))
        .map(this.given);
  }
}

function memoryNetwork(): HistoryNetwork {
  const clock = createVirtualClock();
  const network = createMemoryNetwork({ clock, history: {} });
  return {
    join: () => network.join(),
    settle: () => clock.advance(0),
    wallMs: () => clock.wallMs(),
    pass: (ms) => clock.advance(ms),
  };
}

describe("the contract of histories", () => {
  describe.each([
    ["a paged store", () => new Store()],
    ["a store that repeats packets", () => new Repeating()],
    ["a transport that rejects some names", () => new Choosy()],
    ["the memory network", memoryNetwork],
  ])("is met by %s, which", (_what, create) => {
    for (const { name, run } of transportHistoryContract(create)) test(name, run);
  });

  const all = "yields all packets of a conversation, oldest first, to a member that joins later";
  const times = "yields packets published at the asked time or later, and none published before";
  const bytes = "gives each iteration its own bytes, apart from the publisher's";
  const signals =
    "ends without an error when its signal is aborted, before, between and within calls of next()";
  const closing = "ends without an error when its transport is closed, and rejects from then on";
  const mistakes = "rejects, and does not throw, for an unsupported name or time";

  test.each([
    ["has no history", WithoutHistory, all],
    ["yields the newest first", NewestFirst, all],
    ["ends after one page", FirstPage, all],
    ["leaves out packets of the asked time", Exclusive, times],
    ["yields older packets too", AllTimes, times],
    [
      "knows some subtopics only",
      KnownSubtopics,
      "yields packets of all subtopics, with the subtopic's name",
    ],
    ["matches names by prefix", ByPrefix, "leaves out packets of other conversations"],
    ["fails if it is empty", FailingIfEmpty, "ends at once for a conversation without packets"],
    ["keeps only text", Text, "yields payloads of 0 to 200,000 bytes and the sender's instance id unchanged"],
    ["keeps the publisher's bytes", SharedWithPublisher, bytes],
    ["gives its own bytes away", SharedWithConsumers, bytes],
    [
      "works on after return()",
      WorkingOn,
      "stops working when its consumer leaves early, and works for the next",
    ],
    ["ignores signals", DeafToSignals, signals],
    ["rejects for a signal", ThrowingOnSignals, signals],
    ["continues after closing", DeafToClosing, closing],
    ["begins after closing", QuietWhenClosed, closing],
    ["throws within the call", ThrowingAtOnce, mistakes],
    ["accepts times that are no number", AnyTime, mistakes],
    ["accepts unsupported names", AnyName, mistakes],
    ["has one cursor for all consumers", OneCursor, "serves several consumers at once, each at its own pace"],
  ])("reports an implementation that %s", async (_what, Broken, name) => {
    expect(await brokenCases(transportHistoryContract(() => new Broken()))).toContain(name);
  });

  test("closes its network after each case, passed or failed", async () => {
    let [opened, closed] = [0, 0];
    class Counted extends Exclusive {
      constructor() {
        super();
        opened += 1;
      }
      async close(): Promise<void> {
        closed += 1;
      }
    }
    expect(await brokenCases(transportHistoryContract(() => new Counted()))).not.toEqual([]);
    expect(closed).toBe(opened);
  });
});

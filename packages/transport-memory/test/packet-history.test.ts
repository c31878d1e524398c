import type { Packet, Transport } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createMemoryNetwork, type HistoryBounds, type MemoryNetworkOptions } from "../src/index.js";
import { fakeClock } from "./fake-time.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

function packet(text: string): Packet {
  const payload = new TextEncoder().encode(text);
  return { payload, subtopic: "", conversationId: "g", appId: new Uint8Array() };
}

function textOf({ payload }: Packet): string {
  return new TextDecoder().decode(payload);
}

async function texts(transport: Transport, since = 0): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const kept of transport.history?.("g", since) ?? []) found.push(textOf(kept));
  return found;
}

function joinNetwork(history: HistoryBounds, options: MemoryNetworkOptions = {}) {
  return createMemoryNetwork({ clock: fakeClock(), history, ...options }).join();
}

describe("the history of a memory network", () => {
  it("is absent unless asked for", () => {
    expect("history" in createMemoryNetwork({ clock: fakeClock() }).join()).toBe(false);
  });

  it("evicts the oldest packet beyond the number of packets", async () => {
    const alice = joinNetwork({ packets: 2 });
    for (const text of ["one", "two", "three"]) await alice.publish(packet(text));
    expect(await texts(alice)).toEqual(["two", "three"]);
  });

  it("evicts the oldest packets beyond the number of bytes, names and ids included, and keeps no larger one", async () => {
    const alice = joinNetwork({ bytes: 10 });
    for (const text of ["1234", "5678", "a", "0123456789"]) await alice.publish(packet(text));
    expect(await texts(alice)).toEqual(["5678", "a"]);
    await alice.publish({ ...packet(""), subtopic: "four", appId: new Uint8Array(4) });
    expect(await texts(alice)).toEqual([""]);
  });

  it("leaves out packets that are evicted while it is read, and ends before packets published meanwhile", async () => {
    const alice = joinNetwork({ packets: 3 });
    for (const text of ["1", "2", "3"]) await alice.publish(packet(text));
    const found: string[] = [];
    for await (const kept of alice.history?.("g", 0) ?? []) {
      found.push(textOf(kept));
      if (found.length === 1) for (const text of ["4", "5"]) await alice.publish(packet(text));
    }
    expect(found).toEqual(["1", "3"]);
    expect(await texts(alice)).toEqual(["3", "4", "5"]);
  });

  it("has packets as published, without intercept, and none whose publishing was rejected", async () => {
    const alice = joinNetwork({}, { echo: true, maxInFlight: 1, intercept: () => packet("changed") });
    await alice.subscribe("g", () => undefined);
    void alice.publish(packet("first"));
    await expect(alice.publish(packet("second"))).rejects.toMatchObject({ code: "too-many-in-flight" });
    expect(await texts(alice)).toEqual(["first"]);
  });

  it("gives each iteration its own bytes, apart from the publisher's", async () => {
    const alice = joinNetwork({});
    const published = packet("first");
    await alice.publish(published);
    published.payload.fill(0);
    for await (const kept of alice.history?.("g", 0) ?? []) kept.payload.fill(0);
    expect(await texts(alice)).toEqual(["first"]);
  });

  it("keeps the order of publishing when the wall clock goes back", async () => {
    vi.setSystemTime(5_000);
    const alice = joinNetwork({});
    await alice.publish(packet("first"));
    vi.setSystemTime(1_000);
    await alice.publish(packet("second"));
    expect(await texts(alice)).toEqual(["first", "second"]);
    expect(await texts(alice, 5_000)).toEqual(["first"]);
  });

  it.each([
    ["packets", { packets: 0 }],
    ["packets", { packets: 1.5 }],
    ["bytes", { bytes: -1 }],
    ["bytes", { bytes: NaN }],
  ])("rejects an invalid number of %s: %j", (field, history) => {
    expect(() => joinNetwork(history)).toThrow(
      expect.objectContaining({ code: "invalid-history", field: `history.${field}` }),
    );
  });

  it("needs a clock", () => {
    expect(() => createMemoryNetwork({ history: {} })).toThrow(
      expect.objectContaining({ code: "missing-clock", field: "clock" }),
    );
  });
});

import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wakuMessageOf } from "../src/index.js";
import { RepeatedCursor } from "../src/repeated-cursor.js";
import { decodeStoreAnswer, encodeStoreQuery } from "../src/store-query.js";
import { encodeWakuMessage, type WakuMessage } from "../src/waku-message.js";
import { decodeRequest, encodeResponse, messageHash } from "./waku-store.js";

const ASKED = { requestId: "1", contentTopics: ["/a/1/b/proto"], timeStart: 0n, limit: 20 };

describe("a question to a store", () => {
  it("has the fields of 13/WAKU2-STORE", () => {
    const timeStart = 1_681_964_442_040_000_512n;
    const bytes = encodeStoreQuery({ ...ASKED, timeStart, cursor: new Uint8Array(32).fill(7) });
    expect(decodeRequest(bytes)).toEqual({
      id: "1",
      data: true,
      pubsub: "/waku/2/rs/15/1",
      topics: ["/a/1/b/proto"],
      start: Number(timeStart),
      hashes: [],
      cursor: Buffer.alloc(32, 7),
      forward: true,
      limit: 20,
    });
  });

  it("has its time as a zigzag varint with all digits", () => {
    const bytes = bytesToHex(encodeStoreQuery({ ...ASKED, timeStart: 0x175789bfa23f8401n }));
    // Key 12, then twice the number in groups of seven bits, the lowest first.
    expect(bytes).toContain("608290fca3f4efc4d72e");
  });
});

describe("an answer of a store", () => {
  const message: WakuMessage = wakuMessageOf(
    { payload: utf8ToBytes("hi"), subtopic: "b", conversationId: "a", appId: new Uint8Array(16) },
    5n,
  );
  const entry = { hash: new Uint8Array(32), message: encodeWakuMessage(message), pubsub: "topic" };

  it("is decoded with its messages and its cursor, up to the number asked for", () => {
    const cursor = new Uint8Array(32).fill(1);
    const bytes = encodeResponse({
      id: "1",
      status: 200,
      description: "OK",
      entries: [entry, entry],
      cursor,
    });
    const stored = { message: { ...message, round: 0 }, pubsubTopic: "topic" };
    const answer = { requestId: "1", status: 200, messages: [stored, stored], cursor };
    expect(decodeStoreAnswer(bytes, 2)).toEqual(answer);
    expect(decodeStoreAnswer(bytes, 1)).toBeUndefined();
  });

  it("has copies of its bytes", () => {
    const bytes = encodeResponse({ status: 200, entries: [entry], cursor: new Uint8Array(32) });
    const answer = decodeStoreAnswer(bytes, 1);
    bytes.fill(0xff);
    expect(answer?.messages[0]?.message).toEqual({ ...message, round: 0 });
    expect(answer?.cursor).toEqual(new Uint8Array(32));
  });
});

describe("the message hash of the tests' store", () => {
  const pubsub = "/waku/2/default-waku/proto";
  const hashed = {
    payload: Uint8Array.from(Buffer.from("010203045445535405060708", "hex")),
    contentTopic: "/waku/2/default-content/proto",
    meta: utf8ToBytes("super-secret"),
    timestamp: 0x175789bfa23f8400n,
    version: 0,
  };

  it.each([
    [hashed, "64cce733fed134e83da02b02c6f689814872b1a0ac97ea56b76095c3c72bfe05"],
    [
      { ...hashed, meta: new Uint8Array() },
      "a2554498b31f5bcdfcbf7fa58ad1c2d45f0254f3f8110a85588ec3cf10720fd8",
    ],
    [
      { ...hashed, payload: new Uint8Array() },
      "483ea950cb63f9b9d6926b262bb36194d3f40a0463ce8446228350bd44e96de4",
    ],
  ])("is that of 14/WAKU2-MESSAGE: %#", (message, hash) => {
    expect(bytesToHex(messageHash(message, pubsub))).toBe(hash);
  });
});

describe("a repeated cursor", () => {
  it("is noticed within three times the number of different ones, and others are not", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 40 }), (before, round) => {
        const cursors = new RepeatedCursor();
        const cursorAt = (i: number) => Uint8Array.of(i < before ? i : before + ((i - before) % round));
        let seen = 0;
        while (!cursors.isRepeatedBy(cursorAt(seen))) seen += 1;
        expect(seen).toBeGreaterThanOrEqual(before + round);
        expect(seen).toBeLessThanOrEqual(3 * (before + round));
      }),
    );
  });
});

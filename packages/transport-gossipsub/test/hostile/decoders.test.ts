import { bytesToUtf8, utf8ToBytes, type Packet } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectAtMost, expectNone, expectSameBytes } from "../../../../hostile/expectations.js";
import { made, recipe } from "../../../../hostile/hostile-packet.js";
import { keeping, knowingPlaces, replaying } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import { weightOf } from "../../../../hostile/weight.js";
import type { FramingName } from "../../src/framing.js";
import { framingOf } from "../../src/framings.js";
import { decodeStoreAnswer } from "../../src/store-query.js";
import { wakuMessageFromJson, wakuMessageToJson } from "../../src/waku-json.js";
import { decodeWakuMessage, encodeWakuMessage } from "../../src/waku-message.js";
import { contentTopicOf, parseContentTopic } from "../../src/waku-packet.js";
import { encodeResponse } from "../waku-store.js";

/** Number of messages per decoder. */
const EACH = 10_000;

/** Memory of a message beside its bytes: its fields. */
const FIXED_WEIGHT = 32;

/** Subscribed conversations; genuine messages also have other names, and names that Waku cannot carry. */
const LISTENED = ["garden", "gärten 🌱"];
const NAMES = [...LISTENED, "cellar", "", "a/b", "__proto__"];

const genuinePacket: fc.Arbitrary<Packet> = fc.record({
  payload: fc.uint8Array({ maxLength: 300 }),
  subtopic: fc.constantFrom("welcome", "app_msg", "a/b", ""),
  conversationId: fc.constantFrom(...NAMES),
  appId: fc.uint8Array({ maxLength: 20 }),
});

function genuine(name: FramingName): readonly Uint8Array[] {
  const framing = framingOf(name);
  const sent = fc.tuple(genuinePacket, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.nat(3));
  const encoded = sent.map(([packet, timestamp, round]) => framing.encode(packet, timestamp, round));
  return fc.sample(encoded, { ...trying(1), numRuns: 100 });
}

function checkMessage(bytes: Uint8Array): void {
  const before = Uint8Array.from(bytes);
  const message = decodeWakuMessage(bytes);
  expectSameBytes(bytes, before);
  if (message === undefined) return;
  expectAtMost(weightOf(message), FIXED_WEIGHT + bytes.length);
  const written = encodeWakuMessage(message);
  const again = decodeWakuMessage(written);
  expectSameBytes(again && encodeWakuMessage(again), written);
  const { payload, meta } = message;
  expectNone([payload, meta].filter((part) => part.buffer === bytes.buffer));
}

function checkFraming(name: FramingName, bytes: Uint8Array): void {
  const framing = framingOf(name);
  const listened = name === "plain" ? LISTENED.slice(0, 1) : LISTENED;
  const received = framing.decode(bytes, listened);
  if (received === undefined || received === "other") return;
  const { packet, timestamp } = received;
  expectNone([packet.conversationId].filter((name) => !listened.includes(name)));
  expectAtMost(weightOf(received), FIXED_WEIGHT + 64 + bytes.length + packet.conversationId.length);
  const written = framing.encode(packet, timestamp, 0);
  const again = framing.decode(written, listened);
  if (again === undefined || again === "other") throw new Error("An encoded message was not decoded.");
  expectSameBytes(framing.encode(again.packet, again.timestamp, 0), written);
}

/** Maximum number of messages of an answer. */
const PAGE = 3;

function checkAnswer(bytes: Uint8Array): void {
  const before = Uint8Array.from(bytes);
  const answer = decodeStoreAnswer(bytes, PAGE);
  expectSameBytes(bytes, before);
  if (answer === undefined) return;
  const { messages, cursor } = answer;
  expectAtMost(messages.length, PAGE);
  expectAtMost(weightOf(answer), FIXED_WEIGHT + bytes.length);
  const parts = messages.flatMap(({ message }) => (message ? [message.payload, message.meta] : []));
  expectNone([...parts, ...(cursor ? [cursor] : [])].filter((part) => part.buffer === bytes.buffer));
  for (const { message } of messages) if (message) checkMessage(encodeWakuMessage(message));
}

function answers(): readonly Uint8Array[] {
  const entry = fc.record(
    {
      hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      message: fc.constantFrom(...genuine("waku")),
      pubsub: fc.constantFrom("/waku/2/rs/15/1", ""),
    },
    { requiredKeys: [] },
  );
  const response = fc.record(
    {
      id: fc.string(),
      status: fc.constantFrom(200, 400),
      description: fc.string(),
      entries: fc.array(entry, { maxLength: PAGE }),
      cursor: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    },
    { requiredKeys: [] },
  );
  return fc.sample(response.map(encodeResponse), { ...trying(1), numRuns: 100 });
}

function checkContentTopic(bytes: Uint8Array): void {
  const text = bytesToUtf8(bytes);
  const parts = text === undefined ? undefined : parseContentTopic(text);
  if (parts === undefined) return;
  for (const part of Object.values(parts)) expect(part).toMatch(/^[^/]+$/);
  expect(parseContentTopic(contentTopicOf(parts))).toEqual(parts);
}

const topics = NAMES.flatMap((conversationId) =>
  ["app_msg", "", "a/b"].map((subtopic) => utf8ToBytes(contentTopicOf({ conversationId, subtopic }))),
);

/** Each decoder with its check and genuine messages. */
const DECODERS: Readonly<Record<string, readonly [(bytes: Uint8Array) => void, readonly Uint8Array[]]>> = {
  decodeWakuMessage: [checkMessage, [...genuine("waku"), ...genuine("plain")]],
  "the waku framing": [(bytes) => checkFraming("waku", bytes), genuine("waku")],
  "the plain framing": [(bytes) => checkFraming("plain", bytes), genuine("plain")],
  decodeStoreAnswer: [checkAnswer, answers()],
  parseContentTopic: [checkContentTopic, topics],
};

describe("hostile messages are rejected, or decode to a packet that survives a round trip and is no larger", () => {
  const tries = createTries();

  test.each(Object.entries(DECODERS))("%s", async (name, [check, samples]) => {
    await fc.assert(
      fc.asyncProperty(recipe, async (how) => {
        const bytes = made(how, samples);
        tries.note(name);
        await keeping(name, bytes, () => check(bytes));
      }),
      trying(EACH),
    );
  });

  test("all hostile messages were tried", () => {
    const names = Object.keys(DECODERS);
    tries.expectAtLeast(Object.fromEntries(names.map((name) => [name, EACH])), names.length * EACH);
  });
});

describe("hostile JSON is rejected, or decodes to a message that survives a round trip", () => {
  const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("base64"));
  const bytesOrNot = fc.oneof(base64, base64, fc.string(), fc.anything());
  const numberOrNot = fc.oneof(fc.integer(), fc.double(), fc.bigInt(), fc.anything());
  const message = fc.record(
    {
      payload: bytesOrNot,
      contentTopic: fc.oneof(fc.string(), fc.string(), fc.anything()),
      version: numberOrNot,
      timestamp: numberOrNot,
      meta: bytesOrNot,
    },
    { requiredKeys: [] },
  );

  test("wakuMessageFromJson", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: message }, fc.anything()), (json) => {
        const decoded = wakuMessageFromJson(json);
        if (decoded === undefined) return;
        read += 1;
        const again = JSON.parse(wakuMessageToJson(decoded)) as object;
        expect(wakuMessageFromJson({ ...again, timestamp: decoded.timestamp })).toEqual(decoded);
      }),
      trying(EACH),
    );
    expect(read).toBeGreaterThan(EACH / 100);
  });
});

const folder = new URL("regressions/", import.meta.url);
knowingPlaces(folder, Object.keys(DECODERS));
replaying(folder, Object.fromEntries(Object.entries(DECODERS).map(([name, [check]]) => [name, check])));

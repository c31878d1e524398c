import { bytesToHex } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { messageId } from "../src/message-id.js";
import { WAKU_PUBSUB_TOPIC } from "../src/waku-topic.js";

const DATA = Uint8Array.of(1, 2, 3);

describe("the id of a message", () => {
  it("is the SHA-256 of its data on Waku's topic", () => {
    expect(bytesToHex(messageId(WAKU_PUBSUB_TOPIC, DATA))).toBe(bytesToHex(sha256(DATA)));
  });

  it("differs on each topic, wherever topic and data are cut", () => {
    const ids = [
      messageId(WAKU_PUBSUB_TOPIC, DATA),
      messageId("a", DATA),
      messageId("b", DATA),
      messageId("a\u0001", DATA.subarray(1)),
    ].map(bytesToHex);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

import fc from "fast-check";
import type { MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { decodeTraceRecord, encodeTraceRecord, type TraceRecord } from "../../src/trace/index.js";

const MEMBER = "ab".repeat(20) as MemberId;
const BYTES = Uint8Array.of(0, 1, 254, 255);
const PACKET = { payload: BYTES, subtopic: "app_msg", conversationId: "a\nb", appId: new Uint8Array() };

function input(given: Extract<TraceRecord, { kind: "input" }>["input"]): TraceRecord {
  return { kind: "input", nowMs: 1.5, nowSeconds: 2n ** 63n, input: given };
}

const RECORDS: readonly TraceRecord[] = [
  input({ kind: "packet", packet: PACKET }),
  input({ kind: "tick" }),
  input({ kind: "signed", requestId: 1, signature: BYTES }),
  input({ kind: "command", command: { kind: "send", ticket: 1, contentBytes: 0 } }),
  input({ kind: "command", command: { kind: "announceKeyPackage", keyPackage: BYTES } }),
  input({
    kind: "command",
    command: {
      kind: "propose",
      creatorVote: "deferred",
      request: {
        kind: "electStewards",
        stewards: [MEMBER, MEMBER],
        electionEpoch: 7n,
        retryRound: 0,
      },
    },
  }),
  { kind: "failed", code: "not-joined" },
  { kind: "outcome", buffered: true, outcome: { kind: "rejected", reason: "consensus", sender: MEMBER } },
  { kind: "outcome", buffered: false, outcome: { kind: "accepted", what: "vote", sender: undefined } },
  { kind: "decision", decision: { kind: "score", member: MEMBER, score: -5n, cause: "broken-commit" } },
  { kind: "decision", decision: { kind: "opened", operation: "leave", proposalId: undefined } },
  {
    kind: "decision",
    decision: { kind: "uncommittableChange", obstacle: { kind: "tooManyChanges", approved: 51 } },
  },
];

describe("a record as a line", () => {
  test.each(RECORDS.map((record) => [encodeTraceRecord(record), record] as const))(
    "is one line, and decodes to the same record: %s",
    (line, record) => {
      expect(line).not.toContain("\n");
      expect(decodeTraceRecord(line)).toEqual({ ok: true, value: record });
    },
  );

  test("decodes with any bytes and numbers", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.bigInt(), fc.double(), (payload, nowSeconds, nowMs) => {
        fc.pre(Number.isFinite(nowMs) && !Object.is(nowMs, -0));
        const packet = { ...PACKET, payload };
        const record: TraceRecord = { kind: "input", nowMs, nowSeconds, input: { kind: "packet", packet } };
        expect(decodeTraceRecord(encodeTraceRecord(record))).toEqual({ ok: true, value: record });
      }),
    );
  });

  test("encodes a Buffer as hex, although it has its own JSON form", () => {
    const signature = Buffer.from(BYTES);
    const line = encodeTraceRecord(input({ kind: "signed", requestId: 1, signature }));
    expect(line).toBe(encodeTraceRecord(input({ kind: "signed", requestId: 1, signature: BYTES })));
  });
});

describe("a line that is not a record", () => {
  test.each([
    ["", "not-json"],
    ["nonsense", "not-json"],
    ...RECORDS.map((record) => [encodeTraceRecord(record).slice(0, -1), "not-json"]),
    ["null", "malformed"],
    ["[]", "malformed"],
    ['{"kind":"failed","code":"x"}', "malformed"],
    ['{"v":2,"kind":"failed","code":"x"}', "other-version"],
    ['{"v":1}', "malformed"],
    [`{"v":1,"kind":"failed","code":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, "malformed"],
    ['{"v":1,"kind":"failed"}', "malformed"],
    ['{"v":1,"kind":"failed","code":3}', "malformed"],
    ['{"v":1,"kind":"toString"}', "malformed"],
    ['{"v":1,"kind":"input","nowMs":1e400,"nowSeconds":{"bigint":"1"},"input":{"kind":"tick"}}', "malformed"],
    ['{"v":1,"kind":"decision","decision":{"kind":"unheard-of"}}', "malformed"],
    ['{"v":1,"kind":"decision","decision":{"kind":"uncommittableChange","obstacle":{}}}', "malformed"],
    ['{"v":1,"kind":"input","nowMs":1,"nowSeconds":1,"input":{"kind":"tick"}}', "malformed"],
    ['{"v":1,"kind":"input","nowMs":1,"nowSeconds":{"bigint":"1e3"},"input":{"kind":"tick"}}', "malformed"],
    ['{"v":1,"kind":"input","nowMs":1,"nowSeconds":{"bigint":"1"},"input":{"kind":"packet"}}', "malformed"],
    [encodeTraceRecord(input({ kind: "packet", packet: PACKET })).replace("fe", "zz"), "malformed"],
    [encodeTraceRecord(input({ kind: "packet", packet: PACKET })).replace("payload", "load"), "malformed"],
    [
      '{"v":1,"kind":"input","nowMs":1,"nowSeconds":{"bigint":"1"},"input":{"kind":"command","command":{"kind":"send","ticket":1,"contentBytes":-1}}}',
      "malformed",
    ],
    [
      '{"v":1,"kind":"input","nowMs":1,"nowSeconds":{"bigint":"1"},"input":{"kind":"command","command":{"kind":"propose","creatorVote":"yes","request":{"kind":"remove"}}}}',
      "malformed",
    ],
  ])("decodes to the reason: %s", (line, reason) => {
    expect(decodeTraceRecord(line)).toEqual({ ok: false, reason });
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.json(), (line) => {
        expect(decodeTraceRecord(line).ok).toBe(false);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import {
  type AppMessage,
  bytesToHex,
  type Decoded,
  decodeAppMessage,
  decodeConversationUpdateRequest,
  decodeProposal,
  decodeVote,
  decodeWelcomeMessage,
  encodeAppMessage,
  encodeProposal,
  encodeVote,
  encodeWelcomeMessage,
  hexToBytes,
  type Proposal,
  type Vote,
  type WelcomeMessage,
} from "../src/index.js";
import { fromRecorded, type Recorded } from "./recorded-values.js";

interface EncodingCase {
  readonly name: string;
  readonly type: keyof typeof codecs;
  readonly hex: string;
  readonly value: Recorded;
}

type DecodingCase = { readonly name: string; readonly type: keyof typeof codecs; readonly hex: string } & (
  | { readonly ok: true; readonly value: Recorded; readonly re_encoded: string }
  | { readonly ok: false; readonly error: string }
);

const vectors = loadVectors<{
  readonly source: string;
  readonly vectors: readonly EncodingCase[];
  readonly decode: readonly DecodingCase[];
}>("01_protobuf.json");

const codecs = {
  AppMessage: {
    decode: (bytes: Uint8Array): Decoded<unknown> => decodeAppMessage(bytes),
    encode: (value: unknown) => encodeAppMessage(value as AppMessage),
  },
  WelcomeMessage: {
    decode: (bytes: Uint8Array): Decoded<unknown> => decodeWelcomeMessage(bytes),
    encode: (value: unknown) => encodeWelcomeMessage(value as WelcomeMessage),
  },
  "consensus.v1.Proposal": {
    decode: (bytes: Uint8Array): Decoded<unknown> => decodeProposal(bytes),
    encode: (value: unknown) => encodeProposal(value as Proposal),
  },
  "consensus.v1.Vote": {
    decode: (bytes: Uint8Array): Decoded<unknown> => decodeVote(bytes),
    encode: (value: unknown) => encodeVote(value as Vote),
  },
};

function bytesOf(hex: string): Uint8Array {
  return hexToBytes(hex) as Uint8Array;
}

/** The value with a payload, if there is one: the message itself or the proposal in it. */
function withPayload(value: Recorded): Recorded | undefined {
  const holder = (value["proposal"] ?? value) as Recorded;
  return "decoded_payload" in holder ? holder : undefined;
}

it("reads 47 encodings and 10 decodings of de-mls 3.0.0", () => {
  expect(vectors.source).toBe("de-mls 3.0.0");
  expect(vectors.vectors).toHaveLength(47);
  expect(vectors.decode).toHaveLength(10);
});

describe("a message of the reference", () => {
  it.each([...vectors.vectors])("$type, $name: decodes to the recorded value", ({ type, hex, value }) => {
    expect(codecs[type].decode(bytesOf(hex))).toStrictEqual({ ok: true, value: fromRecorded(value) });
  });

  it.each([...vectors.vectors])("$type, $name: is encoded to the same bytes", ({ type, hex, value }) => {
    expect(bytesToHex(codecs[type].encode(fromRecorded(value)))).toBe(hex);
  });
});

describe("a payload of the reference", () => {
  const payloads = vectors.vectors
    .map(({ value }) => withPayload(value))
    .filter((value) => value !== undefined);

  it("is in 9 of the messages", () => expect(payloads).toHaveLength(9));

  it.each(payloads)("$payload decodes as in the reference", ({ payload, decoded_payload: request }) => {
    const decoded = decodeConversationUpdateRequest(bytesOf(payload as string));
    expect(decoded).toStrictEqual(
      request === null
        ? { ok: false, reason: "malformed" }
        : { ok: true, value: fromRecorded(request as Recorded) },
    );
  });
});

describe("bytes decoded by the reference", () => {
  it.each([...vectors.decode])("$name: have the recorded result", (recorded) => {
    const { decode, encode } = codecs[recorded.type];
    const decoded = decode(bytesOf(recorded.hex));
    if (!recorded.ok) {
      expect(decoded).toStrictEqual({ ok: false, reason: "malformed" });
      return;
    }
    const value = fromRecorded(recorded.value);
    expect(decoded).toStrictEqual({ ok: true, value });
    expect(bytesToHex(encode(value))).toBe(recorded.re_encoded);
  });
});

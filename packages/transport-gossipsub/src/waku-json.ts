import protobuf from "protobufjs/minimal.js";
import type { WakuMessage } from "./waku-message.js";

const { base64 } = protobuf.util;

/**
 * Encodes a Waku message as JSON for libwaku's `waku_relay_publish` or a Waku node's REST interface, in place of
 * gossipsub.
 *
 * @returns text, because the timestamp has more digits than a JavaScript number
 */
export function wakuMessageToJson({ payload, contentTopic, version, timestamp, meta }: WakuMessage): string {
  const rest = { payload: toBase64(payload), contentTopic, version, meta: toBase64(meta) };
  return `{"timestamp":${timestamp},${JSON.stringify(rest).slice(1)}`;
}

/**
 * Decodes a Waku message from a JSON value, such as the `wakuMessage` of a libwaku event, as de-mls 3.0.0 does. Payload
 * (padded base64 of the standard alphabet) and content topic are required; other fields that are absent or of a wrong
 * type become empty or 0.
 *
 * @param json - the result of `JSON.parse`, which rounds timestamps to some hundred nanoseconds; a parser that keeps
 *   all digits may pass bigints
 * @returns `undefined` if it is not a message; never throws
 */
export function wakuMessageFromJson(json: unknown): WakuMessage | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { payload, contentTopic, version, timestamp, meta } = json as Record<string, unknown>;
  const bytes = fromBase64(payload);
  if (bytes === undefined || typeof contentTopic !== "string") return undefined;
  return {
    payload: bytes,
    contentTopic,
    version: Number(wholeNumber(version, 32)),
    timestamp: wholeNumber(timestamp, 64),
    meta: fromBase64(meta) ?? new Uint8Array(),
  };
}

/** A whole number within a signed integer of `bits`, or 0. */
function wholeNumber(value: unknown, bits: number): bigint {
  if (typeof value !== "bigint" && !Number.isInteger(value)) return 0n;
  const whole = BigInt(value as bigint | number);
  return BigInt.asIntN(bits, whole) === whole ? whole : 0n;
}

function toBase64(bytes: Uint8Array): string {
  return base64.encode(bytes, 0, bytes.length);
}

/**
 * protobufjs also accepts other alphabets, missing padding and leftover bits: the decoded bytes must encode to the same
 * text.
 */
function fromBase64(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const bytes = new Uint8Array(base64.length(text));
    base64.decode(text, bytes, 0);
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

import protobuf from "protobufjs/minimal.js";
import type { WakuMessage } from "./waku-message.js";

const { base64 } = protobuf.util;

/**
 * A Waku message in JSON, as libwaku's `waku_relay_publish` and the REST interface of a Waku node take it. For who
 * carries packets over either, in place of gossipsub.
 *
 * @returns text, for the timestamp has more digits than a JavaScript number keeps.
 */
export function wakuMessageToJson({ payload, contentTopic, version, timestamp, meta }: WakuMessage): string {
  const rest = { payload: toBase64(payload), contentTopic, version, meta: toBase64(meta) };
  return `{"timestamp":${timestamp},${JSON.stringify(rest).slice(1)}`;
}

/**
 * The Waku message that a JSON value holds, such as the `wakuMessage` of an event of libwaku, read as de-mls 3.0.0 reads
 * it: payload and content topic must be there, the payload in padded base64 of the standard alphabet; what else is
 * absent or not of its type is empty or 0.
 *
 * @param json - as `JSON.parse` returns it, which rounds timestamps to some hundred nanoseconds; a parser that keeps
 *   all digits may pass them as a bigint.
 * @returns `undefined` where it holds none; never throws.
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

/** A whole number that a signed integer of so many bits holds, or 0. */
function wholeNumber(value: unknown, bits: number): bigint {
  if (typeof value !== "bigint" && !Number.isInteger(value)) return 0n;
  const whole = BigInt(value as bigint | number);
  return BigInt.asIntN(bits, whole) === whole ? whole : 0n;
}

function toBase64(bytes: Uint8Array): string {
  return base64.encode(bytes, 0, bytes.length);
}

/** protobufjs takes other alphabets, missing padding and leftover bits as well: what it reads must be written the same. */
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

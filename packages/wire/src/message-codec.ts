import protobuf from "protobufjs/minimal.js";
import { type Decoded, type DecodeOptions, maxBytesOf } from "./decoded.js";
import { StrictReader } from "./strict-reader.js";

/** The part of a generated message class that encoding needs. */
interface MessageEncoder<Fields> {
  encode(fields: Fields, writer: protobuf.Writer): protobuf.Writer;
}

/** The part of a generated message class that decoding needs. */
interface MessageDecoder<Message> {
  decode(reader: protobuf.Reader): Message;
}

/** Encodes a message into a new array as prost does: fields in ascending order, without proto3 defaults. */
export function encodeMessage<Fields>(encoder: MessageEncoder<Fields>, fields: Fields): Uint8Array {
  // Writer.create() would return Buffers on Node. finish(true) returns a view of a shared pool, so it is copied.
  return encoder.encode(fields, new protobuf.Writer()).finish(true).slice();
}

/** Decodes a value from `bytes`, or returns the reason for rejecting them. */
export function decodeMessage<Message, T>(
  decoder: MessageDecoder<Message>,
  bytes: Uint8Array,
  options: DecodeOptions,
  toValue: (message: Message) => T,
): Decoded<T> {
  if (bytes.length > maxBytesOf(options)) return { ok: false, reason: "too-large" };
  let message: Message;
  try {
    message = decoder.decode(new StrictReader(bytes));
  } catch {
    // Generated code and TextDecoder throw for bad input, without an error class of their own.
    return { ok: false, reason: "malformed" };
  }
  return { ok: true, value: toValue(message) };
}

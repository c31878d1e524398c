import { describe, expect, test } from "vitest";
import { TlsReader, tlsUint, tlsUint64, tlsVector } from "../src/core/index.js";

const MALFORMED = [
  ["a length of eight bytes", [0xc0, 0, 0, 0, 0, 0, 0, 1, 7]],
  ["a length of two bytes for one", [0x40, 0x01, 7]],
  ["a length of four bytes for two", [0x80, 0, 0x3f, 0xff]],
  ["bytes that end early", [3, 1, 2]],
  ["a length that ends early", [0x7b]],
  ["no bytes", []],
] as const;

describe("The TLS presentation language", () => {
  // RFC 9000 § A.1 has the same lengths: 37, 15,293 and, of four bytes, here one of 17 bits.
  test.each([
    [0, [0x00]],
    [37, [0x25]],
    [0x3f, [0x3f]],
    [0x40, [0x40, 0x40]],
    [15_293, [0x7b, 0xbd]],
    [0x3fff, [0x7f, 0xff]],
    [0x4000, [0x80, 0, 0x40, 0]],
    [0x1_2345, [0x80, 1, 0x23, 0x45]],
  ])("writes and reads a vector of %i bytes", (length, head) => {
    const content = new Uint8Array(length).fill(7);
    const written = tlsVector(content);
    expect([...written.subarray(0, head.length)]).toEqual(head);
    const reader = new TlsReader(written);
    expect(reader.vector()).toEqual(content);
    expect([reader.isAtEnd, reader.count]).toEqual([true, written.length]);
  });

  test("joins the parts of a vector, and reads it as items", () => {
    const reader = new TlsReader(tlsVector(tlsUint(1, 2), tlsUint(0xffff, 2)));
    expect(reader.items((item) => item.uint(2))).toEqual([1, 0xffff]);
  });

  test("has integers of one to eight bytes", () => {
    const reader = new TlsReader(
      Uint8Array.of(...tlsUint(200, 1), ...tlsUint(0xdead_beef, 4), ...tlsUint64(2n ** 64n - 1n), 9),
    );
    expect([reader.uint(1), reader.uint(4), reader.uint64()]).toEqual([200, 0xdead_beef, 2n ** 64n - 1n]);
    expect(reader.rest()).toEqual(Uint8Array.of(9));
  });

  test.each(MALFORMED)("rejects %s", (_, bytes) => {
    expect(() => new TlsReader(Uint8Array.from(bytes)).vector()).toThrow(RangeError);
  });

  test("rejects items that do not fill their vector", () => {
    const reader = new TlsReader(tlsVector(Uint8Array.of(1, 2, 3)));
    expect(() => reader.items((item) => item.uint(2))).toThrow(RangeError);
  });

  test("reads copies, whose changes do not reach the bytes", () => {
    const bytes = Uint8Array.of(1, 7);
    new TlsReader(bytes).vector().fill(0);
    expect(bytes).toEqual(Uint8Array.of(1, 7));
  });
});

import protobuf from "protobufjs/minimal.js";

/** The wire type of what has a length. */
const WITH_LENGTH = 2;

/** The key of gossipsub's `RPC.control`. */
const CONTROL = (3 << 3) | WITH_LENGTH;

/**
 * How many control messages an RPC of gossipsub's has, with the fields in them: topics, ids of messages, peers. They are
 * counted without making room for them, and as far as they can be read.
 */
export function countControlEntries(rpc: Uint8Array): number {
  const reader = protobuf.Reader.create(rpc);
  let count = 0;

  /** Counts the fields up to `end`, and those within them where `isDeep`. */
  function countFields(end: number, isDeep: boolean): void {
    while (reader.pos < end) {
      const wireType = reader.uint32() & 7;
      count += 1;
      if (isDeep && wireType === WITH_LENGTH) countFields(endOfField(), false);
      else reader.skipType(wireType);
    }
  }

  function endOfField(): number {
    const length = reader.uint32();
    return reader.pos + length;
  }

  try {
    while (reader.pos < reader.len) {
      const key = reader.uint32();
      if (key === CONTROL) countFields(endOfField(), true);
      else reader.skipType(key & 7);
    }
  } catch {
    // What does not decode is refused where it is decoded.
  }
  return count;
}

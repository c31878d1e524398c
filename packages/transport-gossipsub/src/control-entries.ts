import protobuf from "protobufjs/minimal.js";

/** Wire type of length-delimited fields. */
const WITH_LENGTH = 2;

/** Key of the field `RPC.control`. */
const CONTROL = (3 << 3) | WITH_LENGTH;

/**
 * Counts the entries of an RPC's control messages: messages, topics, message ids and peers. It allocates nothing per
 * entry and stops at malformed bytes.
 */
export function countControlEntries(rpc: Uint8Array): number {
  const reader = protobuf.Reader.create(rpc);
  let count = 0;

  /** Counts the fields up to `end`, and the fields within them if `isDeep`. */
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
    // The decoder rejects malformed bytes later.
  }
  return count;
}

import protobuf from "protobufjs/minimal.js";

/** Maximum depth of nested groups and messages in prost 0.13.5. */
const MAX_DEPTH = 100;
/** Maximum bytes of a varint, seven bits each, for 64 bits. */
const MAX_VARINT_BYTES = 10;
const MAX_WIRE_TYPE = 5;

/** A varint's value as the two halves of a 64-bit integer. */
interface VarintHalves {
  readonly low: number;
  readonly high: number;
}

/**
 * A protobufjs reader that accepts the same bytes as prost 0.13.5.
 *
 * protobufjs accepts bytes that prost rejects: a tenth varint byte above 1, varints of any length in skipped fields,
 * 101 nested groups. It also rejects bytes that prost accepts: keys and lengths of more than five bytes. Members that
 * decode the same bytes differently would decide differently. So one method here reads every varint. The generated code
 * checks the wire types of known fields; see scripts/generate.mjs.
 *
 * Its methods throw; `decodeMessage` turns errors into an outcome.
 */
export class StrictReader extends protobuf.Reader {
  override tag(): number {
    const { low, high } = this.readVarint();
    if (high !== 0) throw new RangeError("key above 32 bits");
    if (low >>> 3 === 0) throw new RangeError("field number 0");
    if ((low & 7) > MAX_WIRE_TYPE) throw new RangeError("unknown wire type");
    return low;
  }

  /** A length within the remaining bytes. */
  override size(): number {
    const { low, high } = this.readVarint();
    if (high !== 0 || low > this.len - this.pos) throw new RangeError("length beyond the end");
    return low;
  }

  /** The low 32 bits, as prost casts. `int32` and enums are read by it too. */
  override uint32(): number {
    return this.readVarint().low;
  }

  override bool(): boolean {
    const { low, high } = this.readVarint();
    return low !== 0 || high !== 0;
  }

  override uint64(): protobuf.Long {
    const { low, high } = this.readVarint();
    return new protobuf.util.LongBits(low, high).toLong(true);
  }

  override int64(): protobuf.Long {
    const { low, high } = this.readVarint();
    return new protobuf.util.LongBits(low, high).toLong(false);
  }

  override skip(length?: number): this {
    if (length === undefined) this.readVarint();
    else super.skip(length);
    return this;
  }

  override skipType(wireType: number, depth = 0, fieldNumber?: number): this {
    if (depth >= MAX_DEPTH) throw new RangeError("nested too deeply");
    super.skipType(wireType, depth, fieldNumber);
    return this;
  }

  private readVarint(): VarintHalves {
    let low = 0;
    let high = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.pos < this.len ? this.buf[this.pos++] : undefined;
      if (byte === undefined) throw new RangeError("varint beyond the end");
      const bits = byte & 0x7f;
      // Four bits of the fifth byte belong to the low half, three to the high half.
      if (i < 5) low |= bits << (7 * i);
      if (i === 4) high |= bits >>> 4;
      if (i > 4) high |= bits << (7 * i - 32);
      if (byte < 0x80) {
        if (i === MAX_VARINT_BYTES - 1 && byte > 1) break;
        return { low: low >>> 0, high: high >>> 0 };
      }
    }
    throw new RangeError("varint above 64 bits");
  }
}

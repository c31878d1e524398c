import protobuf from "protobufjs/minimal.js";

/**
 * Fields of a gossipsub RPC (libp2p pubsub specification).
 *
 * @typedef {object} Rpc
 * @property {readonly { topic: string; subscribe: boolean }[]} [subscriptions]
 * @property {readonly { topic: string; data: Uint8Array; from?: Uint8Array }[]} [messages]
 * @property {readonly { topic: string; ids: readonly Uint8Array[] }[]} [ihave]
 * @property {readonly Uint8Array[]} [iwant]
 * @property {readonly string[]} [graft]
 */

/** Protobuf's wire types. */
const VARINT = 0;
const BYTES = 2;

/**
 * Encodes an RPC with its length prefix.
 *
 * @param {Rpc} rpc
 */
export function encodeRpc({ subscriptions = [], messages = [], ihave = [], iwant = [], graft = [] }) {
  const writer = protobuf.Writer.create().fork();
  for (const { topic, subscribe } of subscriptions) {
    open(writer, 1).uint32(key(1, VARINT)).bool(subscribe);
    writer.uint32(key(2, BYTES)).string(topic).ldelim();
  }
  for (const { topic, data, from } of messages) {
    open(writer, 2);
    if (from !== undefined) writer.uint32(key(1, BYTES)).bytes(from);
    writer.uint32(key(2, BYTES)).bytes(data).uint32(key(4, BYTES)).string(topic).ldelim();
  }
  open(writer, 3);
  for (const { topic, ids } of ihave) {
    open(writer, 1).uint32(key(1, BYTES)).string(topic);
    for (const id of ids) writer.uint32(key(2, BYTES)).bytes(id);
    writer.ldelim();
  }
  if (iwant.length > 0) {
    open(writer, 2);
    for (const id of iwant) writer.uint32(key(1, BYTES)).bytes(id);
    writer.ldelim();
  }
  for (const topic of graft) open(writer, 3).uint32(key(1, BYTES)).string(topic).ldelim();
  return writer.ldelim().ldelim().finish();
}

/** @param {number} field @param {number} wireType */
function key(field, wireType) {
  return (field << 3) | wireType;
}

/** @param {protobuf.Writer} writer @param {number} field */
function open(writer, field) {
  return writer.uint32(key(field, BYTES)).fork();
}

import { encodeRepairMessage, encodeRepairPacket, encodeSignedRepairMessage } from "@demls/wire";
import { concatBytes, type Packet } from "@demls/wire/core";
import { isActive } from "../../src/model/state.js";
import { deriveRepairEpoch } from "../../src/lost-packets/envelope.js";
import { hexBytes } from "../../src/model/hex.js";
import { environmentOf, type Member, type World } from "../harness/index.js";
import { beginTransaction } from "../../src/model/transaction.js";

/** Signs and encrypts any bytes as the body of a member's repair message. */
export async function sealedRepairBody(world: World, from: Member, body: Uint8Array): Promise<Uint8Array> {
  const { state, mls } = from;
  if (!isActive(state)) return body;
  const tx = beginTransaction(state, environmentOf(world, from));
  const { key, keyId } = await deriveRepairEpoch(tx);
  const signature = await mls.sign(state.group, "demls repair", concatBytes(keyId, body));
  const plaintext = encodeSignedRepairMessage({
    ...{ body, leafIndex: state.group.leafIndex, signature, laterKey: undefined },
  });
  const nonce = new Uint8Array(12).fill(1);
  const sealed = await mls.sealWithKey(key, nonce, hexBytes(state.group.groupId), plaintext);
  return encodeRepairPacket({ keyId, nonce, sealed });
}

/** Bodies of repair messages that a member could send to `reader` now: reports, requests and answers. */
export function repairsOf(world: World, reader: Member, packets: readonly Packet[]): readonly Uint8Array[] {
  const { state } = reader;
  if (!isActive(state)) return [encodeRepairMessage({ kind: "empty" })];
  const { group, repair } = state;
  const received = reader.mls.received(group, group.epoch);
  const next = received?.next ?? [];
  const report = {
    ...({ kind: "progress", next, missing: [], candidates: [], voids: [], chosen: [], asks: false } as const),
    ...{ nonce: new Uint8Array(8).fill(3), timestamp: environmentOf(world, reader).nowSeconds },
  };
  const [request] = repair.requests;
  const nonce = Uint8Array.from(Buffer.from(request?.nonce ?? "0102030405060708", "hex"));
  const payloads = packets.slice(-4).map(({ payload }) => payload);
  return [
    report,
    { ...report, asks: true, next: next.map(() => 0) },
    { ...report, next: next.map((generation) => generation + 3), candidates: [new Uint8Array(8)] },
    { ...report, missing: [{ position: 0, from: 0, count: 1 }], voids: [{ position: 0, from: 0, count: 2 }] },
    {
      kind: "served",
      nonce,
      packets: payloads,
      more: false,
      epoch: group.epoch,
      choices: [],
      voids: [],
    } as const,
    {
      kind: "served",
      nonce,
      packets: payloads,
      more: true,
      epoch: group.epoch + 1n,
      choices: [],
      voids: [],
    } as const,
    { ...report, chosen: [{ commit: new Uint8Array(8).fill(9), choosers: Uint8Array.of(1) }] },
    { kind: "choice", commitHash: new Uint8Array(32).fill(9) } as const,
    { kind: "empty" } as const,
  ].map(encodeRepairMessage);
}

import {
  decodeRepairMessage,
  decodeRepairPacket,
  decodeSignedRepairMessage,
  type RepairMessage,
} from "@demls/wire";
import { concatBytes, REPAIR_SUBTOPIC, type MemberId, type Packet } from "@demls/wire/core";
import { isActive } from "../../src/model/state.js";
import { beginTransaction, type ActiveTransaction } from "../../src/model/transaction.js";
import type { RepairEpoch } from "../../src/model/repair.js";
import { sealRepair } from "../../src/lost-packets/envelope.js";
import { progressOf } from "../../src/lost-packets/progress-of.js";
import { environmentOf, packetOf, type Member, type World } from "../harness/index.js";

export type Report = Extract<RepairMessage, { kind: "progress" }>;
export type Answer = Extract<RepairMessage, { kind: "served" }>;

/** Bytes of the fake encryption's tag, which follows the plaintext. */
const FAKE_TAG_BYTES = 16;

/** A transaction on a member's current state. */
export function transactionOf(world: World, member: Member): ActiveTransaction {
  const { state } = member;
  if (!isActive(state)) throw new Error(`${member.name} is in no group.`);
  return beginTransaction(state, environmentOf(world, member));
}

/** The repair epoch of a member's current epoch. */
export function currentEpochOf({ state }: Member): RepairEpoch {
  return state.repair.epochs.at(-1) as RepairEpoch;
}

/** Key id of a member's group that it does not know. */
export function unknownKeyId(member: Member, number = 0): Uint8Array {
  const { keyId } = currentEpochOf(member);
  return concatBytes(keyId.subarray(0, 4), new Uint8Array(8).fill(number % 256));
}

/** Position of `member` in the roster of a viewer's current epoch. */
export function positionOf(viewer: Member, member: { readonly id: MemberId }): number {
  return currentEpochOf(viewer).roster.findIndex((entry) => entry.member === member.id);
}

/** Any repair message that a member signs and encrypts, without its session's checks. */
export async function repairPacket(
  world: World,
  from: Member,
  message: RepairMessage,
  repairEpoch = currentEpochOf(from),
): Promise<Packet> {
  const payload = await sealRepair(transactionOf(world, from), repairEpoch, message);
  return packetOf(from, payload, REPAIR_SUBTOPIC);
}

/** A member's true report, with changes. */
export function reportOf(world: World, member: Member, changes: Partial<Report> = {}): Report {
  const tx = transactionOf(world, member);
  const progress = progressOf(tx, currentEpochOf(member));
  if (progress === undefined) throw new Error("The member has no progress.");
  return {
    kind: "progress",
    next: progress.next,
    missing: progress.missing,
    candidates: [],
    chosen: [],
    voids: [],
    asks: false,
    nonce: member.random.bytes(8),
    timestamp: tx.env.nowSeconds,
    ...changes,
  };
}

/** The repair message in a packet of a world with fakes, whose encryption leaves the plaintext readable. */
function repairMessageIn({ payload }: Packet): RepairMessage {
  const packet = decodeRepairPacket(payload);
  const signed = packet.ok && decodeSignedRepairMessage(packet.value.sealed.subarray(0, -FAKE_TAG_BYTES));
  const message = signed && signed.ok && decodeRepairMessage(signed.value.body);
  if (!message || !message.ok) throw new Error("The packet is not a repair packet.");
  return message.value;
}

/** A repair message on the network. */
export interface Overheard {
  readonly from: string;
  readonly atMs: number;
  readonly bytes: number;
  readonly message: RepairMessage;
}

/** Records the repair messages of a world with fakes from now on. */
export function overhear(world: World): Overheard[] {
  const overheard: Overheard[] = [];
  world.reads = (packet) => {
    if (packet.subtopic !== REPAIR_SUBTOPIC) return;
    const from = world.members.find(({ appId }) => appId === packet.appId)?.name ?? "stranger";
    const { payload } = packet;
    overheard.push({ from, atMs: world.nowMs, bytes: payload.length, message: repairMessageIn(packet) });
  };
  return overheard;
}

export function requestsIn(overheard: readonly Overheard[]): readonly (Overheard & { message: Report })[] {
  return overheard.filter(
    (each): each is Overheard & { message: Report } => each.message.kind === "progress" && each.message.asks,
  );
}

export function answersIn(overheard: readonly Overheard[]): readonly (Overheard & { message: Answer })[] {
  return overheard.filter((each): each is Overheard & { message: Answer } => each.message.kind === "served");
}

/** Whether a letter carries an encrypted message or a candidate. */
export function isAppMessage({ packet }: { readonly packet: Packet }): boolean {
  return packet.subtopic === "app_msg";
}

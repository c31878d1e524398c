import { bytesToHex } from "@demls/wire/core";
import type { PacketSlot, Repair } from "./repair.js";

/** Hex digits of a commit's id: 8 bytes. */
export const COMMIT_ID_DIGITS = 16;

/** Slot of the candidate with a commit's hash. */
export function candidateSlot(commitHash: Uint8Array): Extract<PacketSlot, { kind: "candidate" }> {
  return { kind: "candidate", id: bytesToHex(commitHash).slice(0, COMMIT_ID_DIGITS) };
}

/** Whether two slots of one epoch are the same. */
export function isSameSlot(a: PacketSlot, b: PacketSlot): boolean {
  if (a.kind === "message" && b.kind === "message")
    return a.generation === b.generation && a.position === b.position;
  if (a.kind === "choice" && b.kind === "choice") return a.position === b.position && a.commit === b.commit;
  return a.kind === "candidate" && b.kind === "candidate" && a.id === b.id;
}

/** Slots of the logged packets of an epoch and kind. A loop, since every packet is compared with the log. */
export function slotsIn<K extends PacketSlot["kind"]>(
  { log }: Pick<Repair, "log">,
  epoch: bigint,
  kind: K,
): readonly Extract<PacketSlot, { kind: K }>[] {
  const slots: Extract<PacketSlot, { kind: K }>[] = [];
  for (const { epoch: of, slot } of log)
    if (of === epoch && slot.kind === kind) slots.push(slot as Extract<PacketSlot, { kind: K }>);
  return slots;
}

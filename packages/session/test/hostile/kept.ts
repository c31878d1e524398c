import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import { packetOf, type Member } from "../harness/index.js";
import type { Draft } from "./attempt.js";
import type { Stage } from "./stages.js";

/** Origin of a packet, in the form that {@link kept} reads: its encrypting member, or its subtopic if unencrypted. */
export function originOf({ insiders }: Stage, { sender, envelope }: Draft): string {
  if (sender === undefined) return envelope.subtopic;
  const how = envelope.subtopic === REPAIR_SUBTOPIC ? "repair by" : "insider";
  return `${how} ${insiders.indexOf(sender)}`;
}

/** Restores a packet from a regression file. */
export function kept({ insiders }: Stage, origin: string, bytes: Uint8Array): Draft {
  const sender = insiders.find((_, index) =>
    ["insider", "repair by"].includes(origin.replace(` ${index}`, "")),
  );
  const subtopic = origin.startsWith("repair by") ? REPAIR_SUBTOPIC : sender ? undefined : origin;
  return { sender, bytes, envelope: packetOf(sender ?? (insiders[0] as Member), bytes, subtopic) };
}

/** Encodes a row of packets as a regression file: JSON with the origin and hex of each. */
export function writeRow(stage: Stage, row: readonly Draft[]): Uint8Array {
  return Buffer.from(
    JSON.stringify(row.map((draft) => [originOf(stage, draft), Buffer.from(draft.bytes).toString("hex")])),
  );
}

/** Decodes the result of {@link writeRow}. */
export function readRow(stage: Stage, bytes: Uint8Array): readonly Draft[] {
  const row = JSON.parse(Buffer.from(bytes).toString()) as readonly (readonly [string, string])[];
  return row.map(([origin, hex]) => kept(stage, origin, Uint8Array.from(Buffer.from(hex, "hex"))));
}

import { packetOf, type Member } from "../harness/index.js";
import type { Draft } from "./attempt.js";
import type { Stage } from "./stages.js";

/** Where a packet comes from, in a word that {@link kept} reads: who seals it, or on which subtopic it is sent as it is. */
export function originOf({ insiders }: Stage, { sender, envelope }: Draft): string {
  return sender === undefined ? envelope.subtopic : `insider ${insiders.indexOf(sender)}`;
}

/** A packet again from what a regression keeps of it. */
export function kept({ insiders }: Stage, origin: string, bytes: Uint8Array): Draft {
  const sender = insiders.find((_, index) => origin === `insider ${index}`);
  return {
    sender,
    bytes,
    envelope: packetOf(sender ?? (insiders[0] as Member), bytes, sender ? undefined : origin),
  };
}

/** A row of packets as the bytes of one regression: JSON of each one's origin and hex. */
export function writeRow(stage: Stage, row: readonly Draft[]): Uint8Array {
  return Buffer.from(
    JSON.stringify(row.map((draft) => [originOf(stage, draft), Buffer.from(draft.bytes).toString("hex")])),
  );
}

/** What {@link writeRow} wrote. */
export function readRow(stage: Stage, bytes: Uint8Array): readonly Draft[] {
  const row = JSON.parse(Buffer.from(bytes).toString()) as readonly (readonly [string, string])[];
  return row.map(([origin, hex]) => kept(stage, origin, Uint8Array.from(Buffer.from(hex, "hex"))));
}

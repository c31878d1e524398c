import type { Line } from "./peer.js";
import type { Member } from "./world.js";

/** A packet that a peer wants carried to the others. */
export interface PacketLine {
  readonly user: string;
  readonly seq: number;
  readonly conversation_id: string;
  readonly subtopic: string;
  readonly app_id: string;
  readonly payload_b64: string;
  /** A decoded view, for people. */
  readonly meaning: unknown;
}

/** What the network does to a packet on its way to a member: the delay of each copy, in milliseconds. */
export type Carriage = (packet: PacketLine, from: Member, to: Member) => readonly number[];

/** A packet as it reached a member. */
export interface Delivery {
  readonly packet: PacketLine;
  readonly from: Member;
  readonly to: Member;
  /** How many lines the member had printed by then. */
  readonly linesBefore: number;
}

/** The packets among a member's lines. */
export function packetsOf(lines: readonly Line[]): readonly PacketLine[] {
  return lines.filter(({ type }) => type === "packet") as unknown as readonly PacketLine[];
}

import type { Member } from "./member.js";
import type { PacketLine } from "./packet-line.js";

/** Delays of a packet's copies for one member, in milliseconds; empty if the packet is lost. */
export type CopyDelays = (packet: PacketLine, from: Member, to: Member) => readonly number[];

/** A packet delivered to a member. */
export interface Delivery {
  readonly packet: PacketLine;
  readonly from: Member;
  readonly to: Member;
  /** Number of lines that the member had printed by then. */
  readonly linesBefore: number;
}

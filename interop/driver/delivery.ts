import type { Member } from "./member.js";
import type { PacketLine } from "./packet-line.js";

/** The delays of the copies of a packet that reach one member, in milliseconds; none where it is lost. */
export type CopyDelays = (packet: PacketLine, from: Member, to: Member) => readonly number[];

/** A packet as it reached a member. */
export interface Delivery {
  readonly packet: PacketLine;
  readonly from: Member;
  readonly to: Member;
  /** How many lines the member had printed by then. */
  readonly linesBefore: number;
}

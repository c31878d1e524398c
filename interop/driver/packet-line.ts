import type { Line } from "./peer.js";

/** A packet that a peer publishes. */
export interface PacketLine {
  readonly user: string;
  readonly seq: number;
  readonly conversation_id: string;
  readonly subtopic: string;
  readonly app_id: string;
  readonly payload_b64: string;
  /** A decoded view for readers of the log. */
  readonly meaning: unknown;
}

/** Packets among a member's lines. */
export function packetsOf(lines: readonly Line[]): readonly PacketLine[] {
  return lines.filter(({ type }) => type === "packet") as unknown as readonly PacketLine[];
}

/** The proposal in a packet, from its sender's view. */
export function proposalIn({ meaning }: Pick<PacketLine, "meaning">): number | undefined {
  const view = meaning as { kind?: string; proposal?: { proposal_id: number } } | null;
  return view?.kind === "proposal" ? view.proposal?.proposal_id : undefined;
}

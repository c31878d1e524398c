import type { Line } from "./peer.js";

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

/** The packets among a member's lines. */
export function packetsOf(lines: readonly Line[]): readonly PacketLine[] {
  return lines.filter(({ type }) => type === "packet") as unknown as readonly PacketLine[];
}

/** The proposal that a packet opens, as its sender shows it. */
export function proposalIn({ meaning }: Pick<PacketLine, "meaning">): number | undefined {
  const view = meaning as { kind?: string; proposal?: { proposal_id: number } } | null;
  return view?.kind === "proposal" ? view.proposal?.proposal_id : undefined;
}

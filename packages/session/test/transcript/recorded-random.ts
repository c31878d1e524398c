import { foldProposalId, ID_RANDOM_BYTES } from "@demls/consensus";
import type { RandomSource } from "@demls/wire/core";
import { bytes, type RecordedPacket } from "./recording.js";

/**
 * Random source that returns the values of a recorded member: its app id, and the ids and names of its proposals and
 * votes. With it, a replay sends the same packets, and the others' recorded votes refer to its proposals. The ids of
 * chat messages, which 3.0.0 does not have, are zeros.
 *
 * @throws Error if other or more values are drawn.
 */
export function recordedRandom(own: readonly RecordedPacket[]): RandomSource {
  const draws = [bytes(own[0]?.app_id ?? ""), ...own.flatMap(drawsOf)];
  return {
    bytes(length) {
      const draw = draws.shift();
      if (draw?.length !== length) throw new Error("The recorded member did not draw this.");
      return draw;
    },
  };
}

function drawsOf({ decoded }: RecordedPacket): readonly Uint8Array[] {
  if (decoded.kind === "conversation_message" && decoded.sender !== "SYSTEM") return [new Uint8Array(16)];
  if (decoded.kind === "vote") return [foldingTo(decoded.vote.vote_id)];
  if (decoded.kind !== "proposal") return [];
  const { proposal_id, name, votes } = decoded.proposal;
  return [
    foldingTo(proposal_id),
    bytes(name.replaceAll("-", "")),
    ...votes.map(({ vote_id }) => foldingTo(vote_id)),
  ];
}

/** Random bytes whose fold is `id`. */
function foldingTo(id: number): Uint8Array {
  const random = new Uint8Array(ID_RANDOM_BYTES);
  // Inverts the effect of a UUID's version and variant bits.
  new DataView(random.buffer).setUint32(0, (id ^ foldProposalId(random)) >>> 0);
  return random;
}

import type { Line } from "./peer.js";

/** The proposal id of a vote request line. */
export function requestedVote(line: Line): number | undefined {
  const app = line["app"] as { kind: string; proposal_id?: number } | undefined;
  return app?.kind === "vote_payload" ? app.proposal_id : undefined;
}

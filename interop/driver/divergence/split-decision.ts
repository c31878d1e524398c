import type { Member } from "../member.js";
import type { MixedNetwork } from "../mixed-network.js";
import { proposalIn } from "../packet-line.js";
import type { KnownCause } from "./known-cause.js";

/**
 * A proposal with different results at members on 3.0.0. Each counts votes in the order of arrival, and may decide
 * before the last one (weakness W2).
 */
export function splitDecision(network: MixedNetwork, suspects: ReadonlySet<Member>): KnownCause | undefined {
  const decided = new Map<number, string>();
  for (const member of network.members.values()) {
    if (member.kind !== "rust") continue;
    for (const line of network.linesSince(member)) {
      if (line.type !== "consensus") continue;
      const { proposal_id: proposalId, kind, result } = line["outcome"] as Outcome;
      const outcome = `${kind} ${result ?? ""}`.trim();
      const other = decided.get(proposalId) ?? outcome;
      decided.set(proposalId, other);
      if (other === outcome || suspects.size === 0) continue;
      const opened = network.deliveriesSince().find(({ packet }) => proposalIn(packet) === proposalId);
      return {
        weakness: "W2",
        what: `members of 3.0.0 decided proposal ${proposalId} differently: ${other}, and ${outcome} at ${member.name}`,
        packet: opened === undefined ? "unseen" : `packet ${opened.packet.seq} of ${opened.from.name}`,
      };
    }
  }
  return undefined;
}

interface Outcome {
  readonly kind: string;
  readonly proposal_id: number;
  readonly result?: boolean;
}

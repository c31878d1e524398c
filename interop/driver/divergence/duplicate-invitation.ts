import type { MixedNetwork } from "../mixed-network.js";
import { packetsOf, type PacketLine } from "../packet-line.js";
import type { KnownCause } from "./known-cause.js";

/**
 * A steward on 3.0.0 that opened two votes to add one joiner in one epoch, since the key package arrived twice. If both
 * pass, its commit has two proposals and one Add. The steward merges it, and other members on 3.0.0 reject it
 * (weakness W10).
 */
export function duplicateInvitation(network: MixedNetwork): KnownCause | undefined {
  for (const member of network.members.values()) {
    const { name, kind } = member;
    const invited = new Set<string>();
    for (const line of kind === "rust" ? network.linesSince(member) : []) {
      if (line["event"] === "commit_applied") invited.clear();
      const [packet] = packetsOf([line]);
      const identity = packet && invitationIn(packet);
      if (packet === undefined || identity === undefined) continue;
      if (invited.has(identity)) {
        const what = `${name} opened a second vote to add ${identity}`;
        return { weakness: "W10", what, packet: `packet ${packet.seq} of ${name}` };
      }
      invited.add(identity);
    }
  }
  return undefined;
}

/** The joiner that a packet proposes to add, from its sender's view. */
function invitationIn({ meaning }: PacketLine): string | undefined {
  const view = meaning as { kind?: string; proposal?: { decoded_payload?: Payload } } | null;
  const payload = view?.kind === "proposal" ? view.proposal?.decoded_payload : undefined;
  return payload?.kind === "invite_member" ? payload.identity : undefined;
}

interface Payload {
  readonly kind: string;
  readonly identity?: string;
}

import type { Member } from "../member.js";
import type { MixedNetwork } from "../mixed-network.js";
import { proposalIn, type PacketLine } from "../packet-line.js";
import type { Line } from "../peer.js";
import { requestedVote } from "../vote-request.js";
import type { KnownCause } from "./known-cause.js";

/**
 * The first proposal since the last agreement that one of these members on 3.0.0 dropped, because the member had not
 * merged the commit of its epoch (weakness W13) or had not joined yet (weakness W6). 3.0.0 does not buffer proposals.
 */
export function droppedProposal(
  network: MixedNetwork,
  suspects: ReadonlySet<Member>,
): KnownCause | undefined {
  for (const delivery of network.deliveriesSince()) {
    const { packet, from, to } = delivery;
    const proposalId = proposalIn(packet);
    if (!suspects.has(to) || proposalId === undefined || wasAskedToVote(to, proposalId)) continue;
    const epoch = epochOf(packet);
    const own = epochAt(to, delivery.linesBefore);
    const needed = own === undefined ? entryAfter(to, delivery.linesBefore) : own + 1;
    if (epoch === undefined || needed === undefined || epoch < needed) continue;
    return {
      weakness: own === undefined ? "W6" : "W13",
      what: `${to.name} dropped proposal ${proposalId} of epoch ${epoch}: it was ${own === undefined ? "not in the group yet" : `in epoch ${own}`}`,
      packet: `packet ${packet.seq} of ${from.name}`,
    };
  }
  return undefined;
}

function wasAskedToVote(member: Member, proposalId: number): boolean {
  return member.lines.some((line) => requestedVote(line) === proposalId);
}

/** The epoch in the header of an MLS PrivateMessage (RFC 9420, section 6.3); a candidate has none. */
function epochOf({ payload_b64, subtopic }: PacketLine): number | undefined {
  const bytes = Buffer.from(payload_b64, "base64");
  if (subtopic !== "app_msg" || bytes.length < 13 || bytes.readUInt32BE(0) !== 0x0001_0002) return undefined;
  // The group id is short, so that its length takes one byte.
  const at = 5 + bytes.readUInt8(4);
  return Number(bytes.readBigUInt64BE(at));
}

/** A member's entry into an epoch, with the number of its lines by then. */
interface Entry {
  readonly at: number;
  readonly epoch: number;
}

/** The entries of a member, as the creator and by each join. */
function entries({ lines }: Member): readonly Entry[] {
  return lines.flatMap(({ event, state }, at) => {
    if (event !== "joined" && !(at === 0 && event === "phase_change" && state === "Working")) return [];
    const spoke = lines.findIndex((line, index) => index > at && epochOfLine(line) !== undefined);
    const heard = lines[spoke];
    if (heard === undefined) return [];
    return [{ at, epoch: (epochOfLine(heard) ?? 0) - commits(lines.slice(at, spoke)) }];
  });
}

/** The epoch of a member after `lines` printed lines; `undefined` outside the conversation. */
function epochAt(member: Member, count: number): number | undefined {
  const entry = entries(member).findLast(({ at }) => at < count);
  return entry && entry.epoch + commits(member.lines.slice(entry.at, count));
}

/** The next epoch that a member entered. */
function entryAfter(member: Member, count: number): number | undefined {
  return entries(member).find(({ at }) => at >= count)?.epoch;
}

function epochOfLine(line: Line): number | undefined {
  return line.type === "packet" ? epochOf(line as unknown as PacketLine) : undefined;
}

function commits(lines: readonly Line[]): number {
  return lines.filter(({ event }) => event === "commit_applied").length;
}

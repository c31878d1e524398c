import type { Member } from "../member.js";
import type { MixedNetwork } from "../mixed-network.js";
import { proposalIn, type PacketLine } from "../packet-line.js";
import type { Line } from "../peer.js";
import { requestedVote } from "../vote-request.js";
import type { KnownCause } from "./known-cause.js";

/**
 * The first proposal, since all last agreed, that one of these members of 3.0.0 dropped because it was of an epoch that the member had not entered
 * yet: not merged (weakness W13), or not even joined (weakness W6). It keeps nothing for later.
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
      what: `${to.name} dropped proposal ${proposalId} of epoch ${epoch}: it was ${own === undefined ? "not in yet" : `in epoch ${own}`}`,
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
  // The group id is short enough for a length of one byte.
  const at = 5 + bytes.readUInt8(4);
  return Number(bytes.readBigUInt64BE(at));
}

/** When a member came in, by its lines, and into which epoch. */
interface Entry {
  readonly at: number;
  readonly epoch: number;
}

/** Its entries: as the creator, and whenever it joined. */
function entries({ lines }: Member): readonly Entry[] {
  return lines.flatMap(({ event, state }, at) => {
    if (event !== "joined" && !(at === 0 && event === "phase_change" && state === "Working")) return [];
    const spoke = lines.findIndex((line, index) => index > at && epochOfLine(line) !== undefined);
    const heard = lines[spoke];
    if (heard === undefined) return [];
    return [{ at, epoch: (epochOfLine(heard) ?? 0) - commits(lines.slice(at, spoke)) }];
  });
}

/** The epoch that a member was in when it had printed so many lines; `undefined` while it was out. */
function epochAt(member: Member, count: number): number | undefined {
  const entry = entries(member).findLast(({ at }) => at < count);
  return entry && entry.epoch + commits(member.lines.slice(entry.at, count));
}

/** The epoch that a member came into next. */
function entryAfter(member: Member, count: number): number | undefined {
  return entries(member).find(({ at }) => at >= count)?.epoch;
}

function epochOfLine(line: Line): number | undefined {
  return line.type === "packet" ? epochOf(line as unknown as PacketLine) : undefined;
}

function commits(lines: readonly Line[]): number {
  return lines.filter(({ event }) => event === "commit_applied").length;
}

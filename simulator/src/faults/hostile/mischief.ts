import { createHash } from "node:crypto";
import { foldProposalId, ID_RANDOM_BYTES, prepareVote, withSignature } from "@demls/consensus";
import type { SeededRandom } from "@demls/testkit";
import { decodeAppMessage, type AppMessage, type Proposal, type RepairMessage } from "@demls/wire";
import { APP_MSG_SUBTOPIC, REPAIR_SUBTOPIC, type Packet } from "@demls/wire/core";
import { GARDEN, type Person, type Sending } from "../../world/person.js";
import type { World } from "../../world/world.js";

/** Every member, of a packet's receivers. */
export const everyone: Sending["to"] = () => true;

/** A hostile member with its own randomness. */
export interface Mischief {
  readonly world: World;
  readonly person: Person;
  readonly random: SeededRandom;
  /** Packets that it has received. */
  readonly kept: Packet[];
  /** Hashes of commits that it knows, in hex. */
  readonly commits: string[];
  /** Half of the members that gets a commit of it, by the hash in hex; the others get a twin. */
  readonly halves: Map<string, (name: string) => boolean>;
}

/** Some of the members, a half on average. */
export function sides(random: SeededRandom): (name: string) => boolean {
  const own = random.fork("sides");
  return (name) => own.fork(name).integer(0, 1) === 0;
}

/** Half of the other members, in the order in which they are asked for. */
export function halfOf(random: SeededRandom): (name: string) => boolean {
  const side = new Map<string, boolean>();
  const starts = random.integer(0, 1);
  return (name) => {
    const known = side.get(name) ?? (side.size + starts) % 2 === 0;
    side.set(name, known);
    return known;
  };
}

export function readRepair(
  { puppet }: Person,
  { subtopic, payload }: Packet,
): Promise<{ readonly message: RepairMessage; readonly keyId: string } | undefined> {
  return subtopic === REPAIR_SUBTOPIC && puppet ? puppet.openRepair(payload) : Promise.resolve(undefined);
}

export async function publishRepair(person: Person, message: RepairMessage, keyId?: string): Promise<void> {
  const payload = await person.puppet?.repair(message, keyId);
  if (payload !== undefined) await publish(person, REPAIR_SUBTOPIC, payload);
}

export async function say(person: Person, message: AppMessage, to = everyone): Promise<void> {
  const payload = await person.puppet?.seal(message);
  if (payload !== undefined) await publish(person, APP_MSG_SUBTOPIC, payload, to);
}

/** Publishes a vote that its library would not cast, dated to so many seconds after the proposal. */
export async function castVote(
  person: Person,
  proposal: Proposal,
  {
    choice,
    random,
    seconds = 0,
  }: { readonly choice: boolean; readonly random: SeededRandom; readonly seconds?: number },
  to = everyone,
): Promise<void> {
  const voteId = foldProposalId(random.bytes(ID_RANDOM_BYTES));
  const ballot = { voter: person.signer.identity, choice, voteId };
  const unsigned = prepareVote(proposal, ballot, proposal.timestamp + BigInt(seconds));
  const vote = withSignature(unsigned, await person.signer.sign(unsigned.message));
  await say(person, { kind: "vote", vote }, to);
}

export async function publish(
  person: Person,
  subtopic: string,
  payload: Uint8Array,
  to: (name: string) => boolean = everyone,
): Promise<void> {
  const appId = new Uint8Array(16);
  await person.publish({ packet: { payload, subtopic, conversationId: GARDEN, appId }, to });
}

/** SHA-256 of the commit in a packet, in hex. */
export function commitIn({ payload }: Packet): string | undefined {
  const decoded = decodeAppMessage(payload);
  if (!decoded.ok || decoded.value.kind !== "commit_candidate") return undefined;
  return createHash("sha256").update(decoded.value.candidate.commitMessage).digest("hex");
}

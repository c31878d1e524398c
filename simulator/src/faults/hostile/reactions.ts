import { decodeAppMessage, encodeAppMessage } from "@demls/wire";
import { APP_MSG_SUBTOPIC, bytesToHex, hexToBytes, REPAIR_SUBTOPIC, type Packet } from "@demls/wire/core";
import type { OwnCandidate } from "@demls/mls";
import type { SeededRandom } from "@demls/testkit";
import type { Sending } from "../../world/person.js";
import { commitIn, everyone, halfOf, publishRepair, readRepair, sides, type Mischief } from "./mischief.js";

/** Packets to publish in place of another one; undefined leaves it alone. */
export type Reaction = (mischief: Mischief, packet: Packet) => Promise<readonly Sending[] | undefined>;

/** Reactions to packets of its library, by trait. */
export const REACTIONS: Readonly<Record<string, Reaction>> = {
  /** Another choice for some of the members. */
  async chooses({ person, random, commits }, packet) {
    const opened = await readRepair(person, packet);
    if (opened?.message.kind !== "choice") return undefined;
    const chosen = bytesToHex(opened.message.commitHash);
    const twin = person.puppet?.twinOf(chosen)?.hash;
    const others = commits.filter((hash) => hash !== chosen).map((hash) => hexToBytes(hash));
    const commitHash = random.pick([twin, ...others.slice(-2), random.bytes(32)]) ?? random.bytes(32);
    const second = await person.puppet?.repair({ kind: "choice", commitHash }, opened.keyId);
    if (second === undefined) return undefined;
    const isFirst = sides(random);
    return [
      { packet, to: isFirst },
      { packet: { ...packet, payload: second }, to: (name) => !isFirst(name) },
    ];
  },
  /** A commit with its choice for a half of the members, and a twin of both for the others. */
  async equivocates({ person, random, halves }, packet) {
    const opened = await readRepair(person, packet);
    const message = opened?.message;
    const hash = message?.kind === "choice" ? bytesToHex(message.commitHash) : commitIn(packet);
    const twin = hash === undefined ? undefined : person.puppet?.twinOf(hash);
    if (hash === undefined || twin === undefined) return undefined;
    const isFirst = halves.get(hash) ?? halfOf(random);
    halves.set(hash, isFirst);
    const payload =
      opened === undefined
        ? twinCandidate(packet, twin)
        : await person.puppet?.repair({ kind: "choice", commitHash: twin.hash }, opened.keyId);
    return (
      payload && [
        { packet, to: isFirst },
        { packet: { ...packet, payload }, to: (name) => !isFirst(name) },
      ]
    );
  },
  /** Another commit with the same changes, for some of the members or for all. */
  async commits({ person, random, commits }, packet) {
    const hash = packet.subtopic === APP_MSG_SUBTOPIC ? commitIn(packet) : undefined;
    const twin = hash === undefined ? undefined : person.puppet?.twinOf(hash);
    const payload = twin && twinCandidate(packet, twin);
    if (twin === undefined || payload === undefined) return undefined;
    commits.push(bytesToHex(twin.hash));
    const isFirst = sides(random);
    const isBoth = random.integer(0, 2) === 0;
    return [
      { packet, to: (name) => isBoth || isFirst(name) },
      { packet: { ...packet, payload }, to: (name) => isBoth || !isFirst(name) },
    ];
  },
  /** Some of its choices, commits, votes and answers, from some or from all. */
  async withholds({ person, random, world }, packet) {
    const opened = await readRepair(person, packet);
    const name = opened?.message.kind ?? world.records.nameOf(packet);
    const isUseful = ["choice", "served", APP_MSG_SUBTOPIC, "commit_candidate"].includes(name);
    if (!isUseful || random.integer(0, 1) === 0) return undefined;
    const reaches = sides(random);
    return random.integer(0, 1) === 0 ? [] : [{ packet, to: reaches }];
  },
  /** Its own answers pretend a later epoch. It also answers requests with rubbish. */
  async lies({ person, random }, packet) {
    const opened = await readRepair(person, packet);
    if (opened?.message.kind !== "served") return undefined;
    const { message, keyId } = opened;
    const lie = await person.puppet?.repair(
      {
        ...message,
        packets: [],
        epoch: message.epoch + BigInt(random.integer(0, 3)),
        more: random.integer(0, 1) === 1,
      },
      keyId,
    );
    return lie && [{ packet: { ...packet, payload: lie }, to: everyone }];
  },
};

/** A candidate packet with another commit. */
function twinCandidate({ payload }: Packet, twin: OwnCandidate): Uint8Array | undefined {
  const decoded = decodeAppMessage(payload);
  if (!decoded.ok || decoded.value.kind !== "commit_candidate") return undefined;
  const { candidate } = decoded.value;
  return encodeAppMessage({
    kind: "commit_candidate",
    candidate: { ...candidate, mlsProposals: twin.proposals, commitMessage: twin.commit },
  });
}

/** Answers another member's request with packets that it has not asked for. */
export async function answer(
  { person, world, kept }: Mischief,
  random: SeededRandom,
  packet: Packet,
): Promise<void> {
  const opened = await readRepair(person, packet);
  if (opened?.message.kind !== "progress" || !opened.message.asks || random.integer(0, 2) > 0) return;
  if (!world.plan.has(`answer-${bytesToHex(opened.message.nonce).slice(0, 6)}`)) return;
  const some = random.shuffle(kept).slice(0, 20);
  const of = (subtopic: string): readonly Uint8Array[] =>
    some.filter((each) => each.subtopic === subtopic).map(({ payload }) => payload);
  await publishRepair(
    person,
    {
      kind: "served",
      nonce: opened.message.nonce,
      packets: of(APP_MSG_SUBTOPIC),
      choices: of(REPAIR_SUBTOPIC),
      voids: [],
      more: random.integer(0, 1) === 1,
      epoch: (person.puppet?.group?.epoch ?? 0n) + BigInt(random.integer(0, 5)),
    },
    opened.keyId,
  );
}

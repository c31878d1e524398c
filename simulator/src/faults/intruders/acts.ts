import { memberKey, parseInvitation, readProbe, sealReadiness, type RequestState } from "@demls/join";
import { fakeVoteVerifier, type SeededRandom } from "@demls/testkit";
import { decodeConversationUpdateRequest, encodeWelcomeMessage, type Proposal } from "@demls/wire";
import { hexToBytes, JOIN_SUBTOPIC, memberIdToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import type { ChangeRequest } from "demls";
import { activeMembers, isMember } from "../../world/members.js";
import { GARDEN, type Person } from "../../world/person.js";
import type { World } from "../../world/world.js";
import type { Guests } from "../guests.js";
import { castVote, everyone, publish } from "../hostile/mischief.js";

const PARTY = { min: 2, max: 5 };
const REPLAYS = 60;
const REPLAYS_MS = 10_000;
const DEADLINE_MS = 300_000;
/** Time for a proposal to arrive. */
const VOTES_MS = 2_000;
const LIES: readonly RequestState[] = ["none", "member", "refused", "banned", "used-up", "approved"];

/** Hostile people with all that they hear. */
export interface Gang {
  readonly world: World;
  readonly random: SeededRandom;
  /** The one that is a member from the beginning. */
  readonly leader: Person;
  readonly guests: Guests;
  readonly people: Person[];
  /** Packets of joins, of all people. */
  readonly kept: Packet[];
  /** Those with a group of their own that has the id of the group. */
  readonly copiers: Person[];
}

/** Acts of the gang, by name. */
export const ACTS: Readonly<Record<string, (gang: Gang) => Promise<void>>> = {
  /** A party redeems a line of an honest member, more often than it allows. */
  async overuses({ world, random, people }) {
    const line = world.door.lines.filter(({ uses }) => uses > 0).at(-1);
    if (line !== undefined) await bring({ world, people }, line.text, line.uses + random.integer(1, 4));
  },
  /** The member of the gang lets a party in by a line without a bound. */
  async invites({ world, random, leader, guests, people }) {
    const line = await guests.issue(leader, 0);
    if (line !== undefined) await bring({ world, people }, line.text, random.integer(PARTY.min, PARTY.max));
  },
  /** Each of the gang that has come in proposes to remove an honest member. */
  async evicts({ world, random, leader, people }) {
    for (const person of people.filter((each) => each !== leader && isMember(each))) {
      const victim = random.pick(activeMembers(world).filter(({ puppet }) => puppet === undefined));
      await person.conversation?.proposeRemove(victim.id).accepted.catch(() => undefined);
    }
  },
  /** Those that have come in propose an emergency or an election, and vote on all that is open but joiners. */
  async decides({ world, random, leader, people }) {
    const newcomers = people.filter((each) => each !== leader && isMember(each));
    const state = leader.conversation?.state;
    if (newcomers.length === 0 || state?.epoch === undefined) return;
    const proposer = random.pick(newcomers);
    const request = random.pick(requestsOf(proposer, newcomers, state.epoch));
    await proposer.conversation?.propose(request).accepted.catch(() => undefined);
    world.after(VOTES_MS, () => {
      for (const person of newcomers) void voteFor(person, random.fork(person.name));
    });
  },
  /** One founds a group with the name and the id of the group, which lets everybody in at once. */
  async counterfeits({ world, leader, copiers }) {
    const groupId = leader.conversation?.state.groupId;
    if (groupId === undefined || copiers.length > 0) return;
    const copier = await world.enter({ isHostile: true });
    await copier.counterfeit(groupId);
    copiers.push(copier);
  },
  /** Forged notices of leaves, for honest people in the group and before it. */
  async notices({ world, random, leader }) {
    const groupId = hexToBytes(leader.conversation?.state.groupId ?? "");
    for (const { id, puppet } of world.people) {
      if (puppet !== undefined || groupId === undefined) continue;
      const notice = { identity: memberIdToBytes(id), admission: random.bytes(16), groupId };
      await publish(leader, WELCOME_SUBTOPIC, encodeWelcomeMessage({ kind: "leaf_notice", ...notice }));
    }
  },
  /** Old key packages, welcomes, confirmations, probes, answers and withdrawals; some have a byte changed. */
  async replays({ world, random, leader, kept }) {
    for (const packet of random.shuffle(kept).slice(0, REPLAYS))
      world.after(random.integer(0, REPLAYS_MS), () => {
        const payload = packet.payload.slice();
        const at = random.integer(0, 2 * payload.length);
        if (at < payload.length) payload[at] = random.integer(0, 255);
        void leader.publish({ packet: { ...packet, payload }, to: everyone });
      });
  },
};

/** Votes for the newest proposals that settled members alone decide. */
async function voteFor(person: Person, random: SeededRandom): Promise<void> {
  for (const proposal of person.puppet?.proposals.slice(-4) ?? [])
    if (!isAddition(proposal)) await castVote(person, proposal, { choice: true, random });
}

/** Requests that settled members alone decide. */
function requestsOf(
  { id: creator }: Person,
  newcomers: readonly Person[],
  epoch: bigint,
): readonly ChangeRequest[] {
  const evidence = { creator, epoch, target: creator, payload: new Uint8Array() };
  return [
    { kind: "emergency", evidence: { ...evidence, violation: "deadlock" } },
    { kind: "emergency", evidence: { ...evidence, violation: "censorshipInactivity" } },
    { kind: "electStewards", stewards: newcomers.map(({ id }) => id), electionEpoch: epoch, retryRound: 0 },
  ];
}

function isAddition({ payload }: Proposal): boolean {
  const request = decodeConversationUpdateRequest(payload);
  return request.ok && request.value.kind === "invite_member";
}

/** New people of the gang join by a line. */
async function bring(
  { world, people }: Pick<Gang, "world" | "people">,
  line: string,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const person = await world.enter({ isHostile: true });
    people.push(person);
    const attempt = person.attempt(line, { deadlineMs: DEADLINE_MS });
    for (const each of [attempt?.conversation, attempt?.started, attempt?.ready])
      each?.catch(() => undefined);
  }
}

/** Answers the probe of a guest with a lie, as the founder of a copy that holds the same line. */
export async function answerProbe({ world, random, copiers }: Gang, { payload }: Packet): Promise<void> {
  const copier = copiers.at(-1);
  const { group, mls } = copier?.puppet ?? {};
  const own = group?.roster.find(({ leafIndex }) => leafIndex === group.leafIndex);
  const read = readProbe(payload);
  if (copier === undefined || own?.identityProof === undefined || !read.ok || mls === undefined) return;
  const line = world.door.lines.find(({ id }) => id === read.probe.invitation.id);
  if (line === undefined || group === undefined) return;
  const nowSeconds = Math.floor(world.clock.wallMs() / 1_000);
  const held = await parseInvitation(line.text, { verifier: fakeVoteVerifier, nowSeconds });
  const lie = random.fork(world.clock.monotonicMs());
  const { signatureKey, keySince, identityProof } = own;
  const readiness = {
    ...{ groupId: group.groupId, member: copier.id, signatureKey, keySince, identityProof },
    ...{ epoch: BigInt(lie.integer(0, 9)), head: lie.bytes(32), sentAt: nowSeconds },
    ...{ appliedMessages: lie.integer(0, 99), memberCount: lie.integer(1, 9) },
    request: { state: lie.pick(LIES), yes: 1, no: 0, voters: 1, millisecondsLeft: 0 },
  };
  const sealed = await sealReadiness(read.probe, readiness, {
    memberKey: memberKey(held.secret),
    sign: (label, content) => mls.sign(group, label, content),
    seal: (...parts) => mls.hpkeSeal(...parts),
  });
  world.count("forged answers");
  const packet = {
    payload: sealed,
    subtopic: JOIN_SUBTOPIC,
    conversationId: GARDEN,
    appId: new Uint8Array(16),
  };
  await copier.publish({ packet, to: everyone });
}

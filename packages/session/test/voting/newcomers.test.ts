import type { MlsChange } from "@demls/mls";
import { commitHash } from "@demls/steward";
import type { EpochRecord, Newcomers, StatedArrival } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Consent } from "../../src/model/changes.js";
import type { Arrival } from "../../src/model/joining.js";
import { LIMITS } from "../../src/model/limits.js";
import { removeRequest } from "../../src/model/request.js";
import { electorateFor } from "../../src/voting/electorate.js";
import { hasTooManyGuests } from "../../src/voting/newcomers.js";
import {
  accusation,
  additionOf,
  alter,
  candidatePacket,
  candidatesBy,
  castOf,
  eventsOf,
  forgedCommit,
  forgedProposal,
  fork,
  GARDEN,
  gather,
  nowSeconds,
  receive,
  recordOf,
  runFor,
  runUntil,
  sealed,
  sendUnchecked,
  settle,
  signedVote,
  stranger,
  take,
  type Member,
  type World,
  keepToStewards,
} from "../harness/index.js";
import { currentEpochOf, repairPacket, transactionOf } from "../lost-packets/material.js";

const DAY = 86_400n;
const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank"] as const;
const settled = await gather(NAMES, {
  mode: "strict",
  fakes: true,
  config: { probationMs: Number(DAY) * 1_000 },
  stewards: { snMin: 1, snMax: 3 },
});
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, one: Member, two: Member, newcomer: Member;

const arrival = (twist: Partial<Arrival> = {}): Arrival => ({
  since: nowSeconds(world) - 60n,
  sponsor: steward.id,
  ...{ invited: true, byHand: false, confirmed: false, confirmedBy: [] },
  ...twist,
});

/** Puts members on probation, and all others not, at all members. */
function putOnProbation(...newcomers: readonly Member[]): void {
  const arrivals = new Map(newcomers.map(({ id }) => [id, arrival()]));
  for (const member of world.members) alter(member, "admission", { arrivals });
}

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const cast = castOf(world);
  ({ steward } = cast);
  [one, two, newcomer] = cast.others;
  putOnProbation(newcomer);
});

const arrivalsOf = ({ state }: Member): ReadonlyMap<string, Arrival> => state.admission.arrivals;

describe("A commit is not chosen by honest members if its record", () => {
  /** The phase of a member after its freeze, with a commit of this record alone that adds a stranger. */
  async function freezeWith(
    twist: (newcomers: Newcomers) => Newcomers,
    consent: Partial<Consent> = {},
  ): Promise<string> {
    keepToStewards(world);
    const addition = await additionOf(world, stranger(1), "one");
    const ground = {
      ...{ sponsor: two.id, invitation: undefined, vouched: false },
      proposedAt: nowSeconds(world),
    };
    const change = { proposalId: 1, request: addition, proposer: two.id };
    for (const member of world.members) {
      const approved = [{ ...change, consent: { kind: "default", ...ground, ...consent } as const }];
      alter(member, "changes", { approved });
      await take(world, member, { kind: "tick" });
    }
    world.arrives = () => false;
    const twisted = ({ state, ...rest }: EpochRecord): EpochRecord => {
      if (state.newcomers === undefined) throw new Error("The record states no newcomers.");
      const dated = each((a) => (isJoiner(a) ? { since: nowSeconds(world) } : {}))(state.newcomers);
      return { ...rest, state: { ...state, newcomers: twist(dated) } };
    };
    const { keyPackage } = addition;
    const commit = await forgedCommit(
      steward,
      [{ kind: "add", keyPackage }],
      await recordOf(steward, twisted),
    );
    await receive(world, one, candidatePacket(steward, commit));
    expect(candidatesBy(one, steward)).toHaveLength(1);
    await runUntil(world, () => ["selection", "reelection"].includes(one.state.phase));
    return one.state.phase;
  }

  const each =
    (change: (arrival: StatedArrival) => Partial<StatedArrival>) =>
    (newcomers: Newcomers): Newcomers => ({
      ...newcomers,
      arrivals: newcomers.arrivals.map((stated) => ({ ...stated, ...change(stated) })),
    });

  const isJoiner = ({ member }: StatedArrival): boolean => memberIdFromBytes(member) === joinerId;
  const joinerId = memberIdFromBytes(stranger(1));

  test("is the author's genuine one: then it is", async () => {
    expect(await freezeWith((newcomers) => newcomers)).toBe("selection");
  });

  test.each<[string, (newcomers: Newcomers) => Newcomers]>([
    ["has the joiner come in a day ago", each((a) => (isJoiner(a) ? { since: a.since - DAY } : {}))],
    ["has the joiner come in tomorrow", each((a) => (isJoiner(a) ? { since: a.since + DAY } : {}))],
    ["has the joiner confirmed", each((a) => (isJoiner(a) ? { confirmed: true } : {}))],
    ["has the joiner let in by votes by hand", each((a) => (isJoiner(a) ? { byHand: true } : {}))],
    [
      "has another member answer for it",
      each((a) => (isJoiner(a) ? { sponsor: memberIdToBytes(one.id) } : {})),
    ],
    [
      "leaves the joiner out",
      ({ arrivals, ...rest }) => ({ ...rest, arrivals: arrivals.filter((a) => !isJoiner(a)) }),
    ],
    ["leaves a newcomer out", ({ arrivals, ...rest }) => ({ ...rest, arrivals: arrivals.filter(isJoiner) })],
    ["has a newcomer confirmed", each((a) => (isJoiner(a) ? {} : { confirmed: true }))],
    ["has a newcomer come in a day ago", each((a) => (isJoiner(a) ? {} : { since: a.since - DAY }))],
    [
      "has another member answer for a newcomer",
      each((a) => (isJoiner(a) ? {} : { sponsor: memberIdToBytes(one.id) })),
    ],
    ["ends probation", (newcomers) => ({ ...newcomers, probationMs: 0n })],
    ["lifts the bound on guests", (newcomers) => ({ ...newcomers, guestShare: 0 })],
  ])("%s", async (_what, twist) => {
    expect(await freezeWith(twist)).toBe("reelection");
  });

  test("puts an old member on probation", async () => {
    const { confirmedBy: _, sponsor, ...fields } = arrival();
    const stated = { ...fields, sponsor: memberIdToBytes(sponsor), member: memberIdToBytes(two.id) };
    expect(await freezeWith(({ arrivals, ...rest }) => ({ ...rest, arrivals: [...arrivals, stated] }))).toBe(
      "reelection",
    );
  });

  test.each(["names one twice", "has more arrivals than a group can have", "has a long sponsor"])(
    "%s: then it is not even held",
    async (what) => {
      const { keyPackage } = await additionOf(world, stranger(1), "one");
      const twist = ({ state, ...rest }: EpochRecord): EpochRecord => {
        const { newcomers } = state;
        const [known] = newcomers?.arrivals ?? [];
        if (newcomers === undefined || known === undefined) throw new Error("No arrival is stated.");
        const crowd = Array.from({ length: LIMITS.arrivals + 1 }, (_, index) => ({
          ...known,
          member: memberIdToBytes(memberIdFromBytes(Uint8Array.of(index >> 8, index & 0xff))),
        }));
        const flawed = {
          "names one twice": [known, known],
          "has more arrivals than a group can have": crowd,
          "has a long sponsor": [{ ...known, sponsor: new Uint8Array(LIMITS.sponsorIdBytes + 1) }],
        }[what];
        return { ...rest, state: { ...state, newcomers: { ...newcomers, arrivals: flawed ?? [] } } };
      };
      const commit = await forgedCommit(
        steward,
        [{ kind: "add", keyPackage }],
        await recordOf(steward, twist),
      );
      const outcome = await receive(world, one, candidatePacket(steward, commit));
      expect(outcome).toMatchObject({ kind: "rejected", detail: "unreadable-record" });
    },
  );
});

describe("Members that are not on probation decide", () => {
  const voters = (at?: bigint) =>
    electorateFor(transactionOf(world, one), removeRequest(two.id), one.state.group.members, at);

  test("on a removal, an accusation and an election, and newcomers on a joiner as well", async () => {
    const tx = transactionOf(world, one);
    const { members } = one.state.group;
    const old = members.filter((member) => member !== newcomer.id);
    expect(voters()).toEqual(old.filter((member) => member !== two.id));
    expect(electorateFor(tx, accusation(one, two))).toEqual(old);
    const election = { kind: "electStewards", stewards: [one.id], electionEpoch: 1n, retryRound: 0 } as const;
    expect(electorateFor(tx, election)).toEqual(old);
    expect(electorateFor(tx, await additionOf(world, stranger(1), "one"))).toEqual(members);
  });

  test("also if a proposal states a time of tomorrow, or of before they came", () => {
    const now = nowSeconds(world);
    expect(voters(now + DAY)).not.toContain(newcomer.id);
    putOnProbation();
    for (const member of world.members)
      alter(member, "admission", { arrivals: new Map([[steward.id, arrival({ since: now - 2n * DAY })]]) });
    expect(voters(now - 3n * DAY)).toContain(steward.id);
  });

  test("as the proposal's time says, so that all have the same voters at the end of a probation", () => {
    const since = nowSeconds(world) - DAY;
    for (const member of world.members)
      alter(member, "admission", { arrivals: new Map([[newcomer.id, arrival({ since })]]) });
    expect(voters(since + DAY - 1n)).not.toContain(newcomer.id);
    expect(voters(since + DAY)).toContain(newcomer.id);
  });

  test("and none is removed at a newcomer's proposal but by their votes by hand", async () => {
    const expectedVotersCount = voters()?.length ?? 0;
    const proposal = forgedProposal(world, newcomer, removeRequest(two.id), { expectedVotersCount });
    await receive(world, one, await sealed(newcomer, { kind: "proposal", proposal }));
    expect(eventsOf(one, "voteRequested").at(-1)).toMatchObject({ defaultVote: false });
  });

  test("and a newcomer's request that a steward proposes a removal is rejected", async () => {
    const message = {
      kind: "ban_request",
      userToBan: memberIdToBytes(two.id),
      conversationName: GARDEN,
    } as const;
    const outcome = await receive(world, one, await sealed(newcomer, message));
    expect(outcome).toMatchObject({ kind: "rejected", reason: "not-a-voter", sender: newcomer.id });
    expect(one.state.changes.pending.size).toBe(0);
  });

  test("but all do if there are none but newcomers", () => {
    putOnProbation(...world.members);
    expect(voters()).toEqual(one.state.group.members.filter((member) => member !== two.id));
  });

  test("and none can vote on the removal of the only one", () => {
    putOnProbation(...world.members.filter((member) => member !== two));
    expect(voters()).toEqual([]);
  });

  test("a forged proposal that counts newcomers among its voters is rejected, and so are their votes", async () => {
    const request = removeRequest(two.id);
    const wide = forgedProposal(world, newcomer, request);
    const packet = await sealed(newcomer, { kind: "proposal", proposal: wide });
    const outcome = await receive(world, one, packet);
    expect(outcome).toMatchObject({ kind: "rejected", reason: "wrong-expected-voters" });
    const fitting = forgedProposal(world, newcomer, request, { expectedVotersCount: voters()?.length ?? 0 });
    await sendUnchecked(world, newcomer, { kind: "proposal", proposal: fitting });
    await settle(world);
    const vote = await signedVote(world, newcomer.signer, fitting, true);
    const refused = await receive(world, one, await sealed(newcomer, { kind: "vote", vote }));
    expect(refused).toMatchObject({ kind: "rejected", reason: "not-a-voter" });
  });
});

describe("A commit that most members have chosen, newcomers nearly all of them", () => {
  /** Newcomers publish a commit that nobody has approved, and choose it. @returns its hash in hex. */
  async function forceCommit(...changes: readonly MlsChange[]): Promise<void> {
    const hostile = world.members.filter((member) => member !== one && member !== two);
    putOnProbation(...hostile);
    world.arrives = ({ to }) => to === one || to === two;
    const author = hostile.find(({ id }) => id === steward.id) ?? newcomer;
    const commit = await forgedCommit(author, changes, await recordOf(author));
    const hash = commitHash(commit.commit);
    await receive(world, one, candidatePacket(author, commit));
    for (const member of hostile) {
      const choice = { kind: "choice", commitHash: hash } as const;
      await receive(world, one, await repairPacket(world, member, choice, currentEpochOf(member)));
    }
    await settle(world);
  }

  test("removes no member", async () => {
    const { epoch } = one.state.group;
    await forceCommit({ kind: "remove", member: two.id });
    await runFor(world, 3_600_000);
    expect(one.state.group.members).toContain(two.id);
    expect(one.state.group.epoch).toBe(epoch);
    // Members that are not on probation go on.
    expect(["working", "reelection", "selection"]).toContain(one.state.phase);
  });

  test("is merged if it removes none: a majority can add anyone", async () => {
    const { epoch } = one.state.group;
    const { keyPackage } = await additionOf(world, stranger(1), "one");
    await forceCommit({ kind: "add", keyPackage });
    expect(one.state.group.epoch).toBe(epoch + 1n);
  });
});

describe("A confirmation", () => {
  test("of a newcomer or of the newcomer itself does not count", async () => {
    const confirm = { kind: "member_confirmation", member: memberIdToBytes(newcomer.id) } as const;
    const other = world.members.find((member) => ![steward, one, two, newcomer].includes(member)) ?? two;
    putOnProbation(newcomer, other);
    for (const sender of [newcomer, other]) {
      const outcome = await receive(world, one, await sealed(sender, confirm));
      expect(outcome).toEqual({ kind: "ignored", reason: "no-confirmation" });
    }
    expect(arrivalsOf(one).get(newcomer.id)?.confirmedBy).toEqual([]);
  });

  test("counts once for each member, and is told once", async () => {
    const confirm = { kind: "member_confirmation", member: memberIdToBytes(newcomer.id) } as const;
    await receive(world, one, await sealed(two, confirm));
    const again = await receive(world, one, await sealed(two, confirm));
    expect(again).toMatchObject({ kind: "ignored" });
    expect(arrivalsOf(one).get(newcomer.id)?.confirmedBy).toEqual([two.id]);
  });
});

describe("A proposal of a changed client", () => {
  test("lets no guest beyond the bound in by the silence of absent members", async () => {
    const accomplice = stranger(9);
    // The steward has had its guests of the day: two for six members.
    const guests = [stranger(7), stranger(8)].map((id) => [memberIdFromBytes(id), arrival()] as const);
    for (const member of world.members) alter(member, "admission", { arrivals: new Map(guests) });
    const request = await additionOf(world, accomplice, "nine");
    const proposal = forgedProposal(world, steward, request);
    const yes = await signedVote(world, steward.signer, proposal, true);
    for (const member of world.members.slice(3)) member.online = member === steward;
    await sendUnchecked(world, steward, { kind: "proposal", proposal: { ...proposal, votes: [yes] } });
    await settle(world);
    await runFor(world, 120_000);
    for (const member of [one, two].filter(({ online }) => online))
      expect(member.state.changes.approved).toEqual([]);
  });
});

test("Silence on a guest counts alike at the members that know of too many guests and at those that do not", async () => {
  const guests = [stranger(7), stranger(8)].map((id) => [memberIdFromBytes(id), arrival()] as const);
  for (const member of world.members) alter(member, "admission", { arrivals: new Map() });
  for (const member of [steward, one, two]) alter(member, "admission", { arrivals: new Map(guests) });
  const request = await additionOf(world, stranger(9), "nine");
  const proposal = forgedProposal(world, steward, request);
  const yes = await signedVote(world, steward.signer, proposal, true);
  // One member is away: of the others, as many vote yes by default as no.
  const [, , away] = world.members.filter((member) => ![steward, one, two].includes(member));
  if (away !== undefined) away.online = false;
  await sendUnchecked(world, steward, { kind: "proposal", proposal: { ...proposal, votes: [yes] } });
  await settle(world);
  await runFor(world, 120_000);
  const deciders = world.members.filter(({ id, online }) => online && id !== steward.id);
  const results = deciders.map((member) => eventsOf(member, "proposalDecided").at(-1)?.result);
  expect(results).toEqual(deciders.map(() => "yes"));
  // What silence has approved, the bound withholds.
  for (const member of [one, two]) expect(member.state.changes.approved).toEqual([]);
});

describe("Property: whatever newcomers there are, and whoever brings them in", () => {
  test("a member and its guests let in at most a third of the settled members, or one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ sponsor: fc.nat(11), ageMinutes: fc.nat(3_000) }), { maxLength: 40 }),
        fc.nat(5),
        (attempts, culprit) => {
          const members = settled.members.map(({ id }) => id);
          const host = members[culprit] ?? members[0];
          const tx = transactionOf(world, one);
          const now = tx.env.nowSeconds;
          let arrivals = new Map<string, Arrival>();
          const present = (): readonly string[] => [...members, ...arrivals.keys()];
          const isMine = (member: string): boolean => {
            const sponsor = arrivals.get(member)?.sponsor;
            return sponsor !== undefined && (sponsor === host || isMine(sponsor));
          };
          const state = tx.state;
          for (const [index, { sponsor }] of attempts.entries()) {
            const candidates = [host, ...[...arrivals.keys()].filter(isMine)];
            const by = candidates[sponsor % candidates.length] ?? host;
            const group = { ...state.group, members: present() as never };
            tx.state = { ...state, group, admission: { ...state.admission, arrivals: arrivals as never } };
            if (by === undefined || hasTooManyGuests(tx, by as never, [])) continue;
            const guest = `${index}`.padStart(40, "0");
            arrivals = new Map([...arrivals, [guest, arrival({ since: now - 1n, sponsor: by as never })]]);
          }
          expect([...arrivals.keys()].filter(isMine).length).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 200 },
    );
  });
});

import { afterEach, describe, expect, test, vi } from "vitest";
import type { ConversationEvent } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  ban,
  castOf,
  encodeMlsHeader,
  groupIdOf,
  encodeState,
  epochStewardOf,
  eventsOf,
  gather,
  MODES,
  packetOf,
  receive,
  send,
  settle,
  STRANGER,
  take,
  until,
  type Member,
  type World,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave"];

/**
 * Every documented kind of event, and whether it occurs in the life below. `reconciled` is tested in
 * w02-order-of-arrival.test.ts, `missed` in repair/, `joinRequested` in voting/admission.test.ts.
 */
const OCCASIONS: Readonly<Record<ConversationEvent["kind"], boolean>> = {
  joined: true,
  ambiguousConversation: false,
  leaving: true,
  message: true,
  joinRequested: false,
  memberConfirmed: false,
  voteRequested: true,
  voteCast: true,
  proposalDecided: true,
  ownProposalSubmitted: true,
  commitCandidateReceived: true,
  reconciled: false,
  commitCandidateChosen: true,
  commitApplied: true,
  membersChanged: true,
  stewardsChanged: true,
  scoreChanged: true,
  phaseChanged: true,
  epochGap: true,
  missed: false,
  delivered: false,
  notDelivered: false,
  provisional: false,
  caughtUp: false,
  rejoined: false,
  branchLost: false,
  equivocated: false,
  memberRejoined: false,
  keysRenewed: false,
  unbanned: false,
  learned: false,
  diverged: true,
  error: true,
};

/** The others remove a member that is not a steward. */
async function banSomebody({
  world,
  members,
}: {
  world: World;
  members: readonly Member[];
}): Promise<Member> {
  const [target] = castOf(world).others;
  const asker = members.find((member) => member !== target) as Member;
  await ban(world, asker, target);
  await until(world, () => target.state.phase === "ended");
  await settle(world);
  return target;
}

/** Ratchet tree in the state of the MLS library; its leaves are in member order. */
interface RatchetTree {
  readonly ratchetTree: readonly (
    | { readonly nodeType: "leaf"; readonly leaf: { readonly hpkePublicKey: Uint8Array } }
    | { readonly nodeType: "parent" }
    | undefined
  )[];
}

/** HPKE public key of a member in another member's ratchet tree. */
function leafKey(viewer: Member, of: Member): string {
  const { group } = viewer.state;
  if (group === undefined) throw new Error(`${viewer.name} is in no group.`);
  const { ratchetTree } = group.state as RatchetTree;
  const leaves = ratchetTree.flatMap((node) => (node?.nodeType === "leaf" ? [node.leaf] : []));
  return String(leaves[group.members.indexOf(of.id)]?.hpkePublicKey);
}

describe("W20: missing events, ambient clocks, and keys that are never updated", () => {
  afterEach(() => void vi.setSystemTime(0));

  describe.each(MODES)("in %s mode", (mode) => {
    test("every documented event is emitted on its occasion", async () => {
      const life = await gather(NAMES, { mode });
      const { world, members } = life;
      const [alice, bob] = members as [Member, Member];
      await send(world, alice, "hello");
      for (const epoch of [1n, 9n]) {
        const forged = packetOf(bob, encodeMlsHeader(groupIdOf(bob), epoch));
        await receive(world, alice, { ...forged, appId: STRANGER.appId });
      }
      bob.signsAtOnce = false;
      await ban(world, bob, alice);
      const [request] = bob.unsigned.splice(0);
      await take(world, bob, { kind: "signingFailed", requestId: request?.requestId ?? 0 });
      bob.signsAtOnce = true;
      await banSomebody(life);
      const kinds = new Set(members.flatMap(({ events }) => events.map(({ kind }) => kind)));
      const occasions = { ...OCCASIONS, delivered: mode === "strict" };
      const promised = Object.entries(occasions).flatMap(([kind, occurs]) => (occurs ? [kind] : []));
      expect([...kinds].sort()).toEqual(promised.sort());
    });

    test("every member emits a decision, exactly once", async () => {
      const life = await gather(NAMES, { fakes: true, mode });
      const target = await banSomebody(life);
      for (const member of life.members) {
        const told = eventsOf(member, "proposalDecided").filter(({ request }) => request.kind === "remove");
        expect(told).toMatchObject([{ result: "yes", request: removeRequest(target.id) }]);
      }
    });

    test("the platform's clock has no effect: the same life is repeated byte for byte", async () => {
      const lives: string[][] = [];
      for (const platformDate of [0, Date.UTC(2126, 0, 1)]) {
        vi.setSystemTime(platformDate);
        const life = await gather(NAMES, { mode, seed: "twice" });
        await banSomebody(life);
        lives.push(life.members.map(({ state, mls }) => encodeState(state, mls)));
      }
      expect(lives[1]).toEqual(lives[0]);
    });

    test("a committer has a new key after each removal that it commits", async () => {
      const life = await gather(NAMES, { mode });
      const committer = epochStewardOf(life.world, life.members[0] as Member);
      const before = leafKey(committer, committer);
      const target = await banSomebody(life);
      const staying = life.members.filter((member) => member !== target);
      for (const viewer of staying) {
        expect(eventsOf(viewer, "commitApplied").at(-1)?.committer).toBe(committer.id);
        expect(leafKey(viewer, committer)).not.toBe(before);
        expect(leafKey(viewer, committer)).toBe(leafKey(committer, committer));
      }
    });
  });
});

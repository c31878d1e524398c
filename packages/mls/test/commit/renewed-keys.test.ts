import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { STRICT_MARKER, type MlsGroup } from "../../src/index.js";
import { rawCandidate, twistedKeyPackage } from "../forged-candidates.js";
import {
  clientState,
  commitAmong,
  groupOf,
  member,
  stageAndAdopt,
  welcomeAll,
  type GroupMember,
} from "../group-members.js";

const STRICT = { requiredExtensions: [STRICT_MARKER] };

/** Commits nothing but new keys of `committer`; the others merge it. */
async function renew(committer: GroupMember, others: readonly GroupMember[]): Promise<void> {
  const candidate = await commitAmong(committer, others, []);
  expect(candidate).toMatchObject({ actions: [], proposals: [], welcome: undefined });
}

/** HPKE public key of a member's leaf. */
function leafKey(group: MlsGroup, { leafIndex }: MlsGroup): Uint8Array | undefined {
  const node = clientState(group).ratchetTree[2 * leafIndex];
  return node?.nodeType === "leaf" ? node.leaf.hpkePublicKey : undefined;
}

async function trio(): Promise<readonly [GroupMember, GroupMember, GroupMember]> {
  const [alice, bob, carol] = await groupOf(["alice", "bob", "carol"], STRICT);
  if (!alice || !bob || !carol) throw new Error("unreachable");
  return [alice, bob, carol];
}

describe("a commit without changes", () => {
  test("renews the HPKE key of the committer's leaf and keeps the members in agreement", async () => {
    const [alice, bob, carol] = await trio();
    const before = leafKey(alice.group, bob.group);
    await renew(bob, [alice, carol]);
    expect(leafKey(alice.group, bob.group)).not.toEqual(before);
    expect(alice.group.epochAuthenticator).toEqual(bob.group.epochAuthenticator);
    expect(carol.group.roster).toEqual(bob.group.roster);
  });

  test("spends its generation, so that a later candidate of the epoch uses another key", async () => {
    const [alice, bob, carol] = await trio();
    const first = await bob.mls.createCandidate(bob.group, []);
    const second = await bob.mls.createCandidate(first.group, []);
    await stageAndAdopt(carol, second.candidate);
    const one = await alice.mls.stage(alice.group, [], first.candidate.commit);
    const other = await alice.mls.stage(one.group, [], second.candidate.commit);
    expect([one.outcome.kind, other.outcome.kind]).toEqual(["staged", "staged"]);
  });

  test("ends the use of a stolen copy of the committer's state", async () => {
    const [alice, bob, carol] = await trio();
    const thief: GroupMember = { mls: bob.mls, group: bob.group };
    const readBy = async (holder: GroupMember): Promise<string> => {
      const sealed = await alice.mls.seal(alice.group, utf8ToBytes("secret"));
      alice.group = sealed.group;
      return (await holder.mls.open(holder.group, sealed.message)).outcome.kind;
    };
    // Until then, the thief follows the commits of others.
    await commitAmong(alice, [bob, carol, thief], []);
    expect(await readBy(thief)).toBe("application");

    await renew(bob, [alice, carol]);
    expect(await readBy(thief)).toBe("otherEpoch");
    const next = await alice.mls.createCandidate(alice.group, []);
    const attempt = await thief.mls.stage(thief.group, [], next.candidate.commit);
    expect(attempt.outcome).toMatchObject({ kind: "rejected" });
    expect(await readBy(bob)).toBe("application");
  });
});

describe("a strict group", () => {
  test("renews the committer's keys with a commit that only adds members", async () => {
    const [alice, bob, carol] = await trio();
    const before = leafKey(bob.group, alice.group);
    await welcomeAll([alice, bob, carol], [await member("dave")]);
    expect(leafKey(bob.group, alice.group)).not.toEqual(before);
  });

  test("rejects a commit without an update path", async () => {
    const [alice, bob] = await trio();
    const add = { keyPackage: await twistedKeyPackage("dave") };
    const raw = await rawCandidate(clientState(alice.group), [{ proposalType: "add", add }]);
    const { outcome } = await bob.mls.stage(bob.group, raw.proposals, raw.commit);
    expect(outcome).toMatchObject({ kind: "rejected", reason: "invalid-commit" });
  });
});

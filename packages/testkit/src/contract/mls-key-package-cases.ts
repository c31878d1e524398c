import type { MlsChange } from "@demls/mls";
import { expectEqual, present, type ContractCase } from "./contract-case.js";
import { NOW_MS, createCandidate, type Cast } from "./mls-members.js";

const DAY_MS = 24 * 3_600_000;

/** Key packages: what makes one good, and that a welcome spends it. */
export function keyPackageCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "finds its own key packages good, each different",
      async run() {
        const [{ mls, group }] = await cast.group(["alice"]);
        const bob = await cast.service("bob");
        const [one, two] = [await bob.generateKeyPackage(), await bob.generateKeyPackage()];
        expectEqual(one.reference === two.reference, false, "Two references' being the same");
        const good = { ok: true, identity: bob.identity, reference: one.reference };
        for (const found of [await mls.inspectKeyPackage(one.bytes), await mls.canAdd(group, one.bytes)]) {
          expectEqual(
            { ...found, notAfterSeconds: undefined },
            { ...good, notAfterSeconds: undefined },
            "One",
          );
        }
      },
    },
    {
      name: "believes no key package that was changed, is over or to come, or is none",
      async run() {
        const alice = await cast.service("alice");
        const bob = await cast.service("bob");
        const { bytes } = await bob.generateKeyPackage();
        const text = bytes.map((byte, i) => (i === bytes.length - 5 ? byte ^ 1 : byte));
        expectEqual((await alice.inspectKeyPackage(text)).ok, false, "A changed one's being good");
        const malformed = { ok: false, reason: "malformed" };
        expectEqual(await alice.inspectKeyPackage(new Uint8Array(7)), malformed, "Noise");
        const late = await cast.service("late", { wallMs: () => NOW_MS + 84 * DAY_MS });
        expectEqual(await late.inspectKeyPackage(bytes), { ok: false, reason: "expired" }, "An old one");
        const early = await cast.service("early", { wallMs: () => NOW_MS - DAY_MS });
        const notYet = { ok: false, reason: "not-yet-valid" };
        expectEqual(await early.inspectKeyPackage(bytes), notYet, "A future one");
        const huge = { ok: false, reason: "too-large" };
        expectEqual(await alice.inspectKeyPackage(new Uint8Array(16_385)), huge, "One that is too large");
      },
    },
    {
      name: "adds no member twice, nor two of one signature key",
      async run() {
        const [alice, bob] = await cast.group(["alice", "bob"]);
        const { mls, group } = alice;
        const again = (await present(bob, "second member").mls.generateKeyPackage()).bytes;
        expectEqual(await mls.canAdd(group, again), { ok: false, reason: "already-member" }, "A member's");
        const carol = await cast.service("carol");
        const [one, two] = [await carol.generateKeyPackage(), await carol.generateKeyPackage()];
        const twins = { ok: false, reason: "duplicate-signature-key" };
        expectEqual(await mls.canAdd(group, one.bytes, [two.bytes]), twins, "One of two");
        expectEqual((await mls.canAdd(group, one.bytes, [one.bytes])).ok, true, "The same one twice");
      },
    },
    {
      name: "joins with the key package that the welcome names, and tells who let it in",
      async run() {
        const [alice] = await cast.group(["alice"]);
        const bob = await cast.service("bob");
        const [other, own] = [await bob.generateKeyPackage(), await bob.generateKeyPackage()];
        const candidate = await createCandidate(alice, [add(own.bytes)]);
        const welcome = present(candidate.welcome, "welcome");
        const outcome = await bob.join(welcome, [other, own]);
        if (outcome.kind !== "joined") return expectEqual(outcome, "joined", "The outcome");
        const { group, reference, admittedBy } = outcome;
        expectEqual([reference, admittedBy], [own.reference, alice.mls.identity], "What it is told");
        expectEqual(group.epochAuthenticator, candidate.next.epochAuthenticator, "The epoch");
        expectEqual(await bob.join(welcome, [other]), { kind: "notForUs" }, "A welcome to another one");
      },
    },
    {
      name: "joins with no key package of somebody else, none that was wiped, and by no damaged welcome",
      async run() {
        const [alice] = await cast.group(["alice"]);
        const [bob, carol] = [await cast.service("bob"), await cast.service("carol")];
        const own = await bob.generateKeyPackage();
        const { welcome: made, commit } = await createCandidate(alice, [add(own.bytes)]);
        const welcome = present(made, "welcome");
        expectEqual(await carol.join(welcome, [own]), { kind: "invalid", reason: "invalid" }, "Carol");
        const damaged = welcome.map((byte, i) => (i === welcome.length - 1 ? byte ^ 1 : byte));
        expectEqual((await bob.join(damaged, [own])).kind, "invalid", "By a damaged one");
        expectEqual(await bob.join(commit, [own]), { kind: "invalid", reason: "malformed" }, "By a commit");
        expectEqual((await bob.join(welcome, [own])).kind, "joined", "By the genuine one");
        bob.wipeKeyPackage(own);
        expectEqual((await bob.join(welcome, [own])).kind, "invalid", "After it was wiped");
      },
    },
    {
      name: "joins no group in which a key package's lifetime is over",
      async run() {
        const [alice] = await cast.group(["alice"]);
        const own = await (await cast.service("bob")).generateKeyPackage();
        const { welcome } = await createCandidate(alice, [add(own.bytes)]);
        const bob = await cast.service("bob", { wallMs: () => NOW_MS + 85 * DAY_MS });
        const outcome = await bob.join(present(welcome, "welcome"), [own]);
        expectEqual(outcome, { kind: "invalid", reason: "expired-member" }, "The outcome");
      },
    },
  ];
}

function add(keyPackage: Uint8Array): MlsChange {
  return { kind: "add", keyPackage };
}

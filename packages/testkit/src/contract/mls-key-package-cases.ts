import type { MlsChange } from "@demls/mls";
import { expectEqual, present, type ContractCase } from "./contract-case.js";
import { NOW_MS, createCandidate, type Cast } from "./mls-members.js";

const DAY_MS = 24 * 3_600_000;

/** Cases about key packages: validation, adding and joining. */
export function keyPackageCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "accepts its own key packages, all different",
      async run() {
        const [{ mls, group }] = await cast.group(["alice"]);
        const bob = await cast.service("bob");
        const [one, two] = [await bob.generateKeyPackage(), await bob.generateKeyPackage()];
        expectEqual(one.reference === two.reference, false, "Whether two references are equal");
        for (const found of [await mls.inspectKeyPackage(one.bytes), await mls.canAdd(group, one.bytes)]) {
          if (!found.ok) return expectEqual(found.reason, "valid", "One");
          expectEqual([found.identity, found.reference], [bob.identity, one.reference], "One");
        }
      },
    },
    {
      name: "rejects key packages that are altered, expired, not yet valid or malformed",
      async run() {
        const alice = await cast.service("alice");
        const bob = await cast.service("bob");
        const { bytes } = await bob.generateKeyPackage();
        const text = bytes.map((byte, i) => (i === bytes.length - 5 ? byte ^ 1 : byte));
        expectEqual(
          (await alice.inspectKeyPackage(text)).ok,
          false,
          "Whether an altered key package is valid",
        );
        const malformed = { ok: false, reason: "malformed" };
        expectEqual(await alice.inspectKeyPackage(new Uint8Array(7)), malformed, "Noise");
        const late = await cast.service("late", { wallMs: () => NOW_MS + 84 * DAY_MS });
        expectEqual(
          await late.inspectKeyPackage(bytes),
          { ok: false, reason: "expired" },
          "An expired key package",
        );
        const early = await cast.service("early", { wallMs: () => NOW_MS - DAY_MS });
        const notYet = { ok: false, reason: "not-yet-valid" };
        expectEqual(await early.inspectKeyPackage(bytes), notYet, "A future key package");
        const huge = { ok: false, reason: "too-large" };
        expectEqual(
          await alice.inspectKeyPackage(new Uint8Array(16_385)),
          huge,
          "A key package that is too large",
        );
      },
    },
    {
      name: "rejects adding a member twice, or two members with one signature key",
      async run() {
        const [alice, bob] = await cast.group(["alice", "bob"]);
        const { mls, group } = alice;
        const again = (await present(bob, "second member").mls.generateKeyPackage()).bytes;
        expectEqual(
          await mls.canAdd(group, again),
          { ok: false, reason: "already-member" },
          "A member's key package",
        );
        const carol = await cast.service("carol");
        const [one, two] = [await carol.generateKeyPackage(), await carol.generateKeyPackage()];
        const twins = { ok: false, reason: "duplicate-signature-key" };
        expectEqual(
          await mls.canAdd(group, one.bytes, [two.bytes]),
          twins,
          "One of two key packages with the same key",
        );
        expectEqual((await mls.canAdd(group, one.bytes, [one.bytes])).ok, true, "The same key package twice");
      },
    },
    {
      name: "joins with the key package named in the welcome, and reports the committer",
      async run() {
        const [alice] = await cast.group(["alice"]);
        const bob = await cast.service("bob");
        const [other, own] = [await bob.generateKeyPackage(), await bob.generateKeyPackage()];
        const candidate = await createCandidate(alice, [add(own.bytes)]);
        const welcome = present(candidate.welcome, "welcome");
        const outcome = await bob.join(welcome, [other, own]);
        if (outcome.kind !== "joined") return expectEqual(outcome, "joined", "The outcome");
        const { group, reference, admittedBy } = outcome;
        expectEqual([reference, admittedBy], [own.reference, alice.mls.identity], "The outcome");
        expectEqual(group.epochAuthenticator, candidate.next.epochAuthenticator, "The epoch");
        expectEqual(
          await bob.join(welcome, [other]),
          { kind: "notForUs" },
          "A welcome for another key package",
        );
      },
    },
    {
      name: "rejects joining with another member's key package, a wiped one, or a damaged welcome",
      async run() {
        const [alice] = await cast.group(["alice"]);
        const [bob, carol] = [await cast.service("bob"), await cast.service("carol")];
        const own = await bob.generateKeyPackage();
        const { welcome: made, commit } = await createCandidate(alice, [add(own.bytes)]);
        const welcome = present(made, "welcome");
        expectEqual(
          await carol.join(welcome, [own]),
          { kind: "invalid", reason: "invalid" },
          "A join with another member's key package",
        );
        const damaged = welcome.map((byte, i) => (i === welcome.length - 1 ? byte ^ 1 : byte));
        expectEqual((await bob.join(damaged, [own])).kind, "invalid", "A join by a damaged welcome");
        expectEqual(
          await bob.join(commit, [own]),
          { kind: "invalid", reason: "malformed" },
          "A join by a commit",
        );
        expectEqual((await bob.join(welcome, [own])).kind, "joined", "A join by the genuine welcome");
        bob.wipeKeyPackage(own);
        expectEqual((await bob.join(welcome, [own])).kind, "invalid", "A join with a wiped key package");
      },
    },
    {
      name: "rejects joining a group with an expired key package in a leaf",
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

/**
 * Exercises each correction of ts-mls by an operation that fails with the published ts-mls 1.6.4. Run it by plain node
 * in a folder with the packed packages, with a recording as its argument. Prints one line of JSON.
 */
import { readFileSync } from "node:fs";

import { createMlsService } from "@demls/mls";
import { hexToBytes, utf8ToBytes } from "@demls/wire/core";

/** Long before the platform's time, so that each lifetime that begins then has expired by the platform's clock. */
const YEAR_2001_MS = Date.UTC(2001, 0);

const random = { bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)) };
const recorded = JSON.parse(readFileSync(process.argv[2], "utf8"));

console.log(
  JSON.stringify({
    blankHalfTaken: await resultOf(takeBlankHalf),
    blankHalfMade: await resultOf(makeBlankHalf),
    unmergedLeaves: await resultOf(joinAboveUnmergedLeaves),
    injectedClock: await resultOf(joinIn2001),
  }),
);

/** Result of an attempt, or its error as text, so that the other attempts still run. */
function resultOf(attempt) {
  return attempt().catch(String);
}

/**
 * Stages a recorded commit of de-mls 3.0.0 that leaves one half of the tree blank: the path's last secret is not the
 * root's.
 */
async function takeBlankHalf() {
  const mls = await createMlsService({
    identity: hexToBytes(recorded.receiver),
    random,
    wallMs: () => recorded.recorded_seconds * 1_000,
  });
  const group = mls.decodeGroup(hexToBytes(recorded.group));
  const proposals = recorded.proposals.map(hexToBytes);
  return (await mls.stage(group, proposals, hexToBytes(recorded.commit))).outcome.kind;
}

/** Creates and stages such a commit. */
async function makeBlankHalf() {
  const [alice, bob, carol, dave] = await groupOf(["alice", "bob", "carol", "dave"]);
  const { candidate } = await carol.mls.createCandidate(carol.group, [remove(alice), remove(bob)]);
  return (await dave.mls.stage(dave.group, candidate.proposals, candidate.commit)).outcome.kind;
}

/**
 * Joins trees in which a leaf is unmerged at several nodes above it. In the first tree the upper node lists two leaves,
 * and the lower node one of them. In the second tree the upper node has a newer key, and lists no leaf of the lower
 * node.
 */
async function joinAboveUnmergedLeaves() {
  const members = await groupOf(["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"]);
  const [committer, , , fourth, , , seventh, eighth] = members;
  // The path sets keys of the nodes above the committer while two leaves are blank. Members added there later do not
  // know these keys.
  const founder = await commit(committer, [remove(fourth), remove(eighth)]);
  const first = await welcome(founder, ["new fourth", "new eighth"]);
  // Repeats this in the other half of the tree.
  const other = await commit({ mls: first.joiners[1], group: first.outcomes[1].group }, [remove(seventh)]);
  const second = await welcome(other, ["new seventh"]);
  return [...first.outcomes, ...second.outcomes].map(({ kind }) => kind);
}

/** Joins a group of the year 2001: lifetimes are checked by the caller's clock, not the platform's. */
async function joinIn2001() {
  const mls = await service("alice", YEAR_2001_MS);
  const group = await mls.createGroup("garden");
  return (await welcome({ mls, group }, ["bob"], YEAR_2001_MS)).outcomes.map(({ kind }) => kind);
}

function service(name, nowMs = Date.now()) {
  return createMlsService({ identity: utf8ToBytes(name), random, wallMs: () => nowMs });
}

function remove({ mls }) {
  return { kind: "remove", member: mls.identity };
}

/** The member after it has merged its own commit to `changes`. */
async function commit({ mls, group }, changes) {
  const proposed = await mls.createCandidate(group, changes);
  return { mls, group: mls.merge(proposed.group, proposed.candidate) };
}

/** Creates a group of members with these names, in the order of their leaves. */
async function groupOf([founder, ...names]) {
  const mls = await service(founder);
  const group = await mls.createGroup("garden");
  const { committer, joiners, outcomes } = await welcome({ mls, group }, names);
  return [committer, ...joiners.map((joiner, i) => ({ mls: joiner, group: outcomes[i].group }))];
}

/** Adds new members with one commit, and lets them join. */
async function welcome({ mls, group }, names, nowMs = Date.now()) {
  const joiners = await Promise.all(names.map((name) => service(name, nowMs)));
  const keyPackages = await Promise.all(joiners.map((joiner) => joiner.generateKeyPackage()));
  const changes = keyPackages.map(({ bytes }) => ({ kind: "add", keyPackage: bytes }));
  const proposed = await mls.createCandidate(group, changes);
  const outcomes = await Promise.all(
    joiners.map((joiner, i) => joiner.join(proposed.candidate.welcome, [keyPackages[i]])),
  );
  return { committer: { mls, group: mls.merge(proposed.group, proposed.candidate) }, joiners, outcomes };
}

/**
 * Run by plain node in a folder where the packed packages are installed, with a recording as its argument: does what
 * the published ts-mls 1.6.4 can't, once for each of the corrections to it. Prints one line of JSON.
 */
import { readFileSync } from "node:fs";

import { createMlsService } from "@demls/mls";
import { hexToBytes, utf8ToBytes } from "@demls/wire/core";

/** Long before any time that a platform's clock tells: each lifetime that begins then is over. */
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

/** What something comes to, or the error that it ends with: the others are tried all the same. */
function resultOf(attempt) {
  return attempt().catch(String);
}

/** A member of de-mls 3.0.0 commits what leaves one half of the tree blank: the path's last secret isn't the root's. */
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

/** The same, made here, and staged by one who stages the recorded one as well. */
async function makeBlankHalf() {
  const [alice, bob, carol, dave] = await groupOf(["alice", "bob", "carol", "dave"]);
  const { candidate } = await carol.mls.createCandidate(carol.group, [remove(alice), remove(bob)]);
  return (await dave.mls.stage(dave.group, candidate.proposals, candidate.commit)).outcome.kind;
}

/**
 * Joins trees in which a leaf is unmerged at several nodes above it. First, the lower of two nodes lists one of the two
 * leaves that the upper one lists. Then the upper one lists none of the lower one's, having been given a key since.
 */
async function joinAboveUnmergedLeaves() {
  const members = await groupOf(["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"]);
  const [committer, , , fourth, , , seventh, eighth] = members;
  // The path gives keys to the nodes above the committer, while two leaves are free; who takes these knows none of them.
  const founder = await commit(committer, [remove(fourth), remove(eighth)]);
  const first = await welcome(founder, ["new fourth", "new eighth"]);
  // The same in the other half of the tree.
  const other = await commit({ mls: first.joiners[1], group: first.outcomes[1].group }, [remove(seventh)]);
  const second = await welcome(other, ["new seventh"]);
  return [...first.outcomes, ...second.outcomes].map(({ kind }) => kind);
}

/** The caller's clock says what is over, not the platform's. */
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

/** A member as it is after its own commit to `changes`. */
async function commit({ mls, group }, changes) {
  const proposed = await mls.createCandidate(group, changes);
  return { mls, group: mls.merge(proposed.group, proposed.candidate) };
}

/** A group of these names, in the order of their leaves. */
async function groupOf([founder, ...names]) {
  const mls = await service(founder);
  const group = await mls.createGroup("garden");
  const { committer, joiners, outcomes } = await welcome({ mls, group }, names);
  return [committer, ...joiners.map((joiner, i) => ({ mls: joiner, group: outcomes[i].group }))];
}

/** Has a member add others with one commit, and each of these join. */
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

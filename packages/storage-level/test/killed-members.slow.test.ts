import { createSeededRandom } from "@demls/testkit";
import type { MemberId } from "@demls/wire/core";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { useStorages } from "./storages.js";
import { areTogether, createSurvivors, missingAt, until, type Survivor } from "./survivors.js";

/** Rounds with a kill: 200 with each of three seeds if `DEMLS_LONG=1`, which takes an hour; others by the variables. */
const LONG = process.env["DEMLS_LONG"] === "1";
const ROUNDS = Number(process.env["DEMLS_ROUNDS"] ?? (LONG ? 200 : 12));
const SEEDS = process.env["DEMLS_SEED"]?.split(",") ?? (LONG ? ["one", "two", "three"] : ["one"]);

/** Longest time in ms from a start to the next kill: catching up and a commit take about two seconds. */
const LONGEST_LIFE_MS = 3_000;

/** Longest time in ms in which a change is committed after a kill, unless its proposer was killed before it was kept. */
const CHANGE_MS = 10_000;

/** Longest time in ms in which all agree at the end. */
const PATIENCE_MS = 60_000;

const { freshFolder } = useStorages();

/** The membership changes and elections that members have told. */
function changesAt(members: readonly Survivor[]): ReadonlyMap<string, string> {
  const changes = new Map<string, string>();
  for (const { events } of members)
    for (const event of events) {
      if (event.kind === "commitApplied")
        for (const { proposalId, request } of event.changes)
          changes.set(`${event.epoch} ${proposalId}`, request.kind);
      if (event.kind === "stewardsChanged")
        changes.set(`${event.electionEpoch} ${event.retryRound} elected`, "election");
    }
  return changes;
}

/** Names of members of which members have told that they are removed by their score. */
function removedByScore(members: readonly Survivor[]): readonly string[] {
  const targets = members.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.kind !== "proposalDecided" || event.result !== "yes") return [];
      const { request } = event;
      const evidence = request.kind === "emergency" ? request.evidence : undefined;
      return evidence?.violation === "scoreBelowThreshold" ? [evidence.target] : [];
    }),
  );
  return members.filter(({ member }) => targets.includes(member as MemberId)).map(({ name }) => name);
}

function countsOf(values: Iterable<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** The rounds in which a member was out: stewards that are killed again and again lose score, and are removed by it. */
interface Absences {
  /** Notes the members that are out, and lets them join again; returns their number. */
  note(round: number): number;
  /** A member that is not out. */
  present(): Survivor;
  /** Kept messages that a member lacks, of rounds in which it and the sender were in. */
  lostBy(member: Survivor): Promise<readonly string[]>;
  rounds(): readonly string[];
}

/** Rounds before and after an absence in which packets to and from the member may be lost with its membership. */
const MARGIN = 2;

function createAbsences(members: readonly Survivor[]): Absences {
  const absences = new Map(members.map(({ name }) => [name, new Set<number>()]));
  const isOut = ({ events }: Survivor): boolean =>
    events.findLast(({ kind }) => kind === "joined" || kind === "leaving")?.kind === "leaving";
  const wasOut = (name: string, round: number): boolean =>
    [...(absences.get(name) ?? [])].some((absence) => Math.abs(absence - round) <= MARGIN);

  return {
    note(round) {
      const out = members.filter(isOut);
      for (const member of out) {
        absences.get(member.name)?.add(round);
        member.request({ kind: "join" });
      }
      return out.length;
    },
    present: () => members.find((member) => !isOut(member)) ?? members[0]!,
    async lostBy(member) {
      const lost = (await missingAt(member, members)).map((text) => {
        const [sender = "", round] = text.split(" ");
        return { text, sender, round: Number(round) };
      });
      // A member that fell behind before it was removed lacks what was said since: no member serves it then.
      const isTail = (round: number): boolean =>
        wasOut(member.name, round) ||
        (round < Math.max(0, ...(absences.get(member.name) ?? [])) &&
          lost.some((other) => other.round === round + 1) &&
          isTail(round + 1));
      return lost
        .filter(({ sender, round }) => !wasOut(sender, round) && !isTail(round))
        .map(({ text }) => text);
    },
    rounds: () =>
      [...absences].flatMap(([name, rounds]) => Array.from(rounds, (round) => `${name} ${round}`)),
  };
}

test.each(SEEDS)(
  "Members that are killed, while another one comes and goes, lose nothing that they have kept, and use no key twice: seed %s",
  { timeout: 120_000 + ROUNDS * 60_000 },
  async (seed) => {
    const random = createSeededRandom(seed);
    const survivors = createSurvivors();
    onTestFinished(() => survivors.close());
    const { ledger } = survivors;
    const enter = async (name: string) => survivors.enter(name, await freshFolder());
    const [alice, bob, carol, dora] = [
      await enter("alice"),
      await enter("bob"),
      await enter("carol"),
      await enter("dora"),
    ];
    const stayed = [alice, bob, carol];
    alice.request({ kind: "create" });
    await until(async () => (await alice.state()).phase === "working");
    for (const joiner of [bob, carol]) joiner.request({ kind: "join" });
    await until(() => areTogether(stayed));

    const absences = createAbsences(stayed);
    const isIn = async (): Promise<boolean> => {
      const roster = (await absences.present().state()).roster ?? [];
      return roster.includes(dora.member);
    };
    let roundsWithChange = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      const before = changesAt(survivors.all).size;
      for (const survivor of stayed) survivor.request({ kind: "say", text: `${survivor.name} ${round}` });
      const wasIn = await isIn();
      if (!wasIn) dora.request({ kind: "join" });
      else if (random.integer(0, 1) === 0) dora.request({ kind: "leave" });
      else random.pick(stayed).request({ kind: "ban", member: dora.member });
      const victim = random.pick(random.integer(0, 3) === 0 ? [dora] : stayed);
      await pause(random.integer(0, LONGEST_LIFE_MS));
      await victim.kill();
      await victim.start();
      // Otherwise the next change begins while this one is under way.
      if (random.integer(0, 2) > 0) await until(async () => (await isIn()) !== wasIn, CHANGE_MS);
      if (changesAt(survivors.all).size > before) roundsWithChange += 1;
      absences.note(round);
    }
    await until(() => absences.note(ROUNDS) === 0, PATIENCE_MS);

    const together = await until(
      async () => areTogether((await isIn()) ? survivors.all : stayed),
      PATIENCE_MS,
    );
    const kept = stayed.flatMap((each) => each.kept);
    const lost = async () => Promise.all(stayed.map((each) => absences.lostBy(each)));
    await until(async () => (await lost()).flat().length === 0, PATIENCE_MS);
    const changes = countsOf(changesAt(survivors.all).values());
    console.log({
      seed,
      rounds: ROUNDS,
      roundsWithChange,
      changes,
      kept: kept.length,
      sealed: ledger.sealed,
      absences: absences.rounds(),
      removedByScore: removedByScore(survivors.all),
    });
    const { unread, reused } = ledger;
    expect({ unread, reused, together, lost: await lost() }).toEqual({
      ...{ unread: 0, reused: [], together: true },
      lost: [[], [], []],
    });
    expect(kept.length).toBeGreaterThan(ROUNDS);
    expect(roundsWithChange).toBeGreaterThanOrEqual(ROUNDS / 3);
    for (const kind of ["add", "remove", "election"]) expect(changes[kind]).toBeGreaterThan(0);
    expect(absences.rounds().length).toBeLessThan(ROUNDS / 4);
  },
);

import { createSeededRandom, type SeededRandom } from "@demls/testkit";
import { expect, onTestFinished, test } from "vitest";
import { useStorages } from "./storages.js";
import { absencesOf, changesAt, countsOf, isOut, removedByScore, rosterAmong } from "./survivors-group.js";
import { areTogether, createSurvivors, missingAt, PATIENCE_MS, until, type Survivor } from "./survivors.js";

/** Rounds with a kill: 200 with each of three seeds if `DEMLS_LONG=1`; others by the variables. */
const LONG = process.env["DEMLS_LONG"] === "1";
const ROUNDS = Number(process.env["DEMLS_ROUNDS"] ?? (LONG ? 200 : 12));
const SEEDS = process.env["DEMLS_SEED"]?.split(",") ?? (LONG ? ["one", "two", "three"] : ["one"]);

/** Rounds after which all have to be together and to have what was said. Within, the next one begins at once. */
const ROUNDS_IN_SPAN = 4;

/** Most packets from the beginning of a round to its kill: those of a change and an election. */
const LONGEST_LIFE_PACKETS = 40;

/** Time in ms after which a change is asked for again: its proposer was killed before it kept the proposal. */
const ASK_AGAIN_MS = 3_000;

const { freshFolder } = useStorages();

/** The course of a round. It is drawn as a whole, so that it depends on the seed alone. */
interface Round {
  readonly victim: Survivor;
  /** Packets that the network carries before the kill. Time would depend on the machine. */
  readonly packets: number;
  /** Whether the change is committed before the next round. */
  readonly waits: boolean;
  /** Who removes the fourth member, if it is in: itself, or a member by a ban. */
  readonly remover: Survivor;
}

function drawRound(random: SeededRandom, stayed: readonly Survivor[], guest: Survivor): Round {
  return {
    victim: random.pick(random.integer(0, 3) === 0 ? [guest] : stayed),
    packets: random.integer(0, LONGEST_LIFE_PACKETS),
    waits: random.integer(0, 2) > 0,
    remover: random.pick(random.integer(0, 1) === 0 ? [guest] : stayed),
  };
}

test.each(SEEDS)(
  "Members that are killed, while another one comes and goes, lose nothing that they have kept, and use no key twice: seed %s",
  { timeout: 3 * PATIENCE_MS + ROUNDS * 120_000 },
  async (seed) => {
    const random = createSeededRandom(seed);
    const survivors = createSurvivors();
    onTestFinished(() => survivors.close());
    const { ledger, all } = survivors;
    for (const name of ["alice", "bob", "carol", "dora"]) await survivors.enter(name, await freshFolder());
    const [guest, stayed] = [all[3]!, all.slice(0, 3)];

    /** Lets those that are out join, such as a steward that was killed so often that its score was too low. */
    const bringIn = (members: readonly Survivor[]): void => {
      for (const member of members) if (isOut(member)) member.request({ kind: "join" });
    };
    const isGuestIn = async (): Promise<boolean> => (await rosterAmong(stayed)).includes(guest.member);

    stayed[0]!.request({ kind: "create" });
    await until(async () => (await stayed[0]!.state()).phase === "working");
    for (const joiner of stayed.slice(1)) joiner.request({ kind: "join" });
    const gathered = await until(() => (bringIn(stayed), areTogether(stayed)), PATIENCE_MS);
    expect(gathered).toBe(true);

    /** Plays a round; returns whether a change was committed in it. */
    async function play(round: number, { victim, packets, waits, remover }: Round): Promise<boolean> {
      const before = changesAt(all).size;
      const hasChange = (): boolean => changesAt(all).size > before;
      const wasIn = await isGuestIn();
      const isChanged = async (): Promise<boolean> => (await isGuestIn()) !== wasIn;
      let asked = 0;
      const ask = (): void => {
        bringIn(stayed);
        // The guest may be in the group without knowing, if its join has expired.
        const by = asked === 0 && !isOut(guest) ? remover : stayed[asked % stayed.length]!;
        if (!wasIn) guest.request({ kind: "join" });
        else if (by === guest) guest.request({ kind: "leave" });
        else by.request({ kind: "ban", member: guest.member });
        asked += 1;
      };
      const askUntil = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
        const endsAtMs = performance.now() + PATIENCE_MS;
        while (!(await until(isSo, ASK_AGAIN_MS)) && performance.now() < endsAtMs) ask();
      };

      for (const survivor of stayed) survivor.request({ kind: "say", text: `${survivor.name} ${round}` });
      let isDue = false;
      const due = survivors.packets(packets).then(() => (isDue = true));
      ask();
      await Promise.race([due, askUntil(async () => isDue || (await isChanged()))]);
      await victim.kill();
      await victim.start();
      // Otherwise the next change begins while this one is under way.
      if (waits) await askUntil(async () => (await isChanged()) && hasChange());
      return hasChange();
    }

    /** Texts that each member has to have. */
    const owed = stayed.map((member) => ({ member, texts: [] as string[] }));
    const missing = async (): Promise<readonly string[]> => {
      const lacked = owed.map(async ({ member, texts }) =>
        (await missingAt(member, texts)).map((text) => `${member.name} lacks ${text}`),
      );
      return (await Promise.all(lacked)).flat();
    };
    let [rounds, wholeRounds, roundsWithChange] = [0, 0, 0];
    let [lost, together]: [readonly string[], boolean] = [[], true];
    const noted = stayed.map(() => 0);
    while (wholeRounds < ROUNDS && together && lost.length === 0 && ledger.reused.length === 0) {
      const absences = stayed.map(absencesOf);
      const count = Math.min(ROUNDS_IN_SPAN, ROUNDS - wholeRounds);
      for (let i = 0; i < count; i++) {
        rounds += 1;
        if (await play(rounds, drawRound(random, stayed, guest))) roundsWithChange += 1;
      }
      together = await until(async () => {
        const members = (await isGuestIn()) ? all : stayed;
        bringIn(members);
        return areTogether(members);
      }, PATIENCE_MS);

      // A removed member may lack what was said last before, and the others what it has said last.
      const wasPresent = stayed.map((member, i) => absencesOf(member) === absences[i]);
      const said = stayed.map(({ kept }, i) => kept.slice(noted[i]));
      const texts = said.filter((_, i) => wasPresent[i]).flat();
      for (const [i, { texts: all }] of owed.entries()) {
        if (wasPresent[i] === true) all.push(...texts);
        noted[i]! += said[i]!.length;
      }
      const hasFailed = (): boolean => ledger.reused.length > 0 || survivors.ended.length > 0;
      await until(async () => (lost = await missing()).length === 0 || hasFailed(), PATIENCE_MS);
      if (!wasPresent.includes(false)) wholeRounds += count;
    }

    const changes = countsOf(changesAt(all).values());
    console.log({
      ...{ seed, rounds, wholeRounds, roundsWithChange, changes },
      kept: all.flatMap((member) => member.kept).length,
      owed: owed.flatMap((member) => member.texts).length,
      sealed: ledger.sealed,
      absences: stayed.map(absencesOf),
      removedByScore: removedByScore(all),
    });
    const { unread, reused } = ledger;
    expect({ unread, reused, together, lost, ended: survivors.ended }).toEqual({
      ...{ unread: 0, reused: [], together: true, lost: [], ended: [] },
    });
    // Three texts a round, but for those of members that were killed before they kept theirs.
    for (const { texts } of owed) expect(texts.length).toBeGreaterThan(ROUNDS);
    expect(roundsWithChange).toBeGreaterThanOrEqual(rounds / 3);
    for (const kind of ["add", "remove", "election"]) expect(changes[kind]).toBeGreaterThan(0);
  },
);

import { createGenerationLedger, createSeededRandom } from "@demls/testkit";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { useStorages } from "./storages.js";

/** Kills: 200 with `DEMLS_LONG=1`, which takes eight minutes; `DEMLS_SEED` draws other moments. */
const ROUNDS = process.env["DEMLS_LONG"] === "1" ? 200 : 4;
const SEED = process.env["DEMLS_SEED"] ?? "killed members";

/** Longest time in ms from a start to the kill: catching up takes about one second. */
const LONGEST_LIFE_MS = 2_500;

const PROGRAM = fileURLToPath(new URL("processes/survivor.mjs", import.meta.url));
const NAMES = ["alice", "bob", "carol"];

interface State {
  readonly epoch?: bigint;
  readonly epochAuthenticator?: string;
  readonly phase?: string;
  readonly members?: readonly string[];
}

/** Message of a process of a member. */
type Told =
  | { readonly kind: "packet"; readonly packet: { readonly payload: Uint8Array } }
  | {
      readonly kind: "event";
      readonly event: { readonly kind: string; readonly id?: string; readonly text?: string };
    }
  | { readonly kind: "said"; readonly text: string }
  | { readonly kind: "state"; readonly state: State }
  | { readonly kind: "started"; readonly member: string };

/** A member over all its processes. */
interface Survivor {
  readonly name: string;
  readonly folder: string;
  process: ChildProcess;
  member: string;
  /** Texts of the messages that it has shown, by id: an application that drops repeats. */
  readonly shown: Map<string, string>;
  /** Kinds of its other events. */
  readonly events: string[];
  /** Texts that have been published. */
  readonly said: string[];
}

const { freshFolder } = useStorages();
const random = createSeededRandom(SEED);
const ledger = createGenerationLedger();
const survivors: Survivor[] = [];

afterAll(() => survivors.forEach(({ process: running }) => running.kill("SIGKILL")));

/** Starts a process of a member; resolves when it runs. */
async function start(survivor: Survivor): Promise<void> {
  const running = fork(PROGRAM, [survivor.folder, survivor.name], { serialization: "advanced" });
  survivor.process = running;
  const started = new Promise<void>((resolve, reject) => {
    running.once("exit", (code) => reject(new Error(`${survivor.name} ended with ${code}.`)));
    running.on("message", (told: Told) => {
      if (told.kind !== "started") return take(survivor, told);
      survivor.member = told.member;
      resolve();
    });
  });
  await started;
}

function take(survivor: Survivor, told: Told): void {
  if (told.kind === "packet") {
    ledger.note(Uint8Array.from(told.packet.payload));
    for (const other of survivors) if (other !== survivor) request(other, told);
  } else if (told.kind === "said") survivor.said.push(told.text);
  else if (told.kind === "event") {
    const { kind, id, text } = told.event;
    if (kind === "message" && id !== undefined) survivor.shown.set(id, text ?? "");
    else survivor.events.push(kind);
  }
}

function request({ process: running }: Survivor, asked: object): void {
  if (running.connected) running.send(asked, () => undefined);
}

async function stateOf(survivor: Survivor): Promise<State> {
  const told = new Promise<State>((resolve) => {
    const listen = (line: Told): void => {
      if (line.kind !== "state") return;
      survivor.process.off("message", listen);
      resolve(line.state);
    };
    survivor.process.on("message", listen);
  });
  request(survivor, { kind: "ask" });
  return told;
}

async function kill({ process: running }: Survivor): Promise<void> {
  const exited = once(running, "exit");
  running.kill("SIGKILL");
  await exited;
}

/** Asks again and again, as long as the test may take. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await pause(100);
}

async function areTogether(members: readonly Survivor[]): Promise<boolean> {
  const states = await Promise.all(members.map(stateOf));
  const [first] = states;
  return states.every(
    ({ phase, epochAuthenticator, members: found }) =>
      phase === "working" &&
      epochAuthenticator === first?.epochAuthenticator &&
      members.every(({ member }) => found?.includes(member)),
  );
}

async function enter(name: string): Promise<Survivor> {
  const survivor: Survivor = {
    ...{ name, folder: await freshFolder(), member: "", shown: new Map(), events: [], said: [] },
    process: undefined as never,
  };
  survivors.push(survivor);
  await start(survivor);
  return survivor;
}

test(
  "Three members that are killed at random moments lose nothing that they have acknowledged, and use no key twice",
  { timeout: 60_000 + ROUNDS * 10_000 },
  async () => {
    for (const name of NAMES) await enter(name);
    const [alice, bob, carol] = survivors as [Survivor, Survivor, Survivor];
    request(alice, { kind: "create" });
    await until(async () => (await stateOf(alice)).phase === "working");
    for (const joiner of [bob, carol]) request(joiner, { kind: "join" });
    await until(() => areTogether(survivors));
    const dora = await enter("dora");

    for (let round = 1; round <= ROUNDS; round++) {
      const victim = [alice, bob, carol][random.integer(0, 2)] ?? alice;
      for (const survivor of [alice, bob, carol])
        request(survivor, { kind: "say", text: `${survivor.name} ${round}` });
      // A commit in every third round: dora is let in, and banned.
      if (round % 3 === 0) request(dora, { kind: "join" });
      if (round % 3 === 2) request(alice, { kind: "ban", member: dora.member });
      await pause(random.integer(0, LONGEST_LIFE_MS));
      await kill(victim);
      await start(victim);
    }

    const stayed = [alice, bob, carol];
    await until(() => areTogether(stayed));
    const acknowledged = stayed.flatMap(({ said }) => said);
    const textsAt = (survivor: Survivor): readonly string[] => [...survivor.shown.values()];
    const missing = (survivor: Survivor): readonly string[] => {
      const texts = new Set([...textsAt(survivor), ...survivor.said]);
      return acknowledged.filter((text) => !texts.has(text));
    };
    const endsAtMs = performance.now() + 30_000;
    await until(() => stayed.every((each) => missing(each).length === 0) || performance.now() > endsAtMs);
    const commits = alice.events.filter((kind) => kind === "commitApplied").length;
    const rejoins = stayed.flatMap(({ events }) => events).filter((kind) => kind === "rejoined").length;
    console.log({ rounds: ROUNDS, acknowledged: acknowledged.length, commits, rejoins });
    expect(acknowledged.length).toBeGreaterThan(ROUNDS);
    expect(Object.fromEntries(stayed.map((each) => [each.name, missing(each)]))).toEqual({
      ...{ alice: [], bob: [], carol: [] },
    });
    for (const survivor of stayed) expect(new Set(textsAt(survivor)).size).toBe(survivor.shown.size);
    expect(ledger.reused).toEqual([]);
    expect(stayed.flatMap(({ events }) => events).filter((kind) => kind === "leaving")).toEqual([]);
  },
);

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { APP_MSG_SUBTOPIC, type Packet } from "@demls/wire/core";
import type { ConversationEvent } from "demls";
import { createSealLedger, type SealLedger, type SenderDataSecret } from "./seal-ledger.js";

const PROGRAM = fileURLToPath(new URL("processes/survivor.mjs", import.meta.url));

/** State of a member's conversation. */
export interface State {
  readonly epoch?: bigint;
  readonly epochAuthenticator?: string;
  readonly phase?: string;
  readonly roster?: readonly string[];
  readonly queuedMessages?: number;
}

/** Message of a process of a member. */
type Told =
  | { readonly kind: "packet"; readonly packet: Packet }
  | ({ readonly kind: "secret" } & SenderDataSecret)
  | { readonly kind: "event"; readonly event: ConversationEvent }
  | { readonly kind: "kept"; readonly text: string }
  | { readonly kind: "state"; readonly state: State }
  | { readonly kind: "texts"; readonly texts: readonly string[] }
  | { readonly kind: "started"; readonly member: string };

/** Request to a process of a member. */
export type Request =
  | { readonly kind: "create" | "join" | "leave" }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "ban"; readonly member: string };

/** A member over all its processes, each of which continues from the same folder. */
export interface Survivor {
  readonly name: string;
  readonly folder: string;
  /** Its id. */
  readonly member: string;
  readonly events: readonly ConversationEvent[];
  /** Texts that it has told as kept. */
  readonly kept: readonly string[];
  request(asked: Request): void;
  /** Empty if its process is killed meanwhile. */
  state(): Promise<State>;
  /** Texts in its history; none if its process is killed meanwhile. */
  texts(): Promise<readonly string[]>;
  kill(): Promise<void>;
  /** Starts a process, which resolves when it runs. */
  start(): Promise<void>;
}

/** Members in processes, whose network is this process. */
export interface Survivors {
  readonly ledger: SealLedger;
  readonly all: readonly Survivor[];
  /** How processes ended that nobody has killed. */
  readonly ended: readonly string[];
  /** Resolves once the network has carried so many further packets. */
  packets(count: number): Promise<void>;
  enter(name: string, folder: string): Promise<Survivor>;
  close(): Promise<void>;
}

export function createSurvivors(): Survivors {
  const ledger = createSealLedger();
  const all: (Survivor & { deliver(packet: Packet): void })[] = [];
  const ended: string[] = [];
  let carried = 0;
  let awaited: { readonly carried: number; reached(): void } | undefined;

  function carry(from: Survivor, packet: Packet): void {
    carried += 1;
    if (awaited?.carried === carried) awaited.reached();
    if (packet.subtopic === APP_MSG_SUBTOPIC) ledger.note(Uint8Array.from(packet.payload));
    for (const other of all) if (other !== from) other.deliver(packet);
  }

  async function enter(name: string, folder: string): Promise<Survivor> {
    const events: ConversationEvent[] = [];
    const kept: string[] = [];
    let running: ChildProcess;
    let member = "";

    const tell = (asked: object): void => {
      if (running.connected) running.send(asked, () => undefined);
    };

    function take(told: Told): void {
      if (told.kind === "packet") carry(survivor, told.packet);
      else if (told.kind === "secret") ledger.learn(told);
      else if (told.kind === "event") events.push(told.event);
      else if (told.kind === "kept") kept.push(told.text);
    }

    async function answer<Kind extends Told["kind"]>(
      asked: object,
      kind: Kind,
    ): Promise<Extract<Told, { kind: Kind }> | undefined> {
      const asking = running;
      if (hasEnded(asking)) return undefined;
      const told = new Promise<Extract<Told, { kind: Kind }> | undefined>((resolve) => {
        const listen = (line: Told): void => {
          if (line.kind === kind) end(line as Extract<Told, { kind: Kind }>);
        };
        const end = (line?: Extract<Told, { kind: Kind }>): void => {
          asking.off("message", listen).off("exit", unanswered);
          resolve(line);
        };
        const unanswered = (): void => end();
        asking.on("message", listen).on("exit", unanswered);
      });
      tell(asked);
      return told;
    }

    const survivor = {
      ...{ name, folder, events, kept },
      get member() {
        return member;
      },
      request: tell,
      deliver: (packet: Packet) => tell({ kind: "packet", packet }),
      state: async () => (await answer({ kind: "ask" }, "state"))?.state ?? {},
      texts: async () => (await answer({ kind: "texts" }, "texts"))?.texts ?? [],
      async kill() {
        if (hasEnded(running)) return;
        const exited = once(running, "exit");
        running.kill("SIGKILL");
        await exited;
      },
      async start() {
        running = fork(PROGRAM, [folder, name], { serialization: "advanced" });
        await new Promise<void>((resolve, reject) => {
          running.once("exit", (code, signal) => {
            if (signal !== "SIGKILL") ended.push(`${name}: ${code ?? signal}`);
            reject(new Error(`${name} ended with ${code ?? signal}.`));
          });
          running.on("message", (told: Told) => {
            take(told);
            if (told.kind !== "started") return;
            member = told.member;
            resolve();
          });
        });
      },
    };
    all.push(survivor);
    await survivor.start();
    return survivor;
  }

  return {
    ...{ ledger, all, ended, enter },
    packets: (count) =>
      new Promise((reached) => {
        awaited = { carried: carried + count, reached };
      }),
    close: async () => void (await Promise.all(all.map((each) => each.kill()))),
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Longest time in ms in which what must happen happens, also on a machine that is busy with other things. */
export const PATIENCE_MS = 600_000;

/** Asks again and again, until it is so or the time is over; returns whether it is. */
export async function until(isSo: () => Promise<boolean> | boolean, limitMs = Infinity): Promise<boolean> {
  const endsAtMs = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > endsAtMs) return false;
    await pause(100);
  }
  return true;
}

/** Whether these members work in one epoch, with a roster of them alone. */
export async function areTogether(members: readonly Survivor[]): Promise<boolean> {
  const states = await Promise.all(members.map((member) => member.state()));
  const ids = members.map(({ member }) => member).toSorted();
  return states.every(
    ({ phase, epochAuthenticator, roster }) =>
      phase === "working" &&
      epochAuthenticator === states[0]?.epochAuthenticator &&
      roster?.toSorted().join() === ids.join(),
  );
}

/** Those of the texts that a member lacks in its history. */
export async function missingAt(member: Survivor, texts: readonly string[]): Promise<readonly string[]> {
  const known = new Set(await member.texts());
  return texts.filter((text) => !known.has(text));
}

import { createVirtualClock, type VirtualClock } from "@demls/testkit";
import { createChatNetwork } from "./chat-network.js";
import { joinCommand } from "../../../src/chat/chat-command.js";
import { createMemoryFiles, type MemoryFiles } from "./memory-files.js";
import { runChatUser, runUser, type ChatUser, type JsonLine } from "./chat-user.js";

const MINUTE_MS = 60_000;

/** The conversation `garden` between chats, in virtual time. */
export interface ChatGarden {
  readonly clock: VirtualClock;
  /** Advances the clock until `condition` holds. @throws after `limitMs`. */
  until(condition: () => boolean, limitMs?: number): Promise<void>;
  /** Starts a chat, with what earlier chats of this name have kept. */
  run(name: string, ...args: string[]): ChatUser;
  /** Starts a chat with an invitation, as `demls join` does. */
  joinBy(name: string, line: string, ...args: string[]): ChatUser;
  /** Starts `demls join`, whose invitation is typed. */
  joinFrom(name: string, ...args: string[]): ChatUser;
  /** Lists the conversations that the chats of a name keep, or runs another command that ends by itself. */
  list(name: string, ...args: string[]): Promise<ChatUser>;
  /** What the chats of a name keep. */
  filesOf(name: string): MemoryFiles;
  /** Starts a chat that creates the conversation, and waits until it exists. */
  create(name: string, ...args: string[]): Promise<ChatUser>;
  /** Starts a chat that joins, and waits until it has joined. */
  join(name: string, ...args: string[]): Promise<ChatUser>;
  /** Types a line and waits for the expected output. @returns the output since the line. */
  ask(user: ChatUser, line: string, answer: string | RegExp): Promise<string>;
  /** Sends a request to a chat with `--json`, and waits for the reply. */
  request(user: ChatUser, fields: object): Promise<JsonLine>;
}

/** Options of {@link createGarden}. */
export interface GardenOptions {
  /** Duration of a publish. @defaultValue 0 */
  readonly publishMs?: number;
  /** Whether the members are asked about joiners. @defaultValue false: they have `--open` */
  readonly asks?: boolean;
  /** Whether members that come in are on probation. @defaultValue false */
  readonly hasNewcomers?: boolean;
  /** Whether the members have ten seconds to vote on each joiner. @defaultValue false */
  readonly deliberates?: boolean;
}

/** Creates a network and a clock for chats. */
export function createGarden({
  publishMs = 0,
  asks = false,
  hasNewcomers = false,
  deliberates = false,
}: GardenOptions = {}): ChatGarden {
  const clock = createVirtualClock({ wallMs: Date.UTC(2026, 10, 21) });
  const publishing = (): Promise<void> =>
    new Promise((resolve) => clock.wakeAt(clock.monotonicMs() + publishMs, resolve));
  const network = publishMs === 0 ? createChatNetwork() : createChatNetwork(publishing);
  const files = new Map<string, MemoryFiles>();
  let requests = 0;

  async function until(condition: () => boolean, limitMs = 5 * MINUTE_MS): Promise<void> {
    const met = await clock.advanceUntil(condition, limitMs);
    if (!met) throw new Error("The condition did not hold in time.");
  }

  function run(name: string, ...args: string[]): ChatUser {
    const open = asks ? [] : ["--open"];
    const settings = deliberates ? ["--set", "deliberationMs=10000"] : [];
    return runChatUser(name, [...open, ...settings, ...args], { clock, network, files: filesOf(name) });
  }

  function joinBy(name: string, line: string, ...args: string[]): ChatUser {
    return runUser(name, [line, "--name", name, ...args], { clock, network, files: filesOf(name) });
  }

  function joinFrom(name: string, ...args: string[]): ChatUser {
    const context = { clock, network, files: filesOf(name) };
    return runUser(name, ["--name", name, ...args], context, joinCommand);
  }

  function filesOf(name: string): MemoryFiles {
    const known = files.get(name) ?? createMemoryFiles();
    files.set(name, known);
    return known;
  }

  return {
    clock,
    until,
    run,
    joinBy,
    joinFrom,
    filesOf,

    async list(name, ...args) {
      const user = runUser(name, args, { clock, network, files: filesOf(name) });
      await until(() => user.status !== undefined || user.text.includes("threw"));
      return user;
    },

    async create(name, ...args) {
      const settled = hasNewcomers ? [] : ["--set", "probationMs=0"];
      const user = run(name, "--create", ...settled, ...args);
      await until(() => /You created garden|"started"/.test(user.text));
      return user;
    },

    async join(name, ...args) {
      const user = run(name, "--dial", "/memory/ada", ...args);
      await until(() => /You are in|You have joined|"joined"/.test(user.text));
      return user;
    },

    async ask(user, line, answer) {
      const before = user.printed.length;
      const since = (): string => user.printed.slice(before).join("\n");
      user.type(line);
      await until(() => since().search(answer) >= 0);
      return since();
    },

    async request(user, fields) {
      const id = (requests += 1);
      user.type(JSON.stringify({ id, ...fields }));
      const reply = (): JsonLine | undefined =>
        user.json.find((line) => line.type === "reply" && line["id"] === id);
      await until(() => reply() !== undefined);
      return reply() ?? { type: "none" };
    },
  };
}

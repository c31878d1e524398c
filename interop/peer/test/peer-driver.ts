import { createVirtualClock, type VirtualClock } from "@demls/testkit";
import { peerCommand } from "../src/index.js";

/** A line of the peer. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** Reply to a command. */
export type Reply =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: string };

type CommandFields = Readonly<Record<string, unknown>>;

/** A peer in this process, in virtual time, and the network of its users. */
export interface PeerDriver {
  readonly clock: VirtualClock;
  /** All lines of the peer, in order. */
  readonly output: readonly Line[];
  /** All diagnostic lines. */
  readonly diagnostics: readonly string[];
  /** Writes a raw line, and resolves to its reply. */
  write(line: string): Promise<Line>;
  /** Sends a command. */
  ask(cmd: string, fields?: CommandFields): Promise<Reply>;
  /** Sends a command that must succeed, and resolves to its result. */
  call<T = unknown>(cmd: string, fields?: CommandFields): Promise<T>;
  /** Delivers every packet so far to all users but its sender. Returns the number of rejections. */
  carry(): Promise<number>;
  /** Advances the clock, polls and delivers packets until `condition` holds. */
  passUntil(condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Lines of one type of a user. */
  linesOf(user: string, type: string): readonly Line[];
  /** Ends the input, and resolves to the exit status. Rejects for invalid options. */
  end(): Promise<number>;
}

const STEP_MS = 50;
const PATIENCE_MS = 60_000;

/** Starts `demls peer` with `options`. */
export function startPeer(...options: readonly string[]): PeerDriver {
  const clock = createVirtualClock({ wallMs: Date.UTC(2026, 10, 21) });
  const output: Line[] = [];
  const diagnostics: string[] = [];
  const input = createLineQueue();
  // Several lines may be pending; their replies come in the same order.
  const awaiting: ((reply: Line) => void)[] = [];
  let carried = 0;
  let lastId = 0;
  const status = peerCommand(options, {
    lines: () => input.lines(),
    print(text) {
      const line = JSON.parse(text) as Line;
      output.push(line);
      if (line.type === "reply") awaiting.shift()?.(line);
    },
    printError: (text) => void diagnostics.push(text),
    clock,
  });
  // A rejection is reported by `end`.
  status.catch(() => undefined);

  async function write(line: string): Promise<Line> {
    const reply = new Promise<Line>((resolve) => awaiting.push(resolve));
    input.push(line);
    return reply;
  }

  async function ask(cmd: string, fields: CommandFields = {}): Promise<Reply> {
    const id = ++lastId;
    const reply = await write(JSON.stringify({ id, cmd, ...fields }));
    if (reply["id"] !== id) throw new Error(`The reply to ${cmd} has another id.`);
    return reply as unknown as Reply;
  }

  async function call<T>(cmd: string, fields: CommandFields = {}): Promise<T> {
    const reply = await ask(cmd, fields);
    if (!reply.ok) throw new Error(`${cmd}: ${reply.error}`);
    return reply.result as T;
  }

  function users(): readonly string[] {
    return [...new Set(output.flatMap((line) => (line.type === "subscribe" ? [String(line["user"])] : [])))];
  }

  async function carry(): Promise<number> {
    let refused = 0;
    for (; carried < output.length; carried++) {
      const line = output[carried];
      if (line?.type !== "packet") continue;
      const { user: from, payload_b64, subtopic, conversation_id, app_id } = line;
      for (const user of users().filter((name) => name !== from)) {
        const fields = { user, payload_b64, subtopic, conversation_id, app_id };
        if (!(await ask("inbound", fields)).ok) refused += 1;
      }
    }
    return refused;
  }

  return {
    clock,
    output,
    diagnostics,
    write,
    ask,
    call,
    carry,
    async passUntil(condition) {
      const endMs = clock.monotonicMs() + PATIENCE_MS;
      for (;;) {
        await carry();
        if (await condition()) return;
        if (clock.monotonicMs() >= endMs)
          throw new Error(`Not within ${PATIENCE_MS} ms: ${condition.toString()}`);
        await clock.advance(STEP_MS);
        await call("poll_all");
      }
    },
    linesOf: (user, type) => output.filter((line) => line.type === type && line["user"] === user),
    async end() {
      input.end();
      return status;
    },
  };
}

interface LineQueue {
  push(line: string): void;
  end(): void;
  lines(): AsyncIterable<string>;
}

function createLineQueue(): LineQueue {
  const waiting: string[] = [];
  let ended = false;
  let wake = (): void => undefined;
  return {
    push(line) {
      waiting.push(line);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *lines() {
      for (;;) {
        const line = waiting.shift();
        if (line !== undefined) yield line;
        else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Packet, Transport } from "demls";

/** A line of `interop/rust-peer`. */
type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** A member of the Rust crate `de-mls` 3.0.0 in a process of its own. */
export interface RustMember {
  /** Runs a command of its line protocol. Rejects if the crate refuses it. */
  call(cmd: string, fields?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Resolves with the next line that the condition accepts. */
  next(condition: (line: Line) => boolean): Promise<Line>;
  close(): Promise<void>;
}

/**
 * Starts a member on a transport of this process: its packets are published there, and those of the others are passed
 * to it.
 */
export async function startRustMember(
  program: string,
  conversationId: string,
  transport: Transport,
): Promise<RustMember> {
  const user = "bob";
  const child = spawn(program, ["--tick-ms", "5"], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const waiting = new Map<unknown, (reply: Line) => void>();
  const watchers = new Set<(line: Line) => void>();
  let lastId = 0;

  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as Line;
    if (line.type === "packet") void transport.publish(packetOf(line));
    if (line.type === "reply") waiting.get(line["id"])?.(line);
    for (const watch of watchers) watch(line);
  });

  async function call(cmd: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const id = ++lastId;
    child.stdin.write(`${JSON.stringify({ id, cmd, user, conversation_id: conversationId, ...fields })}\n`);
    const { ok, result, error } = await new Promise<Line>((resolve) => waiting.set(id, resolve));
    waiting.delete(id);
    if (ok !== true) throw new Error(String(error));
    return result;
  }

  await transport.subscribe(conversationId, ({ payload, subtopic, appId }) => {
    const packet = {
      payload_b64: Buffer.from(payload).toString("base64"),
      subtopic,
      app_id: Buffer.from(appId).toString("hex"),
    };
    // The crate may refuse a packet, such as one of an epoch that it has not entered.
    call("inbound", packet).catch(() => undefined);
  });
  return {
    call,
    next: (condition) =>
      new Promise((resolve) => {
        const watch = (line: Line): void => {
          if (!condition(line)) return;
          watchers.delete(watch);
          resolve(line);
        };
        watchers.add(watch);
      }),
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}

function packetOf(line: Line): Packet {
  return {
    payload: Uint8Array.from(Buffer.from(String(line["payload_b64"]), "base64")),
    subtopic: String(line["subtopic"]),
    conversationId: String(line["conversation_id"]),
    appId: Uint8Array.from(Buffer.from(String(line["app_id"]), "hex")),
  };
}

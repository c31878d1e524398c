import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Another implementation of Waku's relay. */
export interface Implementation {
  readonly name: string;
  /** Program and arguments that start a node. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Whether it accepts messages without a payload. */
  readonly takesEmpty: boolean;
  /** Maximum message size in bytes. The node closes the stream of a larger message. */
  readonly maxBytes?: number;
}

export const IMPLEMENTATIONS: readonly Implementation[] = [
  {
    name: "rust-libp2p",
    command: [pathOf("../rust-gossipsub/target/release/rust-gossipsub")],
    takesEmpty: true,
    maxBytes: 262_144,
  },
  {
    name: "@waku/relay",
    command: [process.execPath, pathOf("../waku-relay/src/main.mjs")],
    takesEmpty: false,
  },
];

/** A line that a node prints. */
export type Line =
  | { readonly type: "ready"; readonly peer_id: string; readonly address: string }
  | { readonly type: "subscribed" | "disconnected"; readonly peer_id: string }
  | { readonly type: "dial_failed"; readonly error: string }
  | MessageLine
  /** The reply to a command; `error` is the reason of a failure. */
  | { readonly type: "reply"; readonly id: number; readonly ok: boolean; readonly error?: string };

type LineOfType<Type extends Line["type"]> = Extract<Line, { readonly type: Type }>;

/** A message that a node has received on the topic. */
export interface MessageLine {
  readonly type: "message";
  readonly from: string;
  readonly data_hex: string;
  readonly message: WakuMessageView | null;
}

/** A WakuMessage, decoded by the other implementation. */
export interface WakuMessageView {
  readonly payload_hex: string;
  readonly content_topic: string;
  readonly version: number | null;
  /** Nanoseconds since the Unix epoch, decimal. */
  readonly timestamp: string | null;
  readonly meta_hex: string | null;
}

/** A packet for a node to publish. */
export interface PacketFields {
  readonly conversation_id: string;
  readonly subtopic: string;
  readonly app_id_hex: string;
  readonly payload_hex: string;
  /** Nanoseconds since the Unix epoch, decimal. */
  readonly timestamp: string;
}

/** A node of another implementation, in its own process. */
export interface ForeignNode {
  readonly peerId: string;
  readonly address: string;
  dial(address: string): Promise<void>;
  /** Publishes a packet. Rejects if the implementation does. */
  publish(packet: PacketFields): Promise<void>;
  publishRaw(data: Uint8Array): Promise<void>;
  /** Messages received so far, in order. */
  readonly received: readonly MessageLine[];
  /** The first past or future message for which `where` holds. */
  message(where: (message: MessageLine) => boolean): Promise<MessageLine>;
  /** Resolves when a peer has subscribed to the topic. */
  subscribed(peerId: string): Promise<void>;
  /** Resolves when a peer has disconnected. */
  disconnected(peerId: string): Promise<void>;
  close(): Promise<void>;
}

/** A wait for a line. */
interface Waiting {
  /** Whether the line ends the wait. */
  look(line: Line): boolean;
  reject(error: Error): void;
}

/** Starts a node on loopback that is subscribed to the topic. */
export async function startForeignNode(implementation: Implementation): Promise<ForeignNode> {
  const [program, ...args] = implementation.command;
  const child: ChildProcessWithoutNullStreams = spawn(program, args);
  const printed: Line[] = [];
  const waiting = new Set<Waiting>();
  let diagnostics = "";
  let failure: Error | undefined;
  let lastId = 0;

  const ended = new Promise<void>((resolve) => {
    const end = (what: string): void => {
      failure = new Error(`The ${implementation.name} node ${what}: ${diagnostics}`);
      for (const { reject } of waiting) reject(failure);
      resolve();
    };
    child.on("error", (error) => end(error.message));
    child.on("close", (status) => end(`ended with status ${status}`));
  });
  child.stderr.on("data", (chunk: Buffer) => {
    diagnostics = (diagnostics + chunk.toString()).slice(-4_000);
  });
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as Line;
    printed.push(line);
    for (const each of waiting) if (each.look(line)) waiting.delete(each);
  });

  /** The first past or future line of a type for which `where` holds. */
  function line<Type extends Line["type"]>(
    type: Type,
    where: (line: LineOfType<Type>) => boolean,
  ): Promise<LineOfType<Type>> {
    const isWanted = (each: Line): each is LineOfType<Type> =>
      each.type === type && where(each as LineOfType<Type>);
    const earlier = printed.find(isWanted);
    if (earlier) return Promise.resolve(earlier);
    return new Promise((resolve, reject) => {
      if (failure) return reject(failure);
      waiting.add({
        look(each) {
          if (!isWanted(each)) return false;
          resolve(each);
          return true;
        },
        reject,
      });
    });
  }

  async function call(cmd: string, fields: object): Promise<void> {
    const id = ++lastId;
    child.stdin.write(`${JSON.stringify({ id, cmd, ...fields })}\n`);
    const { ok, error } = await line("reply", (reply) => reply.id === id);
    if (!ok) throw new Error(error);
  }

  const { peer_id: peerId, address } = await line("ready", () => true);
  return {
    peerId,
    address,
    dial: (other) => call("dial", { address: other }),
    publish: (packet) => call("publish", packet),
    publishRaw: (data) => call("publish_raw", { data_hex: Buffer.from(data).toString("hex") }),
    get received() {
      return printed.filter((each) => each.type === "message");
    },
    message: (where) => line("message", where),
    async subscribed(peer) {
      await line("subscribed", ({ peer_id }) => peer_id === peer);
    },
    async disconnected(peer) {
      await line("disconnected", ({ peer_id }) => peer_id === peer);
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Command to a member's process. */
export type Command =
  | { readonly do: "start" }
  | { readonly do: "dial"; readonly addresses: readonly string[] }
  | { readonly do: "open"; readonly members: number }
  | { readonly do: "send"; readonly count: number; readonly perSecond: number }
  | { readonly do: "take-arrivals" }
  | { readonly do: "weigh" };

/** Reply to each {@link Command}. */
export interface Answers {
  /** The addresses of the node. */
  readonly start: readonly string[];
  readonly dial: undefined;
  /** Sent when the group is complete. */
  readonly open: undefined;
  /** Sent after the last text. */
  readonly send: Sent;
  /** Latencies in ms of the texts since the last such command. */
  readonly "take-arrivals": readonly number[];
  /** The resident bytes of the process. */
  readonly weigh: number;
}

/** Result of sending at a steady rate. */
export interface Sent {
  /** Number of texts that the channel accepted. */
  readonly taken: number;
  /** Delay of the last text against its schedule. */
  readonly behindMs: number;
}

/** Serialised reply. */
export type Answer = { readonly value: unknown } | { readonly error: string };

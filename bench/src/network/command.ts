/** What a member's process is told to do. */
export type Command =
  | { readonly do: "start" }
  | { readonly do: "dial"; readonly addresses: readonly string[] }
  | { readonly do: "open"; readonly members: number }
  | { readonly do: "send"; readonly count: number; readonly perSecond: number }
  | { readonly do: "take-arrivals" }
  | { readonly do: "weigh" };

/** What each {@link Command} is answered with. */
export interface Answers {
  /** The addresses of the node. */
  readonly start: readonly string[];
  readonly dial: undefined;
  /** Once the group is complete. */
  readonly open: undefined;
  /** Once the last text has been sent. */
  readonly send: Sent;
  /** The ages in ms of the texts that have arrived since this was last asked for. */
  readonly "take-arrivals": readonly number[];
  /** The resident bytes of the process. */
  readonly weigh: number;
}

/** How texts were sent at a steady rate. */
export interface Sent {
  /** How many the channel took. */
  readonly taken: number;
  /** How long after its time the last one was taken. */
  readonly behindMs: number;
}

/** An answer as it goes from process to process. */
export type Answer = { readonly value: unknown } | { readonly error: string };

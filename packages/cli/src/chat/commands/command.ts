import { DemlsError } from "demls";

/** A parsed input line. */
export type Command =
  | { readonly kind: "send"; readonly text: string }
  | { readonly kind: "vote"; readonly number: number; readonly choice: boolean }
  | { readonly kind: AboutSomebody; readonly member: string }
  /** Without `verified`: to see the code. */
  | { readonly kind: "verify"; readonly member: string; readonly verified: boolean | undefined }
  | { readonly kind: "why"; readonly count: number }
  | { readonly kind: "history"; readonly count: number }
  | { readonly kind: "dial"; readonly address: string }
  | { readonly kind: "invite"; readonly uses: number; readonly qr: boolean }
  | { readonly kind: "revoke"; readonly id: string }
  | { readonly kind: PlainCommand };

/** Commands about a member or a joiner. */
type AboutSomebody = "ban" | "unban" | "confirm" | "admit" | "refuse";

/** Commands without arguments. */
type PlainCommand =
  | "leave"
  | "quit"
  | "who"
  | "stewards"
  | "votes"
  | "requests"
  | "state"
  | "address"
  | "connections"
  | "offline"
  | "online"
  | "verbose"
  | "help"
  | "nothing";

/** Default and maximum number of decisions that `/why` shows. */
const DECISIONS = { default: 10, max: 100 };
/** The same for the messages of `/history`. */
const MESSAGES = { default: 20, max: 256 };

interface Reader {
  /** Arguments, as `/help` shows them. */
  readonly takes: string;
  readonly means: string;
  /** The command; `undefined` if `words` are not its arguments. */
  readonly read: (words: readonly string[]) => Command | undefined;
}

function plain(kind: PlainCommand, means: string): Reader {
  return { takes: "", means, read: (words) => (words.length === 0 ? { kind } : undefined) };
}

function about(kind: AboutSomebody, takes: string, means: string): Reader {
  const read: Reader["read"] = ([member, ...more]) =>
    member === undefined || more.length > 0 ? undefined : { kind, member };
  return { takes, means, read };
}

/** Readers by command name. A map, since `/constructor` must not find a property of every object. */
const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    vote: { takes: "NUMBER yes|no", means: "vote by hand", read: readVote },
    invite: {
      takes: "[USES] [qr]",
      means: "a line that lets one guest in; as a QR code too",
      read: readInvite,
    },
    revoke: {
      takes: "ID",
      means: "take an invitation back",
      read: ([id, ...more]) => (id === undefined || more.length > 0 ? undefined : { kind: "revoke", id }),
    },
    requests: plain("requests", "joiners that wait for an answer"),
    admit: about("admit", "JOINER", "vouch for a joiner, or vote yes on it"),
    refuse: about("refuse", "JOINER", "ignore a joiner, or vote no on it"),
    ban: about("ban", "MEMBER", "propose to remove a member"),
    unban: about("unban", "MEMBER", "let a banned member ask again"),
    confirm: about("confirm", "MEMBER", "let a newcomer vote on everything"),
    verify: {
      takes: "MEMBER [yes|no]",
      means: "a code to compare, or your mark that it was",
      read: readVerify,
    },
    who: plain("who", "members, roles, scores and bans"),
    votes: plain("votes", "open votes and their time left"),
    stewards: plain("stewards", "stewards, in the order of their turns"),
    history: { takes: "[COUNT]", means: "the last messages", read: readCount("history", MESSAGES) },
    why: {
      takes: "[COUNT]",
      means: "the last decisions, with their reasons",
      read: readCount("why", DECISIONS),
    },
    state: plain("state", "epoch, phase and a fingerprint of the epoch's keys"),
    address: plain("address", "commands for others to join"),
    connections: plain("connections", "connected peers and dialled addresses"),
    dial: {
      takes: "ADDRESS",
      means: "connect to one more address",
      read: ([address, ...more]) =>
        address === undefined || more.length > 0 ? undefined : { kind: "dial", address },
    },
    offline: plain("offline", "close all connections, and stay disconnected"),
    online: plain("online", "connect again"),
    leave: plain("leave", "leave for good, once the group has committed it"),
    quit: plain("quit", "end, and stay a member; with --ephemeral, leave"),
    verbose: plain("verbose", "show or hide elections, scores and epochs"),
    help: plain("help", "this list"),
  } satisfies Record<string, Reader>),
);

/**
 * Parses an input line. `/name …` is a command and `//…` a message that begins with a slash; any other line is a
 * message.
 *
 * @throws DemlsError `unknown-command`; `invalid-command` for wrong arguments.
 */
export function parseCommand(line: string): Command {
  if (line.trim() === "") return { kind: "nothing" };
  if (!line.startsWith("/")) return { kind: "send", text: line };
  if (line.startsWith("//")) return { kind: "send", text: line.slice(1) };
  const [name = "", ...words] = line.slice(1).trimEnd().split(/\s+/);
  const reader = READERS.get(name.toLowerCase());
  if (reader === undefined) throw unknownCommand(name);
  const command = reader.read(words);
  if (command === undefined) throw invalidCommand(name, reader);
  return command;
}

/** Help text, one line per command. */
export const COMMAND_HELP: readonly string[] = [...READERS].map(
  ([name, { takes, means }]) => `${`/${name} ${takes}`.trimEnd().padEnd(24)}${means}`,
);

const CHOICES: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["y", true],
  ["no", false],
  ["n", false],
]);

function readVote([number = "", choice = "", ...more]: readonly string[]): Command | undefined {
  const [, digits] = /^#?(\d{1,10})$/.exec(number) ?? [];
  const chosen = CHOICES.get(choice.toLowerCase());
  if (digits === undefined || chosen === undefined || more.length > 0) return undefined;
  return { kind: "vote", number: Number(digits), choice: chosen };
}

function readVerify([member, choice, ...more]: readonly string[]): Command | undefined {
  if (member === undefined || more.length > 0) return undefined;
  if (choice === undefined) return { kind: "verify", member, verified: undefined };
  const verified = CHOICES.get(choice.toLowerCase());
  return verified === undefined ? undefined : { kind: "verify", member, verified };
}

function readInvite(words: readonly string[]): Command | undefined {
  const qr = words.at(-1)?.toLowerCase() === "qr";
  const [count = "1", ...more] = qr ? words.slice(0, -1) : words;
  const uses = /^\d{1,3}$/.test(count) ? Number(count) : 0;
  return uses >= 1 && more.length === 0 ? { kind: "invite", uses, qr } : undefined;
}

function readCount(
  kind: "why" | "history",
  bounds: { readonly default: number; readonly max: number },
): Reader["read"] {
  return ([count, ...more]) => {
    if (more.length > 0) return undefined;
    if (count === undefined) return { kind, count: bounds.default };
    const wanted = /^\d{1,3}$/.test(count) ? Number(count) : 0;
    return wanted >= 1 && wanted <= bounds.max ? { kind, count: wanted } : undefined;
  };
}

function unknownCommand(name: string): DemlsError<"unknown-command"> {
  return new DemlsError("unknown-command", {
    message: `There is no command /${name}.`,
    remedy: "/help lists the commands. //… sends a message that begins with a slash.",
  });
}

function invalidCommand(name: string, { takes }: Reader): DemlsError<"invalid-command"> {
  return new DemlsError("invalid-command", {
    message: takes === "" ? `/${name} takes no arguments.` : `/${name} takes ${takes}.`,
    remedy: "/help lists the commands.",
  });
}

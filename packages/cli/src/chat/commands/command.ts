import { DemlsError } from "demls";

/** What a line asks for. */
export type Command =
  | { readonly kind: "send"; readonly text: string }
  | { readonly kind: "vote"; readonly number: number; readonly choice: boolean }
  | { readonly kind: "ban"; readonly member: string }
  | { readonly kind: "why"; readonly count: number }
  | { readonly kind: "dial"; readonly address: string }
  | { readonly kind: PlainCommand };

/** The commands that take nothing. */
type PlainCommand =
  | "leave"
  | "quit"
  | "who"
  | "stewards"
  | "votes"
  | "state"
  | "address"
  | "connections"
  | "offline"
  | "online"
  | "help"
  | "nothing";

/** How many decisions `/why` shows, and at most. */
const DECISIONS = { default: 10, max: 100 };

interface Reader {
  /** What stands after the command's name, for `/help`. */
  readonly takes: string;
  readonly means: string;
  /** The command; `undefined` where `words` are not what it takes. */
  readonly read: (words: readonly string[]) => Command | undefined;
}

function plain(kind: PlainCommand, means: string): Reader {
  return { takes: "", means, read: (words) => (words.length === 0 ? { kind } : undefined) };
}

/** By name; a map, since a command may be called like something every object has. */
const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    vote: { takes: "NUMBER yes|no", means: "vote by hand", read: readVote },
    ban: {
      takes: "MEMBER",
      means: "ask the others to put a member out",
      read: ([member, ...more]) =>
        member === undefined || more.length > 0 ? undefined : { kind: "ban", member },
    },
    who: plain("who", "the members, what they do and their scores"),
    votes: plain("votes", "the votes that are open, and how long"),
    stewards: plain("stewards", "who commits changes, and whose turn it is"),
    why: { takes: "[COUNT]", means: "the last decisions, with their reasons", read: readWhy },
    state: plain("state", "epoch, phase and what shows that all agree"),
    address: plain("address", "the commands with which others join"),
    connections: plain("connections", "whom this end is connected to"),
    dial: {
      takes: "ADDRESS",
      means: "connect to one more address",
      read: ([address, ...more]) =>
        address === undefined || more.length > 0 ? undefined : { kind: "dial", address },
    },
    offline: plain("offline", "close all connections, and open none"),
    online: plain("online", "connect again"),
    leave: plain("leave", "leave the group, and end when it has taken note"),
    quit: plain("quit", "as Ctrl-C: leave word that you go, and end"),
    help: plain("help", "this list"),
  } satisfies Record<string, Reader>),
);

/**
 * Reads a line: `/name …` is a command, `//…` a message that begins with a slash, anything else a message.
 *
 * @throws DemlsError `unknown-command`; `invalid-command` where what follows the name is not what it takes.
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

/** A line of help for each command. */
export const COMMAND_HELP: readonly string[] = [...READERS].map(
  ([name, { takes, means }]) => `${`/${name} ${takes}`.trimEnd().padEnd(24)}${means}`,
);

function readVote([number = "", choice = "", ...more]: readonly string[]): Command | undefined {
  const choices: Readonly<Record<string, boolean>> = { yes: true, y: true, no: false, n: false };
  const [, digits] = /^#?(\d{1,9})$/.exec(number) ?? [];
  const chosen = new Map(Object.entries(choices)).get(choice.toLowerCase());
  if (digits === undefined || chosen === undefined || more.length > 0) return undefined;
  return { kind: "vote", number: Number(digits), choice: chosen };
}

function readWhy([count, ...more]: readonly string[]): Command | undefined {
  if (more.length > 0) return undefined;
  if (count === undefined) return { kind: "why", count: DECISIONS.default };
  const wanted = /^\d{1,3}$/.test(count) ? Number(count) : 0;
  return wanted >= 1 && wanted <= DECISIONS.max ? { kind: "why", count: wanted } : undefined;
}

function unknownCommand(name: string): DemlsError<"unknown-command"> {
  return new DemlsError("unknown-command", {
    message: `There is no command /${name}.`,
    remedy: "/help lists them; //… sends a message that begins with a slash.",
  });
}

function invalidCommand(name: string, { takes }: Reader): DemlsError<"invalid-command"> {
  return new DemlsError("invalid-command", {
    message: takes === "" ? `/${name} takes nothing.` : `/${name} takes ${takes}.`,
    remedy: "/help lists the commands.",
  });
}

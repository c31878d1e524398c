import { parseArgs } from "node:util";
import {
  conversationConfig,
  defaultConversationConfig,
  DemlsError,
  stewardListConfig,
  type CompatibilityMode,
  type ConversationConfig,
  type StewardListConfig,
} from "demls";

/** What a chat is run with. */
export interface ChatOptions {
  /** The conversation's name. */
  readonly conversation: string;
  /** Whether it is created here, or an existing one asked to let this user in. */
  readonly create: boolean;
  /** Multiaddrs of others that connections are kept to. */
  readonly dial: readonly string[];
  /** Multiaddrs on which others may connect. */
  readonly listen: readonly string[];
  /** Whether others are looked for, and found, by multicast DNS. */
  readonly mdns: boolean;
  readonly framing: Framing;
  /** Whom a conversation that is created here is open to. */
  readonly mode: CompatibilityMode;
  /** Where the identity comes from. */
  readonly identity: IdentitySource;
  /** What this user calls itself. */
  readonly name: string | undefined;
  /** Settings of the conversation, checked. */
  readonly config: ConversationConfig;
  readonly stewards: Partial<StewardListConfig>;
  /** How long to wait to be let in, in milliseconds. */
  readonly patienceMs: number;
  /** Whether to write JSON lines in place of text. */
  readonly json: boolean;
}

/** How packets are put on topics. */
export type Framing = "plain" | "waku";

/** Where the user's key is. */
export type IdentitySource =
  /** A file that is made where there is none; `undefined`: the usual one. */
  | { readonly kind: "file"; readonly path: string | undefined }
  /** A file that holds the key in hex. */
  | { readonly kind: "key-file"; readonly path: string }
  /** The environment variable {@link KEY_VARIABLE}. */
  | { readonly kind: "variable"; readonly hex: string };

/** Holds a key in hex, for those that keep it elsewhere. */
export const KEY_VARIABLE = "DEMLS_KEY";

export const CHAT_USAGE = `Options of chat:
  demls chat NAME --create            begin a conversation of this name
  demls chat NAME --dial MULTIADDR    ask to be let into one, by the address that a member was shown
  --dial MULTIADDR    keep a connection to this address; may be given several times
  --listen MULTIADDR  where others may connect; may be given several times. Without it, as
                      /ip4/127.0.0.1/tcp/0: a free port that only this machine reaches. For others
                      /ip4/0.0.0.0/tcp/4001: everyone who reaches this machine's port 4001 may connect
  --mdns              find others on the local network, and be found: tells it that this runs here
  --identity FILE     whose keys are used; made where there is none (default
                      $XDG_CONFIG_HOME/demls/identity.json, or in ~/.config). Two users on one machine
                      need two files
  --key FILE          a key of one's own, 64 hex digits in a file; or in the variable DEMLS_KEY
  --name NAME         what others see beside the beginning of your address; nobody checks it
  --framing FRAMING   plain, or waku: as Waku relays carry it; the same for all (default plain)
  --mode MODE         of a conversation that is created: strict, or de-mls-3 where members that run
                      the Rust crate may join (default strict)
  --set NAME=VALUE    a setting of the conversation, such as votingDelayMs=2000; may be given several
                      times. The README of @demls/cli lists them
  --patience SECONDS  how long to wait to be let in (default 600)
  --json              a JSON object a line, for scripts

It exits with 0 when you have left, with 1 when you were put out or not let in, with 2 when an option is
wrong or cannot be had, and with 130 (Ctrl-C) or 143 (SIGTERM) when it was told twice to end.`;

/** Brisker than the defaults of the library, which wait a minute for others to share a commit. */
const CHAT_CONFIG: ConversationConfig = {
  ...defaultConversationConfig,
  votingDelayMs: 10_000,
  electionVotingDelayMs: 2_000,
  commitInactivityMs: 5_000,
  freezeMs: 10_000,
  recoveryInactivityMs: 3_000,
  consensusTimeoutMs: 20_000,
};

const DEFAULT_PATIENCE_S = "600";
const MAX_PATIENCE_S = 86_400;
/** The session gives up a join after three times this setting of the joiner's. */
const JOIN_PATIENCE = 3;
const FRAMINGS: readonly Framing[] = ["plain", "waku"];
const MODES: readonly CompatibilityMode[] = ["strict", "de-mls-3"];
const STEWARD_SETTINGS: readonly string[] = ["snMin", "snMax"];

/**
 * Reads the options of `demls chat`.
 *
 * @param env the environment, for {@link KEY_VARIABLE}.
 * @throws DemlsError `invalid-option`, naming it; `invalid-config`, `invalid-steward-list-config` for a setting.
 */
export function parseChatOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChatOptions {
  const { values, positionals } = parse(args);
  const [conversation, ...more] = positionals;
  if (conversation === undefined || more.length > 0)
    throw invalid("NAME", "is needed once: demls chat garden --create.");
  const { create, mdns, json } = values;
  const dial = nonEmpty("dial", values.dial);
  const listen = nonEmpty("listen", values.listen);
  if (!create && !mdns && dial.length + listen.length === 0) {
    throw invalid("create", "or --dial is needed: begin a conversation, or say where a member is.");
  }
  if (!create && values.mode !== undefined)
    throw invalid("mode", "is its creator's to choose: it goes with --create.");
  const patienceMs = 1_000 * patience(values.patience ?? DEFAULT_PATIENCE_S);
  const { config, stewards } = settings(values.set);
  return {
    conversation,
    create,
    dial,
    listen: listen.length === 0 ? ["/ip4/127.0.0.1/tcp/0"] : listen,
    mdns,
    framing: oneOf("framing", values.framing ?? "plain", FRAMINGS),
    mode: oneOf("mode", values.mode ?? "strict", MODES),
    identity: identitySource(values, env),
    name: values.name,
    // The group's own comes with the welcome; until then this says how long to wait for it.
    config: create ? config : { ...config, commitInactivityMs: Math.ceil(patienceMs / JOIN_PATIENCE) },
    stewards,
    patienceMs,
    json,
  };
}

interface Given {
  readonly create: boolean;
  readonly mdns: boolean;
  readonly json: boolean;
  readonly dial: readonly string[];
  readonly listen: readonly string[];
  readonly set: readonly string[];
  readonly identity?: string | undefined;
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  readonly framing?: string | undefined;
  readonly mode?: string | undefined;
  readonly patience?: string | undefined;
}

function parse(args: readonly string[]): { readonly values: Given; readonly positionals: readonly string[] } {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        create: { type: "boolean", default: false },
        dial: { type: "string", multiple: true, default: [] },
        listen: { type: "string", multiple: true, default: [] },
        mdns: { type: "boolean", default: false },
        identity: { type: "string" },
        key: { type: "string" },
        name: { type: "string" },
        framing: { type: "string" },
        mode: { type: "string" },
        set: { type: "string", multiple: true, default: [] },
        patience: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? "") : "An option is wrong";
    throw new DemlsError("invalid-option", { message: `${message}.`, remedy: "See demls --help." });
  }
}

function identitySource(
  { identity, key }: Given,
  env: Readonly<Record<string, string | undefined>>,
): IdentitySource {
  if (identity !== undefined && key !== undefined)
    throw invalid("key", "and --identity are two identities: give one.");
  if (identity === "") throw invalid("identity", "takes a file.");
  if (key === "") throw invalid("key", "takes a file.");
  if (key !== undefined) return { kind: "key-file", path: key };
  const hex = env[KEY_VARIABLE];
  if (identity === undefined && hex !== undefined && hex !== "") return { kind: "variable", hex };
  return { kind: "file", path: identity };
}

/** `--set name=value`, as settings of the conversation and of its stewards. */
function settings(given: readonly string[]): Pick<ChatOptions, "config" | "stewards"> {
  const entries = given.map(setting);
  const isOfStewards = ([name]: Setting): boolean => STEWARD_SETTINGS.includes(name);
  const stewards: Partial<StewardListConfig> = Object.fromEntries(entries.filter(isOfStewards));
  stewardListConfig(stewards);
  const config: Partial<ConversationConfig> = Object.fromEntries(
    entries.filter((entry) => !isOfStewards(entry)),
  );
  return { config: conversationConfig(config, CHAT_CONFIG), stewards };
}

type Setting = readonly [name: string, value: number | boolean];

function setting(text: string): Setting {
  const [, name, value] = /^(\w+)=(\d{1,16}|true|false)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw invalid("set", `takes NAME=NUMBER, true or false, not ${JSON.stringify(text)}.`);
  }
  return [name, value === "true" ? true : value === "false" ? false : Number(value)];
}

function patience(text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MAX_PATIENCE_S) return seconds;
  throw invalid("patience", `takes seconds from 1 to ${MAX_PATIENCE_S}, not ${JSON.stringify(text)}.`);
}

function nonEmpty(option: string, texts: readonly string[]): readonly string[] {
  if (texts.includes("")) throw invalid(option, "takes a multiaddr, such as /ip4/192.0.2.7/tcp/4001.");
  return texts;
}

function oneOf<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((known) => known === text);
  if (choice !== undefined) return choice;
  throw invalid(option, `takes ${choices.join(" or ")}, not ${JSON.stringify(text)}.`);
}

function invalid(option: string, what: string): DemlsError<"invalid-option"> {
  return new DemlsError("invalid-option", {
    message: `${option === "NAME" ? option : `--${option}`} ${what}`,
    field: option,
    remedy: "See demls --help.",
  });
}

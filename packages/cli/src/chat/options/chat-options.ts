import { parseArgs } from "node:util";
import { DemlsError, type CompatibilityMode } from "demls";
import { KEY_VARIABLE, type IdentitySource } from "../identity/identity-source.js";
import type { Framing } from "../network/chat-transport.js";
import { invalidOption } from "./invalid-option.js";
import { parseSettings, type ChatSettings } from "./settings.js";

/** Options of `demls chat`. */
export interface ChatOptions extends ChatSettings {
  /** The conversation's name. */
  readonly conversation: string;
  /** Whether to create the conversation, or to join an existing one. */
  readonly create: boolean;
  /** Multiaddrs to dial, and to redial after a loss. */
  readonly dial: readonly string[];
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[];
  /** Whether to discover peers, and be discovered, by multicast DNS. */
  readonly mdns: boolean;
  readonly framing: Framing;
  /** Compatibility mode of a created conversation. */
  readonly mode: CompatibilityMode;
  /** Source of the identity. */
  readonly identity: IdentitySource;
  /** Display name of this user. */
  readonly name: string | undefined;
  /** Join timeout, in milliseconds. */
  readonly patienceMs: number;
  /** Whether to write JSON lines instead of text. */
  readonly json: boolean;
}

const DEFAULT_PATIENCE_S = "600";
const MAX_PATIENCE_S = 86_400;
/** A join expires after three times the joiner's `commitInactivityMs`. */
const JOIN_PATIENCE = 3;
const FRAMINGS: readonly Framing[] = ["plain", "waku"];
const MODES: readonly CompatibilityMode[] = ["strict", "de-mls-3"];

/**
 * Reads the options of `demls chat`.
 *
 * @param env the environment, for {@link KEY_VARIABLE}.
 * @throws DemlsError `invalid-option`, which names the option; `invalid-config` or `invalid-steward-list-config` for
 *   a setting.
 */
export function parseChatOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChatOptions {
  const { values, positionals } = parse(args);
  const [conversation, ...more] = positionals;
  if (conversation === undefined || more.length > 0)
    throw invalidOption("NAME", "is required exactly once: demls chat garden --create.");
  const { create, mdns, json } = values;
  const dial = nonEmpty("dial", values.dial);
  const listen = nonEmpty("listen", values.listen);
  if (!create && !mdns && dial.length + listen.length === 0) {
    throw invalidOption(
      "create",
      "or --dial is required: create a conversation, or give the address of a member.",
    );
  }
  if (!create && values.mode !== undefined)
    throw invalidOption("mode", "requires --create: the creator chooses the mode.");
  const patienceMs = 1_000 * patienceSeconds(values.patience ?? DEFAULT_PATIENCE_S);
  const { config, stewards } = parseSettings(values.set);
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
    // The group's settings replace this one after the join. Until then it determines the join timeout.
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
    const message = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? "") : "An option is invalid";
    throw new DemlsError("invalid-option", { message: `${message}.`, remedy: "See demls --help." });
  }
}

function identitySource(
  { identity, key }: Given,
  env: Readonly<Record<string, string | undefined>>,
): IdentitySource {
  if (identity !== undefined && key !== undefined)
    throw invalidOption("key", "excludes --identity: give one of them.");
  if (identity === "") throw invalidOption("identity", "takes a file path.");
  if (key === "") throw invalidOption("key", "takes a file path.");
  if (key !== undefined) return { kind: "keyFile", path: key };
  const hex = env[KEY_VARIABLE];
  if (identity === undefined && hex !== undefined && hex !== "") return { kind: "variable", hex };
  return { kind: "file", path: identity };
}

function patienceSeconds(text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MAX_PATIENCE_S) return seconds;
  throw invalidOption("patience", `takes seconds from 1 to ${MAX_PATIENCE_S}, not ${JSON.stringify(text)}.`);
}

function nonEmpty(option: string, texts: readonly string[]): readonly string[] {
  if (texts.includes("")) throw invalidOption(option, "takes a multiaddr, such as /ip4/192.0.2.7/tcp/4001.");
  return texts;
}

function oneOf<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((known) => known === text);
  if (choice !== undefined) return choice;
  throw invalidOption(option, `takes ${choices.join(" or ")}, not ${JSON.stringify(text)}.`);
}

import { claimedName, MAX_CLAIMED_NAME_BYTES, utf8ToBytes } from "@demls/wire/core";
import type { CompatibilityMode, DemlsError, MemberId } from "demls";
import { KEY_VARIABLE, type IdentitySource } from "../identity/identity-source.js";
import type { Framing } from "../network/chat-transport.js";
import { parseArguments, type Given } from "./arguments.js";
import { invalidOption } from "./invalid-option.js";
import type { Invited } from "../invited/invitation-argument.js";
import { parseSettings, type ChatSettings } from "./settings.js";

/** Options of `demls chat` without a name, which lists the conversations that are kept. */
export interface ListOptions {
  readonly kind: "list";
  /** Source of the identity whose conversations are listed. */
  readonly identity: IdentitySource;
  /** Whether to write JSON lines instead of text. */
  readonly json: boolean;
}

/** Options of `demls chat --change-passphrase`. */
export interface PassphraseChangeOptions extends Pick<
  KeptCommandOptions,
  "identity" | "passphraseFile" | "json"
> {
  readonly kind: "passphrase";
  /** File whose first line is the new passphrase. */
  readonly newPassphraseFile: string | undefined;
}

/** Options of `demls chat NAME --history` and `demls chat NAME --forget`, which need no network. */
export interface KeptCommandOptions {
  readonly kind: "messages" | "forget";
  readonly conversation: string;
  readonly identity: IdentitySource;
  /** File whose first line is the passphrase of the profile. */
  readonly passphraseFile: string | undefined;
  /** Whether to write JSON lines instead of text. */
  readonly json: boolean;
}

/** Options of `demls chat NAME`. */
export interface ChatOptions extends Omit<ChatSettings, "givenConfig"> {
  readonly kind: "chat";
  /** The conversation's name. */
  readonly conversation: string;
  /** Line by which the user is invited. */
  readonly invitation: string | undefined;
  /** Its inviter. */
  readonly inviter: MemberId | undefined;
  /** Whether to create the conversation, or to join an existing one, unless one is kept. */
  readonly create: boolean;
  /** Multiaddrs to dial, and to redial after a loss. If empty, the kept ones. */
  readonly dial: readonly string[];
  /** Whether to dial all addresses of the invitation without asking. */
  readonly dialsPrivate: boolean;
  /** Multiaddrs to listen on. If empty, a loopback address. */
  readonly listen: readonly string[];
  /** Whether to discover peers, and be discovered, by multicast DNS. */
  readonly mdns: boolean;
  /** The kept one if undefined, and `plain` if none is. */
  readonly framing: Framing | undefined;
  /** Compatibility mode of a created conversation. */
  readonly mode: CompatibilityMode;
  /** Parts of `config` that were given, and whether `mode` was. */
  readonly given: { readonly config: ChatSettings["givenConfig"]; readonly mode: boolean };
  /** Source of the identity; `undefined` to draw one for this run. */
  readonly identity: IdentitySource | undefined;
  /** Whether to keep nothing, and to leave at the end. */
  readonly isEphemeral: boolean;
  /** File whose first line is the passphrase of the profile. */
  readonly passphraseFile: string | undefined;
  /** Display name of this user. The kept one if undefined. */
  readonly name: string | undefined;
  /** Join timeout, in milliseconds. */
  readonly patienceMs: number;
  /** Whether to write JSON lines instead of text. */
  readonly json: boolean;
  /** Whether this user lets everyone in that knows the name. The kept setting if undefined. */
  readonly isOpen: boolean | undefined;
  /** Whether the text has elections, scores and epochs. */
  readonly isVerbose: boolean;
}

const DEFAULT_PATIENCE_S = "600";
const MAX_PATIENCE_S = 86_400;
const FRAMINGS: readonly Framing[] = ["plain", "waku"];
const DEFAULT_PROFILE = "default";
/** Most bytes of a conversation's name. */
const MAX_CONVERSATION_BYTES = 255;
/** Options of a change of the passphrase. */
const PASSPHRASE_CHANGE = ["--change-passphrase", "--passphrase-file", "--new-passphrase-file"];
/** Options that select an identity and a format. */
const WHOSE: readonly string[] = ["--profile", "--identity", "--key", "--json"];
const MODES: readonly CompatibilityMode[] = ["strict", "de-mls-3"];

/**
 * Reads the options of `demls chat`.
 *
 * @param env the environment, for {@link KEY_VARIABLE}.
 * @param invited the invitation among the arguments, in the place of the name.
 * @throws DemlsError `invalid-option`, which names the option; `invalid-config` or `invalid-steward-list-config` for
 *   a setting.
 */
export function parseChatOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  invited?: Invited,
): ChatOptions | ListOptions | KeptCommandOptions | PassphraseChangeOptions {
  const { values, positionals } = parseArguments(args);
  const [conversation, ...more] = positionals.map((argument) =>
    argument === invited?.line ? invited.conversation : argument,
  );
  const { create, mdns, json, ephemeral: isEphemeral } = values;
  const identity = identitySource(values, env);
  if (invited !== undefined && values.create)
    throw invalidOption("create", "excludes an invitation: its conversation exists.");
  if (conversation === undefined && selectsOnly(args, WHOSE)) return { kind: "list", identity, json };
  if (values["change-passphrase"]) {
    if (conversation !== undefined || !selectsOnly(args, [...WHOSE, ...PASSPHRASE_CHANGE]))
      throw invalidOption("change-passphrase", "goes with the options of a profile and --json only.");
    const [file, newFile] = [passphraseFile(values), values["new-passphrase-file"]];
    return { kind: "passphrase", identity, passphraseFile: file, newPassphraseFile: newFile, json };
  }
  if (values["new-passphrase-file"] !== undefined)
    throw invalidOption("new-passphrase-file", "goes with --change-passphrase only.");
  if (conversation === undefined || more.length > 0)
    throw invalidOption("NAME", "is required exactly once: demls chat garden --create.");
  checkNames(conversation, values.name);
  const kind = keptCommandKind(values, args);
  if (kind !== undefined)
    return { kind, conversation, identity, passphraseFile: passphraseFile(values), json };
  const dial = nonEmpty("dial", values.dial);
  const listen = nonEmpty("listen", values.listen);
  const addresses = [...dial, ...listen, ...(invited?.addresses ?? [])];
  if (isEphemeral && !create && !mdns && addresses.length === 0) throw waysIn(invited !== undefined);
  if (invited === undefined && values["dial-private"])
    throw invalidOption("dial-private", "goes with an invitation only.");
  if (!create && values.mode !== undefined)
    throw invalidOption("mode", "requires --create: the creator chooses the mode.");
  const patienceMs = 1_000 * patienceSeconds(values.patience ?? DEFAULT_PATIENCE_S);
  const { config, stewards, givenConfig } = parseSettings(values.set, { isOpen: values.open === true });
  return {
    kind: "chat",
    conversation,
    invitation: invited?.line,
    inviter: invited?.inviter,
    create,
    dial,
    dialsPrivate: values["dial-private"],
    listen,
    mdns,
    framing: values.framing === undefined ? undefined : oneOf("framing", values.framing, FRAMINGS),
    mode: oneOf("mode", values.mode ?? "strict", MODES),
    identity: isEphemeral && identity.kind === "profile" ? undefined : identity,
    isEphemeral,
    passphraseFile: passphraseFile(values),
    name: values.name,
    config,
    stewards,
    given: { config: givenConfig, mode: values.mode !== undefined },
    patienceMs,
    json,
    isOpen: values.open,
    isVerbose: values.verbose,
  };
}

/** The error of a chat that can neither create its conversation nor find a member of it. */
export function waysIn(isInvited: boolean): DemlsError<"invalid-option"> {
  return isInvited
    ? invalidOption("dial-private", "or --dial is required: no address of the invitation may be dialled.")
    : invalidOption(
        "create",
        "or --dial is required: create a conversation, or give the address of a member. demls join takes an invitation.",
      );
}

/** Checked here as the library does, so that nothing is made on the disk for a name that it rejects. */
function checkNames(conversation: string, display: string | undefined): void {
  const { length } = utf8ToBytes(conversation);
  if (length === 0 || length > MAX_CONVERSATION_BYTES)
    throw invalidOption("NAME", `takes 1 to ${MAX_CONVERSATION_BYTES} bytes of UTF-8.`);
  if (display !== undefined && claimedName(display) === undefined)
    throw invalidOption("name", `takes a line of 1 to ${MAX_CLAIMED_NAME_BYTES} bytes of UTF-8.`);
}

/** Which of `--history` and `--forget` is given; `undefined` without them. */
function keptCommandKind(
  { history, forget }: Given,
  args: readonly string[],
): KeptCommandOptions["kind"] | undefined {
  if (!history && !forget) return undefined;
  const option = history ? "history" : "forget";
  if (!selectsOnly(args, [...WHOSE, "--passphrase-file", `--${option}`]))
    throw invalidOption(option, "goes with the options of a profile and --json only.");
  return history ? "messages" : "forget";
}

/** Whether the arguments have these options only. */
function selectsOnly(args: readonly string[], allowed: readonly string[]): boolean {
  const options = args.filter((arg) => arg.startsWith("-")).map((arg) => arg.split("=")[0] ?? arg);
  return options.every((option) => allowed.includes(option));
}

function identitySource(
  { identity, key, profile, ephemeral }: Given,
  env: Readonly<Record<string, string | undefined>>,
): IdentitySource {
  if (identity !== undefined && key !== undefined)
    throw invalidOption("key", "excludes --identity: give one of them.");
  if (profile !== undefined && (identity !== undefined || key !== undefined))
    throw invalidOption("profile", "excludes --identity and --key: a profile has its own key.");
  if (profile !== undefined && ephemeral)
    throw invalidOption("profile", "excludes --ephemeral, which keeps nothing.");
  if (identity === "") throw invalidOption("identity", "takes a file path.");
  if (key === "") throw invalidOption("key", "takes a file path.");
  if (identity !== undefined) return { kind: "file", path: identity };
  if (key !== undefined) return { kind: "keyFile", path: key };
  const hex = env[KEY_VARIABLE];
  if (profile === undefined && hex !== undefined && hex !== "") return { kind: "variable", hex };
  return { kind: "profile", name: profileName(profile ?? DEFAULT_PROFILE) };
}

/** Shorter than an address, so that no profile has the name of the folder of a given key. */
function profileName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,31}$/.test(name)) return name;
  throw invalidOption("profile", "takes 1 to 32 of the characters a-z, 0-9, _ and -.");
}

function passphraseFile({ "passphrase-file": file, ephemeral }: Given): string | undefined {
  if (file === "") throw invalidOption("passphrase-file", "takes a file path.");
  if (file !== undefined && ephemeral)
    throw invalidOption("passphrase-file", "excludes --ephemeral, which keeps nothing.");
  return file;
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

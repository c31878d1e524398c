import { parse, resolve, join } from "node:path";
import type { Framing } from "../network/chat-transport.js";

/** What the command by which others join is made of. */
export interface JoinCommandOptions {
  /** The shell's words that run a chat here: `demls chat`. */
  readonly command: string;
  readonly framing: Framing;
  /** Where this user's identity is kept, if in a file. */
  readonly identityFile: string | undefined;
}

/**
 * The command with which another asks to be let in, to be pasted into a shell. By an address that only this machine
 * reaches it comes with another identity, since this user's is in use here.
 */
export function joinCommand(
  { command, framing, identityFile }: JoinCommandOptions,
  conversation: string,
  address: string,
): string {
  const isNeighbour = identityFile !== undefined && isLocal(address);
  return [
    `${command} ${shellWord(conversation)} --dial ${shellWord(address)}`,
    ...(framing === "plain" ? [] : [`--framing ${framing}`]),
    ...(isNeighbour ? [`--identity ${shellWord(nextFile(identityFile))}`] : []),
  ].join(" ");
}

/**
 * Addresses that reach this node from furthest away first: loopback ones serve the same machine only. Of several
 * only the first few are of use to people.
 */
export function bestAddresses(addresses: readonly string[]): readonly string[] {
  return [...addresses.filter((address) => !isLocal(address)), ...addresses.filter(isLocal)].slice(
    0,
    MAX_SHOWN,
  );
}

const MAX_SHOWN = 4;

function isLocal(address: string): boolean {
  return /^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns[46]?\/localhost\//.test(address);
}

/** `/a/identity-2.json` after `/a/identity.json`, and so on: whoever joins by whom has a file that neither uses. */
function nextFile(file: string): string {
  const { dir, name, ext } = parse(resolve(file));
  const [, stem = name, number = "1"] = /^(.*)-(\d{1,6})$/.exec(name) ?? [];
  return join(dir, `${stem}-${Number(number) + 1}${ext}`);
}

/** As it is, or in the quotes of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

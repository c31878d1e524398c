import { parse, resolve, join } from "node:path";
import type { Framing } from "../network/chat-transport.js";

/** Parts of the join command that do not depend on the address. */
export interface JoinCommandOptions {
  /** Shell command that starts a chat: `demls chat`. */
  readonly command: string;
  readonly framing: Framing;
  /** This user's identity file, if any. */
  readonly identityFile: string | undefined;
}

/**
 * Builds the shell command with which another user joins. For a loopback address the command includes another
 * identity file, since this user's is locked on this machine.
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
 * The first few addresses to show, with loopback addresses last: these are reachable from the same machine only.
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

/** `/a/identity-2.json` after `/a/identity.json`, and so on. A chain of joiners gets distinct files. */
function nextFile(file: string): string {
  const { dir, name, ext } = parse(resolve(file));
  const [, stem = name, number = "1"] = /^(.*)-(\d{1,6})$/.exec(name) ?? [];
  return join(dir, `${stem}-${Number(number) + 1}${ext}`);
}

/** Quotes `text` for a POSIX shell if needed. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

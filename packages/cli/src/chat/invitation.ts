import type { Framing } from "./options.js";

/** The command with which another asks to be let in, to be pasted into a shell. */
export function joinCommand(conversation: string, address: string, framing: Framing): string {
  const further = framing === "plain" ? "" : ` --framing ${framing}`;
  return `demls chat ${shellWord(conversation)} --dial ${shellWord(address)}${further}`;
}

/**
 * Addresses that reach this node from furthest away first: loopback ones serve the same machine only. Of several
 * only the first few are of use to people.
 */
export function bestAddresses(addresses: readonly string[]): readonly string[] {
  const isLocal = (address: string): boolean =>
    /^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns[46]?\/localhost\//.test(address);
  return [...addresses.filter((address) => !isLocal(address)), ...addresses.filter(isLocal)].slice(
    0,
    MAX_SHOWN,
  );
}

const MAX_SHOWN = 4;

/** As it is, or in the quotes of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

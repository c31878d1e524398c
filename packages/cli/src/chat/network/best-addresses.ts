const MAX_SHOWN = 4;

/**
 * The first few addresses to show, with loopback addresses last: these are reachable from the same machine only.
 */
export function bestAddresses(addresses: readonly string[]): readonly string[] {
  return [...addresses.filter((address) => !isLocal(address)), ...addresses.filter(isLocal)].slice(
    0,
    MAX_SHOWN,
  );
}

/** The first few addresses that others can reach; without any, those of this machine. */
export function outerAddresses(addresses: readonly string[]): readonly string[] {
  const outer = addresses.filter((address) => !isLocal(address));
  return bestAddresses(outer.length > 0 ? outer : addresses);
}

/** Whether only this machine reaches an address. */
export function isLocal(address: string): boolean {
  return /^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns[46]?\/localhost\//.test(address);
}

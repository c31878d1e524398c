/** Multiaddr of a TCP port that only this machine reaches; 0 for a free port. */
export function loopback(port: number): string {
  return `/ip4/127.0.0.1/tcp/${port}`;
}

/** The port of the first loopback address. */
export function loopbackPort(addresses: readonly string[]): number | undefined {
  const ports = addresses.map((address) => /^\/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(address)?.[1]);
  const port = ports.find((digits) => digits !== undefined);
  return port === undefined ? undefined : Number(port);
}

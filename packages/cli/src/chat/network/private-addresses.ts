import { BlockList } from "node:net";

/** Networks that are reached from this machine or its surroundings alone. */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  PRIVATE.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 127],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  PRIVATE.addSubnet(network, prefix, "ipv6");

/** Names that no public server has: `localhost`, those of a local network, and those without a dot. */
const PRIVATE_NAME = /^(localhost|[^.]+|.*\.(localhost|local|internal|lan|home\.arpa))\.?$/i;

/**
 * Whether a multiaddr is of this machine or of its network, or cannot be told. A public name may still lead there: its owner
 * decides.
 */
export function isPrivate(address: string): boolean {
  const [, protocol, host = ""] = address.split("/");
  switch (protocol) {
    case "ip4":
      return isWithin(host, "ipv4");
    case "ip6":
      return isWithin(host, "ipv6");
    case "ip6zone":
      return true;
    case "dns":
    case "dns4":
    case "dns6":
    case "dnsaddr":
      return PRIVATE_NAME.test(host);
    default:
      return false;
  }
}

function isWithin(host: string, family: "ipv4" | "ipv6"): boolean {
  try {
    return PRIVATE.check(host, family);
  } catch {
    // It is no address, so nothing is dialled.
    return false;
  }
}

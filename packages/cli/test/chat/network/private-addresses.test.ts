import { describe, expect, test } from "vitest";
import { isPrivate } from "../../../src/chat/network/private-addresses.js";

describe("An address is of this machine or its network", () => {
  test.each([
    ...["/ip4/127.0.0.1/tcp/22", "/ip4/127.9.9.9/tcp/1", "/ip4/0.0.0.0/tcp/1", "/ip4/10.1.2.3/tcp/1"],
    ...["/ip4/172.16.0.1/tcp/1", "/ip4/172.31.255.255/tcp/1", "/ip4/192.168.1.1/tcp/80/ws"],
    ...["/ip4/169.254.169.254/tcp/80", "/ip4/100.64.0.1/tcp/1"],
    ...[
      "/ip6/::1/tcp/1",
      "/ip6/::/tcp/1",
      "/ip6/fd00::1/tcp/1",
      "/ip6/fe80::1/tcp/1",
      "/ip6zone/eth0/ip6/fe80::1/tcp/1",
    ],
    ...["/ip6/::ffff:192.168.1.1/tcp/1", "/ip6/::ffff:7f00:1/tcp/1", "/ip6/64:ff9b::7f00:1/tcp/1"],
    ...[
      "/dns/localhost/tcp/1",
      "/dns4/router/tcp/1",
      "/dns/nas.local/tcp/1",
      "/dnsaddr/a.home.arpa",
      "/dns/x.LOCALHOST./tcp/1",
    ],
  ])("%s", (address) => expect(isPrivate(address)).toBe(true));

  test.each([
    ...["/ip4/192.0.2.1/tcp/4001", "/ip4/172.32.0.1/tcp/1", "/ip4/8.8.8.8/tcp/1", "/ip6/2001:db8::1/tcp/1"],
    ...["/dns/garden.example/tcp/4001", "/dns4/local.example/tcp/1", "", "no address", "/memory/ada"],
  ])("not %s", (address) => expect(isPrivate(address)).toBe(false));
});

import { transportContract } from "@demls/testkit";
import { describe, test } from "vitest";
import { createContractNetwork } from "./contract-network.js";

describe.each(["plain", "waku"] as const)("the transport in the %s framing", (framing) => {
  for (const { name, run } of transportContract(() => createContractNetwork(framing))) test(name, run);
});

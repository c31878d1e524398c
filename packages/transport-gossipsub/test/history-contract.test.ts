import { transportHistoryContract, type HistoryNetwork } from "@demls/testkit";
import { describe, test } from "vitest";
import { createContractNetwork } from "./contract-network.js";
import { platformClock } from "./network.js";
import { startStore, STORE_PROTOCOL } from "./waku-store.js";

async function createHistoryNetwork(): Promise<HistoryNetwork> {
  let nowMs = 1_000_000_000;
  const store = await startStore();
  const network = createContractNetwork("waku", { store, clock: { ...platformClock, wallMs: () => nowMs } });
  return {
    join: () => network.join(),
    settle: () => network.settle(),
    refuses: (name) => network.refuses?.(name) ?? false,
    wallMs: () => nowMs,
    pass: (ms) => void (nowMs += ms),
    underWay: () =>
      network.nodes
        .flatMap((node) => node.getConnections())
        .flatMap(({ streams }) => streams)
        .filter(({ protocol, direction }) => protocol === STORE_PROTOCOL && direction === "outbound").length,
    async close() {
      await network.close?.();
    },
  };
}

describe("the history from a Waku store", () => {
  for (const { name, run } of transportHistoryContract(createHistoryNetwork)) test(name, run);
});

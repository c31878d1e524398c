import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectAgreement } from "../driver/divergence/agreement.js";
import { Divergence } from "../driver/divergence/divergence.js";
import type { Member } from "../driver/member.js";
import { MixedNetwork, type MixedNetworkOptions } from "../driver/mixed-network.js";
import type { Kind } from "../driver/peer.js";

const REPORTS = fileURLToPath(new URL("../reports/", import.meta.url));

/** Maximum number of retries of a scenario after a divergence by a weakness of 3.0.0. */
const ATTEMPTS = 3;

/** Runs `scenario` in a new network, and always ends its processes. */
export async function withNetwork(
  options: MixedNetworkOptions,
  scenario: (network: MixedNetwork) => Promise<void>,
  attempts = ATTEMPTS,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const network = new MixedNetwork(options);
    try {
      return await scenario(network);
    } catch (error) {
      if (!(error instanceof Divergence)) throw error;
      saveLog(network, `divergence-${process.pid}-${++divergences}`);
      if (error.known === undefined || attempt === attempts) throw error;
      process.stdout.write(`restarted: ${error.message}\n`);
    } finally {
      await network.close();
    }
  }
}

let divergences = 0;

/** Writes the log of a network to a file. */
export function saveLog({ log }: MixedNetwork, name: string): void {
  mkdirSync(REPORTS, { recursive: true });
  const lines = log.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  writeFileSync(`${REPORTS}${name}.jsonl`, lines);
}

/** Creates a conversation whose members join in this order. */
export async function createGroup(network: MixedNetwork, kinds: readonly Kind[]): Promise<Member[]> {
  const members: Member[] = [];
  for (const [index, kind] of kinds.entries()) {
    const name = `${kind}${index}`;
    if (index === 0) {
      const creator = await network.add(name, kind);
      await network.call(creator, "create_conversation");
      members.push(creator);
    } else {
      members.push(await network.addJoiner(name, kind));
      await expectAgreement(network, members);
    }
  }
  return members;
}

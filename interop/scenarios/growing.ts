import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectAgreement } from "../driver/agreement.js";
import { Parting } from "../driver/parting.js";
import type { Kind } from "../driver/peer.js";
import { World, type Member, type WorldOptions } from "../driver/world.js";

const REPORTS = fileURLToPath(new URL("../reports/", import.meta.url));

/** How often a scenario is begun anew when the group parted over a weakness of 3.0.0. */
const ATTEMPTS = 3;

/** Runs `scenario` in a world of its own, and ends its processes whatever comes. */
export async function inWorld(
  options: WorldOptions,
  scenario: (world: World) => Promise<void>,
  attempts = ATTEMPTS,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const world = new World(options);
    try {
      return await scenario(world);
    } catch (error) {
      if (!(error instanceof Parting)) throw error;
      keepLog(world, `parting-${process.pid}-${++partings}`);
      if (error.known === undefined || attempt === attempts) throw error;
      process.stdout.write(`begun anew: ${error.message}\n`);
    } finally {
      await world.close();
    }
  }
}

let partings = 0;

/** Keeps every line to and from the peers of a world in a file. */
export function keepLog({ log }: World, name: string): void {
  mkdirSync(REPORTS, { recursive: true });
  const lines = log.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  writeFileSync(`${REPORTS}${name}.jsonl`, lines);
}

/** A conversation of these members, in the order they come in, each voted in by those before it. */
export async function grow(world: World, kinds: readonly Kind[]): Promise<Member[]> {
  const members: Member[] = [];
  for (const [index, kind] of kinds.entries()) {
    const name = `${kind}${index}`;
    if (index === 0) {
      const creator = await world.add(name, kind);
      await world.call(creator, "create_conversation");
      members.push(creator);
    } else {
      members.push(await world.addJoiner(name, kind));
      await expectAgreement(world, members);
    }
  }
  return members;
}

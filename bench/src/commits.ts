import { bareTsMls } from "./bare-ts-mls.js";
import { cpuTimes } from "./cpu-time.js";
import type { Aim, Measurement, Scenario } from "./measurement.js";
import { addition, bareGroup, joined, ourGroup } from "./mls-groups.js";

/** Members before the addition. */
const SIZES = [2, 50, 200];

const AIMS: Readonly<Record<string, Aim>> = {
  "commit at 200": { atMost: 15 },
  "process at 200": { atMost: 15 },
  "join at 50": { atMost: 13 },
  "join at 200": { atMost: 50 },
};

/** Commit of an Add, its verification by a member, and the join. */
export const commits: Scenario = {
  name: "mls-commits",
  async run({ mostMembers, ...rest }) {
    const effort = { mostMembers, ...rest };
    const tsMls = await bareTsMls();
    const measurements: Measurement[] = [];
    for (const size of SIZES.filter((members) => members <= mostMembers)) {
      const { founder, second, newcomer, keyPackage } = await ourGroup(size);
      const { candidate } = await founder.mls.createCandidate(founder.group, [addition(keyPackage)]);
      const bare = await bareGroup(tsMls, size);
      const bareCommit = await tsMls.add(bare.founder, [bare.newcomer]);
      const times = await cpuTimes(
        {
          commit: () => founder.mls.createCandidate(founder.group, [addition(keyPackage)]),
          process: () => staged(),
          join: () => joined(newcomer, candidate, [keyPackage]),
          bareCommit: () => tsMls.add(bare.founder, [bare.newcomer]),
          bareProcess: () => tsMls.process(bare.second, bareCommit),
          bareJoin: () => tsMls.join(bareCommit.welcome, bare.newcomer),
        },
        effort,
      );
      const line = (act: string, ours: number, bareMs: number): Measurement => {
        const name = `${act} at ${size}`;
        const aim = AIMS[name];
        return { name, unit: "ms", ours, tsMls: bareMs, ...(aim && { aim }) };
      };
      measurements.push(
        line("commit", times.commit, times.bareCommit),
        line("process", times.process, times.bareProcess),
        line("join", times.join, times.bareJoin),
      );

      async function staged(): Promise<void> {
        const { proposals, commit } = candidate;
        const { outcome } = await second.mls.stage(second.group, proposals, commit);
        if (outcome.kind !== "staged") throw new Error(`Not staged: ${outcome.reason}`);
      }
    }
    return measurements;
  },
};

import type { Effort } from "./effort.js";
import type { ChannelKind } from "./network/channel.js";
import { startGroup, type Group } from "./network/group.js";
import { highestRate } from "./network/highest-rate.js";
import { quantile } from "./network/quantile.js";
import type { NetworkMeasurement } from "./network-table.js";

/** Compared groups. */
interface Setting {
  readonly kinds: readonly ChannelKind[];
  readonly members: number;
  /** Texts per second without queueing, with all members on one machine. */
  readonly calmPerSecond: number;
}

const THREE: Setting = { kinds: ["raw", "plain", "waku"], members: 3, calmPerSecond: 100 };
const TEN: Setting = { kinds: ["raw", "plain"], members: 10, calmPerSecond: 20 };

/**
 * Latency, rate and memory of texts from one member's `send` to the others' `message` events over libp2p, compared with
 * plain gossipsub. Each member has its own process.
 */
export const network = {
  name: "network",
  async run(effort: Effort): Promise<readonly NetworkMeasurement[]> {
    const three = await figuresOf(THREE, effort);
    const few: NetworkMeasurement[] = [
      { name: "p50 of 3 members", unit: "ms", ...three("p50"), aim: { atMostOverRaw: 1.5 } },
      { name: "p99 of 3 members", unit: "ms", ...three("p99") },
      { name: "texts a second of 3 members", unit: "1/s", ...three("perSecond"), aim: { atLeast: 300 } },
      { name: "memory of one of 3 members", unit: "MB", ...three("megabytes") },
    ];
    if (effort.mostMembers < 10) return few;
    const ten = await figuresOf(TEN, effort);
    return [
      ...few,
      { name: "p50 of 10 members", unit: "ms", ...ten("p50"), aim: { atMostOverRaw: 1.5 } },
      { name: "p99 of 10 members", unit: "ms", ...ten("p99") },
      { name: "texts a second of 10 members", unit: "1/s", ...ten("perSecond") },
      { name: "memory of one of 10 members", unit: "MB", ...ten("megabytes") },
    ];
  },
};

type Latencies = Pick<Figures, "p50" | "p99">;

/** Results of a group. */
interface Figures {
  /** Latencies of all receivers, in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Average resident memory of a member's process at the end. */
  readonly megabytes: number;
}

/** A figure of each kind of group. */
type OfEachKind = (figure: keyof Figures) => Pick<NetworkMeasurement, ChannelKind>;

async function figuresOf(setting: Setting, effort: Effort): Promise<OfEachKind> {
  const groups: Group[] = [];
  try {
    for (const kind of setting.kinds) groups.push(await startGroup(kind, setting.members));
    const latencies = await latenciesOf(groups, setting, effort);
    const figures = new Map<ChannelKind, Figures>();
    for (const [group, latency] of latencies) {
      const perSecond = await highestRate(group, effort);
      figures.set(group.kind, { ...latency, perSecond, megabytes: await megabytesOf(group) });
    }
    const of = (kind: ChannelKind, figure: keyof Figures): number => figures.get(kind)?.[figure] ?? NaN;
    return (figure) => ({
      raw: of("raw", figure),
      plain: of("plain", figure),
      ...(setting.kinds.includes("waku") && { waku: of("waku", figure) }),
    });
  } finally {
    for (const group of groups) group.kill();
  }
}

/** Measures the groups alternately, so that a slowdown of the machine affects all of them; the best round counts. */
async function latenciesOf(
  groups: readonly Group[],
  { calmPerSecond }: Setting,
  { rounds, texts }: Effort,
): Promise<ReadonlyMap<Group, Latencies>> {
  for (const group of groups) await group.exchange(texts, calmPerSecond);
  const best = new Map<Group, Latencies>();
  for (let round = 0; round < rounds; round++)
    for (const group of groups) {
      const { latenciesMs, lost } = await group.exchange(texts, calmPerSecond);
      if (lost > 0) throw new Error(`${group.kind}: ${lost} of ${texts} texts were lost.`);
      const { p50, p99 } = best.get(group) ?? { p50: Infinity, p99: Infinity };
      best.set(group, {
        p50: Math.min(p50, quantile(latenciesMs, 0.5)),
        p99: Math.min(p99, quantile(latenciesMs, 0.99)),
      });
    }
  return best;
}

async function megabytesOf(group: Group): Promise<number> {
  const bytes = await group.weigh();
  return bytes.reduce((sum, each) => sum + each, 0) / bytes.length / 1_000_000;
}

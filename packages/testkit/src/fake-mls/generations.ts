import type { Generations, ReceivedGenerations } from "@demls/mls";
import { ratchetsOf, withCurrent, withRatchets, type FakeGroup } from "./group.js";
import type { Ratchet } from "./ratchet.js";

/** See `MlsService.generations`. */
export function generations({ state }: FakeGroup): Generations {
  const { handshake, application } = ratchetsOf(state.current, state.ownLeaf);
  return { handshake: handshake.next, application: application.next };
}

/** See `MlsService.received`. */
export function received({ state }: FakeGroup, epoch: bigint): ReceivedGenerations | undefined {
  const found = [state.current, state.past].find((each) => each?.number === epoch);
  if (found === undefined) return undefined;
  const ratchets = found.leaves.flatMap((leaf, index) =>
    leaf === undefined ? [] : [ratchetsOf(found, index).application],
  );
  return {
    next: ratchets.map(({ next }) => next),
    skipped: ratchets.flatMap(({ skipped }, position) =>
      skipped
        .map((from) => ({ position, from, count: 1 }))
        .reduce<ReceivedGenerations["skipped"]>(joinRuns, []),
    ),
  };
}

type Runs = ReceivedGenerations["skipped"];

function joinRuns(runs: Runs, run: Runs[number]): Runs {
  const last = runs.at(-1);
  if (last?.position !== run.position || last.from + last.count !== run.from) return [...runs, run];
  return [...runs.slice(0, -1), { ...last, count: last.count + 1 }];
}

/** See `MlsService.skipGenerations`. */
export function skipGenerations(group: FakeGroup, to: Generations, keptKeys: number): FakeGroup {
  const { current, ownLeaf } = group.state;
  const { handshake, application } = ratchetsOf(current, ownLeaf);
  const skipped = {
    handshake: skip(handshake, to.handshake, 0),
    application: skip(application, to.application, keptKeys),
  };
  return withCurrent(group, withRatchets(current, ownLeaf, skipped));
}

function skip({ next, skipped }: Ratchet, to: number, kept: number): Ratchet {
  const passed = Array.from({ length: Math.max(0, to - next) }, (_, i) => next + i);
  const all = [...skipped, ...passed];
  return { next: Math.max(next, to), skipped: all.slice(Math.max(0, all.length - kept)) };
}

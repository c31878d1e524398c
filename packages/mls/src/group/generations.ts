import type { MlsContext } from "../client/mls-context.js";
import { deriveTreeSecret, type GenerationSecret, type SecretTreeNode } from "../ts-mls.js";
import { occupiedLeaves } from "../tree/ratchet-tree.js";
import { withSecretTree, type TsMlsGroup } from "./mls-group.js";

/**
 * Next generation that a member seals with, for each of its two ratchets in an epoch (RFC 9420 § 9.1). Both start at 0
 * in every epoch.
 */
export interface Generations {
  /** Proposals and commits. */
  readonly handshake: number;
  /** Application messages. */
  readonly application: number;
}

/** Consecutive generations of one member's application ratchet. */
export interface SkippedGenerations {
  /** Position of the member in the roster of the epoch. */
  readonly position: number;
  readonly from: number;
  readonly count: number;
}

/** Application messages of an epoch that were opened, by generation. */
export interface ReceivedGenerations {
  /** Next generation of each member in leaf order; for this member the next that it seals with. */
  readonly next: readonly number[];
  /** Generations below `next` that were not opened and still can be. */
  readonly skipped: readonly SkippedGenerations[];
}

/** See {@link MlsService.received}. */
export function received(group: TsMlsGroup, epoch: bigint): ReceivedGenerations | undefined {
  const keys = epoch === group.epoch ? group.state : group.state.historicalReceiverData.get(epoch);
  if (keys === undefined) return undefined;
  const next: number[] = [];
  const skipped: SkippedGenerations[] = [];
  // A loop: it runs for each message, over all members.
  for (const [position, { index }] of occupiedLeaves(keys).entries()) {
    const ratchet = keys.secretTree[2 * index]?.application;
    next.push(ratchet?.generation ?? 0);
    const unused = Object.keys(ratchet?.unusedGenerations ?? {});
    for (const run of runsOf(unused.map(Number))) skipped.push({ position, ...run });
  }
  return { next, skipped };
}

/** Runs of consecutive numbers. */
function runsOf(numbers: readonly number[]): { from: number; count: number }[] {
  const runs: { from: number; count: number }[] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last.from + last.count === number) last.count += 1;
    else runs.push({ from: number, count: 1 });
  }
  return runs;
}

/** See {@link MlsService.generations}. */
export function generations(group: TsMlsGroup): Generations {
  const { handshake, application } = ownRatchets(group);
  return { handshake: handshake.generation, application: application.generation };
}

/** See {@link MlsService.skipGenerations}. */
export async function skipGenerations(
  context: MlsContext,
  group: TsMlsGroup,
  to: Generations,
  kept: number,
): Promise<TsMlsGroup> {
  const own = ownRatchets(group);
  const node = {
    handshake: await ratchetForward(context, own.handshake, to.handshake, 0),
    application: await ratchetForward(context, own.application, to.application, kept),
  };
  return withSecretTree(group, group.state.secretTree.with(ownNode(group), node));
}

/**
 * Ratchet at generation `to`, or where it is if that is later, with the newest `kept` keys that it skipped and did not
 * spend.
 */
export async function ratchetForward(
  { suite: { kdf } }: MlsContext,
  from: GenerationSecret,
  to: number,
  kept: number,
): Promise<GenerationSecret> {
  let { secret, generation } = from;
  const skipped = Object.entries(from.unusedGenerations);
  for (; generation < to; generation++) {
    skipped.push([`${generation}`, secret]);
    secret = await deriveTreeSecret(secret, "secret", generation, kdf.size, kdf);
  }
  const newest = skipped.slice(Math.max(0, skipped.length - kept));
  return { secret, generation, unusedGenerations: Object.fromEntries(newest) };
}

function ownRatchets(group: TsMlsGroup): SecretTreeNode {
  const ratchets = group.state.secretTree[ownNode(group)];
  if (ratchets === undefined) throw new Error("A member has no ratchets of its own.");
  return ratchets;
}

function ownNode({ state }: TsMlsGroup): number {
  return 2 * state.privatePath.leafIndex;
}

import { type RandomSource, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import type { ClientState } from "ts-mls";
import {
  createMlsService,
  type CreateGroupOptions,
  type MlsChange,
  type MlsGroup,
  type MlsService,
  type MlsServiceOptions,
  type OwnCandidate,
} from "../src/index.js";

/** Recording time of vectors/08_mls.json in milliseconds, when its key packages are valid. */
export const RECORDED_MS = 1_795_254_400_000;

/** SHA-256 in counter mode: the same bytes in every run. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0;
  const block = () => sha256(utf8ToBytes(`${seed}:${counter++}`));
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let offset = 0; offset < length; offset += 32)
        bytes.set(block().subarray(0, length - offset), offset);
      return bytes;
    },
  };
}

/** Service whose identity is the name, at the time of the recording. */
export function member(name: string, options: Partial<MlsServiceOptions> = {}): Promise<MlsService> {
  return createMlsService({
    identity: utf8ToBytes(name),
    random: seededRandom(name),
    wallMs: () => RECORDED_MS,
    ...options,
  });
}

/** State of a group in ts-mls. */
export function clientState(group: MlsGroup): ClientState {
  return group.state as ClientState;
}

/** Member with its current group value. */
export interface GroupMember {
  readonly mls: MlsService;
  group: MlsGroup;
}

/** Adds `joiners` with one commit by the first of `present`; everyone present merges it. */
export async function welcomeAll(
  present: readonly GroupMember[],
  joiners: readonly MlsService[],
): Promise<GroupMember[]> {
  const [committer, ...others] = present;
  if (committer === undefined) throw new Error("Somebody must be there.");
  const keyPackages = await Promise.all(joiners.map((joiner) => joiner.generateKeyPackage()));
  const changes = keyPackages.map(({ bytes }) => ({ kind: "add", keyPackage: bytes }) as const);
  const candidate = await commitAmong(committer, others, changes);
  const joined = await Promise.all(
    joiners.map(async (mls, i) => {
      const outcome = await mls.join(candidate.welcome ?? new Uint8Array(), keyPackages.slice(i, i + 1));
      if (outcome.kind !== "joined") throw new Error(`Not joined: ${JSON.stringify(outcome)}`);
      return { mls, group: outcome.group };
    }),
  );
  return [...present, ...joined];
}

/** Commits `changes`; the committer and the others merge them. */
export async function commitAmong(
  committer: GroupMember,
  others: readonly GroupMember[],
  changes: readonly MlsChange[],
): Promise<OwnCandidate> {
  const { group, candidate } = await committer.mls.createCandidate(committer.group, changes);
  for (const other of others) await stageAndAdopt(other, candidate);
  committer.group = committer.mls.merge(group, candidate);
  return candidate;
}

/** Stages and merges a candidate. Keeps the group if the candidate removes its holder. */
export async function stageAndAdopt(
  holder: GroupMember,
  { proposals, commit }: { readonly proposals: readonly Uint8Array[]; readonly commit: Uint8Array },
): Promise<void> {
  const { group, outcome } = await holder.mls.stage(holder.group, proposals, commit);
  if (outcome.kind !== "staged") throw new Error(`Not staged: ${outcome.reason}`);
  holder.group = outcome.staged.selfRemoved ? group : holder.mls.merge(group, outcome.staged);
}

/** Group of members with these names, in this order. */
export async function groupOf(
  names: readonly string[],
  options: CreateGroupOptions = {},
): Promise<GroupMember[]> {
  const [founder, ...joiners] = await Promise.all(names.map((name) => member(name)));
  if (founder === undefined) throw new Error("Somebody must be there.");
  const first = { mls: founder, group: await founder.createGroup("garden", options) };
  return joiners.length === 0 ? [first] : welcomeAll([first], joiners);
}

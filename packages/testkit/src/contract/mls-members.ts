import type {
  CandidateOptions,
  CreateGroupOptions,
  MlsChange,
  MlsGroup,
  MlsService,
  OpenOutcome,
  OwnCandidate,
  SignatureKeyPair,
  StagedCommit,
} from "@demls/mls";
import { utf8ToBytes, type RandomSource } from "@demls/wire/core";
import { createSeededRandom } from "../seeded-random.js";
import { broken, present } from "./contract-case.js";

/** Options that the contract passes to a service. */
export interface ContractMlsOptions {
  readonly identity: Uint8Array;
  readonly random: RandomSource;
  /** Milliseconds since the Unix epoch. */
  readonly wallMs: () => number;
  /** Signature key pair of a service that this one replaces. */
  readonly signatureKeyPair?: SignatureKeyPair;
}

/** Creates a service under test. */
export type CreateMlsService = (options: ContractMlsOptions) => MlsService | Promise<MlsService>;

/** Member with its current group value. */
export interface Holder {
  mls: MlsService;
  group: MlsGroup;
}

/** Time in every case, in milliseconds since the Unix epoch. */
export const NOW_MS = 1_795_254_400_000;

/** Creates the members of one case. */
export interface Cast {
  /** Service whose identity is the name. */
  service(name: string, changes?: Partial<ContractMlsOptions>): Promise<MlsService>;
  /** Group of members with these names, in this order. */
  group(names: readonly [string, ...string[]], options?: CreateGroupOptions): Promise<[Holder, ...Holder[]]>;
}

/** Creates casts of one implementation. */
export function castOf(create: CreateMlsService): Cast {
  async function service(name: string, changes: Partial<ContractMlsOptions> = {}): Promise<MlsService> {
    return create({
      identity: utf8ToBytes(name),
      random: createSeededRandom(name),
      wallMs: () => NOW_MS,
      ...changes,
    });
  }

  async function group(
    [founder, ...names]: readonly [string, ...string[]],
    options: CreateGroupOptions = {},
  ): Promise<[Holder, ...Holder[]]> {
    const mls = await service(founder);
    const first: Holder = { mls, group: await mls.createGroup("garden", options) };
    const joiners = await Promise.all(names.map((name) => service(name)));
    return joiners.length === 0 ? [first] : [first, ...(await admit(first, [], joiners))];
  }

  return { service, group };
}

/** Adds `joiners` with one commit of `steward`, which `others` merge too. */
export async function admit(
  steward: Holder,
  others: readonly Holder[],
  joiners: readonly MlsService[],
): Promise<Holder[]> {
  const keyPackages = await Promise.all(joiners.map((joiner) => joiner.generateKeyPackage()));
  const changes = keyPackages.map(({ bytes }) => ({ kind: "add", keyPackage: bytes }) as const);
  const candidate = await commit(steward, others, changes);
  const welcome = present(candidate.welcome, "welcome for those who were added");
  return Promise.all(
    joiners.map(async (mls, i) => {
      const outcome = await mls.join(welcome, keyPackages.slice(i, i + 1));
      if (outcome.kind !== "joined") throw broken(`Joining by a genuine welcome returns ${outcome.kind}.`);
      return { mls, group: outcome.group };
    }),
  );
}

/** Commits `changes`; all remaining members merge them. */
export async function commit(
  steward: Holder,
  others: readonly Holder[],
  changes: readonly MlsChange[],
): Promise<OwnCandidate> {
  const candidate = await createCandidate(steward, changes);
  for (const other of others) {
    const staged = await stage(other, candidate);
    if (!staged.selfRemoved) other.group = other.mls.merge(other.group, staged);
  }
  steward.group = steward.mls.merge(steward.group, candidate);
  return candidate;
}

/** Creates a candidate and continues with the returned group. */
export async function createCandidate(
  steward: Holder,
  changes: readonly MlsChange[],
  options?: CandidateOptions,
): Promise<OwnCandidate> {
  const { group, candidate } = await steward.mls.createCandidate(steward.group, changes, options);
  steward.group = group;
  return candidate;
}

/** Stages a candidate that must be valid. */
export async function stage(
  holder: Holder,
  { proposals, commit: message }: Pick<OwnCandidate, "proposals" | "commit">,
): Promise<StagedCommit> {
  const { group, outcome } = await holder.mls.stage(holder.group, proposals, message);
  if (outcome.kind !== "staged") throw broken(`A genuine candidate was rejected: ${outcome.reason}.`);
  holder.group = group;
  return outcome.staged;
}

/** Seals a text. */
export async function seal(holder: Holder, text: string): Promise<Uint8Array> {
  const { group, message } = await holder.mls.seal(holder.group, utf8ToBytes(text));
  holder.group = group;
  return message;
}

/** Opens a message and continues with the returned group. */
export async function open(holder: Holder, message: Uint8Array): Promise<OpenOutcome> {
  const { group, outcome } = await holder.mls.open(holder.group, message);
  holder.group = group;
  return outcome;
}

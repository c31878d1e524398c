import {
  createMlsService,
  type MlsGroup,
  type MlsService,
  type OwnCandidate,
  type OwnKeyPackage,
} from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import type { ClientState } from "ts-mls";
import type { BareCommit, BareKeyPackage, BareTsMls } from "./bare-ts-mls.js";

/** A member with its group. */
export interface OurMember {
  readonly mls: MlsService;
  readonly group: MlsGroup;
}

/** A group of @demls/mls in the state of two members, and a joiner's key package. */
export interface OurGroup {
  readonly founder: OurMember;
  readonly second: OurMember;
  readonly newcomer: MlsService;
  readonly keyPackage: OwnKeyPackage;
}

/** The same group in plain ts-mls. */
export interface BareGroup {
  readonly founder: ClientState;
  readonly second: ClientState;
  readonly newcomer: BareKeyPackage;
}

/** Creates a group of `size` members, added by the first commit. */
export async function ourGroup(size: number): Promise<OurGroup> {
  const founder = await service("founder");
  const others = await each(size - 1, (i) => service(`member ${i}`));
  const keyPackages = await Promise.all(others.map((other) => other.generateKeyPackage()));
  const alone = await founder.createGroup("garden");
  const { group, candidate } = await founder.createCandidate(alone, keyPackages.map(addition));
  const [second] = others;
  if (second === undefined) throw new Error("A group needs at least two members.");
  const newcomer = await service("newcomer");
  return {
    founder: { mls: founder, group: founder.merge(group, candidate) },
    second: { mls: second, group: await joined(second, candidate, keyPackages.slice(0, 1)) },
    newcomer,
    keyPackage: await newcomer.generateKeyPackage(),
  };
}

/** As {@link ourGroup}. */
export async function bareGroup(tsMls: BareTsMls, size: number): Promise<BareGroup> {
  const alone = await tsMls.create(await tsMls.keyPackage("founder"));
  const others = await each(size - 1, (i) => tsMls.keyPackage(`member ${i}`));
  const made: BareCommit = await tsMls.add(alone, others);
  const [second] = others;
  if (second === undefined) throw new Error("A group needs at least two members.");
  return {
    founder: made.next,
    second: await tsMls.join(made.welcome, second),
    newcomer: await tsMls.keyPackage("newcomer"),
  };
}

/** The change that adds the owner of a key package. */
export function addition(keyPackage: OwnKeyPackage): {
  readonly kind: "add";
  readonly keyPackage: Uint8Array;
} {
  return { kind: "add", keyPackage: keyPackage.bytes };
}

/** Joins the group by the welcome of a commit candidate. */
export async function joined(
  mls: MlsService,
  { welcome }: OwnCandidate,
  keyPackages: readonly OwnKeyPackage[],
): Promise<MlsGroup> {
  const outcome = welcome && (await mls.join(welcome, keyPackages));
  if (outcome?.kind !== "joined") throw new Error(`Not joined: ${JSON.stringify(outcome)}`);
  return outcome.group;
}

function service(name: string): Promise<MlsService> {
  const random = createSeededRandom(name);
  return createMlsService({ identity: random.bytes(20), random, wallMs: () => Date.now() });
}

function each<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}

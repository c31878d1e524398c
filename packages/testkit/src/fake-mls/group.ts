import type { LeafBinding, MlsGroup } from "@demls/mls";
import { DemlsError, type MemberId } from "@demls/wire/core";
import { hashOf } from "./fields.js";
import { FRESH_RATCHETS, type Ratchets } from "./ratchet.js";

/** Occupied leaf of the fake's tree, which is a list. */
export interface Leaf extends LeafBinding {
  readonly member: MemberId;
  readonly leafKey: Uint8Array;
  /** Lifetime of its key package; absent once its member has committed, as in RFC 9420 § 7.2. */
  readonly lifetime: Lifetime | undefined;
  /** Extension types that it lists. */
  readonly extensions: readonly number[];
}

/** Lifetime in seconds since the Unix epoch; both ends are exclusive. */
export interface Lifetime {
  readonly notBefore: bigint;
  readonly notAfter: bigint;
}

/** List of leaves, with `undefined` for blank ones. */
export type Leaves = readonly (Leaf | undefined)[];

/** Epoch: secrets that open and seal its messages. */
export interface Epoch {
  readonly number: bigint;
  /** 32 bytes known only to the members of this epoch. */
  readonly secret: Uint8Array;
  readonly leaves: Leaves;
  /** Ratchets by leaf. A leaf that has sent nothing may be missing. */
  readonly ratchets: readonly (Ratchets | undefined)[];
}

/** State of a fake group. */
export interface FakeState {
  readonly ownLeaf: number;
  readonly current: Epoch;
  /** Previous epoch, whose messages still open. */
  readonly past: Epoch | undefined;
}

/** Group of the fake service. */
export interface FakeGroup extends MlsGroup {
  readonly state: FakeState;
}

/** Parts of a group that never change. */
export type GroupConstants = Pick<MlsGroup, "groupId" | "name" | "requiredExtensions">;

/** Wraps a state as a group. */
export function groupOf({ groupId, name, requiredExtensions }: GroupConstants, state: FakeState): FakeGroup {
  const { number, secret, leaves } = state.current;
  const own = leaves[state.ownLeaf];
  const roster = leaves.flatMap((leaf, leafIndex) =>
    leaf === undefined ? [] : [{ leafIndex, member: leaf.member, ...bindingOf(leaf) }],
  );
  if (own === undefined) throw new Error("A group's holder has no leaf.");
  return {
    groupId,
    name,
    epoch: number,
    self: own.member,
    leafIndex: state.ownLeaf,
    members: roster.map(({ member }) => member),
    roster,
    epochAuthenticator: hashOf("authenticator", secret),
    requiredExtensions,
    supportedExtensions: own.extensions.filter((type) =>
      leaves.every((leaf) => leaf === undefined || leaf.extensions.includes(type)),
    ),
    state,
  };
}

/** Key and binding of a leaf. */
export function bindingOf(leaf: Leaf): LeafBinding {
  const { signatureKey, admission, identityProof, keySince, replaces, claimedName, boundTo } = leaf;
  return { signatureKey, admission, identityProof, keySince, replaces, claimedName, boundTo };
}

/** The same group with other ratchets in its current epoch. */
export function withCurrent(group: FakeGroup, current: Epoch): FakeGroup {
  return { ...group, state: { ...group.state, current } };
}

/** Ratchets of a sender in an epoch. */
export function ratchetsOf({ ratchets }: Epoch, leaf: number): Ratchets {
  return ratchets[leaf] ?? FRESH_RATCHETS;
}

/** The epoch with one sender's ratchets replaced. */
export function withRatchets(epoch: Epoch, leaf: number, changed: Ratchets): Epoch {
  const length = Math.max(epoch.ratchets.length, leaf + 1);
  const ratchets = Array.from({ length }, (_, i) => (i === leaf ? changed : epoch.ratchets[i]));
  return { ...epoch, ratchets };
}

/**
 * Internal view of a group passed by the caller.
 *
 * @throws DemlsError `foreign-group` when another implementation made it.
 */
export function ownGroup(group: MlsGroup): FakeGroup {
  const { state } = group;
  if (typeof state !== "object" || state === null || !("ownLeaf" in state))
    throw new DemlsError("foreign-group", {
      message: "The group was made by another MlsService implementation.",
      field: "group",
      remedy: "Pass the group to the implementation that made it.",
    });
  return group as FakeGroup;
}

/**
 * {@link ownGroup} that also requires the group's secrets.
 *
 * @throws DemlsError `wiped-group` when they were wiped.
 */
export function usableGroup(group: MlsGroup): FakeGroup {
  const own = ownGroup(group);
  if (own.state.current.secret.some((byte) => byte !== 0)) return own;
  throw new DemlsError("wiped-group", {
    message: "The group was wiped and cannot be used.",
    field: "group",
    remedy: "Use the value that replaced it.",
  });
}

import type { MlsGroup } from "@demls/mls";
import { DemlsError, type MemberId } from "@demls/wire/core";
import { hashOf } from "./fields.js";
import { FRESH_RATCHETS, type Ratchets } from "./ratchet.js";

/** An occupied leaf of the fake's tree, which is a list. */
export interface Leaf {
  readonly member: MemberId;
  readonly signatureKey: Uint8Array;
  readonly leafKey: Uint8Array;
  /** Of the key package it came from; absent once its member has committed, as in RFC 9420 § 7.2. */
  readonly lifetime: Lifetime | undefined;
  /** The extension types that it lists. */
  readonly extensions: readonly number[];
}

/** In seconds since the Unix epoch; both ends are outside. */
export interface Lifetime {
  readonly notBefore: bigint;
  readonly notAfter: bigint;
}

/** A list of leaves, blank ones `undefined`. */
export type Leaves = readonly (Leaf | undefined)[];

/** One epoch: what opens and seals its messages. */
export interface Epoch {
  readonly number: bigint;
  /** 32 bytes that only the members of this epoch have. */
  readonly secret: Uint8Array;
  readonly leaves: Leaves;
  /** By leaf; a leaf that has sent nothing may be missing. */
  readonly ratchets: readonly (Ratchets | undefined)[];
}

/** What the fake keeps in a group's `state`. */
export interface FakeState {
  readonly ownLeaf: number;
  readonly current: Epoch;
  /** The epoch before, of which messages are still opened. */
  readonly past: Epoch | undefined;
}

/** A group of the fake service. */
export interface FakeGroup extends MlsGroup {
  readonly state: FakeState;
}

/** The group around a state. */
export function groupOf(groupId: string, requiredExtensions: readonly number[], state: FakeState): FakeGroup {
  const { number, secret, leaves } = state.current;
  const own = leaves[state.ownLeaf];
  if (own === undefined) throw new Error("A group's holder has no leaf.");
  return {
    groupId,
    epoch: number,
    self: own.member,
    members: leaves.flatMap((leaf) => (leaf === undefined ? [] : [leaf.member])),
    epochAuthenticator: hashOf("authenticator", secret),
    requiredExtensions,
    supportedExtensions: own.extensions.filter((type) =>
      leaves.every((leaf) => leaf === undefined || leaf.extensions.includes(type)),
    ),
    state,
  };
}

/** The same group with other ratchets in its present epoch. */
export function withCurrent(group: FakeGroup, current: Epoch): FakeGroup {
  return { ...group, state: { ...group.state, current } };
}

/** A sender's ratchets in an epoch. */
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
 * A group that the caller handed in, as the fake knows it.
 *
 * @throws DemlsError `foreign-group` where another implementation made it.
 */
export function ownGroup(group: MlsGroup): FakeGroup {
  const { state } = group;
  if (typeof state !== "object" || state === null || !("ownLeaf" in state))
    throw new DemlsError("foreign-group", {
      message: "The group was made by another implementation of MLS.",
      field: "group",
      remedy: "Hand a group to the kind of service that made it.",
    });
  return group as FakeGroup;
}

/**
 * {@link ownGroup}, still with its secrets.
 *
 * @throws DemlsError `wiped-group` where they are gone.
 */
export function usableGroup(group: MlsGroup): FakeGroup {
  const own = ownGroup(group);
  if (own.state.current.secret.some((byte) => byte !== 0)) return own;
  throw new DemlsError("wiped-group", {
    message: "The group was wiped, and is used all the same.",
    field: "group",
    remedy: "Go on from the value that replaced it.",
  });
}

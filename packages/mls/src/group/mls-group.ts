import { DemlsError, type MemberId } from "@demls/wire/core";
import { identityAt, leafIdentity, occupiedLeaves } from "../tree/ratchet-tree.js";
import type { ClientState } from "../ts-mls.js";
import { requiredCapabilities } from "./required-extensions.js";

/**
 * One member's view of an MLS group at one moment: an immutable value.
 *
 * Every operation returns a new value and leaves its argument as it was, so values may branch: chat
 * and votes go on along one line while candidates for the next epoch are held beside it. Two rules
 * keep that safe, and both are the holder's:
 *
 * - **Go on from the newest value.** Sealing twice from the same value would use one key and nonce
 *   twice. Replace the value you hold by the one that was returned, before anything is published.
 * - **Say when a value is done with** ({@link MlsService.wipe}), because no value can know which others
 *   still share its secrets.
 */
export interface MlsGroup {
  /** The conversation's name; its UTF-8 bytes are the MLS group id. */
  readonly groupId: string;
  /** The MLS epoch, from 0 at creation, one more with every merged commit. */
  readonly epoch: bigint;
  /** Who holds this value. */
  readonly self: MemberId;
  /** Everyone in the group, in leaf order, as de-mls 3.0.0 lists them. */
  readonly members: readonly MemberId[];
  /**
   * The epoch authenticator (RFC 9420 § 8.7): equal at two members exactly when they are in the same epoch.
   */
  readonly epochAuthenticator: Uint8Array;
  /** The extension types that the group context requires every leaf to list (RFC 9420 § 11.1). */
  readonly requiredExtensions: readonly number[];
  /** The extension types of the own leaf that every other member's leaf lists too, required or not. */
  readonly supportedExtensions: readonly number[];
  /** What the service that made this value keeps of it. Opaque: read and change it only through that service. */
  readonly state: unknown;
}

/** A value of the service in this package. */
export interface TsMlsGroup extends MlsGroup {
  readonly state: ClientState;
}

/**
 * A value that the caller handed in, as the service that made it knows it.
 *
 * @throws DemlsError `foreign-group` where another implementation of {@link MlsService} made it.
 */
export function ownGroup(group: MlsGroup): TsMlsGroup {
  const { state } = group;
  if (typeof state === "object" && state !== null && "keySchedule" in state) return group as TsMlsGroup;
  throw new DemlsError("foreign-group", {
    message: "The group was made by another implementation of MLS.",
    field: "group",
    remedy: "Hand a group to the kind of service that made it.",
  });
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * The value around an MLS state.
 *
 * @returns `undefined` where the group is not one of de-MLS: its id is not UTF-8, or a member's
 * credential is not a basic one.
 */
export function groupFromState(state: ClientState): TsMlsGroup | undefined {
  const members: MemberId[] = [];
  for (const { leaf } of occupiedLeaves(state)) {
    const member = leafIdentity(leaf);
    if (member === undefined) return undefined;
    members.push(member);
  }
  const self = identityAt(state.ratchetTree, state.privatePath.leafIndex);
  const groupId = decodeGroupId(state.groupContext.groupId);
  if (self === undefined || groupId === undefined) return undefined;
  return {
    groupId,
    epoch: state.groupContext.epoch,
    self,
    members,
    // A copy, which outlives the wiping of the state.
    epochAuthenticator: state.keySchedule.epochAuthenticator.slice(),
    requiredExtensions: requiredCapabilities(state.groupContext.extensions)?.extensionTypes ?? [],
    supportedExtensions: supportedExtensions(state),
    state,
  };
}

function supportedExtensions(state: ClientState): readonly number[] {
  const leaves = occupiedLeaves(state);
  const own = leaves.find(({ index }) => index === state.privatePath.leafIndex);
  return (own?.leaf.capabilities.extensions ?? []).filter((type) =>
    leaves.every(({ leaf }) => leaf.capabilities.extensions.includes(type)),
  );
}

/** The same group in the same epoch with other ratchets: what sealing and opening return. */
export function withSecretTree(group: TsMlsGroup, secretTree: ClientState["secretTree"]): TsMlsGroup {
  return { ...group, state: { ...group.state, secretTree } };
}

function decodeGroupId(groupId: Uint8Array): string | undefined {
  try {
    return decoder.decode(groupId);
  } catch {
    return undefined;
  }
}

import { bytesToHex, DemlsError, type MemberId } from "@demls/wire/core";
import { leafBinding, type LeafBinding } from "../key-package/leaf-binding.js";
import { identityAt, leafIdentity, occupiedLeaves } from "../tree/ratchet-tree.js";
import type { ClientState } from "../ts-mls.js";
import { conversationName } from "./conversation-name.js";
import { requiredCapabilities } from "./required-extensions.js";

/**
 * One member's view of an MLS group at one moment: an immutable value.
 *
 * Every operation returns a new value and leaves its argument unchanged, so values may branch. Chat and votes continue
 * on one branch while candidates for the next epoch are kept beside it. The holder must follow two rules:
 *
 * - **Continue from the newest value.** Sealing twice from one value would use the same key and nonce twice. Replace
 *   the value that you hold by the returned one before you publish the message.
 * - **Wipe values that are no longer needed** ({@link MlsService.wipe}). A value does not know which others share its
 *   secrets.
 */
export interface MlsGroup {
  /** MLS group id, lower-case hex: random if the group requires {@link STRICT_MARKER}, otherwise the name in UTF-8. */
  readonly groupId: string;
  /** Conversation name. */
  readonly name: string;
  /** MLS epoch: 0 at creation, one more with every merged commit. */
  readonly epoch: bigint;
  /** Member that holds this value. */
  readonly self: MemberId;
  /** Own leaf. */
  readonly leafIndex: number;
  /** All members in leaf order, as de-mls 3.0.0 lists them. */
  readonly members: readonly MemberId[];
  /** Occupied leaves in leaf order: one per entry of `members`. */
  readonly roster: readonly RosterEntry[];
  /** Epoch authenticator (RFC 9420 § 8.7): equal at two members exactly when they are in the same epoch. */
  readonly epochAuthenticator: Uint8Array;
  /** Extension types that the group context requires every leaf to list (RFC 9420 § 11.1). */
  readonly requiredExtensions: readonly number[];
  /** Extension types of the own leaf that all other members' leaves list too, required or not. */
  readonly supportedExtensions: readonly number[];
  /** Internal state of the service that made this value. Opaque: read and change it only through that service. */
  readonly state: unknown;
}

/** Occupied leaf of a group. */
export interface RosterEntry extends LeafBinding {
  readonly leafIndex: number;
  readonly member: MemberId;
}

/** Group value of the service in this package. */
export interface TsMlsGroup extends MlsGroup {
  readonly state: ClientState;
}

/**
 * Internal view of a group passed by the caller.
 *
 * @throws DemlsError `foreign-group` when another implementation of {@link MlsService} made it.
 */
export function ownGroup(group: MlsGroup): TsMlsGroup {
  const { state } = group;
  if (typeof state === "object" && state !== null && "keySchedule" in state) return group as TsMlsGroup;
  throw new DemlsError("foreign-group", {
    message: "The group was made by another MlsService implementation.",
    field: "group",
    remedy: "Pass the group to the implementation that made it.",
  });
}

/**
 * Wraps an MLS state as a value.
 *
 * @returns `undefined` when the group is not a de-MLS group: it has no name in UTF-8, or a member's credential is
 *   not a basic one.
 */
export function groupFromState(state: ClientState): TsMlsGroup | undefined {
  const roster: RosterEntry[] = [];
  for (const { index, leaf } of occupiedLeaves(state)) {
    const member = leafIdentity(leaf);
    if (member === undefined) return undefined;
    roster.push({ leafIndex: index, member, ...leafBinding(leaf) });
  }
  const { leafIndex } = state.privatePath;
  const self = identityAt(state.ratchetTree, leafIndex);
  const name = conversationName(state.groupContext);
  if (self === undefined || name === undefined) return undefined;
  return {
    groupId: bytesToHex(state.groupContext.groupId),
    name,
    epoch: state.groupContext.epoch,
    self,
    leafIndex,
    members: roster.map(({ member }) => member),
    roster,
    // Copied, to outlive the wiping of the state.
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

/** The same group in the same epoch with other ratchets, after sealing or opening. */
export function withSecretTree(group: TsMlsGroup, secretTree: ClientState["secretTree"]): TsMlsGroup {
  return { ...group, state: { ...group.state, secretTree } };
}

import { bytesToHex, DemlsError } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { ownCapabilities } from "../client/client-config.js";
import { STRICT_MARKER } from "../client/strict-marker.js";
import { freshLeaf } from "../key-package/generate.js";
import type { OwnLeafOptions } from "../key-package/leaf-binding.js";
import { createGroup as createMlsGroup } from "../ts-mls.js";
import { nameGroup } from "./conversation-name.js";
import { groupFromState, type TsMlsGroup } from "./mls-group.js";
import { groupContextExtensions } from "./required-extensions.js";

/** Settings of a new group and its creator's leaf. They cannot change later. */
export interface CreateGroupOptions extends OwnLeafOptions {
  /**
   * Extension types that every member's leaf must list, set by a required_capabilities extension (RFC 9420 § 11.1). The
   * creator's leaf must list them too. With {@link STRICT_MARKER}, the group id is 16 random bytes, and the group
   * context holds the name; otherwise the name is the group id. @default none, and no such extension
   */
  readonly requiredExtensions?: readonly number[];
}

/** See {@link MlsService.createGroup}. */
export async function createGroup(
  context: MlsContext,
  conversationName: string,
  { requiredExtensions = [], ...leafOptions }: CreateGroupOptions,
): Promise<TsMlsGroup> {
  const supported = ownCapabilities().extensions;
  if (!requiredExtensions.every((type) => supported.includes(type)))
    throw new DemlsError("unsupported-extension", {
      message: "requiredExtensions holds an extension type that the creator's leaf does not list.",
      field: "requiredExtensions",
      remedy: "Require only extension types that every leaf of this service lists: STRICT_MARKER.",
    });
  const { groupId, extensions } = nameGroup(context, conversationName, requiredExtensions);
  // In the mode de-mls-3 the name is the group id, and members do not read the binding.
  const isNamed = requiredExtensions.includes(STRICT_MARKER);
  const bound = isNamed ? { boundTo: { name: conversationName, groupId: bytesToHex(groupId) } } : {};
  const { publicPackage, privatePackage } = await freshLeaf(context, { ...leafOptions, ...bound });
  const state = await createMlsGroup(
    groupId,
    publicPackage,
    privatePackage,
    [...groupContextExtensions(requiredExtensions), ...extensions],
    context.suite,
    context.config,
  );
  const group = groupFromState(state);
  // A name with a lone surrogate would decode to a different name.
  if (group === undefined || group.name === "" || group.name !== conversationName)
    throw new DemlsError("invalid-conversation-name", {
      message: "The conversation's name is empty or not well-formed Unicode.",
      field: "name",
      remedy: "Pass a name of at least one character, without lone surrogates.",
    });
  return group;
}

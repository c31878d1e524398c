import { DemlsError, utf8ToBytes } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { ownCapabilities } from "../client/client-config.js";
import { freshLeaf } from "../key-package/generate.js";
import { createGroup as createMlsGroup } from "../ts-mls.js";
import { groupFromState, type TsMlsGroup } from "./mls-group.js";
import { groupContextExtensions } from "./required-extensions.js";

/** Settings of a new group, fixed for good. */
export interface CreateGroupOptions {
  /**
   * Extension types that every member's leaf must list, by a required_capabilities extension (RFC 9420 § 11.1): those
   * that the own leaf lists, such as {@link STRICT_MARKER}. @default none, and no such extension
   */
  readonly requiredExtensions?: readonly number[];
}

/** See {@link MlsService.createGroup}. */
export async function createGroup(
  context: MlsContext,
  conversationName: string,
  { requiredExtensions = [] }: CreateGroupOptions,
): Promise<TsMlsGroup> {
  const supported = ownCapabilities().extensions;
  if (!requiredExtensions.every((type) => supported.includes(type)))
    throw new DemlsError("unsupported-extension", {
      message: "The group would require an extension that its creator's leaf does not list.",
      field: "requiredExtensions",
      remedy: "Require no extension types but those that every leaf of this service lists: STRICT_MARKER.",
    });
  const groupId = utf8ToBytes(conversationName);
  const { publicPackage, privatePackage } = await freshLeaf(context);
  const state = await createMlsGroup(
    groupId,
    publicPackage,
    privatePackage,
    groupContextExtensions(requiredExtensions),
    context.suite,
    context.config,
  );
  const group = groupFromState(state);
  // A name with a lone surrogate would come back as another one.
  if (group === undefined || group.groupId === "" || group.groupId !== conversationName)
    throw new DemlsError("invalid-conversation-name", {
      message: "The conversation's name is empty or not well-formed Unicode.",
      field: "name",
      remedy: "Give a name of at least one character, cut between code points.",
    });
  return group;
}

import { DemlsError, utf8ToBytes } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { groupContextExtensions } from "../client/strict-marker.js";
import { freshLeaf } from "../key-package/generate.js";
import { createGroup as createMlsGroup } from "../ts-mls.js";
import { groupFromState, type TsMlsGroup } from "./mls-group.js";

/** What a new group is to be. */
export interface CreateGroupOptions {
  /**
   * Whether only members of this project may ever join: the group requires what de-mls 3.0.0 key packages do not
   * have, by a required_capabilities extension (RFC 9420, section 11.1).
   */
  readonly strict: boolean;
}

/** See {@link MlsService.createGroup}. */
export async function createGroup(
  context: MlsContext,
  conversationName: string,
  options: CreateGroupOptions,
): Promise<TsMlsGroup> {
  const groupId = utf8ToBytes(conversationName);
  const { publicPackage, privatePackage } = await freshLeaf(context);
  const state = await createMlsGroup(
    groupId,
    publicPackage,
    privatePackage,
    groupContextExtensions(options.strict),
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

import { DemlsError, utf8ToBytes } from "@demls/wire/core";
import { createGroup as createMlsGroup } from "./ts-mls.js";
import { freshLeaf } from "./key-package-generation.js";
import type { MlsContext } from "./mls-context.js";
import { groupFromState, type TsMlsGroup } from "./mls-group.js";
import type { CreateGroupOptions } from "./mls-service.js";
import { groupContextExtensions } from "./strict-marker.js";

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

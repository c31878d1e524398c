import { bytesToUtf8, utf8ToBytes } from "@demls/wire/core";
import { STRICT_MARKER } from "../client/strict-marker.js";
import type { MlsContext } from "../client/mls-context.js";
import type { ClientState, Extension } from "../ts-mls.js";
import { requiredCapabilities } from "./required-extensions.js";

/** Bytes of a random group id: two groups never draw the same one. */
const GROUP_ID_BYTES = 16;

/**
 * Group id of a new group, and the context's extension with its name. Without {@link STRICT_MARKER} the name is the
 * group id, as in de-mls 3.0.0.
 */
export function nameGroup(
  { suite }: MlsContext,
  name: string,
  requiredExtensions: readonly number[],
): { readonly groupId: Uint8Array; readonly extensions: readonly Extension[] } {
  const extensionData = utf8ToBytes(name);
  if (!requiredExtensions.includes(STRICT_MARKER)) return { groupId: extensionData, extensions: [] };
  return {
    groupId: suite.rng.randomBytes(GROUP_ID_BYTES),
    extensions: [{ extensionType: STRICT_MARKER, extensionData }],
  };
}

/** Name of a group's conversation; `undefined` when it is not UTF-8, or missing in a group that requires the marker. */
export function conversationName({ groupId, extensions }: ClientState["groupContext"]): string | undefined {
  const isStrict = requiredCapabilities(extensions)?.extensionTypes.includes(STRICT_MARKER) === true;
  if (!isStrict) return bytesToUtf8(groupId);
  const name = extensions.find(({ extensionType }) => extensionType === STRICT_MARKER);
  return name && bytesToUtf8(name.extensionData);
}

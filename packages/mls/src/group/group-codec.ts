import { concatBytes, DemlsError } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { decodeGroupState, encodeGroupState, type GroupState } from "../ts-mls.js";
import { groupFromState, type TsMlsGroup } from "./mls-group.js";

/** First byte of an encoded group, the version of its layout. */
const LAYOUT = 1;

/** See {@link MlsService.encodeGroup}. */
export function encodeGroup(group: TsMlsGroup): Uint8Array {
  return concatBytes(Uint8Array.of(LAYOUT), encodeGroupState(group.state));
}

/** See {@link MlsService.decodeGroup}. */
export function decodeGroup(context: MlsContext, bytes: Uint8Array): TsMlsGroup {
  const state = bytes[0] === LAYOUT ? decodeState(Uint8Array.from(bytes.subarray(1))) : undefined;
  // ts-mls does not encode the client configuration, and no message opens without it.
  const group = state && groupFromState({ ...state, clientConfig: context.config });
  if (group === undefined)
    throw new DemlsError("corrupt-group", {
      message: "The bytes are not an encoded group.",
      field: "bytes",
      remedy:
        "Pass the bytes that encodeGroup returned, unchanged. If they are lost, join the conversation again.",
    });
  return group;
}

function decodeState(bytes: Uint8Array): GroupState | undefined {
  try {
    const decoded = decodeGroupState(bytes, 0);
    return decoded?.[1] === bytes.length ? decoded[0] : undefined;
  } catch {
    return undefined;
  }
}

import type { MessageDescription } from "@demls/mls";
import { messageFields, parseSealedMessage } from "./sealed-message.js";
import { welcomeReferences } from "./welcome.js";

/** See `MlsService.describe`. */
export function describe(bytes: Uint8Array): MessageDescription {
  const message = parseSealedMessage(bytes);
  if (message !== undefined) return { kind: message.kind, groupId: message.groupId, epoch: message.epoch };
  const references = welcomeReferences(bytes);
  if (references !== undefined) return { kind: "welcome", references };
  return { kind: messageFields(bytes) === undefined ? "malformed" : "other" };
}

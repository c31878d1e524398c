import type { RandomSource } from "demls";
import type { ChatFiles } from "../files/chat-files.js";
import { KEY_BYTES, keyOf } from "./hex-key.js";
import { loadIdentity, loadKey, type ChatIdentity } from "./identity-file.js";
import { KEY_VARIABLE, type GivenKeySource } from "./identity-source.js";

/** Loads a key that the user has given. A key file and the variable have no node key, so that one is drawn. */
export async function loadGivenIdentity(
  source: GivenKeySource,
  files: ChatFiles,
  random: RandomSource,
): Promise<ChatIdentity> {
  if (source.kind === "file") return loadIdentity(source.path, files, random);
  const key = source.kind === "keyFile" ? await loadKey(source.path, files) : keyOf(source.hex, KEY_VARIABLE);
  return { key, nodeKey: random.bytes(KEY_BYTES) };
}

import { homedir } from "node:os";
import { join } from "node:path";
import type { RandomSource } from "demls";
import { keyOf, loadIdentity, loadKey, type ChatIdentity } from "./identity-file.js";
import { lockIdentity } from "./identity-lock.js";
import { KEY_VARIABLE, type IdentitySource } from "./identity-source.js";

/** An identity, locked until {@link OpenIdentity.release}. */
export interface OpenIdentity extends ChatIdentity {
  /** The identity file, if the key comes from one. */
  readonly file: string | undefined;
  /** Idempotent. */
  release(): Promise<void>;
}

/**
 * Loads the keys from `source`. A key from a key file or the environment gets a new libp2p node key each time.
 *
 * @throws DemlsError as {@link loadIdentity}, {@link loadKey} and {@link lockIdentity}.
 */
export async function openIdentity(
  source: IdentitySource,
  env: Readonly<Record<string, string | undefined>>,
  random: RandomSource,
): Promise<OpenIdentity> {
  if (source.kind === "file") {
    const file = source.path ?? join(configFolder(env), "identity.json");
    const identity = await loadIdentity(file, random);
    return { ...identity, file, release: await lockIdentity(file) };
  }
  const key = source.kind === "keyFile" ? await loadKey(source.path) : keyOf(source.hex, KEY_VARIABLE);
  return { key, nodeKey: random.bytes(32), file: undefined, release: async () => undefined };
}

/** The user's configuration folder (XDG Base Directory Specification). */
function configFolder(env: Readonly<Record<string, string | undefined>>): string {
  const given = env["XDG_CONFIG_HOME"];
  return join(given !== undefined && given !== "" ? given : join(homedir(), ".config"), "demls");
}

import { homedir } from "node:os";
import { join } from "node:path";

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of all profiles (XDG Base Directory Specification): `$XDG_DATA_HOME/demls`, or `~/.local/share/demls`. A
 * folder in it is a profile: the file `profile.json` with its keys, and `conversations/NAME` for each conversation, with
 * `summary.json` and the folder `storage`, or `encrypted` if the profile has a passphrase.
 */
export function dataFolder(env: Environment): string {
  const given = env["XDG_DATA_HOME"];
  return join(given !== undefined && given !== "" ? given : join(homedir(), ".local", "share"), "demls");
}

import { DemlsError } from "demls";
import type { ClosableStorage } from "../files/chat-files.js";
import { KEY_BYTES } from "../identity/hex-key.js";
import { encryptKept, keptInClear, removeClear } from "./kept-chat.js";
import type { PassphraseSource } from "./passphrase.js";
import { readSecrets, sealSecrets, type ProfileContext, type ProfilePlace } from "./profile.js";

/**
 * Changes the passphrase of a profile. One that has none gets it, and what it keeps is encrypted.
 *
 * If the process dies, the former passphrase holds, with all that is kept; or the new one does, and what is left in the
 * clear of a conversation is deleted when the conversation goes on.
 *
 * @param passphrases that of the profile until now.
 * @param next that of the profile from now on.
 * @throws DemlsError `no-profile`; as `openProfile`, `PassphraseSource.next` and `encryptKept`: then nothing has changed.
 */
export async function changePassphrase(
  place: ProfilePlace,
  passphrases: PassphraseSource,
  next: PassphraseSource,
  context: ProfileContext,
): Promise<void> {
  const secrets = await readSecrets(place, passphrases, context);
  if (secrets === undefined) throw noProfile(place.name);
  const passphrase = await next.next(place.name);
  const storageKey = secrets.storageKey ?? context.random.bytes(KEY_BYTES);
  const folders = secrets.storageKey === undefined ? await keptInClear(place, context.files) : [];
  const clear: ClosableStorage[] = [];
  try {
    for (const folder of folders) clear.push(await encryptKept(place, folder, storageKey, context));
    await sealSecrets(place, { ...secrets, storageKey }, passphrase, context);
  } finally {
    for (const storage of clear) await storage.close();
    for (const secret of [secrets.key, storageKey]) secret?.fill(0);
  }
  for (const folder of folders) await removeClear(folder, context.files);
}

function noProfile(name: string): DemlsError<"no-profile"> {
  return new DemlsError("no-profile", {
    message: `There is no profile ${name}.`,
    field: "profile",
    remedy: "The first chat of a profile makes it, and asks for its passphrase.",
  });
}

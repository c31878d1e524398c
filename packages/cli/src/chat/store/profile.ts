import { join } from "node:path";
import { bytesToHex } from "@demls/wire";
import { createEthereumSigner, DemlsError } from "demls";
import type { ChatFiles } from "../files/chat-files.js";
import { parseFields } from "../files/parse-fields.js";
import { loadGivenIdentity } from "../identity/given-identity.js";
import { KEY_BYTES, keyIn } from "../identity/hex-key.js";
import type { IdentitySource } from "../identity/identity-source.js";
import { dataFolder, type Environment } from "./data-folder.js";
import type { PassphraseSource } from "./passphrase.js";
import { openText, sealText, type SealContext, type SealedText } from "./sealed-text.js";

/** Parts of a profile that no passphrase protects. */
export interface ProfilePlace {
  /** A name, or the address of a key that the user has given. */
  readonly name: string;
  readonly folder: string;
  /** The key that the user has given. It is not kept in the profile. */
  readonly givenKey: Uint8Array | undefined;
}

/** A user's key, and the key of what is kept. */
export interface Profile {
  readonly name: string;
  readonly folder: string;
  /** secp256k1 secret key of the member, 32 bytes. */
  readonly key: Uint8Array;
  /** Key that encrypts the storages of the conversations, 32 bytes; `undefined` if the profile has no passphrase. */
  readonly storageKey: Uint8Array | undefined;
}

/** Facilities of profiles. */
export interface ProfileContext extends SealContext {
  readonly files: ChatFiles;
}

/** Secrets in the file of a profile. */
export type Secrets = Partial<Pick<Profile, "key" | "storageKey">>;

const VERSION = 1;
const FILE = "profile.json";

/** Finds the profile of an identity, whose folder need not exist. @throws DemlsError as {@link loadGivenIdentity}. */
export async function findProfile(
  source: IdentitySource,
  env: Environment,
  { files, random }: ProfileContext,
): Promise<ProfilePlace> {
  if (source.kind === "profile") return placeOf(source.name, undefined, env);
  const { key } = await loadGivenIdentity(source, files, random);
  const signer = createEthereumSigner(key);
  const name = `0x${bytesToHex(signer.identity)}`;
  signer.close();
  return placeOf(name, key, env);
}

function placeOf(name: string, givenKey: Uint8Array | undefined, env: Environment): ProfilePlace {
  return { name, folder: join(dataFolder(env), name), givenKey };
}

/**
 * Opens a profile, or makes it. Its file is sealed by the passphrase, if it has one.
 *
 * @throws DemlsError `wrong-passphrase`; `passphrase-required`, `passphrase-mistyped`; `profile-without-passphrase` if a
 *   passphrase is given for a profile that has none; `profile-broken`; the errors of `files`.
 */
export async function openProfile(
  place: ProfilePlace,
  passphrases: PassphraseSource,
  context: ProfileContext,
): Promise<Profile> {
  const kept = await readSecrets(place, passphrases, context);
  const secrets = kept ?? (await make(place, passphrases, context));
  const key = place.givenKey ?? secrets.key;
  if (key === undefined) throw broken(pathOf(place));
  const { name, folder } = place;
  return { name, folder, key, storageKey: secrets.storageKey };
}

/** The secrets in a profile's file; `undefined` without one. @throws as {@link openProfile}. */
export async function readSecrets(
  place: ProfilePlace,
  passphrases: PassphraseSource,
  context: ProfileContext,
): Promise<Secrets | undefined> {
  const path = pathOf(place);
  const kept = await context.files.read(path);
  return kept === undefined ? undefined : open(kept, path, place, passphrases, context);
}

/** Replaces a profile's file by one that a passphrase seals. @throws the errors of `files`. */
export async function sealSecrets(
  place: ProfilePlace,
  secrets: Secrets,
  passphrase: string,
  context: ProfileContext,
): Promise<void> {
  await context.files.replace(pathOf(place), await textOf(secrets, passphrase, context));
}

async function make(
  place: ProfilePlace,
  passphrases: PassphraseSource,
  context: ProfileContext,
): Promise<Secrets> {
  const { files, random } = context;
  const passphrase = await passphrases.chosen(place.name);
  const secrets: Secrets = {
    ...(place.givenKey === undefined && { key: random.bytes(KEY_BYTES) }),
    ...(passphrase !== undefined && { storageKey: random.bytes(KEY_BYTES) }),
  };
  const path = pathOf(place);
  if (await files.create(path, await textOf(secrets, passphrase, context))) return secrets;
  // Another process made the profile first; use that one.
  return open((await files.read(path)) ?? "", path, place, passphrases, context);
}

async function open(
  kept: string,
  path: string,
  { name }: ProfilePlace,
  passphrases: PassphraseSource,
  context: ProfileContext,
): Promise<Secrets> {
  const fields = parseFields(kept);
  if (fields?.["version"] !== VERSION) throw broken(path);
  const { sealed } = fields;
  if (isSealed(sealed)) {
    const passphrase = await passphrases.known(name);
    return secretsIn(parseFields(await openText(sealed, passphrase, context).catch(namingProfile(name))));
  }
  if (await passphrases.isGiven()) throw withoutPassphrase(name);
  return secretsIn(fields);
}

function pathOf({ folder }: ProfilePlace): string {
  return join(folder, FILE);
}

/** The text of a profile's file, sealed by a passphrase if there is one. */
async function textOf(
  secrets: Secrets,
  passphrase: string | undefined,
  context: SealContext,
): Promise<string> {
  const fields = fieldsOf(secrets);
  const kept =
    passphrase === undefined
      ? fields
      : { sealed: await sealText(JSON.stringify(fields), passphrase, context) };
  return `${JSON.stringify({ version: VERSION, ...kept })}\n`;
}

function fieldsOf({ key, storageKey }: Secrets): Readonly<Record<string, string>> {
  return { ...(key && { key: bytesToHex(key) }), ...(storageKey && { storageKey: bytesToHex(storageKey) }) };
}

function secretsIn(fields: Readonly<Record<string, unknown>> | undefined): Secrets {
  const [key, storageKey] = [keyIn(fields, "key"), keyIn(fields, "storageKey")];
  return { ...(key && { key }), ...(storageKey && { storageKey }) };
}

function isSealed(value: unknown): value is SealedText {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((hex) => typeof hex === "string")
  );
}

/** Rethrows an error, with the profile's name if the passphrase is wrong. */
function namingProfile(name: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof DemlsError) || (error as DemlsError).code !== "wrong-passphrase") throw error;
    throw new DemlsError("wrong-passphrase", {
      message: `This is not the passphrase of the profile ${name}.`,
      field: "passphrase",
      remedy: "Start again with the right one. Nothing else opens the profile.",
    });
  };
}

function broken(path: string): DemlsError<"profile-broken"> {
  return new DemlsError("profile-broken", {
    message: `${path} does not contain a profile of this version.`,
    field: "profile",
    remedy: "Give another profile, or move this one away to make a new one.",
  });
}

function withoutPassphrase(name: string): DemlsError<"profile-without-passphrase"> {
  return new DemlsError("profile-without-passphrase", {
    message: `A passphrase was given, but the profile ${name} was made without one.`,
    field: "passphrase",
    remedy: "Give none to go on with this profile. demls chat --change-passphrase gives it one.",
  });
}

import { DemlsError } from "demls";
import type { ChatFiles } from "../files/chat-files.js";
import type { AskSecret } from "../terminal/ask-line.js";
import type { Environment } from "./data-folder.js";

/** Environment variable for the passphrase. */
const PASSPHRASE_VARIABLE = "DEMLS_PASSPHRASE";

/** Source of a profile's passphrase. */
export interface PassphraseSource {
  /** Whether a passphrase is given by a file or the variable. */
  isGiven(): Promise<boolean>;
  /** The passphrase of a profile that has one. @throws DemlsError `passphrase-required` if there is no source of it. */
  known(profile: string): Promise<string>;
  /** The passphrase of a new profile; `undefined` if it shall have none. */
  chosen(profile: string): Promise<string | undefined>;
  /** The new passphrase of a profile. @throws DemlsError `passphrase-required`, `passphrase-mistyped`. */
  next(profile: string): Promise<string>;
}

/** Options of {@link createPassphraseSource}. */
export interface PassphraseOptions {
  /** A file whose first line is the passphrase. */
  readonly file: string | undefined;
  readonly env: Environment;
  readonly files: ChatFiles;
  /** Asks on the terminal; `undefined` without one. */
  readonly ask: AskSecret | undefined;
}

/** Takes the passphrase from the file, else from {@link PASSPHRASE_VARIABLE}, else from the terminal. */
export function createPassphraseSource({ file, env, files, ask }: PassphraseOptions): PassphraseSource {
  async function given(): Promise<string | undefined> {
    if (file === undefined) return nonEmpty(env[PASSPHRASE_VARIABLE]);
    const content = await files.read(file);
    if (content === undefined) throw noPassphraseIn(`There is no file ${file}.`);
    const [line] = content.split(/\r?\n/);
    const passphrase = nonEmpty(line);
    if (passphrase === undefined) throw noPassphraseIn(`The first line of ${file} is no passphrase.`);
    return passphrase;
  }

  return {
    isGiven: async () => (await given()) !== undefined,

    async known(profile) {
      const passphrase = (await given()) ?? nonEmpty(await ask?.(`Passphrase of the profile ${profile}: `));
      if (passphrase === undefined) throw passphraseRequired(profile);
      return passphrase;
    },

    async chosen(profile) {
      const passphrase = await given();
      if (passphrase !== undefined || ask === undefined) return passphrase;
      return askTwice(profile, ask, " (empty for none)");
    },

    async next(profile) {
      const passphrase = (await given()) ?? (ask && (await askTwice(profile, ask)));
      if (passphrase === undefined) throw passphraseRequired(profile);
      return passphrase;
    },
  };
}

async function askTwice(profile: string, ask: AskSecret, hint = ""): Promise<string | undefined> {
  const answer = await ask(`New passphrase of the profile ${profile}${hint}: `);
  // An interrupted question is no choice of none.
  if (answer === undefined) throw passphraseRequired(profile);
  if (answer === "") return undefined;
  const again = await ask("The same again: ");
  if (again === undefined) throw passphraseRequired(profile);
  if (again === answer) return answer;
  throw new DemlsError("passphrase-mistyped", {
    message: "The two passphrases differ, so nothing was made or changed.",
    field: "passphrase",
    remedy: "Start again.",
  });
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function passphraseRequired(profile: string): DemlsError<"passphrase-required"> {
  return new DemlsError("passphrase-required", {
    message: `The profile ${profile} needs a passphrase, and none was given.`,
    field: "passphrase",
    remedy: `Give it by --passphrase-file FILE, by ${PASSPHRASE_VARIABLE}, or on a terminal.`,
  });
}

function noPassphraseIn(message: string): DemlsError<"passphrase-required"> {
  return new DemlsError("passphrase-required", {
    message,
    field: "passphrase-file",
    remedy: "Give a file whose first line is the passphrase, with mode 0600.",
  });
}

import { parseArgs } from "node:util";
import { DemlsError } from "demls";

/** The options as they are given. */
export interface Given {
  readonly create: boolean;
  readonly mdns: boolean;
  readonly "dial-private": boolean;
  readonly json: boolean;
  readonly ephemeral: boolean;
  readonly verbose: boolean;
  readonly history: boolean;
  readonly forget: boolean;
  readonly open?: boolean | undefined;
  readonly dial: readonly string[];
  readonly listen: readonly string[];
  readonly set: readonly string[];
  readonly profile?: string | undefined;
  readonly "change-passphrase": boolean;
  readonly "passphrase-file"?: string | undefined;
  readonly "new-passphrase-file"?: string | undefined;
  readonly identity?: string | undefined;
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  readonly framing?: string | undefined;
  readonly mode?: string | undefined;
  readonly patience?: string | undefined;
}

/** @throws DemlsError `invalid-option` for an option that does not exist, or lacks its value. */
export function parseArguments(args: readonly string[]): {
  readonly values: Given;
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        create: { type: "boolean", default: false },
        dial: { type: "string", multiple: true, default: [] },
        listen: { type: "string", multiple: true, default: [] },
        mdns: { type: "boolean", default: false },
        "dial-private": { type: "boolean", default: false },
        profile: { type: "string" },
        "change-passphrase": { type: "boolean", default: false },
        "passphrase-file": { type: "string" },
        "new-passphrase-file": { type: "string" },
        ephemeral: { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
        history: { type: "boolean", default: false },
        forget: { type: "boolean", default: false },
        open: { type: "boolean" },
        identity: { type: "string" },
        key: { type: "string" },
        name: { type: "string" },
        framing: { type: "string" },
        mode: { type: "string" },
        set: { type: "string", multiple: true, default: [] },
        patience: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? "") : "An option is invalid";
    throw new DemlsError("invalid-option", { message: `${message}.`, remedy: "See demls --help." });
  }
}

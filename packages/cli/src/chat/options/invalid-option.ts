import { DemlsError } from "demls";

/** The error for an invalid option. `NAME` is the positional argument. */
export function invalidOption(option: string, what: string): DemlsError<"invalid-option"> {
  return new DemlsError("invalid-option", {
    message: `${option === "NAME" ? option : `--${option}`} ${what}`,
    field: option,
    remedy: "See demls --help.",
  });
}

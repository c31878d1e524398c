import { DemlsError } from "demls";

/** `NAME` is the argument without dashes. */
export function invalidOption(option: string, what: string): DemlsError<"invalid-option"> {
  return new DemlsError("invalid-option", {
    message: `${option === "NAME" ? option : `--${option}`} ${what}`,
    field: option,
    remedy: "See demls --help.",
  });
}

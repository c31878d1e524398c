import { DemlsError } from "@demls/wire/core";

/** Error for a message of a member that catches up: the others could not read it. */
export function notCaughtUp(): DemlsError<"wrong-phase"> {
  return new DemlsError("wrong-phase", {
    message: "This member still catches up: the others may be in a later epoch.",
    remedy: "Try again when catchingUp is false.",
  });
}

import { DemlsError } from "demls";

/** Describes an error and its remedy. */
export function describeError(error: unknown): string {
  if (error instanceof DemlsError)
    return `${error.message}${error.remedy === undefined ? "" : ` ${error.remedy}`}`;
  return error instanceof Error ? error.message : "Something failed.";
}

import { DemlsError } from "demls";

/** What went wrong and what to do, as people are told. */
export function describeError(error: unknown): string {
  if (error instanceof DemlsError)
    return `${error.message}${error.remedy === undefined ? "" : ` ${error.remedy}`}`;
  return error instanceof Error ? error.message : "Something failed.";
}

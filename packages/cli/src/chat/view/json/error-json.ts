import { DemlsError } from "demls";
import type { Fields } from "./json-fields.js";

/** The JSON fields of an error, with its code. */
export function errorFields(error: unknown): Fields {
  if (error instanceof DemlsError)
    return { code: (error as DemlsError).code, message: error.message, remedy: error.remedy };
  return { code: "unexpected", message: error instanceof Error ? error.message : "Something failed." };
}

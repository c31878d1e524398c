import { DemlsError } from "@demls/wire/core";

/** What a storage is refused with whose records are missing or can't be read. */
export function corruptStorage(cause: unknown): DemlsError<"corrupt-storage"> {
  return new DemlsError("corrupt-storage", {
    message: "The storage does not hold what was written into it.",
    field: "storage",
    remedy:
      "See to the storage. Where it can't be mended, begin with an empty one, and ask to be let in again.",
    cause,
  });
}

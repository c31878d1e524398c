import { DemlsError } from "@demls/wire/core";

/** Error for a storage with missing or unreadable records. */
export function corruptStorage(cause: unknown): DemlsError<"corrupt-storage"> {
  return new DemlsError("corrupt-storage", {
    message: "A record of the storage is missing or cannot be read.",
    field: "storage",
    remedy: "Repair the storage, or use an empty one and join the conversations again.",
    cause,
  });
}

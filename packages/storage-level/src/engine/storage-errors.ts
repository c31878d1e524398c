import { DemlsError } from "@demls/wire/core";

/** The storage has never been made, and may not be. */
export function storageMissing(location: string): DemlsError<"storage-missing"> {
  return new DemlsError("storage-missing", {
    message: `There is no storage at ${JSON.stringify(location)}.`,
    field: "location",
    remedy:
      "Check the location. If the storage is lost, omit createIfMissing: false to begin with a new one.",
  });
}

/** Something else is in its place. */
export function storageForeign(location: string): DemlsError<"storage-foreign"> {
  return new DemlsError("storage-foreign", {
    message: `At ${JSON.stringify(location)} is something else than a storage of @demls/storage-level.`,
    field: "location",
    remedy: "Pass another location: a folder that is empty or does not exist, or an unused name.",
  });
}

/** A later release wrote it. */
export function storageNewer(format: number): DemlsError<"storage-newer"> {
  return new DemlsError("storage-newer", {
    message: `A later release of @demls/storage-level wrote the storage: its format is ${format}.`,
    field: "location",
    remedy: "Update this program. The records are left as they are.",
  });
}

/** The platform lacks a part. */
export function storageUnsupported(what: string): DemlsError<"storage-unsupported"> {
  return new DemlsError("storage-unsupported", {
    message: `This page has no ${what}.`,
    remedy:
      "Serve the page by HTTPS or from localhost. Without Web Locks, takeOver: true lets the newest tab have it.",
  });
}

/** Another one has it. */
export function storageInUse(location: string): DemlsError<"storage-in-use"> {
  return new DemlsError("storage-in-use", {
    message: `Another process or tab has the storage at ${JSON.stringify(location)}.`,
    field: "location",
    remedy: "Close it there first. A tab can take the storage over: pass takeOver: true.",
  });
}

/**
 * Records are not those that were written.
 *
 * @param cause an error of the database, which names files at most
 */
export function storageDamaged(location: string, cause?: unknown): DemlsError<"storage-damaged"> {
  return new DemlsError("storage-damaged", {
    message: `The storage at ${JSON.stringify(location)} is damaged: records were changed or lost.`,
    field: "location",
    remedy:
      "Go on with an older copy if all its conversations are strict; otherwise begin with an empty storage, and join again.",
    cause,
  });
}

/**
 * A batch, or the opening, could not be written.
 *
 * @param cause an error of the database or the file system, which names files at most
 */
export function storageUnwritable(location: string, cause: unknown): DemlsError<"storage-unwritable"> {
  return new DemlsError("storage-unwritable", {
    message: `The storage at ${JSON.stringify(location)} cannot be written${reasonIn(cause)}.`,
    field: "location",
    remedy: "Check free space and access. Then close the user and the storage, and open both again.",
    cause,
  });
}

export function storageClosed(): DemlsError<"storage-closed"> {
  return new DemlsError("storage-closed", {
    message: "The storage is closed.",
    remedy: "Close the user before its storage.",
  });
}

/** @param field the part at fault */
export function invalidRecord(field: "key" | "value"): DemlsError<"invalid-record"> {
  return new DemlsError("invalid-record", {
    message:
      field === "key" ? "A key is not printable ASCII of at most 1,024 characters." : "A value is not bytes.",
    field,
    remedy: field === "key" ? "Encode the key, for example as hex." : "Pass a Uint8Array.",
  });
}

/** The reason in an error of LevelDB or the file system: what follows the last path in its message. */
function reasonIn(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message.split(": ").at(-1)?.replace(/\.$/, "") : undefined;
  return reason === undefined || reason === "" ? "" : `: ${reason}`;
}

import { DemlsError } from "@demls/wire/core";

/** @param opensWith the kind of secret that opens the storage */
export function wrongSecret(
  given: "passphrase" | "key",
  opensWith: "passphrase" | "key",
): DemlsError<"wrong-passphrase" | "wrong-key"> {
  const details = {
    message: `The ${given} does not open the storage.`,
    field: given,
    remedy: `Pass the ${opensWith} by which it was encrypted or that changeSecret set. Nothing else opens it.`,
  };
  return given === "passphrase"
    ? new DemlsError("wrong-passphrase", details)
    : new DemlsError("wrong-key", details);
}

export function invalidSecret(field: "passphrase" | "key"): DemlsError<"invalid-secret"> {
  return new DemlsError("invalid-secret", {
    message: `The ${field} is invalid.`,
    field,
    remedy: "Pass either a key of 32 random bytes, or a passphrase of at least one character.",
  });
}

export function invalidScryptCost(): DemlsError<"invalid-scrypt-cost"> {
  return new DemlsError("invalid-scrypt-cost", {
    message: "The cost of scrypt is out of range.",
    field: "scrypt",
    remedy:
      "Pass a power of two from 2 to 2^20 as n, 1 to 32 as r and 1 to 16 as p, of at most 1 GiB (128 n r).",
  });
}

export function storageMissing(): DemlsError<"storage-missing"> {
  return new DemlsError("storage-missing", {
    message: "Nothing is encrypted in the storage.",
    field: "storage",
    remedy: "Check that it is the right storage. To begin with a new one, omit createIfMissing: false.",
  });
}

export function storageInUse(): DemlsError<"storage-in-use"> {
  return new DemlsError("storage-in-use", {
    message: "Another encrypted storage of this process uses the storage.",
    field: "storage",
    remedy: "Close that one first.",
  });
}

export function storageNewer(format: number): DemlsError<"storage-newer"> {
  return new DemlsError("storage-newer", {
    message: `A later release of @demls/storage-encrypted wrote the storage: its format is ${format}.`,
    field: "storage",
    remedy: "Update this program. The records are left as they are.",
  });
}

export function storageDamaged(): DemlsError<"storage-damaged"> {
  return new DemlsError("storage-damaged", {
    message:
      "The encrypted storage is damaged: records were changed, exchanged, rolled back, added or removed.",
    field: "storage",
    remedy:
      "It may be an attack. Go on with a copy of yours if all its conversations are strict; otherwise begin with an empty storage, and join again.",
  });
}

export function storageClosed(): DemlsError<"storage-closed"> {
  return new DemlsError("storage-closed", {
    message: "The encrypted storage is closed.",
    remedy: "Close the user before its storage.",
  });
}

export function invalidRecord(): DemlsError<"invalid-record"> {
  return new DemlsError("invalid-record", {
    message: "A value is not bytes.",
    field: "value",
    remedy: "Pass a Uint8Array.",
  });
}

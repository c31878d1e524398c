import { createMemoryStorage } from "@demls/storage-memory";
import { bytesToHex, hexToBytes, putRecord, type RandomSource } from "@demls/wire/core";
import { createHmac, hkdfSync, scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encryptedStorage } from "../src/index.js";
import { CHEAP, diskOf, kept } from "./storages.js";

interface Vector {
  readonly name: string;
  /** Either of both. */
  readonly passphrase?: string;
  readonly key?: string;
  /** Records in the clear: namespace, key, value. */
  readonly records: readonly (readonly [namespace: string, key: string, value: string])[];
  /** The wrapped storage after these were written as one batch, with the bytes 0, 1, 2, … as randomness. */
  readonly stored: Readonly<Record<string, string>>;
}

const { vectors } = JSON.parse(readFileSync(new URL("vectors/format-1.json", import.meta.url), "utf8")) as {
  readonly vectors: readonly Vector[];
};

/** The bytes 0, 1, 2, … */
function counting(): RandomSource {
  let next = 0;
  return { bytes: (length) => Uint8Array.from({ length }, () => next++ % 256) };
}

function optionsOf(
  { passphrase, key }: Vector,
  random: RandomSource,
): Parameters<typeof encryptedStorage>[1] {
  return passphrase === undefined
    ? { random, key: hexToBytes(key!)! }
    : { random, passphrase, scrypt: CHEAP };
}

describe.each(vectors.map((vector) => [vector.name, vector] as const))(
  "The stored records of %s",
  (_name, vector) => {
    test("are written as recorded", async () => {
      const disk = createMemoryStorage();
      const storage = await encryptedStorage(disk, optionsOf(vector, counting()));
      await storage.write(
        vector.records.map(([namespace, key, value]) => putRecord(namespace, key, hexToBytes(value)!)),
      );
      await storage.close();
      const stored = Object.fromEntries(Array.from(kept(disk), ([key, value]) => [key, bytesToHex(value)]));
      expect(stored).toEqual(vector.stored);
    });

    test("are read as recorded", async () => {
      const disk = diskOf(
        new Map(Object.entries(vector.stored).map(([key, hex]) => [key, hexToBytes(hex)!])),
      );
      const storage = await encryptedStorage(disk, optionsOf(vector, counting()));
      const namespaces = new Set(vector.records.map(([namespace]) => namespace));
      const found = await Promise.all(
        Array.from(namespaces, async (namespace) =>
          (await storage.scan(namespace)).map(({ key, value }) => [namespace, key, bytesToHex(value)]),
        ),
      );
      expect(found.flat().sort()).toEqual(vector.records.map((record) => [...record]).sort());
    });

    test("have the names and the wrapping keys of Node's own cryptography", async () => {
      // The data key is the first thing drawn, and the salt of its wrapping the second.
      const [dataKey, salt] = [counting().bytes(32), counting().bytes(48).subarray(32)];
      const info = Buffer.from("demls storage names");
      const nameKey = createHmac("sha256", dataKey).update(info).update(Uint8Array.of(1)).digest();
      const nameOf = (...parts: readonly string[]) =>
        createHmac("sha256", nameKey).update(JSON.stringify(parts)).digest("hex").slice(0, 40);
      const places = vector.records.map(
        ([namespace, key]) => `record/${nameOf(namespace)}/${nameOf(namespace, key)}`,
      );
      expect(
        Object.keys(vector.stored)
          .filter((key) => key.startsWith("record/"))
          .sort(),
      ).toEqual(places.sort());

      const wrapping =
        vector.passphrase === undefined
          ? hkdfSync("sha256", hexToBytes(vector.key!)!, salt, "demls storage wrapping", 32)
          : scryptSync(vector.passphrase, salt, 32, { N: CHEAP.n, r: CHEAP.r, p: CHEAP.p });
      const record = JSON.parse(Buffer.from(vector.stored["key"]!, "hex").toString()) as Record<
        string,
        string
      >;
      expect(record["salt"]).toBe(bytesToHex(salt));
      expect(await opensWith(new Uint8Array(wrapping), record)).toEqual(dataKey);
    });
  },
);

/** Unwraps a data key as the format says. */
async function opensWith(wrapping: Uint8Array, record: Record<string, unknown>): Promise<Uint8Array> {
  const { xchacha20poly1305 } = await import("@noble/ciphers/chacha.js");
  const { format, salt, scrypt } = record as { format: number; salt: string; scrypt?: typeof CHEAP };
  const purpose = JSON.stringify(["key", format, scrypt?.n, scrypt?.r, scrypt?.p, salt]);
  const wrapped = hexToBytes(record["wrapped"] as string)!;
  return xchacha20poly1305(wrapping, wrapped.subarray(0, 24), Buffer.from(purpose)).decrypt(
    wrapped.subarray(24),
  );
}

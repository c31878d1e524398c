// Writes numbered batches until it is killed or a batch fails. Arguments: the folder, and the number of batches.
// Prints the number of each batch that has resolved, or the code of the error.
import { openLevelStorage } from "@demls/storage-level";

const [folder = "", batches = "1000000"] = process.argv.slice(2);
// A file beyond the limit of the process is an error of the write, as a full disk is, and not a signal.
process.on("SIGXFSZ", () => undefined);

const text = (/** @type {number} */ n) => String(n).padStart(7, "0");
const value = (/** @type {number} */ n) => new Uint8Array(500).fill(n % 256);

try {
  const storage = await openLevelStorage(folder);
  for (let n = 1; n <= Number(batches); n++) {
    await storage.write(
      ["a", "b"].map((half) => ({
        kind: "put",
        namespace: "notes",
        key: `${text(n)}/${half}`,
        value: value(n),
      })),
    );
    console.log(n);
  }
  await storage.close();
} catch (error) {
  console.log(/** @type {{ readonly code?: string }} */ (error).code ?? String(error));
}

// A member that sends numbered messages until its storage fails. Argument: the folder. Prints one line of JSON.
import { openLevelStorage } from "@demls/storage-level";
import { createMemoryNetwork, createUser } from "demls";

const [folder = ""] = process.argv.slice(2);
process.on("SIGXFSZ", () => undefined);

const storage = await openLevelStorage(folder);
const alice = await createUser({
  key: new Uint8Array(32).fill(1),
  transport: createMemoryNetwork().join(),
  storage,
});
const garden = await alice.createConversation("garden");
/** @type {string[]} */
const told = [];
garden.events$.subscribe((event) => {
  if (event.kind === "error") told.push(event.code);
});

let sent = 0;
const failure = await sendUntilFailure();
const later = await garden.send("too late").then(() => undefined, codeOf);
const scanned = (await storage.scan("user")).length > 0;
await alice.close();
await storage.close();
console.log(JSON.stringify({ sent, failure, later, told, scanned }));

async function sendUntilFailure() {
  for (;;) {
    try {
      await garden.send(`message ${sent + 1} ${"x".repeat(2_000)}`);
      sent += 1;
    } catch (error) {
      const { cause } = /** @type {{ readonly cause?: unknown }} */ (error);
      return [codeOf(error), codeOf(cause)];
    }
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {{ readonly code?: string }} */ (error).code ?? String(error);
}

/**
 * Run by plain node in a folder where the packed packages are installed, with a recording as its argument: stages
 * a commit that leaves one half of the tree blank, which the published ts-mls 1.6.4 can't. Prints the outcome's kind.
 */
import { readFileSync } from "node:fs";

import { createMlsService } from "@demls/mls";
import { hexToBytes } from "@demls/wire/core";

const recorded = JSON.parse(readFileSync(process.argv[2], "utf8"));
const mls = await createMlsService({
  identity: hexToBytes(recorded.receiver),
  random: { bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)) },
  wallMs: () => recorded.recorded_seconds * 1_000,
});
const { outcome } = await mls.stage(
  mls.decodeGroup(hexToBytes(recorded.group)),
  recorded.proposals.map(hexToBytes),
  hexToBytes(recorded.commit),
);
console.log(outcome.kind);

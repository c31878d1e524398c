import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import { expect, test } from "vitest";
import { writeConversation } from "./conversation.js";
import { writeKeyPackages } from "./key-packages.js";

/** Environment variable that rewrites the files: `WRITE_VECTORS=1 npx vitest run …`. */
const REWRITE = process.env["WRITE_VECTORS"] !== undefined;

const { version } = JSON.parse(
  readFileSync(new URL("../../packages/demls/package.json", import.meta.url), "utf8"),
) as { readonly version: string };

test.each([
  { name: "key_packages.json", write: writeKeyPackages },
  { name: "conversation.json", write: writeConversation },
])("vectors/ts/$name equals the output of this version byte for byte", async ({ name, write }) => {
  const content = { source: `demls ${version}`, ...(await write()) };
  const text = await format(JSON.stringify(content), { parser: "json", printWidth: 110 });
  const file = new URL(`../../vectors/ts/${name}`, import.meta.url);
  if (REWRITE) writeFileSync(file, text);
  expect(readFileSync(file, "utf8")).toBe(text);
});

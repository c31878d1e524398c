import { commands } from "vitest/browser";
import { expect, test } from "vitest";

test.each([
  ["localhost", true],
  // Here a page has no WebCrypto, and noble does everything.
  ["garden.test", false],
])("An application bundled for production runs the demo on %s", async (host, secure) => {
  const opened = await commands.openBundle(host);
  expect(opened.printed).toMatch(/^All \d members agree\.$/m);
  expect(opened).toMatchObject({ secure, result: "agreed", nodeGlobals: [] });
  expect(opened.code).not.toMatch(/["'`]node:|createPrivateKey|browser-external/);
});

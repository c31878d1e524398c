import { commands } from "vitest/browser";
import { expect, test } from "vitest";

test.each([
  ["localhost", true],
  // Without a secure context there is no WebCrypto, so that noble does all operations.
  ["garden.test", false],
])(
  "An application bundled for production runs the demo on %s, and loads primitives only if WebCrypto lacks them",
  async (host, secure) => {
    const opened = await commands.openBundle(host);
    expect(opened.printed).toMatch(/^All \d members agree\.$/m);
    expect(opened).toMatchObject({ secure, result: "agreed", nodeGlobals: [] });
    expect(opened.loaded.filter((path) => /\/noble-[^/]+\.js$/.test(path))).toHaveLength(secure ? 0 : 1);
    expect(opened.code).not.toMatch(/["'`]node:|createPrivateKey|browser-external/);
  },
);

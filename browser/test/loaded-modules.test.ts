import { createUser } from "demls";
import { expect, test } from "vitest";

/** URLs of the loaded modules of the packages and their dependencies. */
function loadedModules(): readonly string[] {
  return performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
}

test("The page loads the browser primitives of MLS, and neither Node's nor polyfills", () => {
  expect(createUser).toBeTypeOf("function");
  const modules = loadedModules();
  expect(modules.filter((path) => path.endsWith("/crypto/primitives-web.js"))).toHaveLength(1);
  expect(modules.filter((path) => /-node\.js$|__vite-browser-external|polyfill|node:/.test(path))).toEqual(
    [],
  );
});

import { createUser } from "demls";
import { expect, test } from "vitest";

/** The addresses of what the page has loaded of the packages and of what they install. */
function loadedModules(): readonly string[] {
  return performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
}

test("The page has loaded MLS's primitives for browsers, none of Node's and nothing in its place", () => {
  expect(createUser).toBeTypeOf("function");
  const modules = loadedModules();
  expect(modules.filter((path) => path.endsWith("/crypto/primitives-web.js"))).toHaveLength(1);
  expect(modules.filter((path) => /-node\.js$|__vite-browser-external|polyfill|node:/.test(path))).toEqual(
    [],
  );
});

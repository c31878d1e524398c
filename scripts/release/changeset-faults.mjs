/** Name of the one changeset before the first release. */
const FIRST = "first-release.md";

/**
 * Faults of the changesets before the first release: until then there is one, which names each package once. A reader of
 * the first changelog has used no earlier version, and changes since one would mean nothing.
 *
 * @param {ReadonlyMap<string, string>} changesets the text of each, by file name
 * @param {readonly string[]} packages names of the packages to publish
 * @returns {string[]}
 */
export function changesetFaults(changesets, packages) {
  const others = [...changesets.keys()].filter((name) => name !== FIRST);
  const named = namesIn(changesets.get(FIRST) ?? "");
  return [
    ...others.map((name) => `${name}: until the first release, add to ${FIRST} instead.`),
    ...packages.filter((name) => !named.includes(name)).map((name) => `${FIRST} lacks ${name}.`),
    ...named
      .filter((name, at) => !packages.includes(name) || named.indexOf(name) !== at)
      .map((name) => `${FIRST} names ${name}, which is no package or named twice.`),
  ];
}

/**
 * Packages in the front matter.
 *
 * @param {string} changeset
 */
function namesIn(changeset) {
  const [, head = ""] = /^---\n(.*?)^---$/ms.exec(changeset) ?? [];
  return [...head.matchAll(/^"(.+)": (?:major|minor|patch)$/gm)].map(([, name = ""]) => name);
}

import type { Life } from "./life.js";
import { chosenBy, KNOWLEDGE } from "./member-state.js";
import { search, type SearchOptions } from "./search.js";

/** Everything that a life can lead to: choices, merges and returns of all members, and the reasons to stay apart. */
export function outlineOf(life: Life, options: SearchOptions = {}): ReadonlySet<string> {
  const ends = new Set<string>();
  search(life, {
    ...options,
    isSymmetric: false,
    visit: (group, found) => {
      ends.add(group.map((state, member) => `${chosenBy(state, member)}/${state & ~KNOWLEDGE}`).join(" "));
      for (const each of found) ends.add(each);
    },
  });
  return ends;
}

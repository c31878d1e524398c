import { describe, expect, test } from "vitest";
import {
  commitToMerge,
  firstBranch,
  waitingTimes,
  type CommitView,
  type EpochView,
} from "../../src/closing/strict/merge-rules.js";

const PATIENCE = { absentMs: 30_000, awayMs: 300_000 };
const [ABSENT_MS, AWAY_MS, SILENT_MS] = waitingTimes(PATIENCE) as [number, number, number];

interface Knowledge {
  /** Commits that are held, best rank first. */
  readonly held?: string;
  /** Held commits that this member rejects. */
  readonly unlawful?: string;
  readonly waitedMs?: number | undefined;
  /** Positions of members that no sign shows to be there. */
  readonly gone?: readonly number[];
  /** Positions of members that were heard since this one has chosen. */
  readonly heard?: readonly number[];
  readonly isPast?: boolean;
  /** Position of the member whose leave the commit `A` carries out. */
  readonly leaver?: number;
  /** Position of the member that the commit `A` removes without its will. */
  readonly removed?: number;
  /** Commit without changes. */
  readonly renewal?: string;
}

/**
 * A view of an epoch. Each character of `choices` is the commit that a member has chosen: `-` for none, `*` for `A` and
 * `B`. A lower case letter is a commit that is not held.
 */
function viewOf(choices: string, knowledge: Knowledge = {}): EpochView {
  const { held = "ABC", unlawful = "", waitedMs = 0, gone = [], heard = [], isPast = false } = knowledge;
  const { leaver, removed, renewal } = knowledge;
  const names = new Set([...held, ...choices.replaceAll(/[-*]/g, "")]);
  const only = (position: number | undefined): ReadonlySet<number> =>
    new Set(position === undefined ? [] : [position]);
  return {
    members: choices.length,
    commits: [...names].map((hash): CommitView => {
      const isHeld = held.includes(hash);
      return {
        ...{ hash, isHeld, isLawful: isHeld && !unlawful.includes(hash), rank: held.indexOf(hash) },
        isKeyRenewal: hash === renewal,
        leavers: only(hash === "A" && isHeld ? leaver : undefined),
        removed: only(hash === "A" && isHeld ? (leaver ?? removed) : undefined),
      };
    }),
    choices: new Map(
      [...choices].flatMap((choice, position) =>
        choice === "-" ? [] : [[position, new Set(choice === "*" ? "AB" : choice)] as const],
      ),
    ),
    waitedMs: "waitedMs" in knowledge ? knowledge.waitedMs : waitedMs,
    patience: PATIENCE,
    isPast,
    wasPresent: (position) => !gone.includes(position),
    wasHeardSince: (position) => heard.includes(position),
  };
}

/** The commit that a member merges; in lower case without a majority, `-` while it waits. */
function merged(choices: string, knowledge?: Knowledge): string {
  const closing = commitToMerge(viewOf(choices, knowledge));
  if (closing === undefined) return "-";
  return closing.isCertified ? closing.hash : closing.hash.toLowerCase();
}

describe("A member merges", () => {
  test.each<[string, string, string, Knowledge?]>([
    ["the commit of both", "AA", "A"],
    ["nothing while the other of two is silent", "A-", "-"],
    ["the first by rank if two disagree", "AB", "a"],
    ["the commit of the member that stays", "A-", "A", { leaver: 1 }],
    ["the commit of two of three", "AA-", "A"],
    ["nothing while the third can decide", "AB-", "-"],
    ["the first by rank if three disagree", "CBA", "a"],
    ["the commit of two of three although the third chose another", "ABB", "B"],
    ["nothing while three of five are silent", "AA---", "-"],
    ["the first by rank if one more choice can only tie", "AABC-", "a"],
    ["nothing while one more choice can win", "AABB-", "-"],
    ["nothing while one more choice can tie for a commit of better rank", "BBAC-", "-"],
    ["the commit of three of five although it rejects it", "BBBA-", "B", { unlawful: "B" }],
    ["the commit of three of five before its own choice", "-BBB-", "B", { waitedMs: undefined }],
    ["the commit of most of those that stay", "AA--", "A", { leaver: 3 }],
  ])("%s: %s", (_what, choices, expected, knowledge) => {
    expect(merged(choices, knowledge)).toBe(expected);
  });

  test.each<[string, string, string, Knowledge?]>([
    ["decides nothing in a tie: all have chosen", "AABB*", "a"],
    ["certifies nothing", "A-*", "-"],
    ["counts as one that has chosen", "A*", "a"],
    ["makes no commit win", "B*C", "b"],
    ["decides nothing if there are no others", "**", "a"],
    ["leaves the others their majority", "BBB**", "B"],
  ])("without counting a member with two choices, which %s: %s", (_what, choices, expected, knowledge) => {
    expect(merged(choices, knowledge)).toBe(expected);
  });

  test.each<[string, string, string]>([
    ["which does not count in its epoch", "AA--", "A"],
    ["which is not waited for", "BA-A-", "a"],
    ["whose choice counts for none", "A-A", "-"],
  ])("without the leaver at the end, %s: %s", (_what, choices, expected) => {
    const knowledge = { leaver: choices.length - 1 };
    expect(merged(choices, knowledge)).toBe(expected);
  });

  test("nothing without a majority before its own choice, whatever the time", () => {
    for (const choices of ["AB", "AABC-", "A----", "AA----", "xx---"])
      expect(merged(choices, { waitedMs: undefined, isPast: true })).toBe("-");
    expect(merged("AA---", { waitedMs: undefined })).toBe("-");
  });

  test("before its own choice, the only commit that two members or more, over a third, have gone on with", () => {
    for (const unlawful of ["", "A"])
      expect(merged("AA---", { waitedMs: undefined, isPast: true, unlawful })).toBe("a");
  });

  test("a commit that it rejects if two or more members, over a third, have chosen it", () => {
    expect(merged("AABC-", { unlawful: "A" })).toBe("a");
    expect(merged("A-", { unlawful: "A", waitedMs: SILENT_MS })).toBe("-");
  });

  test("no other commit that it rejects without a majority", () => {
    expect(merged("AB", { unlawful: "AB", waitedMs: SILENT_MS })).toBe("-");
    expect(merged("AABBCD", { unlawful: "A" })).toBe("-");
    expect(merged("AABBCD", { unlawful: "A", waitedMs: AWAY_MS })).toBe("b");
  });
});

describe("A commit without bytes", () => {
  test("that most have chosen blocks every other one for any time", () => {
    for (const waitedMs of [0, ABSENT_MS, AWAY_MS, SILENT_MS, 100 * SILENT_MS])
      expect(merged("AxxxA", { waitedMs, isPast: true, gone: [0, 1, 2, 3, 4] })).toBe("-");
  });

  test("precedes a commit with the same number of choices", () => {
    expect(merged("AAxx-", { gone: [4] })).toBe("-");
    expect(merged("AAxx")).toBe("-");
    expect(merged("AAxx", { waitedMs: AWAY_MS - 1 })).toBe("-");
  });

  test("does not precede one with more choices", () => {
    expect(merged("AAxy")).toBe("a");
  });

  test("is passed over after the wait for members that may be away", () => {
    expect(merged("AAxx", { waitedMs: AWAY_MS })).toBe("a");
  });
});

describe("A silent member is waited for", () => {
  test("for the longer time if it may come back", () => {
    expect(merged("A-", { waitedMs: AWAY_MS - 1 })).toBe("-");
    expect(merged("A-", { waitedMs: AWAY_MS })).toBe("a");
  });

  test("for the shorter time if nothing shows that it is there", () => {
    expect(merged("A-", { waitedMs: ABSENT_MS - 1, gone: [1] })).toBe("-");
    expect(merged("A-", { waitedMs: ABSENT_MS, gone: [1] })).toBe("a");
    expect(merged("AA---", { waitedMs: ABSENT_MS, gone: [2, 3, 4] })).toBe("a");
  });

  test("for the longer time if only another one is absent", () => {
    expect(merged("AA---", { waitedMs: AWAY_MS - 1, gone: [2, 3] })).toBe("-");
  });

  test("for the longest time if those heard since are not fewer than those that chose", () => {
    expect(merged("A-", { waitedMs: SILENT_MS - 1, heard: [1] })).toBe("-");
    expect(merged("A-", { waitedMs: SILENT_MS, heard: [1] })).toBe("a");
    expect(merged("AA---", { waitedMs: AWAY_MS, heard: [2] })).toBe("a");
    expect(merged("AA---", { waitedMs: AWAY_MS, heard: [2, 3] })).toBe("-");
  });

  test("without end if it is there, and the commit makes no change", () => {
    expect(merged("A-", { waitedMs: 10 * SILENT_MS, heard: [1], renewal: "A" })).toBe("-");
    expect(merged("A-", { waitedMs: AWAY_MS, renewal: "A" })).toBe("a");
    expect(merged("AA---", { waitedMs: AWAY_MS, heard: [2], renewal: "A" })).toBe("a");
  });

  test("not for the longest time if the commit removes it", () => {
    expect(merged("A-", { waitedMs: AWAY_MS, heard: [1], removed: 1 })).toBe("a");
    expect(merged("A-", { waitedMs: AWAY_MS - 1, heard: [1], removed: 1 })).toBe("-");
  });

  test("no longer once members have moved on, if they know of one commit", () => {
    expect(merged("A--", { isPast: true })).toBe("a");
    expect(merged("AB-", { isPast: true })).toBe("-");
  });
});

/** All words of `length` letters. */
function* words(letters: string, length: number): Generator<string> {
  if (length === 0) yield "";
  else for (const rest of words(letters, length - 1)) for (const letter of letters) yield letter + rest;
}

/** All words that differ from `word` in that letters are replaced by `-`. */
function subsets(word: string): readonly string[] {
  return [...word].reduce<readonly string[]>(
    (starts, letter) =>
      starts.flatMap((start) => (letter === "-" ? [`${start}-`] : [`${start}-`, start + letter])),
    [""],
  );
}

/** All words in which the letters `-` of `word` are replaced by letters. */
function completions(word: string, letters: string): readonly string[] {
  return [...word].reduce<readonly string[]>(
    (starts, letter) =>
      starts.flatMap((start) => (letter === "-" ? [...letters].map((by) => start + by) : [start + letter])),
    [""],
  );
}

describe.each([1, 2, 3, 4, 5])("In every epoch of %i members", (members) => {
  test("members that know different choices and commits find a majority for one commit at most", () => {
    for (const all of words("AB-", members)) {
      for (const leaver of [undefined, members - 1]) {
        if (leaver !== undefined && all[leaver] !== "-") continue;
        const certified = new Set<string>();
        for (const known of subsets(all)) {
          for (const held of ["AB", "A", "B"]) {
            const closing = commitToMerge(
              viewOf(known, { held, ...(leaver === undefined ? {} : { leaver }) }),
            );
            if (closing?.isCertified === true) certified.add(closing.hash);
          }
        }
        expect(certified.size, all).toBeLessThanOrEqual(1);
      }
    }
  });

  test("a commit that is merged at once stays first, whatever the others choose", () => {
    let merges = 0;
    for (const known of words("ABx-", members)) {
      const closing = commitToMerge(viewOf(known, { held: "AB" }));
      if (closing === undefined) continue;
      merges += 1;
      for (const all of completions(known, "ABxy")) {
        const later = commitToMerge(viewOf(all, { held: "AB" }));
        if (later?.hash !== closing.hash)
          expect.unreachable(`${known}: ${closing.hash}, ${all}: ${later?.hash}`);
      }
      // Another member may hold the commits that this one does not.
      for (const all of completions(known, "ABxy")) {
        const later = commitToMerge(viewOf(all, { held: "ABxy" }));
        if (later?.hash !== closing.hash)
          expect.unreachable(`${known}: ${closing.hash}, ${all}: ${later?.hash}`);
      }
    }
    expect(merges).toBeGreaterThan(0);
  });

  test("a commit that missing choices can displace is merged after the waits only", () => {
    for (const known of words("ABx-", members)) {
      const missing = [...known].flatMap((choice, position) => (choice === "-" ? [position] : []));
      if (missing.length === 0 || commitToMerge(viewOf(known, { held: "AB" })) !== undefined) continue;
      const at = (waitedMs: number, gone: readonly number[]): string =>
        merged(known, { held: "AB", waitedMs, gone });
      expect(at(AWAY_MS - 1, []), known).toBe("-");
      expect(at(AWAY_MS - 1, missing.slice(1)), known).toBe("-");
      expect(at(ABSENT_MS - 1, missing), known).toBe("-");
    }
  });

  test("some commit is merged in the end if a lawful one is held and chosen", () => {
    for (const known of words("ABx-", members)) {
      const isBlocked = 2 * [...known].filter((choice) => choice === "x").length > members;
      if (isBlocked || !/[AB]/.test(known)) continue;
      const heard = [...known].keys();
      expect(merged(known, { held: "AB", waitedMs: SILENT_MS, heard: [...heard] }), known).not.toBe("-");
    }
  });
});

describe("Of the branches that meet, the first", () => {
  test.each([
    ["is that of the certified commit, whatever ranks before it", "ABB", {}, "B"],
    ["is that of most choosers", "AABB-B", {}, "B"],
    ["is that of the better rank, if both have as many", "BBAA", {}, "A"],
    ["is accepted here, or by more than a third", "AAB---", { unlawful: "A" }, "B"],
    ["may be one that is rejected here, if more than a third has chosen it", "AAB--", { unlawful: "A" }, "A"],
    ["waits for the bytes of one that more than a third has chosen", "aaB--", {}, undefined],
    ["waits for the bytes of a certified one", "aaB", {}, undefined],
    ["waits for no commit that fewer have chosen, since it may not exist", "xAB---", {}, "A"],
    ["counts no member that has chosen twice", "*BA-", {}, "A"],
  ] as const)("%s (%s)", (_rule, choices, knowledge, first) => {
    expect(firstBranch(viewOf(choices, knowledge))?.hash).toBe(first);
  });
});

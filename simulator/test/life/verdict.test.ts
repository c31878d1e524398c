import { describe, expect, it } from "vitest";
import { findingsOf, type View } from "../../src/life/verdict.js";

const NAMES = ["alice", "bob", "carol"];

function view(name: string, changes: Partial<View> = {}): View {
  return {
    name,
    id: name,
    phase: "working",
    epoch: "3 aa",
    history: new Set(["1 aa", "2 aa", "3 aa"]),
    roster: NAMES,
    scores: { alice: "100", bob: "100", carol: "100" },
    stewards: "2: alice bob",
    pending: [],
    unheard: [],
    ...changes,
  };
}

/** A group of which carol has another view. */
function failures(carol: Partial<View>, others: Partial<View> = {}): readonly string[] {
  const views = [view("alice", others), view("bob", others), view("carol", carol)];
  return [...new Set(findingsOf(views).map(({ failure }) => failure))];
}

describe("the verdict on a life", () => {
  it("is whole if all members share an epoch, and if a former member is out", () => {
    expect(failures({})).toEqual([]);
    const former = view("dave", { epoch: undefined, phase: "out", roster: [] });
    expect(findingsOf([...NAMES.map((name) => view(name)), former])).toEqual([]);
  });

  it("is parted for a member on another branch", () => {
    expect(failures({ epoch: "3 bb", history: new Set(["1 aa", "2 aa", "3 bb"]) })).toEqual(["parted"]);
  });

  it("is behind for a member in an earlier epoch of the others, and for others in an earlier epoch of a member", () => {
    expect(failures({ epoch: "2 aa", history: new Set(["1 aa", "2 aa"]) })).toEqual(["behind"]);
    expect(failures({ epoch: "4 aa", history: new Set(["3 aa", "4 aa"]) })).toEqual(["behind"]);
  });

  it("has a ghost where a member has not learned of its removal", () => {
    expect(failures({ epoch: "2 aa" }, { roster: ["alice", "bob"] })).toEqual(["ghost"]);
  });

  it("has a ghost where the roster has a person that is not in the group", () => {
    expect(failures({ epoch: undefined, phase: "out", roster: [] })).toEqual(["ghost"]);
  });

  it("has unequal scores, but for a member's score of itself", () => {
    expect(failures({ scores: { alice: "90", bob: "100", carol: "100" } })).toEqual(["unequal-scores"]);
    expect(failures({ scores: { alice: "100", bob: "100", carol: "90" } })).toEqual([]);
  });

  it("has unequal stewards", () => {
    expect(failures({ stewards: "3: bob" })).toEqual(["unequal-stewards"]);
  });

  it("is not working for a member in a reelection, and for a joiner that waits", () => {
    expect(failures({ phase: "reelection" })).toEqual(["not-working"]);
    const joiner = view("dave", { epoch: undefined, phase: "pending-join", roster: [] });
    expect(findingsOf([...NAMES.map((name) => view(name)), joiner])).toMatchObject([
      { failure: "not-working" },
    ]);
  });

  it("has lost a message of another member", () => {
    expect(failures({ unheard: ["alice"] })).toEqual(["message-lost"]);
  });

  it("is stuck with a change that is not decided or not committed", () => {
    expect(failures({ pending: ["open add"] })).toEqual(["stuck"]);
  });
});

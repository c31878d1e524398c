import { describe, expect, it } from "vitest";

import { projectFiles, readText } from "./workspace.js";

/** Names of others, which documents mention: of the Rust crate, of libp2p, and made-up ones. */
const FOREIGN = new Set(
  [
    "BroadcastEventBus ConsensusScope InMemoryConsensusStorage InsufficientVotesAtTimeout ScopeConfigBuilder ScopeID",
    "get_consensus_result get_proposal handle_consensus_timeout process_incoming_ save_session update_scope_sessions",
    "use_gossipsub_rounds with_ batchPublish SubscriptionFilter createX xConfig defaultXConfig wNN",
  ].flatMap((line) => line.split(" ")),
);

const WORD = /[A-Za-z_$][\w$]*/g;
const FENCED = /^ *```[\s\S]*?^ *```/gm;

/** The names in the inline code of a document: words of several parts, such as `settleVote` and `leaf_notice`. */
function namesIn(markdown: string): string[] {
  const spans = [...markdown.replace(FENCED, "").matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return spans.flatMap((code) => (code.match(WORD) ?? []).filter((word) => /[a-z][A-Z]|[a-z]_/.test(word)));
}

const files = projectFiles();
const known = new Set(
  files
    .filter((path) => /\.(ts|mjs|json|jsonc|proto|rs)$/.test(path) && !path.startsWith("vectors"))
    .filter((path) => path !== "tests/doc-names.test.ts")
    .flatMap((path) => readText(path).match(WORD) ?? []),
);
const isUnknown = (name: string) => !known.has(name) && !FOREIGN.has(name);
const documents = files.filter(
  (path) => path.endsWith(".md") && !/^(vectors|interop|\.changeset)\/|CHANGELOG/.test(path),
);

describe("the documents", () => {
  it("name nothing that the code does not have", () => {
    expect(documents.length).toBeGreaterThan(30);
    expect(
      documents.flatMap((path) =>
        namesIn(readText(path))
          .filter(isUnknown)
          .map((name) => `${path}: ${name}`),
      ),
    ).toEqual([]);
  });

  it("are found out if they name something that is gone", () => {
    expect(namesIn("`settleVote()` and `state.votes`, but not `settle`").filter(isUnknown)).toEqual([
      "settleVote",
    ]);
  });
});

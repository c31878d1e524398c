import { expect, test } from "vitest";

import { entriesOf } from "../scripts/reference/docstrings.mjs";
import { arrows, withPart } from "../scripts/reference/parts.mjs";

test("A union member, an event's field and a property have their docstrings", () => {
  const codes = entriesOf("packages/session/src/model/error-code.ts", "SessionErrorCode");
  expect(codes[0]).toMatchObject({ name: "closed", doc: "The user or the conversation was closed here." });
  const events = entriesOf("packages/session/src/model/event.ts", "ConversationEvent");
  const message = events.find(({ name }) => name === "message");
  expect(message?.fields.map(({ name }) => name)).toEqual([
    "sender",
    "claimedName",
    "verified",
    "content",
    "text",
    "epoch",
    "id",
    "sentAtMs",
    "receivedAtMs",
  ]);
  const settings = entriesOf("packages/session/src/model/config.ts", "ConversationConfig");
  expect(settings.find(({ name }) => name === "freezeMs")).toMatchObject({
    tagged: "30_000",
    type: "number",
  });
});

test("An entry without a docstring is an error", () => {
  expect(() => entriesOf("packages/session/src/model/event.ts", "CommittedChange")).toThrow(
    "proposalId of CommittedChange has no docstring",
  );
});

test("The picture of packages has no arrow that a longer way implies, and not the testkit", () => {
  const layers = {
    wire: [],
    consensus: ["@demls/wire", "@demls/wire/core"],
    session: ["@demls/consensus", "@demls/consensus/service", "@demls/wire"],
    testkit: ["@demls/session"],
  };
  expect(arrows(layers)).toEqual([
    ["session", ["consensus"]],
    ["consensus", ["wire"]],
    ["wire", ["wire/core"]],
    ["wire/core", []],
  ]);
});

test("A generated part replaces the former one; a page without it is an error", () => {
  const page = "before <!-- generated: part -->old<!-- /generated --> after";
  expect(withPart("page.md", page, "part", "new")).toBe(page.replace("old", "new"));
  expect(() => withPart("page.md", page, "other", "new")).toThrow('page.md has no part "other"');
});

import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { agreement } from "./agreement.js";
import { changesOf, votesOn } from "./changes.js";
import type { ChatProcess } from "./chat-process.js";
import { minutesMs } from "./durations.js";
import { formGroup, join, memberOf } from "./group.js";
import { ban } from "./misfortunes.js";
import { hears, MORE_THAN_RESENT, numbered, talk } from "./talk.js";

/** Keeps a chat away until `meanwhile` has ended. Resolves to the chat that is back. */
export type Absence = (
  chat: ChatProcess,
  others: readonly ChatProcess[],
  meanwhile: () => Promise<void>,
) => Promise<ChatProcess>;

/** Types of the lines that a member prints when something was lost. */
const LOSSES = ["missed", "leaving", "diverged", "error"];

/**
 * Keeps one of four members away for `minutes`, in which the others make two commits. Asserts that it is back in their
 * epoch with every message, and without a vote on it.
 */
export async function expectReturn(minutes: number, absence: Absence): Promise<void> {
  const three = await formGroup("alice", "bob", "carol");
  const [alice] = three;
  const dave = await join("dave", [alice]);
  await agreement([...three, dave], 4);
  await talk([...three, dave], "before");
  const votes = await votesOn(dave, alice);

  let erin = alice;
  const back = await absence(dave, three, async () => {
    const over = setTimeout(minutesMs(minutes));
    await talk(three, "in the first epoch");
    await talk([alice], "at length", MORE_THAN_RESENT);
    erin = await join("erin", [alice]);
    await agreement([...three, erin], 5);
    await talk([...three, erin], "in the second epoch");
    expect(await ban(alice, erin)).toBe(1);
    await agreement(three, 4);
    await over;
    await talk(three, "in the third epoch");
  });
  const four = [...three, back];
  await agreement(four, 4);
  await Promise.all(three.map((speaker) => hears(back, speaker, numbered("in the third epoch"))));
  await talk(four, "after");

  const topics = ["before", "in the first epoch", "in the second epoch", "in the third epoch", "after"];
  const texts = topics.flatMap((topic) => numbered(topic));
  const atLength = numbered("at length", MORE_THAN_RESENT);
  const lives = [...new Set([dave, back])];
  for (const speaker of three)
    expect(await heardIn(lives, speaker)).toEqual(
      [...texts, ...(speaker === alice ? atLength : [])].toSorted(),
    );
  expect(await heardIn(lives, erin)).toEqual(numbered("in the second epoch"));
  for (const listener of three)
    expect(await heardIn([listener], back)).toEqual([...numbered("before"), ...numbered("after")].toSorted());
  for (const { lines } of [...three, ...lives])
    expect(lines.filter(({ type }) => LOSSES.includes(type))).toEqual([]);
  expect(await changesOf(dave, alice)).toEqual(["add"]);
  expect(await votesOn(dave, alice)).toEqual(votes);
}

/**
 * Sorted messages of `speaker` that one chat has received, in one life or in several. A killed chat may print its last
 * messages again in its next life: they count once.
 */
async function heardIn(lives: readonly ChatProcess[], speaker: ChatProcess): Promise<readonly string[]> {
  const sender = await memberOf(speaker);
  const heardBefore = new Set<unknown>();
  const texts = lives.map(({ lines }) => {
    const messages = lines.filter(
      ({ type, sender: from, id }) => type === "message" && from === sender && !heardBefore.has(id),
    );
    for (const { id } of messages) heardBefore.add(id);
    return messages.map(({ text }) => String(text));
  });
  return texts.flat().toSorted();
}

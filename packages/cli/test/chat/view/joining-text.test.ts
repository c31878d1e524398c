import { createVirtualClock } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import type { ScreenLine } from "../../../src/chat/terminal/screen.js";
import type { ChatEvent } from "../../../src/chat/view/chat-event.js";
import { createTextView } from "../../../src/chat/view/text/text-view.js";
import type { Room } from "../../../src/chat/room/room.js";
import { EMPTY } from "rxjs";

type Joining = Extract<ChatEvent, { kind: "joining" }>;

/** A view of a joiner, with what it prints and its prompt. */
function shown(): {
  readonly show: (event: Partial<Joining>) => void;
  readonly unanswered: () => void;
  readonly lines: () => readonly string[];
  readonly prompt: () => string;
  readonly advance: (ms: number) => Promise<void>;
} {
  const clock = createVirtualClock();
  const lines: string[] = [];
  let prompt = "";
  const screen = {
    lines: (async function* () {})(),
    print: ({ text }: ScreenLine) => void lines.push(text),
    prompt: (text: string) => void (prompt = text),
    onInterrupt: () => undefined,
    close: () => undefined,
  };
  const settings = {
    joinOptions: { command: "demls chat", framing: "plain" as const },
    isVerbose: false,
    timeOf: () => "12:00",
  };
  const view = createTextView(screen, settings, clock);
  const admin = { inspect: () => ({ openVotes: [] }) };
  const conversation = { name: "garden", state$: EMPTY, state: { openVotes: [] }, admin };
  view.open({ conversation, clock, inviter: "1234", names: { nameOf: () => "ada~7c3e" } } as unknown as Room);
  const defaults = {
    stage: "asking",
    elapsedMs: 0,
    partner: undefined,
    tally: undefined,
    over: undefined,
    leftMs: undefined,
    clockAheadMs: undefined,
    backfill: undefined,
    ackedBy: [],
  } as const;
  return {
    show: (event) => view.show({ kind: "joining", ...defaults, ...event }),
    unanswered: () => view.show({ kind: "unanswered" }),
    lines: () => lines,
    prompt: () => prompt,
    advance: (ms) => clock.advance(ms),
  };
}

describe("The text of a join by an invitation", () => {
  test("has each stage once, and the votes with their time in the prompt", async () => {
    const { show, lines, prompt, advance } = shown();
    const partner = "7c3e" as never;
    show({});
    show({ stage: "voting", partner, tally: { yes: 0, no: 0, voters: 3 }, leftMs: 9_000 });
    expect(prompt()).toBe("garden 0 yes, 0 no of 3, 9 s> ");
    await advance(2_000);
    expect(prompt()).toBe("garden 0 yes, 0 no of 3, 7 s> ");
    show({ stage: "voting", partner, tally: { yes: 2, no: 0, voters: 3 }, leftMs: 6_000 });
    expect(prompt()).toBe("garden 2 yes, 0 no of 3, 6 s> ");
    show({ stage: "approved", partner });
    expect(prompt()).toBe("garden> ");
    show({ stage: "ready" });
    expect(lines()).toEqual([
      "ada~7c3e answers. The members vote on you.",
      "You are voted in. The stewards commit it.",
      "You are up to date, as others confirm.",
    ]);
  });

  test("has no guess at the reason once a member has told it", () => {
    const { show, unanswered, lines } = shown();
    unanswered();
    expect(lines().at(-1)).toMatch(/^You have not been let in yet/);
    show({ stage: "invitation-over", partner: "7c3e" as never });
    unanswered();
    expect(lines().at(-1)).toMatch(/your invitation was revoked, is used up or has expired/);
  });

  test("names the inviter as such, who may have no other name yet", () => {
    const { show, lines } = shown();
    show({ stage: "waiting", partner: "1234" as never });
    show({ stage: "voting", partner: "7c3e" as never });
    expect(lines()).toEqual([
      "Your inviter ada~7c3e answers. The vote on you has not begun.",
      "ada~7c3e answers. The members vote on you.",
    ]);
  });

  test("says that the clock is off", () => {
    const { show, lines } = shown();
    show({ stage: "waiting", partner: "7c3e" as never, clockAheadMs: -5_400_000 });
    show({ stage: "asking", clockAheadMs: 420_000 });
    expect(lines()).toEqual([
      "ada~7c3e answers. The vote on you has not begun.",
      "Your clock is 90 minutes behind that of ada~7c3e. With such a clock you could not vote, so you are not let in: set it, and the join goes on.",
      "Your clock is 7 minutes ahead of that of a member. With such a clock you could not vote, so you are not let in: set it, and the join goes on.",
    ]);
  });

  test.each([
    ["waiting", "ada~7c3e answers. The vote on you has not begun."],
    ["awaiting-admission", "ada~7c3e answers. A member has to let you in by /admit."],
    ["refused", "ada~7c3e answers no. Another member may still let you in."],
    ["banned", "ada~7c3e answers: the group has banned you. Any member can lift that by /unban."],
    [
      "invitation-over",
      "ada~7c3e answers: your invitation was revoked, is used up or has expired. A member has to let you in by /admit.",
    ],
  ] as const)("says at the stage %s: %s", (stage, text) => {
    const { show, lines } = shown();
    show({ stage, partner: "7c3e" as never });
    expect(lines()).toEqual([text]);
  });
});

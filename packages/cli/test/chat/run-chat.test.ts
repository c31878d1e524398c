import { createVirtualClock } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import { createGarden } from "./harness/chat-garden.js";
import { createChatNetwork } from "./harness/chat-network.js";
import { runChatUser } from "./harness/chat-user.js";

/** Real cryptography is slow on a busy machine. */
const SIGINT = 2;
const SIGTERM = 15;

const lineIn = (text: string): string => /demls:\S+/.exec(text)?.[0] ?? "";

describe("A text chat", () => {
  test("starts with the own id and the join command", async () => {
    const { create } = createGarden();
    const ada = await create("ada");
    expect(ada.printed[0]).toMatch(/^You are ada~[0-9a-f]{4} \(0x[0-9a-f]{40}\)\.$/);
    expect(ada.text).toContain("\n  demls chat garden --dial /memory/ada\n");
  });

  test("admits a joiner, exchanges messages and shows display names", async () => {
    const { create, join, ask, until } = createGarden();
    const ada = await create("ada");
    const bob = await join("bob");
    expect(bob.text).toContain("Asked 1 peer to let you in. Without an invitation,");
    await until(() => /^bob~[0-9a-f]{4} is in\b/m.test(ada.text));
    expect(ada.text).not.toMatch(/asks to join|is decided|messages wait/);
    bob.type("hello");
    await until(() => /^00:00 bob~[0-9a-f]{4}: hello$/m.test(ada.text));
    ada.type("and hello to you");
    await until(() => /^00:00 ada~[0-9a-f]{4}: and hello to you$/m.test(bob.text));
    expect(bob.text).toContain("\n00:00 you: hello\n");
    const who = await ask(ada, "/who", "bob");
    expect(who).toMatch(/0x[0-9a-f]{40} {2}you \(.*score 110\)/);
    expect(who).toMatch(/0x[0-9a-f]{40} {2}bob~[0-9a-f]{4} \(.*score 100\)/);
  });

  test("shows two users one code for each other, and the mark of the one who has compared it", async () => {
    const { create, join, ask, until } = createGarden();
    const ada = await create("ada");
    const bob = await join("bob");
    await until(() => /^bob~[0-9a-f]{4} is in\b/m.test(ada.text));
    const code = /^ {2}\d{5}(?: \d{5}){5}$/gm;
    const atAda = (await ask(ada, "/verify bob", /\/verify bob~[0-9a-f]{4} yes/)).match(code);
    const atBob = (await ask(bob, "/verify ada", /\/verify ada~[0-9a-f]{4} yes/)).match(code);
    expect(atAda).toHaveLength(2);
    expect(atBob).toEqual(atAda);
    await ask(ada, "/verify bob yes", /You have marked bob~[0-9a-f]{4} as verified\./);
    expect(await ask(ada, "/who", "score 100")).toMatch(/ bob~[0-9a-f]{4} \(verified, .*score 100\)/);
    bob.type("it is me");
    await until(() => /bob~[0-9a-f]{4} ✓: it is me$/m.test(ada.text));
    await ask(ada, "/verify bob", /Your code with bob~[0-9a-f]{4}, whom you have verified:/);
    await ask(ada, "/verify bob no", /bob~[0-9a-f]{4} is not marked as verified\./);
    expect(await ask(bob, "/who", "score 110")).not.toContain("verified");
    await ask(ada, "/verify cleo", /There is no member "cleo"/);
  });

  test("shows the code of a joiner before the vote ends", async () => {
    const { create, run, ask, until } = createGarden({ deliberates: true });
    const ada = await create("ada");
    run("bob", "--dial", "/memory/ada");
    await until(() => ada.text.includes("asks to join"));
    await ask(ada, "/verify bob", /Your code with bob~[0-9a-f]{4}:/);
    expect(ada.text).not.toContain(" is in");
    await until(() => /^bob~[0-9a-f]{4} is in\b/m.test(ada.text));
  });

  test("gives a vote the same number on all screens", async () => {
    const { create, join, until } = createGarden({ deliberates: true });
    const users = [await create("ada"), await join("bob")];
    await join("cleo");
    const numbers = users.map(
      ({ text }) => [...text.matchAll(/^#(\d+): cleo~[0-9a-f]{4} asks to join/gm)].at(-1)?.[1],
    );
    await until(() => users.every(({ text }) => / is in\b/m.test(text)));
    expect(numbers[0]).toMatch(/^\d{4}$/);
    expect(numbers[1]).toBe(numbers[0]);
  });

  test("hides elections, scores and epochs until /verbose", async () => {
    const { create, join, ask, until, clock } = createGarden();
    const hidden = /Stewards are|score|Epoch|elect/;
    const ada = await create("ada");
    await join("bob");
    await clock.advance(30_000);
    expect(ada.text).not.toMatch(hidden);
    await ask(ada, "/verbose", "Elections, scores and epochs are shown from now on.");
    await join("cleo");
    await until(() => /^Epoch 2, committed by/m.test(ada.text));
    await ask(ada, "/verbose", "Elections, scores and epochs are hidden from now on.");
  });

  test("shows kept messages of both sides by /history, and none if it is ephemeral", async () => {
    const { create, join, ask, until } = createGarden();
    const ada = await create("ada");
    const bob = await join("bob", "--ephemeral");
    ada.type("one");
    await until(() => bob.text.includes("one"));
    bob.type("two");
    await until(() => ada.text.includes("two"));
    ada.type("three");
    await until(() => bob.text.includes("three"));
    expect(await ask(ada, "/history 2", /two\n.*three/)).toMatch(
      /00:00 bob~[0-9a-f]{4}: two\n00:00 you: three$/,
    );
    await ask(bob, "/history", "No messages are kept.");
  });

  test("sends a message typed before the join after it, to the inviter's group", async () => {
    const { create, joinBy, ask, until } = createGarden();
    const ada = await create("ada");
    const bob = joinBy("bob", lineIn(await ask(ada, "/invite", "takes it back")));
    bob.type("early bird");
    await until(() => /^00:00 bob~[0-9a-f]{4}: early bird$/m.test(ada.text));
  });

  test("sends no message typed before the join to a group that can be anyone's", async () => {
    const { create, run, ask, until } = createGarden();
    const mallory = await create("mallory");
    const bob = run("bob", "--dial", "/memory/mallory");
    bob.type("the password is tulip");
    await until(() => /The message was not sent: the group .* is not confirmed/.test(bob.text));
    expect(bob.text).toContain("Before you write, compare the numbers of /verify");
    await ask(bob, "hello", /you: hello/);
    await until(() => /: hello$/m.test(mallory.text));
    expect(mallory.text).not.toContain("tulip");
  });

  test("admits two joiners that started before the creator", async () => {
    const { create, run, until } = createGarden();
    const joiners = [run("bob", "--dial", "/memory/ada"), run("cleo", "--dial", "/memory/ada")];
    await until(() => joiners.every(({ text }) => text.includes("Asked 1 peer to let you in.")));
    const ada = await create("ada");
    await until(() => joiners.every(({ text }) => text.includes("You have joined")));
    await until(() =>
      ["bob", "cleo"].every((name) => new RegExp(`^(.*, )?${name}~.* (is|are) in\\b`, "m").test(ada.text)),
    );
    for (const { text } of joiners) expect(text.match(/Asked/g)).toHaveLength(2);
  });

  test("decides at once by a manual vote", async () => {
    const { create, run, ask, until, clock } = createGarden({ deliberates: true });
    const ada = await create("ada");
    const bob = run("bob", "--dial", "/memory/ada");
    await until(() => ada.text.includes(" asks to join."));
    const [, number = ""] = /\/vote (\d{4}) no\?/.exec(ada.text) ?? [];
    const askedMs = clock.monotonicMs();
    await ask(
      ada,
      `/vote #${number} no`,
      new RegExp(`^You vote no on #${number} \\(let bob~[0-9a-f]{4} in\\)\\.$`, "m"),
    );
    await until(() => new RegExp(`#${number} \\(let bob~[0-9a-f]{4} in\\) is decided: no\\.`).test(ada.text));
    expect(clock.monotonicMs() - askedMs).toBeLessThan(1_000);
    expect(bob.text).not.toContain("You have joined");
  });

  test("bans a member by a prefix of its name, and shows the removal to both", async () => {
    const { create, join, ask, until } = createGarden();
    const ada = await create("ada");
    await join("bob");
    const cleo = await join("cleo");
    await until(() => ada.text.match(/ is in\b/gm)?.length === 2);
    const state = await ask(ada, "/state", "fingerprint");
    expect(state).toMatch(/members +3/);
    cleo.type("spam");
    await until(() => ada.text.includes("spam"));
    await ask(ada, "/ban cleo", /you ask to remove cleo~[0-9a-f]{4}\./);
    await until(() => cleo.status !== undefined);
    expect(cleo.text).toContain("You were removed from garden.");
    expect(cleo.status).toBe(1);
    await until(() => /^cleo~[0-9a-f]{4} is out\.$/m.test(ada.text));
  });

  test("lists a banned member, which asks in vain until its ban is lifted", async () => {
    const { create, join, ask, run, until, clock } = createGarden();
    const ada = await create("ada");
    const bob = await join("bob");
    const cleo = await join("cleo");
    await ask(ada, "/unban cleo", "No member is banned.");
    await ask(ada, "/ban cleo", /you ask to remove cleo/);
    await until(() => /(\d{4}): ada\S+ asks to remove cleo/.test(bob.text));
    const [, number = ""] = /(\d{4}): ada\S+ asks to remove cleo/.exec(bob.text) ?? [];
    await ask(bob, `/vote ${number} yes`, "You vote yes");
    await until(() => /^cleo~[0-9a-f]{4} is out\.$/m.test(bob.text) && cleo.status !== undefined);
    const who = await ask(bob, "/who", "banned");
    expect(who).toMatch(/0x[0-9a-f]{40} {2}cleo~[0-9a-f]{4}, banned until 2026-12-21 00:\d\d$/);
    await ask(ada, "/unban dora", 'There is no member "dora".');

    const asked = ada.text.match(/asks to join/g)?.length;
    const first = run("cleo", "--dial", "/memory/ada");
    await until(() => first.text.includes("You were removed from garden: its members ignore you until"));
    first.type("/quit");
    await until(() => first.status !== undefined);
    const again = run("cleo");
    await clock.advance(60_000);
    expect(again.text).toContain("You were removed from garden: its members ignore you until");
    expect(ada.text.match(/asks to join/g)?.length).toBe(asked);
    await ask(ada, "/unban cleo", /^You lift the ban of cleo~[0-9a-f]{4}\.$/m);
    await until(() => /^ada~[0-9a-f]{4} lifts the ban of cleo~[0-9a-f]{4}\.$/m.test(bob.text));
    expect(again.text).not.toContain("You have joined");
    again.type("/quit");
    await until(() => again.status !== undefined);
    const third = run("cleo");
    await until(() => third.text.includes("You have joined"));
    third.type("/quit");
    await until(() => third.status !== undefined);
    const fourth = run("cleo");
    await until(() => fourth.text.includes("You go on in a group named garden"));
    expect(fourth.text).not.toContain("You were removed");
  });

  test("shows the request with another member's vote", async () => {
    const { create, join, until } = createGarden({ deliberates: true });
    const ada = await create("ada");
    await join("bob");
    await join("cleo");
    await until(() => / votes yes on #\d+ \(let cleo~[0-9a-f]{4} in\)\.$/m.test(ada.text));
  });

  test("shows the stewards in order, the open votes with their time left, and the reasons of decisions", async () => {
    const { create, join, ask, until } = createGarden();
    const ada = await create("ada", "--verbose");
    await join("bob");
    await until(() => ada.text.includes(" is in"));
    await until(() => /Stewards are .*, .*; it is/.test(ada.text));
    const stewards = await ask(ada, "/stewards", /2\. /);
    expect(stewards).toMatch(/Elected in epoch 1, in the order of their turns:\n {2}1\. .*commits now/);
    const why = await ask(ada, "/why 50", /elected/);
    expect(why).toMatch(/ s ago {2}default vote yes on #\d{4}: silence agrees/);
    expect(why).toMatch(/#\d{4} \(invite member\) is yes: 1 yes and 0 no of 1/);
    expect(why).toMatch(/working → freezing: /);
    await ask(ada, "/votes", "No vote is open.");
    await ask(ada, "/ban dora", "There is no member");
    await join("cleo");
    await until(() => (ada.text.match(/ is in\b/g)?.length ?? 0) > 1);
    await ask(ada, "/ban bob", /#\d+: you ask to remove bob~[0-9a-f]{4}\./);
    const votes = await ask(ada, "/votes", /#\d+: you asked/);
    expect(votes).toMatch(/#\d+: you asked to remove bob~[0-9a-f]{4}: 1 yes, 0 no of 2; settled in \d+ s/);
  });

  test.each([
    ["/dance", "There is no command /dance."],
    ["/vote", "/vote takes NUMBER yes|no."],
    ["/vote 1 perhaps", "/vote takes NUMBER yes|no."],
    ["/vote 99 yes", "There is no vote 99."],
    ["/ban", "/ban takes MEMBER."],
    ["/unban", "/unban takes MEMBER."],
    ["/ban nobody", 'There is no member "nobody".'],
    ["/who else", "/who takes no arguments."],
    ["/why 0", "/why takes [COUNT]."],
  ])("explains the error of %s", async (line, answer) => {
    const { create, ask } = createGarden();
    const ada = await create("ada");
    expect(await ask(ada, line, /There is no|takes/)).toContain(answer);
  });

  test("rejects a vote on a decided proposal with its result", async () => {
    const { create, join, ask } = createGarden({ deliberates: true });
    const ada = await create("ada");
    await join("bob");
    const [, number = ""] = /#(\d{4}) \(let/.exec(ada.text) ?? [];
    await ask(ada, `/vote ${number} no`, `Vote ${number} is over: yes.`);
  });

  test("prints a hostile message without cursor movements and forged lines", async () => {
    const { create, join, until } = createGarden();
    const ada = await create("ada");
    const bob = await join("bob");
    bob.type("evil \u001b[2Jtext\u202e\r\nada~0000: fake");
    await until(() => ada.text.includes("evil"));
    expect(ada.text).toMatch(/^00:00 bob~[0-9a-f]{4}: evil \ufffd\[2Jtext\ufffd ↵ ada~0000: fake$/m);
    // eslint-disable-next-line no-control-regex -- The test asserts its absence.
    expect(ada.text).not.toMatch(/\u001b/);
  });
});

describe("The end of a chat", () => {
  test("by /leave follows the commit of the removal, which others see", async () => {
    const { create, join, ask, until } = createGarden();
    const ada = await create("ada");
    const bob = await join("bob");
    await until(() => ada.text.includes(" is in"));
    await ask(bob, "/leave", "you ask to leave");
    expect(bob.status).toBeUndefined();
    await until(() => bob.status !== undefined);
    expect(bob.text).toContain("You have left garden, and nothing of it is kept here.");
    expect(bob.status).toBe(0);
    await until(() => / is out\.$/m.test(ada.text));
  });

  test("of an ephemeral chat by one interrupt publishes the leave proposal, which the others commit later", async () => {
    const { create, join, until, clock } = createGarden();
    const ada = await create("ada");
    const bob = await join("bob", "--ephemeral");
    await join("cleo");
    await clock.advance(30_000);
    const sinceMs = clock.monotonicMs();
    bob.signal(SIGINT);
    await until(() => bob.status !== undefined);
    expect(bob.status).toBe(0);
    expect(clock.monotonicMs() - sinceMs).toBeLessThan(1_000);
    expect(bob.killed).toBeUndefined();
    expect(ada.text).not.toMatch(/ is out\.$/m);
    await until(() => / is out\.$/m.test(ada.text));
  });

  test("of an ephemeral chat with one remaining member waits for that member's commit", async () => {
    const { create, join, until } = createGarden();
    const ada = await create("ada", "--verbose");
    const bob = await join("bob", "--ephemeral");
    await until(() => /Stewards are .*, .*; it is/.test(ada.text));
    bob.signal(SIGINT);
    await until(() => bob.status !== undefined);
    expect(bob.text).toContain("You have left garden.");
    expect(bob.status).toBe(0);
    await until(() => / is out\.$/m.test(ada.text), 0);
  });

  test("of an ephemeral chat by a second interrupt is immediate, even if the leave proposal is unpublished", async () => {
    const { create, join, ask } = createGarden();
    await create("ada");
    const bob = await join("bob", "--ephemeral");
    await ask(bob, "/offline", "Not connected");
    bob.signal(SIGTERM);
    bob.signal(SIGTERM);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(bob.killed).toBe(128 + SIGTERM);
  });

  test("of an ephemeral member without peers takes bounded time", async () => {
    const { create, join, ask, until, clock } = createGarden();
    await create("ada");
    const bob = await join("bob", "--ephemeral");
    await ask(bob, "/offline", "Not connected");
    const sinceMs = clock.monotonicMs();
    bob.signal(SIGINT);
    await until(() => bob.status !== undefined);
    expect(clock.monotonicMs() - sinceMs).toBeLessThanOrEqual(20_000);
  });

  test("of the only member is immediate", async () => {
    const { create, until } = createGarden();
    const ada = await create("ada", "--ephemeral");
    ada.signal(SIGINT);
    await until(() => ada.status !== undefined, 0);
    expect(ada.status).toBe(0);
  });

  test("of the only member hides the failed publish of a message", async () => {
    const clock = createVirtualClock({ wallMs: 0 });
    const network = createChatNetwork(() => Promise.reject(new Error("There is no peer.")));
    const ada = runChatUser("ada", ["--create", "--json", "--ephemeral"], { clock, network });
    ada.type("hello");
    ada.type("/quit");
    await clock.advanceUntil(() => ada.status !== undefined, 60_000);
    expect(ada.last("leaving")).toMatchObject({ reason: "left" });
    expect(
      ada.json.slice(ada.json.findIndex(({ type }) => type === "leaving")).map(({ type }) => type),
    ).toEqual(["leaving", "closed"]);
  });

  test("by the end of the input follows the publish of the typed message", async () => {
    const { create, joinBy, ask, until } = createGarden();
    const ada = await create("ada");
    const bob = joinBy("bob", lineIn(await ask(ada, "/invite", "takes it back")));
    bob.type("last words");
    bob.endInput();
    await until(() => bob.status !== undefined);
    expect(bob.status).toBe(0);
    await until(() => /^00:00 bob~[0-9a-f]{4}: last words$/m.test(ada.text));
  });

  test("follows the publish of all lines, even of more than a conversation buffers", async () => {
    const { create, joinBy, ask, until } = createGarden({ publishMs: 1 });
    const ada = await create("ada");
    const bob = joinBy("bob", lineIn(await ask(ada, "/invite", "takes it back")));
    for (let line = 1; line <= 1_200; line++) bob.type(`line ${line}`);
    bob.endInput();
    await until(() => bob.status !== undefined);
    expect(ada.text.match(/^00:0\d bob~[0-9a-f]{4}: line \d+$/gm)).toHaveLength(1_200);
    expect(bob.text).not.toContain("queue of outgoing messages is full");
  });

  test("of a joiner without peers has status 1 and names the likely cause", async () => {
    const { run, until } = createGarden();
    const bob = run("bob", "--dial", "/memory/nobody", "--patience", "20");
    await until(() => bob.status !== undefined);
    expect(bob.text).toContain("Not connected; waiting.");
    expect(bob.text).toContain("No answer from /memory/nobody (connection refused); trying again.");
    expect(bob.text).toContain("The join timed out. No peer was connected.");
    expect(bob.status).toBe(1);
  });
});

describe("A join that expires", () => {
  test("names the votes if peers were asked", async () => {
    const { create, run, ask, until } = createGarden({ deliberates: true });
    const ada = await create("ada");
    const bob = run("bob", "--dial", "/memory/ada", "--patience", "20", "--json");
    await until(() => ada.text.includes(" asks to join."));
    const [, number = ""] = /\/vote (\d{4}) no\?/.exec(ada.text) ?? [];
    await ask(ada, `/vote ${number} no`, "You vote no");
    await until(() => bob.status !== undefined);
    expect(bob.last("leaving")).toEqual({
      type: "leaving",
      reason: "join-expired",
      obstacle: "not-let-in",
    });
  });
});

describe("A leave while no other member is online", () => {
  test("says that it waits, and ends the chat without it at Ctrl-C", async () => {
    const { create, join, ask, until } = createGarden();
    const ada = await create("ada");
    const bob = await join("bob");
    await until(() => ada.text.includes(" is in"));
    ada.signal(SIGINT);
    await until(() => ada.status !== undefined);
    await ask(
      bob,
      "/leave",
      "Your leave waits until another member is online. Ctrl-C ends, and the same command",
    );
    bob.signal(SIGINT);
    await until(() => bob.status !== undefined);
    expect(bob.text).toContain("Closing before your leave is committed. The same command goes on with it.");
  });
});

describe("A joiner that the members vote down", () => {
  test("is told once, is not asked about again, and is let in by a new start after ten minutes", async () => {
    const { create, run, ask, until, clock } = createGarden({ deliberates: true });
    const ada = await create("ada");
    const bob = run("bob", "--dial", "/memory/ada");
    await until(() => ada.text.includes(" asks to join."));
    const [, number = ""] = /\/vote (\d{4}) no\?/.exec(ada.text) ?? [];
    await ask(ada, `/vote ${number} no`, "You vote no");
    await clock.advance(500_000);
    expect(bob.text.match(/You have not been let in yet/g)).toHaveLength(1);
    expect(ada.text.match(/ asks to join/g)).toHaveLength(1);
    bob.signal(SIGINT);
    await until(() => bob.status !== undefined);
    await clock.advance(101_000);
    const again = run("bob", "--dial", "/memory/ada");
    await until(() => again.text.includes("You have joined a group named garden"));
    expect(again.text).not.toContain("You have not been let in yet");
  });
});

describe("The network of a chat", () => {
  test("carries messages again after /offline and /online within one epoch", async () => {
    const { create, join, ask, until } = createGarden();
    const ada = await create("ada", "--verbose");
    const bob = await join("bob");
    await until(
      () => /Stewards are .*, .*; it is/.test(ada.text) && ada.text.includes("Connected to 1 peer"),
    );
    await ask(bob, "/offline", "Not connected");
    await until(() => ada.text.includes("Not connected; waiting."));
    await ask(bob, "/online", "Connected to 1 peer, 1 in garden.");
    ada.type("back again");
    await until(() => bob.text.includes("back again"));
  });
});

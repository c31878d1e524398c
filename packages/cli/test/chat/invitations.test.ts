import { createEthereumSigner, ethereumVerifier } from "demls";
import { issueInvitation, parseInvitation } from "@demls/join";
import { createSeededRandom } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import { qrRows } from "../../src/chat/view/text/qr-code.js";
import { createGarden } from "./harness/chat-garden.js";

const LINE = /demls:[\w-]+/;

/** The line in the text of an answer. */
function lineIn(text: string): string {
  return LINE.exec(text)?.[0] ?? "";
}

async function addressesIn(line: string): Promise<readonly string[]> {
  const nowSeconds = Date.UTC(2026, 10, 21) / 1_000;
  const { invitation } = await parseInvitation(line, { verifier: ethereumVerifier, nowSeconds });
  return invitation.addresses;
}

describe("An invitation", () => {
  test("lets its holder in, who types nothing else, with the address of the inviter", async () => {
    const { create, joinBy, ask, until } = createGarden({ asks: true });
    const ada = await create("ada");
    const answer = await ask(ada, "/invite", "takes it back");
    expect(answer).toMatch(/^This line lets one guest in until .*\. Send it to that guest alone\.$/m);
    expect(answer).toMatch(/^ {2}demls join demls:/m);
    const bob = joinBy("bob", lineIn(answer));
    await until(() => /You are up to date, as others confirm\./.test(bob.text));
    expect(bob.text).toMatch(/^Asked 1 peer to let you in\. They vote on it/m);
    expect(bob.text).toMatch(/^Your inviter [0-9a-f]{4} answers\. /m);
    expect(bob.text).toMatch(/^You are in garden with ada~[0-9a-f]{4}\.[^]*^You are up to date/m);
    expect(ada.text).not.toContain("asks to join: /admit");
    expect(ada.text).toMatch(/^bob~[0-9a-f]{4} is in, let in by you\.$/m);
    const carol = joinBy("carol", lineIn(answer));
    await until(() => /carol~[0-9a-f]{4} asks to join \(its invitation is used up\): \/admit/.test(ada.text));
    expect(carol.text).not.toContain("You are in garden");
  });

  test("is read from the input too, and the rest of it is chat", async () => {
    const { create, joinFrom, ask, until } = createGarden({ asks: true });
    const ada = await create("ada");
    const line = lineIn(await ask(ada, "/invite", "takes it back"));
    const bob = joinFrom("bob");
    bob.type(` ${line} `);
    await until(() => bob.text.includes("You are in garden"));
    bob.type("hello");
    await until(() => /bob~[0-9a-f]{4}: hello/.test(ada.text));
  });

  test.each(["hello", ""])("is missed in the input %j", async (typed) => {
    const { joinFrom, until } = createGarden({ asks: true });
    const bob = joinFrom("bob");
    bob.type(typed);
    bob.endInput();
    await until(() => bob.text.includes("threw"));
    expect(bob.text).toContain("demls join takes an invitation");
  });

  test("shows its inviter and note before anything is dialled, and leaves this machine's network out", async () => {
    const { clock, joinBy, until } = createGarden({ asks: true });
    const issue = (...addresses: readonly string[]) =>
      issueInvitation(
        { ...{ conversationName: "garden", groupId: "00".repeat(16), note: "come in" }, addresses },
        {
          signer: createEthereumSigner(new Uint8Array(32).fill(7)),
          random: createSeededRandom("line"),
          nowSeconds: Math.floor(clock.wallMs() / 1_000),
        },
      );
    const near = ["/ip4/192.168.1.1/tcp/80", "/ip4/127.0.0.1/tcp/22"] as const;
    const { line, invitation } = await issue(near[0], "/ip4/192.0.2.1/tcp/4001", near[1]);
    const bob = joinBy("bob", line);
    await until(() => bob.text.includes("You ask to join garden"));
    expect(bob.printed.slice(0, 4)).toEqual([
      `0x${invitation.inviter} invites you to garden: “come in”`,
      "The line proves nothing: ask the person who sent you the line whether that is their address.",
      "The invitation has you dial /ip4/192.0.2.1/tcp/4001.",
      "Left out, since they are of this machine or its network: /ip4/192.168.1.1/tcp/80, /ip4/127.0.0.1/tcp/22. --dial-private dials them.",
    ]);
    await until(() => bob.text.includes("No answer from /ip4/192.0.2.1/tcp/4001"));
    expect(bob.text).not.toMatch(/No answer from \/ip4\/(192\.168|127)/);
    const carol = joinBy("carol", line, "--dial-private", "--json");
    await until(() => carol.json.length > 1);
    expect(carol.json[0]).toEqual({
      ...{ type: "invited", conversation: "garden", inviter: invitation.inviter, note: "come in" },
      ...{ dialled: invitation.addresses, leftOut: [] },
    });
    const dave = joinBy("dave", (await issue(...near)).line);
    await until(() => dave.text.includes("threw"));
    expect(dave.text).toContain("--dial-private or --dial is required");
  });

  test("lets several in, or nobody after /revoke", async () => {
    const { create, joinBy, ask, until } = createGarden({ asks: true });
    const ada = await create("ada");
    const line = lineIn(await ask(ada, "/invite 2", "lets 2 guests in"));
    const guests = ["bob", "carol"].map((name) => joinBy(name, line));
    await until(() => guests.every(({ text }) => /You are in garden/.test(text)));
    const second = await ask(ada, "/invite 5", "takes it back");
    const id = /\/revoke ([0-9a-f]{16})/.exec(second)?.[1] ?? "";
    await ask(ada, `/revoke ${id}`, `The invitation ${id} is revoked.`);
    const dave = joinBy("dave", lineIn(second));
    await until(() => /dave~[0-9a-f]{4} asks to join \(its invitation was revoked\): \/admit/.test(ada.text));
    // The guest is told at once.
    await until(
      () => /answers: your invitation was revoked\. A member has to let you in/.test(dave.text),
      3_000,
    );
  });

  test("tells a banned holder at each start that it is banned", async () => {
    const { create, join, joinBy, ask, until } = createGarden({ asks: false });
    const ada = await create("ada");
    const [bob, cleo] = [await join("bob"), await join("cleo")];
    await ask(ada, "/ban cleo", /you ask to remove cleo/);
    await until(() => /(\d{4}): ada\S+ asks to remove cleo/.test(bob.text));
    const [, number = ""] = /(\d{4}): ada\S+ asks to remove cleo/.exec(bob.text) ?? [];
    await ask(bob, `/vote ${number} yes`, "You vote yes");
    await until(() => cleo.status !== undefined);
    const line = lineIn(await ask(ada, "/invite", "takes it back"));
    for (let start = 0; start < 2; start += 1) {
      const again = joinBy("cleo", line);
      await until(
        () => /answers: the group has banned you\. Any member can lift that/.test(again.text),
        3_000,
      );
      again.type("/quit");
      await until(() => again.status !== undefined);
    }
  });

  test("tells a banned holder so that has asked by the name before", async () => {
    const { create, join, run, joinBy, ask, until } = createGarden();
    const ada = await create("ada");
    const cleo = await join("cleo");
    await ask(ada, "/ban cleo", /you ask to remove cleo/);
    await until(() => cleo.status !== undefined);
    const unanswered = run("cleo", "--dial", "/memory/ada");
    await until(() => /Asked 1 peer/.test(unanswered.text));
    unanswered.type("/quit");
    await until(() => unanswered.status !== undefined);
    const again = joinBy("cleo", lineIn(await ask(ada, "/invite", "takes it back")));
    await until(() => /answers: the group has banned you/.test(again.text), 20_000);
  });

  test("is issued offline too, without a pause", async () => {
    const { create, ask, clock } = createGarden();
    const ada = await create("ada");
    await ask(ada, "/offline", "Not connected");
    const sinceMs = clock.monotonicMs();
    expect(lineIn(await ask(ada, "/invite", "takes it back"))).toMatch(LINE);
    expect(clock.monotonicMs() - sinceMs).toBeLessThan(1_000);
  });

  test("makes newcomers, of whom everyone sees who let them in, until they are confirmed", async () => {
    const { create, joinBy, ask, until } = createGarden({ asks: true, hasNewcomers: true });
    const ada = await create("ada");
    const line = lineIn(await ask(ada, "/invite 2", "lets 2 guests in"));
    const [bob, cleo] = ["bob", "cleo"].map((name) => joinBy(name, line));
    if (bob === undefined || cleo === undefined) throw new Error("No guests.");
    await until(() => [bob, cleo].every(({ text }) => /You are in garden/.test(text)));
    expect(await ask(cleo, "/who", "score 110")).toMatch(/bob~[0-9a-f]{4} \(.*newcomer, let in by ada~/);
    await ask(bob, "/ban ada", "none but newcomers could vote on this removal");
    await ask(bob, "/confirm cleo", "only members that are not confirm one");
    await ask(ada, "/confirm bob", /^You confirm bob~[0-9a-f]{4}\.$/m);
    await until(() => /^ada~[0-9a-f]{4} confirms you\.$/m.test(bob.text));
    await ask(ada, "/confirm ada", 'There is no member "ada"');
  });

  test("names the conversation in which its holder goes on", async () => {
    const { create, joinBy, run, ask, until } = createGarden({ asks: true });
    const ada = await create("ada");
    const line = lineIn(await ask(ada, "/invite", "takes it back"));
    const bob = joinBy("bob", line);
    await until(() => /You are in garden/.test(bob.text));
    bob.type("/quit");
    await until(() => bob.status !== undefined);
    const again = run("bob");
    await until(() => /You are in garden already/.test(again.text));
    again.type("/quit");
    await until(() => again.status !== undefined);
    // Its line asks nothing of a member.
    const third = joinBy("bob", line);
    await until(() => /You are in garden already/.test(third.text));
    expect(third.text).not.toMatch(/invites you|has you dial/);
    await until(() => /Connected to 1 peer/.test(third.text));
  });

  test("tells a program how far the join is", async () => {
    const { create, joinBy, ask, until } = createGarden({ asks: true });
    const line = lineIn(await ask(await create("ada"), "/invite", "takes it back"));
    const bob = joinBy("bob", line, "--json");
    await until(() => bob.json.some(({ stage }) => stage === "ready"));
    const told = bob.json.filter(({ type }) => type === "joining");
    expect(told[0]).toMatchObject({ stage: "asking", elapsedMs: 0 });
    const partner = expect.stringMatching(/^[0-9a-f]{40}$/) as string;
    expect(told).toContainEqual(expect.objectContaining({ partner }));
    expect(told.at(-1)).toMatchObject({ stage: "ready", elapsedMs: expect.any(Number) as number });
  });

  test("is a QR code too, with one address", async () => {
    const { create, join, ask } = createGarden();
    const ada = await create("ada");
    await join("bob");
    const answer = await ask(ada, "/invite 2 QR", "takes it back");
    expect(answer).toMatch(/^This line lets 2 guests in/m);
    const line = lineIn(answer);
    expect(answer).toContain(qrRows(line).join("\n"));
    expect(await addressesIn(line)).toEqual(["/memory/ada"]);
  });

  test("has the addresses of up to three others, who may be there later", async () => {
    const { create, join, ask } = createGarden();
    const ada = await create("ada");
    for (const name of ["bob", "carol", "dave", "erin"]) await join(name);
    const line = lineIn(await ask(ada, "/invite", "takes it back"));
    expect(await addressesIn(line)).toEqual(["/memory/ada", "/memory/bob", "/memory/carol", "/memory/dave"]);
  });

  test("is data for a program", async () => {
    const { create, request } = createGarden({ asks: true });
    const ada = await create("ada", "--json");
    const { result } = await request(ada, { command: "/invite 3" });
    expect(result).toMatchObject({
      ...{ uses: 3, addresses: ["/memory/ada"] },
      ...{
        line: expect.stringMatching(LINE) as string,
        id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      },
    });
  });

  test.each([
    ["cut", (line: string) => [line.slice(0, -1)], "The invitation is not complete"],
    ["given with --create", (line: string) => [line, "--create"], "--create excludes an invitation"],
    ["given twice", (line: string) => [line, line], "NAME is required exactly once"],
  ])("is rejected if it is %s", async (_case, args, message) => {
    const { create, list, ask } = createGarden({ asks: true });
    const line = lineIn(await ask(await create("ada"), "/invite", "takes it back"));
    const bob = await list("bob", ...args(line));
    expect(bob.text).toContain(message);
  });

  test.each(["/invite 0", "/invite 1000", "/invite two", "/invite 1 1", "/revoke"])(
    "is not made by %s",
    async (typed) => {
      const { create, ask } = createGarden({ asks: true });
      await ask(await create("ada"), typed, "takes");
    },
  );
});

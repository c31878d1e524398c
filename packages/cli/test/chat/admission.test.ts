import { describe, expect, test } from "vitest";
import { createGarden } from "./harness/chat-garden.js";

describe("A chat", () => {
  test("asks about a joiner by its name, and lets it in by /admit", async () => {
    const { create, run, ask, until } = createGarden({ asks: true });
    const ada = await create("ada");
    const bob = run("bob", "--dial", "/memory/ada");
    await until(() => /bob~[0-9a-f]{4} asks to join: \/admit bob~[0-9a-f]{4} or \/refuse/.test(ada.text));
    expect(await ask(ada, "/requests", "bob~")).toMatch(/0x[0-9a-f]{40} {2}bob~[0-9a-f]{4}/);
    await ask(ada, "/admit bob", /^You vouch for bob~[0-9a-f]{4}: /m);
    await until(() => /You have joined a group named garden/.test(bob.text));
    expect(await ask(ada, "/requests", "waits")).toContain("Nobody waits to be let in.");
  });

  test("ignores a joiner after /refuse, and knows no other one", async () => {
    const { create, run, ask, until } = createGarden({ asks: true });
    const ada = await create("ada");
    const bob = run("bob", "--dial", "/memory/ada");
    await until(() => ada.text.includes("asks to join"));
    await ask(ada, "/refuse bob", /^You have refused bob~[0-9a-f]{4}\.$/m);
    await ask(ada, "/requests", "Nobody waits to be let in.");
    await ask(ada, "/admit bob", 'There is no joiner "bob".');
    expect(bob.text).not.toContain("You have joined");
  });

  test("with --open lets everyone in, also after the next start without the option", async () => {
    const { create, run, until } = createGarden({ asks: true });
    const ada = await create("ada", "--open");
    ada.type("/quit");
    await until(() => ada.status !== undefined);
    run("ada");
    const bob = run("bob", "--dial", "/memory/ada");
    await until(() => /You have joined a group named garden/.test(bob.text));
  });

  test("gives a program the request and the joiners that wait", async () => {
    const { create, run, request, until } = createGarden({ asks: true });
    const ada = await create("ada", "--json");
    run("bob", "--dial", "/memory/ada");
    await until(() => ada.text.includes('"joinRequested"'));
    const reply = await request(ada, { command: "/requests" });
    const { requests } = reply["result"] as { requests: readonly unknown[] };
    const joiner = expect.stringMatching(/^[0-9a-f]{40}$/) as string;
    expect(requests).toEqual([{ joiner, claimedName: "bob", invitedBy: undefined, reason: "uninvited" }]);
  });
});

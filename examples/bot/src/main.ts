import { randomInt } from "node:crypto";
import { startChat, type Line } from "./chat-process.js";

// Keeps nothing, so that the example leaves nothing behind; a bot of your own leaves this option out.
const options = ["--ephemeral", ...set("votingDelayMs", 200), ...set("electionVotingDelayMs", 100)];

/** Handles a line: invites Alice at the start, and answers each roll. */
function onLine(line: Line): void {
  if (line.type === "started") bot.write({ id: "invite", command: "/invite" });
  if (line.type === "reply" && line["id"] === "invite")
    bringAlice(line["result"] as { readonly line: string });
  if (line.type !== "message" || line["text"] !== "roll") return;
  const name = String(line["claimedName"]);
  console.log(`${name} rolls a die.`);
  // The id of a message tells a repeat after a crash.
  bot.write({ send: `${name} has rolled a ${randomInt(1, 7)}.` });
}

const bot = startChat(
  ["chat", "garden", "--create", "--name", "dice", ...options, ...set("commitInactivityMs", 300)],
  onLine,
);

/** A person, in another process: she joins by the bot's line, rolls once, and leaves. */
function bringAlice(invitation: { readonly line: string }): void {
  const join = ["join", invitation.line, "--name", "Alice", "--dial-private", ...options];
  const alice = startChat(join, (line) => {
    if (line.type === "joined") alice.write({ send: "roll" });
    if (line.type === "message") void leave(String(line["text"]));
  });

  async function leave(answer: string): Promise<void> {
    console.log(`Alice reads: ${answer}`);
    console.log(`Alice's chat ends with the status ${await alice.end()}.`);
    console.log(`The bot ends with the status ${await bot.end()}.`);
  }
}

function set(name: string, value: number): readonly string[] {
  return ["--set", `${name}=${value}`];
}

/** Process of a member, which runs the commands of the bench. Arguments: kind of the channel, and role. */
import type { ChannelKind } from "./channel.js";
import type { Answer, Answers, Command } from "./command.js";
import { conversationChannel } from "./conversation-channel.js";
import { rawChannel } from "./raw-channel.js";
import { sendSteadily } from "./steady-sender.js";
import { ageMs } from "./timed-text.js";

const [kind, role] = process.argv.slice(2) as [ChannelKind, "founder" | "joiner"];
const arrivals: number[] = [];
const onText = (text: string): void => void arrivals.push(ageMs(text));
const channel = await (kind === "raw"
  ? rawChannel(onText)
  : conversationChannel({ framing: kind, founds: role === "founder", onText }));

async function obey(command: Command): Promise<Answers[Command["do"]]> {
  switch (command.do) {
    case "start":
      return channel.addresses;
    case "dial":
      await channel.dial(command.addresses);
      return undefined;
    case "open":
      await channel.open(command.members);
      return undefined;
    case "send":
      return sendSteadily(channel, command);
    case "take-arrivals":
      return arrivals.splice(0);
    case "weigh":
      return process.memoryUsage.rss();
  }
}

process.on("message", (command: Command) => {
  obey(command).then(
    (value) => answer({ value }),
    (error: unknown) => answer({ error: String(error) }),
  );
});

function answer(message: Answer): void {
  process.send?.(message);
}

import type { Conversation } from "demls";
import { grownGarden } from "../garden.js";
import type { Measurement, Scenario } from "../measurement.js";
import { countedStorage } from "./counted-storage.js";
import { quickGarden } from "./quick-garden.js";

const MESSAGES = 20;
const CONTENT = "a".repeat(100);
const MEMBERS = 50;

/** Bytes that a member writes: of a message of 100 bytes in a conversation of three, and of a join at 50. */
export const storedBytes: Scenario = {
  name: "storage-bytes",
  async run({ mostMembers }) {
    return [...(await ofMessages()), ...(mostMembers < MEMBERS ? [] : await ofJoin())];
  },
};

async function ofMessages(): Promise<readonly Measurement[]> {
  const [sending, receiving] = [countedStorage(), countedStorage()];
  const garden = await quickGarden("garden", [sending, receiving, undefined]);
  const [sender, receiver] = garden.conversations;
  if (sender === undefined || receiver === undefined) throw new Error("The bench needs two members.");
  // Whatever the join has left to do.
  await say(sender, receiver);
  const before = { batches: sending.batches, sent: sending.bytes, received: receiving.bytes };
  for (let sent = 0; sent < MESSAGES; sent++) await say(sender, receiver);
  const figures: readonly Measurement[] = [
    { name: "message sent", unit: "B", ours: (sending.bytes - before.sent) / MESSAGES },
    { name: "batches of it", unit: "1", ours: (sending.batches - before.batches) / MESSAGES },
    { name: "message received", unit: "B", ours: (receiving.bytes - before.received) / MESSAGES },
  ];
  await garden.close();
  return figures;
}

async function say(sender: Conversation, receiver: Conversation): Promise<void> {
  const heard = receiver.nextEvent("message");
  await (
    await sender.send(CONTENT)
  ).published;
  await heard;
}

/** Of a vote: all that is written from the proposal to its result, by the number of votes. Of a commit: from there on. */
async function ofJoin(): Promise<readonly Measurement[]> {
  const storage = countedStorage();
  const garden = await grownGarden(MEMBERS, { storageOf: (member) => (member === 1 ? storage : undefined) });
  const { conversation } = garden.gardeners[1] ?? {};
  if (conversation === undefined) throw new Error("The bench needs two members.");
  let votes = 0;
  let decidedAt: number | undefined;
  let begunAt: number | undefined;
  conversation.events$.subscribe(({ kind }) => {
    if (kind === "voteRequested") begunAt ??= storage.bytes;
    if (kind === "voteCast" && decidedAt === undefined) votes += 1;
    if (kind === "proposalDecided") decidedAt ??= storage.bytes;
  });
  const merged = conversation.nextEvent("commitApplied").then(() => storage.bytes);
  await garden.admit(await garden.stranger());
  const mergedAt = await merged;
  await garden.close();
  if (begunAt === undefined || decidedAt === undefined || votes === 0) throw new Error("There was no vote.");
  return [
    { name: `vote at ${MEMBERS}`, unit: "B", ours: (decidedAt - begunAt) / votes },
    { name: `commit at ${MEMBERS}`, unit: "B", ours: mergedAt - decidedAt },
  ];
}

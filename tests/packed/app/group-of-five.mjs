/**
 * Five members form a group, talk, and ban one. Run it by plain node in a folder with the packed packages. Prints one
 * line of JSON.
 */
import { createMemoryNetwork, createUser, platformRandom } from "demls";

// Each member has its own two delays; a joiner takes the other settings from the group.
const delays = { votingDelayMs: 20, electionVotingDelayMs: 20 };
const config = { ...delays, commitInactivityMs: 100, freezeMs: 100, probationMs: 0 };
const network = createMemoryNetwork();
const users = [];
for (let n = 0; n < 5; n++) {
  users.push(await createUser({ key: platformRandom.bytes(32), transport: network.join() }));
}
try {
  const [founder, ...joiners] = users;
  const founders = await founder.createConversation("garden", { config });
  const conversations = [founders];
  const { line } = await founders.createInvitation({ uses: joiners.length });
  for (const joiner of joiners) {
    const joined = await joiner.join(line, { config: delays }).conversation;
    await joined.joined;
    conversations.push(joined);
  }
  const together = founders.state.members.length;

  const outcast = conversations.at(-1);
  const heard = outcast.nextEvent("message");
  await founders.send("hello");
  const { text } = await heard;

  const left = outcast.nextEvent("leaving");
  const ban = founders.proposeRemove(users.at(-1).id);
  const decided = await ban.decided;
  await ban.committed;
  const { reason } = await left;
  console.log(JSON.stringify({ together, text, decided, reason, stay: founders.state.members.length }));
} finally {
  for (const user of users) await user.close();
}

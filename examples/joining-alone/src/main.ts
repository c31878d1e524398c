import { createChannel } from "./channel.js";
import { joinBy } from "./guest.js";
import { receiveGuests } from "./inviter.js";
import { createPerson } from "./person.js";

const channel = createChannel();
const line = await receiveGuests(await createPerson(), channel);
const report = await joinBy(line, await createPerson(), channel, ({ stage }) => console.log(`Bob: ${stage}`));
console.log(`Bob is one of ${report.membersLearned} members, as the ${report.trust} confirms.`);

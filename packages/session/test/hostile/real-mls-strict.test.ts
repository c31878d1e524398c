import { describeHostility } from "./conversation-hostility.js";

await describeHostility("strict", {
  fakes: false,
  each: 20,
  rows: 1,
  reached: ["accepted proposal", "accepted vote", "rejected malformed-message", "rejected not-decryptable"],
});

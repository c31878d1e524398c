import { describeHostility } from "./conversation-hostility.js";

await describeHostility("de-mls-3", {
  fakes: false,
  each: 20,
  rows: 1,
  reached: ["accepted proposal", "accepted vote", "rejected malformed-message", "rejected not-decryptable"],
});

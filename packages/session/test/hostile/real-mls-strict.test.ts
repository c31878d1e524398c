import { describeHostility } from "./conversation-hostility.js";

await describeHostility("strict", {
  fakes: false,
  each: 20,
  rows: 1,
  reached: ["taken proposal", "taken vote", "rejected malformed-message", "rejected not-decryptable"],
});

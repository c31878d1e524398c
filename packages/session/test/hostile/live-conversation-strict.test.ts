import { describeHostility } from "./conversation-hostility.js";
import { REACHED, REACHED_IN_STRICT } from "./reached.js";

await describeHostility("strict", {
  fakes: true,
  each: 1_000,
  rows: 2,
  reached: [...REACHED, ...REACHED_IN_STRICT],
});

import { describeHostility } from "./conversation-hostility.js";
import { REACHED, REACHED_IN_DE_MLS_3 } from "./reached.js";

await describeHostility("de-mls-3", {
  fakes: true,
  each: 1_600,
  rows: 2,
  reached: [...REACHED, ...REACHED_IN_DE_MLS_3],
});

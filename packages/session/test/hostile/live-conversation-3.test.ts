import { describeHostility } from "./conversation-hostility.js";
import { REACHED } from "./reached.js";

await describeHostility("de-mls-3", { fakes: true, each: 1_600, rows: 2, reached: REACHED });

import { describeHostility } from "./conversation-hostility.js";
import { REACHED } from "./reached.js";

await describeHostility("strict", { fakes: true, each: 700, rows: 2, reached: REACHED });

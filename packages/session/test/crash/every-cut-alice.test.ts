import { testEveryCut } from "./every-cut.js";

await testEveryCut("alice");

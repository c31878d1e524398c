import { play } from "./play.js";

await play((line) => console.log(line));

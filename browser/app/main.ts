import { platformClock } from "demls";
import { runDemo } from "../../packages/cli/src/demo/run-demo.js";

/** The demo, bundled for production in a page. The title shows the result. */
const story = document.querySelector("#story");
const print = (line: string): void => story?.append(`${line}\n`);
const options = {
  members: 5,
  seed: "garden",
  delayMs: { min: 2, max: 15 },
  corrupt: undefined,
  verbose: true,
};

try {
  document.title = (await runDemo(options, print, platformClock)) ? "agreed" : "parted";
} catch (error) {
  print(String(error));
  document.title = "failed";
}

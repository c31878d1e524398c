#!/usr/bin/env node
import { existsSync } from "node:fs";
import { main } from "../dist/main.js";

/** Additional commands of a checkout; an installation has no such file. */
const checkout = new URL("../checkout-commands.js", import.meta.url);
const { commands } = existsSync(checkout) ? await import(checkout.href) : { commands: {} };

process.exitCode = await main(process.argv.slice(2), { commands });

import { knowingPlaces } from "../../../../hostile/regressions.js";
import { REGRESSIONS } from "./places.js";

knowingPlaces(REGRESSIONS, ["proposal", "vote", "decodeSession", "decodeConfig"]);

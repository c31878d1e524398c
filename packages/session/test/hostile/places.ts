/** Folder of regression files. */
export const REGRESSIONS = new URL("regressions/", import.meta.url);

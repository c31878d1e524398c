import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the records that vectors/load.ts writes. */
const READ_FOLDER = "reports/vectors-read";

/** All keys of a file, in vectors/unread.json. */
const WHOLE_FILE = "*";

/**
 * The parts of one file that were read: its top-level keys, and the elements of top-level lists.
 *
 * @typedef {object} VectorsRead
 * @property {string} file
 * @property {readonly string[]} keys
 * @property {Readonly<Record<string, readonly number[]>>} elements
 */

/** @typedef {Readonly<Record<string, Readonly<Record<string, string>>>>} UnreadList file, key, reason */

/**
 * The vectors files, by name.
 *
 * @param {string} root
 * @returns {Record<string, Record<string, unknown>>}
 */
export function vectorFiles(root) {
  const names = readdirSync(join(root, "vectors")).filter((name) => /^\d\d_.*\.json$/.test(name));
  return Object.fromEntries(names.sort().map((name) => [name, readJson(join(root, "vectors", name))]));
}

/**
 * The keys that no test reads, each with its reason.
 *
 * @param {string} root
 * @returns {UnreadList}
 */
export function unreadList(root) {
  return readJson(join(root, "vectors/unread.json"));
}

/**
 * The records of the last test run.
 *
 * @param {string} root
 * @returns {VectorsRead[]}
 */
export function readRecords(root) {
  const folder = join(root, READ_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => readJson(join(folder, file)));
}

/**
 * Checks that every key of every file and every element of a top-level list was either read by a test or is listed as
 * unread.
 *
 * @param {Readonly<Record<string, Readonly<Record<string, unknown>>>>} files
 * @param {UnreadList} unread
 * @param {readonly VectorsRead[]} records
 * @returns {string[]} the faults
 */
export function unaccounted(files, unread, records) {
  const misnamed = Object.keys(unread)
    .filter((file) => !(file in files))
    .map((file) => `vectors/unread.json names ${file}, which is not there`);
  const wrong = Object.entries(files).flatMap(([file, content]) =>
    unaccountedOf(
      file,
      content,
      unread[file] ?? {},
      records.filter((record) => record.file === file),
    ),
  );
  return [...misnamed, ...wrong];
}

/**
 * @param {string} file
 * @param {Readonly<Record<string, unknown>>} content
 * @param {Readonly<Record<string, string>>} unread
 * @param {readonly VectorsRead[]} records
 */
function unaccountedOf(file, content, unread, records) {
  const read = new Set(records.flatMap(({ keys }) => keys));
  const misnamed = Object.keys(unread)
    .filter((key) => key !== WHOLE_FILE && !(key in content))
    .map((key) => `vectors/unread.json names ${key} of ${file}, which is not there`);
  const wrong = Object.entries(content).flatMap(([key, value]) => {
    if (key in unread)
      return read.has(key) ? [`${file}: ${key} is read, so it goes from vectors/unread.json`] : [];
    if (WHOLE_FILE in unread && !read.has(key)) return [];
    if (!read.has(key)) return [`${file}: no test reads ${key}`];
    return Array.isArray(value) ? unreadElements(file, key, value.length, records) : [];
  });
  return [...misnamed, ...wrong];
}

/**
 * @param {string} file
 * @param {string} key
 * @param {number} length
 * @param {readonly VectorsRead[]} records
 */
function unreadElements(file, key, length, records) {
  const read = new Set(records.flatMap(({ elements }) => elements[key] ?? []));
  const missing = Array.from({ length }, (_, index) => index).filter((index) => !read.has(index));
  return missing.length === 0
    ? []
    : [`${file}: no test reads ${missing.length} of ${key}, first ${key}[${missing[0]}]`];
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

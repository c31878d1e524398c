import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Where the links of a Markdown file lead, and which of its places can be linked to. */
export interface MarkdownFile {
  /** Targets of its links and pictures that are not addresses of the web. */
  readonly targets: readonly string[];
  /** The anchors of its headings. */
  readonly anchors: ReadonlySet<string>;
}

/** Reads the links and headings of a Markdown text; what stands in code is neither. */
function readMarkdown(text: string): MarkdownFile {
  const prose = text.replace(/^( *)(```+)[^\n]*\n.*?^\1\2$/gms, "").replace(/`[^`\n]+`/g, (code) => {
    // A heading's code is a part of its anchor, a link's text may hold some: only what would read as a link goes.
    return code.replace(/[[\]()]/g, "");
  });
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const references = [...prose.matchAll(/^ {0,3}\[[^\]]+\]:\s*(\S+)/gm)];
  const targets = [...inline, ...references].map(([, target = ""]) => target);
  return {
    targets: targets.filter((target) => !/^[a-z][a-z+.-]*:/i.test(target)),
    anchors: anchorsIn(prose),
  };
}

/** Anchors as GitHub makes them: a heading that comes again gets a number. */
function anchorsIn(prose: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose.matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = text.replace(/[^\p{L}\p{N}\p{M} _-]/gu, "").replaceAll(" ", "-");
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/**
 * The links of Markdown files that lead nowhere, each as `file: target`.
 *
 * @param files their texts, by path relative to `root`. A folder that is linked to stands for its README.
 */
export function brokenLinks(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  const read = new Map([...files].map(([path, text]) => [path, readMarkdown(text)]));
  return [...read].flatMap(([path, { targets }]) =>
    targets
      .filter((target) => !leadsSomewhere(root, read, path, target))
      .map((target) => `${path}: ${target}`),
  );
}

function leadsSomewhere(
  root: string,
  read: ReadonlyMap<string, MarkdownFile>,
  from: string,
  target: string,
): boolean {
  const [file = "", anchor] = decodeURI(target).split("#", 2);
  const path = file === "" ? from : normalize(join(dirname(from), file)).replace(/\/$/, "");
  const place = join(root, path);
  if (path.startsWith("..") || !(read.has(path) || existsSync(place))) return false;
  if (anchor === undefined) return true;
  const page =
    read.get(path) ?? (statSync(place).isDirectory() ? read.get(join(path, "README.md")) : undefined);
  return page?.anchors.has(anchor) ?? false;
}

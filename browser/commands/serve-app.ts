import { fileURLToPath } from "node:url";
import { build, preview } from "vite";

/** An application of this folder, bundled for production and served. */
export interface ServedApp {
  readonly port: string;
  readonly code: string;
  close(): Promise<void>;
}

/** Bundles the application of a folder and serves it. */
export async function serveApp(folder: string): Promise<ServedApp> {
  const root = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  const outDir = `../node_modules/.bundle/${folder}`;
  const built = await build({ root, logLevel: "error", build: { outDir, emptyOutDir: true } });
  if (!("output" in built)) throw new Error("The build has no single output.");
  const server = await preview({
    root,
    logLevel: "error",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, allowedHosts: true },
  });
  return {
    port: new URL(server.resolvedUrls?.local[0] ?? "").port,
    code: built.output.map((file) => (file.type === "chunk" ? file.code : "")).join("\n"),
    close: () => server.close(),
  };
}

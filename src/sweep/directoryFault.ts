/** Why `path` is no absolute, normalised path of a directory, or `undefined` where it is one. */
export function directoryFault(path: string): string | undefined {
  if (!path.startsWith("/")) return "it is not absolute";
  if (/[\u0000-\u001f\u007f]/.test(path)) return "it has a control character";
  if (path === "/") return "it is the root directory";
  const wrong = path
    .slice(1)
    .split("/")
    .find((part) => part === "" || part === "." || part === "..");
  if (wrong === undefined) return undefined;
  return wrong === "" ? "it has an empty part" : `it has the part "${wrong}"`;
}

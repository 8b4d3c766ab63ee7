import { directoryFault } from "./directoryFault.ts";

/**
 * Why `path` cannot be looked at as a unit directory, or `undefined` where it can: what is in the Nix
 * store belongs to a generation (design, "Unit directories").
 */
export function unitDirectoryFault(path: string): string | undefined {
  const inStore = `${path}/`.startsWith("/nix/store/") ? "it is in the Nix store" : undefined;
  return directoryFault(path) ?? inStore;
}

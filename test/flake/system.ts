/** This machine, as Nix names it: what a test builds is run on it. */
export const SYSTEM = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux` as const;

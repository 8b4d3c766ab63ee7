/** A flake as the user named it. */
export interface FlakeReference {
  /** The part before `#`. */
  readonly flake: string;
  /** The part after `#`, with percent signs decoded as Nix does. Missing where it is empty. */
  readonly fragment?: string;
}

/** Splits `REF#FRAGMENT` at the first `#`, as Nix does (Nix manual, "Flake output attribute"). */
export function parseFlakeReference(reference: string): FlakeReference {
  const hash = reference.indexOf("#");
  if (hash < 0) return { flake: reference };
  const flake = reference.slice(0, hash);
  const fragment = decodePercent(reference.slice(hash + 1));
  return fragment === "" ? { flake } : { flake, fragment };
}

function decodePercent(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** A flake as the user named it, without and with the fragment after `#`. */
export interface FlakeReference {
  readonly flake: string;
  /** What follows `#`, percent signs decoded as Nix does; absent where there is none or it is empty. */
  readonly fragment?: string;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** Splits `REF#FRAGMENT` as Nix does: at the first `#` (Nix manual, "Flake output attribute"). */
export function parseFlakeReference(reference: string): FlakeReference {
  const hash = reference.indexOf("#");
  if (hash < 0) return { flake: reference };
  const flake = reference.slice(0, hash);
  const fragment = decoded(reference.slice(hash + 1));
  return fragment === "" ? { flake } : { flake, fragment };
}

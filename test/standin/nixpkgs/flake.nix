# A stand-in for nixpkgs, for the tests of microvm-sweep alone: see README.md. It is not nixpkgs.
{
  description = "Stand-in for nixpkgs in the tests of microvm-sweep";

  outputs =
    _:
    let
      lib = import ./lib // {
        nixosSystem = import ./nixos/system.nix { inherit lib; };
      };
      packages = system: import ./pkgs { inherit lib system; };
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ] packages;
    };
}

# `import nixpkgs { system = …; overlays = [ … ]; }`
{
  system ? builtins.currentSystem,
  overlays ? [ ],
  config ? { },
}:
(import ./pkgs {
  inherit system;
  lib = import ./lib;
}).appendOverlays
  overlays

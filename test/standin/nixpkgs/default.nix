# `import nixpkgs { system = …; overlays = [ … ]; }`
{
  system ? builtins.currentSystem,
  overlays ? [ ],
  ...
}:
(import ./pkgs {
  inherit system;
  lib = import ./lib;
}).appendOverlays
  overlays

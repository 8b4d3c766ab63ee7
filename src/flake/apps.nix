# `nix run`: the program, and its `gen` for those who only want the module.
self: pkgs:
let
  package = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
  program = pkgs.lib.getExe package;
in
{
  default = {
    type = "app";
    inherit program;
    meta = { inherit (package.meta) description; };
  };
  gen = {
    type = "app";
    meta.description = "Generate the module of a host: microvm-sweep gen";
    program = "${pkgs.writeShellScript "microvm-sweep-gen" ''exec ${program} gen "$@"''}";
  };
}

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
  };
  gen = {
    type = "app";
    program = "${pkgs.writeShellScript "microvm-sweep-gen" ''exec ${program} gen "$@"''}";
  };
}

# `lib.nixosSystem`: a NixOS of only what the emitted module, the live module and the examples touch.
{ lib }:
{
  system ? null,
  modules,
  specialArgs ? { },
  ...
}:
let
  eval = lib.evalModules {
    specialArgs = {
      modulesPath = toString ./.;
    }
    // specialArgs;
    modules = [
      ./assertions.nix
      ./nixpkgs.nix
      ./systemd.nix
      ./activation-script.nix
      ./pre-switch-check.nix
      ./top-level.nix
      ./other.nix
      {
        _file = "nixosSystem";
        config = {
          _module.args = {
            inherit pkgs;
          };
          nixpkgs = lib.optionalAttrs (system != null) { system = lib.mkDefault system; };
        };
      }
    ]
    ++ modules;
  };
  inherit (eval.config.nixpkgs) pkgs;
in
eval // { inherit pkgs lib; }

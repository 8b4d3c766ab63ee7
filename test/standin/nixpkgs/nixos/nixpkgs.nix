{
  config,
  lib,
  options,
  ...
}:
let
  cfg = config.nixpkgs;
  platform = value: if builtins.isString value then { system = value; } else value;
in
{
  options.nixpkgs = {
    hostPlatform = lib.mkOption {
      type = lib.types.either lib.types.str lib.types.attrs;
      apply = platform;
      description = "Platform that the configuration runs on.";
    };
    buildPlatform = lib.mkOption {
      type = lib.types.either lib.types.str lib.types.attrs;
      default = cfg.hostPlatform;
      apply = platform;
      description = "Platform that it is built on.";
    };
    system = lib.mkOption {
      type = lib.types.str;
      description = "Platform of a configuration without hostPlatform.";
    };
    overlays = lib.mkOption {
      type = lib.types.listOf lib.types.raw;
      default = [ ];
      description = "Overlays of the packages.";
    };
    config = lib.mkOption {
      type = lib.types.attrs;
      default = { };
      description = "Not used here.";
    };
    pkgs = lib.mkOption {
      type = lib.types.raw;
      default =
        (import ../pkgs {
          inherit lib;
          system = if options.nixpkgs.hostPlatform.isDefined then cfg.hostPlatform.system else cfg.system;
        }).appendOverlays
          cfg.overlays;
      description = "The packages.";
    };
  };
}

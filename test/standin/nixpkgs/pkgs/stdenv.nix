# mkDerivation with the plain phases, run by the machine's bash with the machine's programs.
{ lib, system }:
let
  isPart = part: builtins.match ".*${part}" system != null;
  platform = {
    inherit system;
    config = system;
    isLinux = isPart "linux";
    isDarwin = isPart "darwin";
    isx86_64 = builtins.match "x86_64.*" system != null;
    isAarch64 = builtins.match "aarch64.*" system != null;
  };

  # What a derivation cannot hold, or what is about it and no part of it.
  about = [
    "meta"
    "passthru"
    "env"
    "pos"
  ];

  make =
    attrs:
    let
      name = attrs.name or "${attrs.pname}-${attrs.version}";
      build = builtins.derivation (
        removeAttrs attrs about
        // attrs.env or { }
        // {
          inherit name system;
          outputs = attrs.outputs or [ "out" ];
          builder = "/bin/bash";
          args = [
            "-e"
            ./build.sh
          ];
        }
      );
    in
    build
    // attrs.passthru or { }
    // {
      meta = attrs.meta or { };
      overrideAttrs =
        change: mkDerivation (attrs // (if builtins.isFunction change then change attrs else change));
    }
    // lib.optionalAttrs (attrs ? pname) { inherit (attrs) pname; }
    // lib.optionalAttrs (attrs ? version) { inherit (attrs) version; };

  mkDerivation =
    attrs:
    if builtins.isFunction attrs then
      let
        final = make (attrs (final // { finalPackage = final; }));
      in
      final
    else
      make attrs;
in
{
  inherit mkDerivation;
  hostPlatform = platform;
  buildPlatform = platform;
  targetPlatform = platform;
  inherit (platform) isLinux isDarwin;
}

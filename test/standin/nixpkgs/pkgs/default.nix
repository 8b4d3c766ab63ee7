# The packages that microvm-sweep and its examples use. Programs are those of the machine.
{
  lib,
  system,
  overlays ? [ ],
}:
let
  stdenv = import ./stdenv.nix { inherit lib system; };

  base =
    pkgs:
    let
      tool = import ./tool.nix pkgs;
      writers = import ./writers.nix pkgs;
    in
    writers
    // {
      inherit lib system stdenv;
      inherit (stdenv) hostPlatform buildPlatform;
      stdenvNoCC = stdenv;
      path = ../.;
      config = { };

      callPackage =
        function: arguments:
        let
          value = if builtins.isFunction function then function else import function;
          found = builtins.intersectAttrs (builtins.functionArgs value) pkgs;
          make =
            overrides:
            let
              result = value (found // arguments // overrides);
            in
            if builtins.isAttrs result then
              result // { override = more: make (overrides // more); }
            else
              result;
        in
        make { };

      mkShell =
        {
          packages ? [ ],
          nativeBuildInputs ? [ ],
          ...
        }@attrs:
        stdenv.mkDerivation (
          {
            name = "nix-shell";
            buildCommand = "export > $out";
            # What `nix develop` sources.
            stdenv = pkgs.runCommand "stdenv" { } ''
              mkdir "$out"
              cat > "$out/setup" <<'EOF'
              export PATH=/usr/local/bin:/usr/bin:/bin
              for input in $nativeBuildInputs; do PATH=$input/bin:$PATH; done
              EOF
            '';
          }
          // removeAttrs attrs [ "packages" ]
          // {
            nativeBuildInputs = nativeBuildInputs ++ packages;
          }
        );
      mkShellNoCC = pkgs.mkShell;

      runtimeShell = "${pkgs.bash}/bin/bash";
      bash = tool "bash" [ "bash" ];
      coreutils = tool "coreutils" [
        "cat"
        "chmod"
        "cp"
        "cut"
        "dirname"
        "env"
        "head"
        "ln"
        "ls"
        "mkdir"
        "mktemp"
        "mv"
        "rm"
        "sort"
        "stat"
        "tail"
        "touch"
        "tr"
        "wc"
      ];
      diffutils = tool "diffutils" [
        "diff"
        "cmp"
      ];
      findutils = tool "findutils" [
        "find"
        "xargs"
      ];
      util-linux = tool "util-linux" [ "flock" ];
      gnused = tool "gnused" [ "sed" ];
      gnugrep = tool "gnugrep" [ "grep" ];
      gnutar = tool "gnutar" [ "tar" ];
      gzip = tool "gzip" [ "gzip" ];
      jq = tool "jq" [ "jq" ];
      git = tool "git" [ "git" ];
      nix = tool "nix" [
        "nix"
        "nix-instantiate"
        "nix-store"
      ];
      nodejs =
        tool "nodejs" [
          "node"
          "npm"
        ]
        // {
          meta.mainProgram = "node";
        };
      nodejs-slim = pkgs.nodejs;
      esbuild = tool "esbuild" [ "esbuild" ];
      shellcheck = tool "shellcheck" [ "shellcheck" ];
      nixfmt = tool "nixfmt" [ "nixfmt" ];
      deadnix = tool "deadnix" [ "deadnix" ];
      # The phases of the stand-in end before the one that the real hook adds.
      versionCheckHook = pkgs.runCommand "version-check-hook" { } ''mkdir "$out"'';
      nixfmt-tree = pkgs.nixfmt;
      systemd = tool "systemd" [ "systemctl" ];
      cacert = pkgs.runCommand "cacert" { } ''
        mkdir -p "$out/etc/ssl/certs"
        ln -s /etc/ssl/certs/ca-certificates.crt "$out/etc/ssl/certs/ca-bundle.crt"
      '';

      appendOverlays =
        more:
        import ./. {
          inherit lib system;
          overlays = overlays ++ more;
        };
    };

  pkgs = builtins.foldl' (prev: overlay: prev // overlay pkgs prev) (base pkgs) overlays;
in
pkgs

# Derivations that write a text or run a command.
pkgs:
let
  inherit (pkgs) lib stdenv;

  runCommand =
    name: attrs: buildCommand:
    stdenv.mkDerivation (
      attrs
      // {
        inherit name buildCommand;
        passAsFile = [ "buildCommand" ] ++ attrs.passAsFile or [ ];
      }
    );

  writeTextFile =
    {
      name,
      text,
      executable ? false,
      destination ? "",
      checkPhase ? "",
      meta ? { },
      ...
    }:
    runCommand name
      {
        inherit text executable destination;
        inherit checkPhase meta;
        passAsFile = [ "text" ];
      }
      ''
        target=$out$destination
        mkdir -p "$(dirname "$target")"
        cp "$textPath" "$target"
        [[ -z $executable ]] || chmod +x "$target"
        eval "$checkPhase"
      '';

  shell = text: "#!${pkgs.runtimeShell}\n${text}";
in
{
  inherit runCommand writeTextFile;
  runCommandLocal = runCommand;
  writeText = name: text: writeTextFile { inherit name text; };
  writeShellScript =
    name: text:
    writeTextFile {
      inherit name;
      text = shell text;
      executable = true;
    };
  writeScriptBin =
    name: text:
    writeTextFile {
      inherit name text;
      executable = true;
      destination = "/bin/${name}";
      meta.mainProgram = name;
    };
  writeShellApplication =
    {
      name,
      text,
      runtimeInputs ? [ ],
      meta ? { },
      ...
    }:
    writeTextFile {
      inherit name;
      executable = true;
      destination = "/bin/${name}";
      text = shell ''
        set -o errexit -o nounset -o pipefail
        ${lib.optionalString (
          runtimeInputs != [ ]
        ) ''export PATH="${lib.makeBinPath runtimeInputs}:$PATH"''}
        ${text}
      '';
      # As in nixpkgs, a finding of shellcheck fails the build.
      checkPhase = "${lib.getExe pkgs.shellcheck} \"$target\"";
      meta = meta // {
        mainProgram = name;
      };
    };
}

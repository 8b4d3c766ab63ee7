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
  runCommandNoCC = runCommand;
  writeText = name: text: writeTextFile { inherit name text; };
  writeShellScript =
    name: text:
    writeTextFile {
      inherit name;
      text = shell text;
      executable = true;
    };
  writeShellScriptBin =
    name: text:
    writeTextFile {
      inherit name;
      text = shell text;
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
        export PATH="${lib.makeBinPath runtimeInputs}:$PATH"
        ${text}
      '';
      meta = meta // {
        mainProgram = name;
      };
    };
  linkFarm =
    name: entries:
    runCommand name { } (
      "mkdir -p $out; cd $out\n"
      + lib.concatMapStrings (entry: "ln -s ${entry.path} ${lib.escapeShellArg entry.name}\n") (
        if builtins.isList entries then
          entries
        else
          lib.mapAttrsToList (name: path: { inherit name path; }) entries
      )
    );
  # `makeWrapper PROGRAM WRAPPER [--prefix VAR SEP VALUE | --set VAR VALUE | --add-flags FLAGS]…`
  makeWrapper = writeTextFile {
    name = "make-wrapper";
    executable = true;
    destination = "/bin/makeWrapper";
    text = ''
      #!/bin/bash
      program=$1 wrapper=$2 flags=
      shift 2
      mkdir -p "$(dirname "$wrapper")"
      {
        echo '#!/bin/bash'
        while (($# > 0)); do
          case $1 in
            --prefix) printf 'export %s=%q%s$%s\n' "$2" "$4" "$3" "$2"; shift 4 ;;
            --set) printf 'export %s=%q\n' "$2" "$3"; shift 3 ;;
            --add-flags) flags+=" $2"; shift 2 ;;
            *) echo "makeWrapper: $1 is not known here" >&2; exit 1 ;;
          esac
        done
        printf 'exec %q%s "$@"\n' "$program" "$flags"
      } > "$wrapper"
      chmod +x "$wrapper"
    '';
  };
  makeBinaryWrapper = pkgs.makeWrapper;
}

# `lib.check`: a derivation that fails, with a unified diff, where a file that `gen` made is not what it
# would make now.
self:
{
  # Packages of the system that the check runs on.
  pkgs,
  # The configurations that `gen --flake` reads, and the name of the one that imports the file.
  nixosConfigurations,
  host,
  # The generated file.
  file,
  # The policy that it was generated with, with the keys of a policy file.
  policy ? { },
  package ? self.packages.${pkgs.stdenv.hostPlatform.system}.default,
}:

pkgs.runCommandLocal "microvm-sweep-check"
  {
    nativeBuildInputs = [ package ];
    inherit file;
    hostName = host;
    fileName = baseNameOf file;
    usage = builtins.toJSON {
      schemaVersion = 1;
      hosts.${host} = import ./extract.generated.nix nixosConfigurations.${host};
    };
    policy = builtins.toJSON policy;
    passAsFile = [
      "usage"
      "policy"
    ];
  }
  ''
    # Messages name the files.
    cp "$usagePath" usage.json
    cp "$policyPath" policy.json
    cp "$file" "$fileName"
    microvm-sweep check --file="$fileName" --usage usage.json --host="$hostName" --config policy.json
    touch "$out"
  ''

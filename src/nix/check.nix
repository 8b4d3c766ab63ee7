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
    usage = builtins.toJSON {
      schemaVersion = 1;
      hosts.${host} = import ./extract.generated.nix nixosConfigurations.${host};
    };
    policy = builtins.toJSON policy;
    passAsFile = [
      "usage"
      "policy"
    ];
    # Names reach the builder as variables: its shell reads none of them.
    hostName = host;
    fileName = baseNameOf file;
    # Not every name of a file is one for the store.
    generated =
      if builtins.isPath file then
        builtins.path {
          name = "microvm-sweep.nix";
          path = file;
        }
      else
        file;
  }
  ''
    # What goes wrong is told with these names.
    ln -s "$usagePath" usage.json
    ln -s "$policyPath" policy.json
    cp -- "$generated" "./$fileName"
    microvm-sweep check --file="$fileName" --usage usage.json --host="$hostName" ${
      # Without a policy the file may not have been made with one, in a file or by flags.
      if policy == { } then "" else "--config policy.json"
    }
    touch "$out"
  ''

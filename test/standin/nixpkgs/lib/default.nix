# The parts of nixpkgs' lib that microvm-sweep and its examples use, under the same names.
let
  lib =
    import ./attrsets.nix lib
    // import ./strings.nix lib
    // import ./properties.nix lib
    // {
      inherit (builtins)
        attrNames
        attrValues
        concatLists
        concatMap
        concatStringsSep
        elem
        filter
        foldl'
        head
        isList
        length
        map
        mapAttrs
        match
        removeAttrs
        replaceStrings
        sort
        stringLength
        substring
        tail
        toJSON
        ;
      trivial = {
        # A test that needs another release changes the file in a copy.
        release = lib.removeSuffix "\n" (builtins.readFile ../release);
      };
      types =
        import ./types.nix lib // import ./types-alternative.nix lib // import ./types-collection.nix lib;
      mkOptionType = lib.types.mkType;
      inherit (import ./modules.nix lib) evalModules;
      inherit (import ./options.nix lib) mergeDefinitions mkRemovedOptionModule;
      fileset = import ./fileset.nix lib;
      fetchers.proxyImpureEnvVars = [
        "http_proxy"
        "https_proxy"
        "no_proxy"
      ];
      licenses.mit = {
        spdxId = "MIT";
        free = true;
      };
      maintainers = { };
      platforms = {
        linux = [
          "x86_64-linux"
          "aarch64-linux"
        ];
        darwin = [
          "x86_64-darwin"
          "aarch64-darwin"
        ];
        unix = lib.platforms.linux ++ lib.platforms.darwin;
        all = lib.platforms.unix;
      };
      systems.flakeExposed = lib.platforms.all;
    };
in
lib

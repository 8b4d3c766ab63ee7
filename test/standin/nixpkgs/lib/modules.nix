# The module system. What matters to the tests is kept as it is in nixpkgs: `config` and `options` are
# lazy, the options that exist follow from declarations alone, and `config` from definitions.
lib:
let
  inherit (lib) pushDown showOption;
  inherit (import ./options.nix lib) evalOption;

  quoted = loc: "`${showOption loc}'";

  # Options and definitions of modules below one path: a tree of options, and what fits none of them.
  mergeTree =
    loc: declarations: defs:
    let
      declared = builtins.zipAttrsWith (_: lib.id) declarations;
      parts = builtins.concatMap (def: map (value: def // { inherit value; }) (pushDown def.value)) defs;
      notASet = builtins.filter (part: !builtins.isAttrs part.value) parts;
      defined =
        if notASet != [ ] then
          throw "The option ${quoted loc} is not a value but a set of options, in `${(builtins.head notASet).file}'."
        else
          builtins.zipAttrsWith (_: lib.id) (
            map (part: builtins.mapAttrs (_: value: part // { inherit value; }) part.value) parts
          );
      below = builtins.mapAttrs (
        name: these:
        let
          path = loc ++ [ name ];
          own = defined.${name} or [ ];
        in
        if builtins.any lib.isOption these then
          {
            options = evalOption path these own;
            unmatched = [ ];
          }
        else
          mergeTree path these own
      ) declared;
      loose = removeAttrs defined (builtins.attrNames declared);
    in
    {
      options = builtins.mapAttrs (_: part: part.options) below;
      unmatched =
        builtins.concatMap (part: part.unmatched) (builtins.attrValues below)
        ++ builtins.concatMap (name: map (def: def // { path = loc ++ [ name ]; }) loose.${name}) (
          builtins.attrNames loose
        );
    };

  valuesOf = builtins.mapAttrs (
    _: option: if lib.isOption option then option.value else valuesOf option
  );

  internal = {
    _file = "lib/modules.nix";
    options._module = {
      args = lib.mkOption {
        type = lib.types.lazyAttrsOf lib.types.raw;
        default = { };
      };
      check = lib.mkOption {
        type = lib.types.bool;
        default = true;
      };
      freeformType = lib.mkOption {
        type = lib.types.nullOr lib.types.raw;
        default = null;
      };
    };
  };

  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? [ ],
    }:
    let
      arguments = {
        inherit lib config options;
      }
      // specialArgs;
      collected = import ./collect.nix lib {
        inherit arguments;
        fallback = name: config._module.args.${name};
        modulesPath = toString (specialArgs.modulesPath or "");
      } ([ internal ] ++ modules);
      tree = mergeTree prefix (map (module: module.options) collected) (
        map (module: {
          inherit (module) file;
          value = module.config;
        }) collected
      );
      inherit (tree) options;
      declared = valuesOf options;
      freeform = options._module.freeformType.value;
      free = freeform.merge prefix (
        map (def: {
          inherit (def) file;
          value = lib.setAttrByPath (lib.drop (builtins.length prefix) def.path) def.value;
        }) tree.unmatched
      );
      config = if freeform == null then declared else lib.recursiveUpdate free declared;
      unknown = builtins.head tree.unmatched;
      checked =
        if freeform == null && tree.unmatched != [ ] && config._module.check then
          throw "The option ${quoted unknown.path} does not exist. Definition values:\n- In `${unknown.file}'"
        else
          config;
    in
    {
      _type = "configuration";
      inherit options;
      config = removeAttrs checked [ "_module" ];
    };
in
{
  inherit evalModules;
}

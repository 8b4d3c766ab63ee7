# Types that hold values of another: lists, sets and submodules.
lib:
let
  inherit (lib) showOption types pushDown;
  inherit (types) mkType;

  # Definitions of a set, by attribute.
  byName =
    defs:
    builtins.zipAttrsWith (_: lib.id) (
      builtins.concatMap (
        def: map (builtins.mapAttrs (_: value: def // { inherit value; })) (pushDown def.value)
      ) defs
    );
  merged =
    loc: type: name: defs:
    lib.mergeDefinitions (loc ++ [ name ]) type defs;
  plain =
    loc: merged:
    if merged.isDefined then
      merged.value
    else
      throw "The option `${showOption loc}' was accessed but has no value defined.";
in
{
  listOf =
    type:
    mkType {
      name = "list of ${type.description}";
      check = builtins.isList;
      merge =
        loc: defs:
        map (one: one.value) (
          builtins.filter (one: one.isDefined) (
            builtins.concatMap (
              def:
              lib.imap0 (
                index: value: merged loc type "[definition ${toString (index + 1)}]" [ (def // { inherit value; }) ]
              ) def.value
            ) defs
          )
        );
      emptyValue.value = [ ];
    };
  # What mkIf leaves out is no attribute of it, so its names depend on conditions.
  attrsOf =
    type:
    mkType {
      name = "attribute set of ${type.description}";
      check = builtins.isAttrs;
      merge =
        loc: defs:
        builtins.mapAttrs (_: one: one.value) (
          lib.filterAttrs (_: one: one.isDefined) (builtins.mapAttrs (merged loc type) (byName defs))
        );
      emptyValue.value = { };
      mergeWith =
        others: types.attrsOf (types.mergeTypes ([ type ] ++ map (other: other.elements) others) null);
      elements = type;
    };
  lazyAttrsOf =
    type:
    mkType {
      name = "lazy attribute set of ${type.description}";
      check = builtins.isAttrs;
      merge =
        loc: defs:
        builtins.mapAttrs (name: defs: plain (loc ++ [ name ]) (merged loc type name defs)) (byName defs);
      emptyValue.value = { };
    };

  submoduleWith =
    {
      modules,
      specialArgs ? { },
      shorthandOnlyDefinesConfig ? false,
      ...
    }:
    mkType {
      name = "submodule";
      check = value: builtins.isAttrs value || builtins.isFunction value || builtins.isPath value;
      merge =
        loc: defs:
        (lib.evalModules {
          inherit specialArgs;
          prefix = loc;
          modules =
            modules
            ++ [ { _module.args.name = lib.last loc; } ]
            ++ map (
              def:
              if shorthandOnlyDefinesConfig && builtins.isAttrs def.value then
                {
                  _file = def.file;
                  config = def.value;
                }
              else
                {
                  _file = def.file;
                  imports = [ def.value ];
                }
            ) defs;
        }).config;
      emptyValue.value = { };
      # Two declarations of one option add up to one submodule.
      mergeWith =
        others:
        types.submoduleWith {
          inherit specialArgs shorthandOnlyDefinesConfig;
          modules = modules ++ builtins.concatMap (other: other.submodules) others;
        };
      submodules = modules;
    };
  submodule =
    modules:
    types.submoduleWith {
      modules = lib.toList modules;
      shorthandOnlyDefinesConfig = true;
    };

  mergeTypes =
    list: otherwise:
    let
      first = builtins.head list;
    in
    if first ? mergeWith then first.mergeWith (builtins.tail list) else otherwise;
}

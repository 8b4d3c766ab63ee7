# One option: its definitions, and the value they merge to.
lib:
let
  inherit (lib) showOption;

  quoted = loc: "`${showOption loc}'";

  # All that a definition comes to: what mkMerge holds, and of mkIf what holds.
  discharge =
    value:
    if lib.isType "merge" value then
      builtins.concatMap discharge value.contents
    else if lib.isType "if" value then
      lib.optionals value.condition (discharge value.content)
    else
      [ value ];

  # The definitions of the strongest priority (the lowest number), in their order.
  strongest =
    defs:
    let
      priority = def: if lib.isType "override" def.value then def.value.priority else 100;
      best = builtins.foldl' (a: def: if priority def < a then priority def else a) 9999 defs;
      bare = def: if lib.isType "override" def.value then def // { value = def.value.content; } else def;
    in
    map bare (builtins.filter (def: priority def == best) defs);

  mergeDefinitions =
    loc: type: defs:
    let
      flat = builtins.concatMap (def: map (value: def // { inherit value; }) (discharge def.value)) defs;
      final = strongest flat;
      wrong = builtins.filter (def: !type.check def.value) final;
      files = lib.concatMapStrings (def: "\n- In `${def.file}'") wrong;
    in
    {
      isDefined = final != [ ];
      defsFinal = final;
      value =
        if wrong != [ ] then
          throw "A definition for option ${quoted loc} is not of type `${type.description}'. Definition values:${files}"
        else
          type.merge loc final;
    };

  evalOption =
    loc: declarations: defs:
    let
      typed = builtins.filter (option: option ? type) declarations;
      type =
        if typed == [ ] then
          lib.types.unspecified
        else if builtins.length typed == 1 then
          (builtins.head typed).type
        else
          lib.types.mergeTypes (map (option: option.type) typed) (
            throw "The option ${quoted loc} is already declared."
          );
      option = builtins.foldl' (a: b: a // b) { } declarations;
      default = lib.optional (option ? default) {
        file = "the default";
        value = lib.mkOptionDefault option.default;
      };
      all = default ++ defs;
      merged = mergeDefinitions loc type all;
      missing = throw "The option ${quoted loc} was accessed but has no value defined. Try setting the option.";
    in
    option
    // {
      _type = "option";
      inherit loc type;
      inherit (merged) isDefined;
      definitions = map (def: def.value) merged.defsFinal;
      files = map (def: def.file) merged.defsFinal;
      value =
        if option.readOnly or false && builtins.length all > 1 then
          throw "The option ${quoted loc} is read-only, but it's set multiple times."
        else
          (option.apply or lib.id) (
            if merged.isDefined then merged.value else type.emptyValue.value or missing
          );
    };

  # A module with an option that is gone: who sets it is told what to use in its place.
  mkRemovedOptionModule =
    path: instead:
    { options, ... }:
    let
      option = builtins.foldl' (set: name: set.${name}) options path;
    in
    {
      options = lib.setAttrByPath path (
        lib.mkOption {
          visible = false;
          apply = _: throw "The option ${quoted path} has been removed. ${instead}";
        }
      );
      config.assertions = [
        {
          assertion = !option.isDefined;
          message = ''
            The option definition ${quoted path} in `${toString option.files}' no longer has any effect; please remove it.
            ${instead}
          '';
        }
      ];
    };
in
{
  inherit mergeDefinitions evalOption mkRemovedOptionModule;
}

# Types of options: those of single values. `merge` takes definitions that `check` accepts.
lib:
let
  inherit (lib) showOption types;

  mkType =
    {
      name,
      description ? name,
      check ? _: true,
      merge ? mergeEqual,
      ...
    }@type:
    {
      _type = "option-type";
      emptyValue = { };
      inherit description check merge;
    }
    // type;

  values = map (def: def.value);
  conflict =
    loc: defs:
    throw "The option `${showOption loc}' has conflicting definition values:${
      lib.concatMapStrings (def: "\n- In `${def.file}'") defs
    }";
  mergeOne =
    loc: defs: if builtins.length defs == 1 then (builtins.head defs).value else conflict loc defs;
  mergeEqual =
    loc: defs:
    let
      first = (builtins.head defs).value;
    in
    if builtins.all (def: def.value == first) defs then first else conflict loc defs;

  separated =
    separator: name:
    mkType {
      inherit name;
      description = if name == "lines" then "strings concatenated with \"\\n\"" else name;
      check = builtins.isString;
      merge = _: defs: builtins.concatStringsSep separator (values defs);
    };

  # Some values of a set are text where Nix wants one.
  isStringLike = value: builtins.isString value || value ? outPath || value ? __toString;

in
{
  inherit mkType mergeOne;

  raw = mkType {
    name = "raw value";
    merge = mergeOne;
  };
  unspecified = mkType {
    name = "unspecified value";
    merge =
      loc: defs:
      let
        all = values defs;
      in
      if builtins.length all == 1 then
        builtins.head all
      else if builtins.all builtins.isList all then
        builtins.concatLists all
      else if builtins.all builtins.isAttrs all then
        builtins.foldl' lib.recursiveUpdate { } all
      else
        mergeEqual loc defs;
  };
  anything = mkType {
    name = "anything";
    merge =
      loc: defs:
      let
        all = values defs;
      in
      if builtins.all (value: builtins.isAttrs value && !isStringLike value) all then
        (types.lazyAttrsOf types.anything).merge loc defs
      else
        mergeEqual loc defs;
  };
  attrs = mkType {
    name = "attribute set";
    check = builtins.isAttrs;
    merge = _: defs: builtins.foldl' (a: b: a // b) { } (values defs);
    emptyValue.value = { };
  };
  deferredModule = mkType {
    name = "module";
    merge = _: defs: { imports = values defs; };
  };

  bool = mkType {
    name = "boolean";
    check = builtins.isBool;
  };
  int = mkType {
    name = "signed integer";
    check = builtins.isInt;
  };
  ints.positive = types.addCheck types.int (value: value > 0);
  # nixpkgs writes it in parentheses where it is a part of another description, as here always.
  ints.unsigned = types.addCheck types.int (value: value >= 0) // {
    description = "(unsigned integer, meaning >=0)";
  };
  port = types.addCheck types.int (value: value >= 0 && value < 65536);
  str = mkType {
    name = "string";
    check = builtins.isString;
  };
  strMatching =
    pattern:
    mkType {
      name = "string matching the pattern ${pattern}";
      check = value: builtins.isString value && builtins.match pattern value != null;
    };
  lines = separated "\n" "lines";
  commas = separated "," "commas";
  path = mkType {
    name = "absolute path";
    check =
      value:
      builtins.isPath value || isStringLike value && builtins.substring 0 1 (toString value) == "/";
  };
  package = mkType {
    name = "package";
    check = value: lib.isDerivation value || value ? outPath;
    merge = mergeOne;
  };
  enum =
    allowed:
    mkType {
      name = "one of ${lib.concatMapStringsSep ", " builtins.toJSON allowed}";
      check = value: builtins.elem value allowed;
    };
}

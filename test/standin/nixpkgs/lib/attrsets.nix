# Sets, lists and functions.
lib: {
  id = value: value;
  pipe = builtins.foldl' (value: f: f value);
  importJSON = path: builtins.fromJSON (builtins.readFile path);

  nameValuePair = name: value: { inherit name value; };
  optionalAttrs = condition: set: if condition then set else { };
  genAttrs = names: f: builtins.listToAttrs (map (name: lib.nameValuePair name (f name)) names);
  mapAttrs' = f: set: builtins.listToAttrs (lib.mapAttrsToList f set);
  mapAttrsToList = f: set: map (name: f name set.${name}) (builtins.attrNames set);
  filterAttrs =
    keep: set:
    removeAttrs set (builtins.filter (name: !keep name set.${name}) (builtins.attrNames set));
  attrByPath =
    path: default: set:
    if path == [ ] then
      set
    else if set ? ${builtins.head path} then
      lib.attrByPath (builtins.tail path) default set.${builtins.head path}
    else
      default;
  hasAttrByPath =
    path: set:
    path == [ ]
    || set ? ${builtins.head path} && lib.hasAttrByPath (builtins.tail path) set.${builtins.head path};
  setAttrByPath =
    path: value:
    if path == [ ] then
      value
    else
      { ${builtins.head path} = lib.setAttrByPath (builtins.tail path) value; };
  recursiveUpdate =
    a: b:
    a
    // builtins.mapAttrs (
      name: value:
      if builtins.isAttrs value && builtins.isAttrs (a.${name} or null) then
        lib.recursiveUpdate a.${name} value
      else
        value
    ) b;
  isDerivation = value: value.type or null == "derivation";

  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  singleton = value: [ value ];
  toList = value: if builtins.isList value then value else [ value ];
  last = list: builtins.elemAt list (builtins.length list - 1);
  init = list: builtins.genList (builtins.elemAt list) (builtins.length list - 1);
  drop =
    count: list:
    builtins.genList (index: builtins.elemAt list (index + count)) (builtins.length list - count);
  reverseList =
    list:
    let
      end = builtins.length list - 1;
    in
    builtins.genList (index: builtins.elemAt list (end - index)) (end + 1);
  flatten = value: if builtins.isList value then builtins.concatMap lib.flatten value else [ value ];
  unique = builtins.foldl' (
    seen: value: if builtins.elem value seen then seen else seen ++ [ value ]
  ) [ ];
  intersectLists = keep: builtins.filter (value: builtins.elem value keep);
  catAttrs = name: builtins.concatMap (set: lib.optional (set ? ${name}) set.${name});
  lessThan = a: b: a < b;
  throwIfNot = condition: message: if condition then lib.id else throw message;
  subtractLists = remove: builtins.filter (value: !builtins.elem value remove);
  sortOn = key: builtins.sort (a: b: key a < key b);
  imap0 =
    f: list: builtins.genList (index: f index (builtins.elemAt list index)) (builtins.length list);
}

# File sets: here a list of paths, each with all that is below it.
lib: {
  unions = builtins.concatMap lib.toList;
  toSource =
    { root, fileset }:
    let
      wanted = map toString (lib.toList fileset);
    in
    builtins.path {
      path = root;
      name = "source";
      # A directory on the way to a wanted path is kept for what it holds.
      filter =
        path: _:
        builtins.any (
          want: path == want || lib.hasPrefix (want + "/") path || lib.hasPrefix (path + "/") want
        ) wanted;
    };
}

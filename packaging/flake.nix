{
  description = "How much of an Alibaba Cloud Coding Plan is used, in the status bar that you already have";

  inputs.nixpkgs.url = "nixpkgs";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      # Nix sees the folder of a flake alone, unless that is within a git repository: from an archive it is copied first.
      root = if builtins.pathExists ./pyproject.toml then ./. else ../.;
      version = builtins.head (builtins.match ".*__version__ = \"([^\"]+)\".*"
        (builtins.readFile (root + "/codingplan_bar/__init__.py")));
      built = pkgs: pkgs.python3Packages.buildPythonApplication {
        pname = "codingplan-bar";
        inherit version;
        pyproject = true;
        src = root;
        build-system = [ pkgs.python3Packages.hatchling ];
        dependencies = with pkgs.python3Packages; [
          browser-cookie3
          click
          jsonschema
          requests
          urllib3
        ] ++ pkgs.lib.optional pkgs.stdenv.hostPlatform.isLinux pkgs.python3Packages.jeepney;
        pythonRelaxDeps = [ "browser-cookie3" ];
        doCheck = false; # the tests start real bars
        pythonImportsCheck = [ "codingplan_bar" ];
        meta.mainProgram = "codingplan-bar";
      };
    in {
      packages = nixpkgs.lib.genAttrs systems (system: {
        default = built nixpkgs.legacyPackages.${system};
      });
    };
}

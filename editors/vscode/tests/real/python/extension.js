const vscode = require("vscode");

exports.activate = () => {
  const path = () => vscode.workspace.getConfiguration().get("trial.python");
  return {
    ready: Promise.resolve(),
    environments: {
      getActiveEnvironmentPath: () => ({ id: path(), path: path() }),
      resolveEnvironment: async (one) => ({ executable: { uri: vscode.Uri.file(one.path) } }),
      onDidChangeActiveEnvironmentPath: (then) =>
        vscode.workspace.onDidChangeConfiguration((change) => {
          if (change.affectsConfiguration("trial.python")) then();
        }),
    },
  };
};

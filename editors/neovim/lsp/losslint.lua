-- Neovim 0.11: put this folder on the runtime path (or the file into ~/.config/nvim/lsp/) and call vim.lsp.enable("losslint").
return {
  cmd = { "losslint", "server" },
  filetypes = { "python" },
  root_markers = { "losslint.toml", ".losslint.toml", "pyproject.toml", "setup.py", ".git" },
  init_options = {}, -- such as { certainty = "possible" }
}

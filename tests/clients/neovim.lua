-- A session in Neovim, from 0.7 on: findings across files, hover, fix-all; what was seen goes to a file, one line each.
local folder, seen_file = vim.env.LOSSLINT_FOLDER, vim.env.LOSSLINT_SEEN
local seen = {}

local function say(name, value)
  table.insert(seen, name .. "=" .. tostring(value))
end

local function finish()
  vim.fn.writefile(seen, seen_file)
  vim.cmd("qa!")
end

local function wait(what, condition)
  if not vim.wait(60000, condition, 50) then
    say("timeout", what)
    finish()
  end
end

local function open(name)
  vim.cmd("edit " .. vim.fn.fnameescape(folder .. "/" .. name))
  return vim.api.nvim_get_current_buf()
end

local function codes(buffer)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, one.code or (one.user_data and one.user_data.lsp and one.user_data.lsp.code))
  end
  return table.concat(found, ",")
end

local function request(buffer, method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 30000)
  for _, answer in pairs(answers or {}) do
    return answer.result
  end
end

if vim.lsp.enable then
  vim.opt.runtimepath:append(vim.env.LOSSLINT_EDITORS .. "/neovim")
  vim.lsp.enable("losslint")
else -- before 0.11 by hand
  local settings = dofile(vim.env.LOSSLINT_EDITORS .. "/neovim/lsp/losslint.lua")
  local client
  vim.api.nvim_create_autocmd("FileType", {
    pattern = settings.filetypes,
    callback = function(event)
      client = client or vim.lsp.start_client({ name = "losslint", cmd = settings.cmd, root_dir = folder })
      vim.lsp.buf_attach_client(event.buf, client)
    end,
  })
end
vim.cmd("filetype on")

local train = open("train.py")
wait("the first findings", function() return codes(train) == "LL101" end)
say("first", codes(train))
local found = vim.diagnostic.get(train)[1]
say("place", found.lnum .. ":" .. found.col .. "-" .. found.end_col)

vim.api.nvim_win_set_cursor(0, { 10, vim.fn.getline(10):find("net") - 1 })
local parameters = vim.lsp.util.make_position_params(0, "utf-8")
local clients = (vim.lsp.get_clients or vim.lsp.buf_get_clients)(vim.lsp.get_clients and { bufnr = train } or train)
for _, one in pairs(clients) do
  say("encoding", one.offset_encoding)
  parameters = vim.lsp.util.make_position_params(0, one.offset_encoding)
end
say("hover", vim.fn.split(request(train, "textDocument/hover", parameters).contents.value, "\n")[1])

local model = open("model.py")
vim.api.nvim_buf_set_text(model, 9, 25, 9, 36, { "" })
say("typed", vim.api.nvim_buf_get_lines(model, 9, 10, false)[1])
wait("the mended model", function() return codes(train) == "" end)
say("mended", codes(train))

local safe = open("safe.py")
wait("findings with safe fixes", function() return codes(safe) == "LL303" end)
local range = { start = { line = 0, character = 0 }, ["end"] = { line = 99, character = 0 } }
local actions = request(safe, "textDocument/codeAction", {
  textDocument = { uri = vim.uri_from_bufnr(safe) },
  range = range,
  context = { diagnostics = {}, only = { "source.fixAll" } },
})
say("kind", actions[1].kind)
for _, one in pairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
  vim.lsp.util.apply_workspace_edit(actions[1].edit, one.offset_encoding)
  break
end
say("fixed", vim.api.nvim_buf_get_lines(safe, 4, 5, false)[1])
wait("nothing left", function() return codes(safe) == "" end)
say("left", codes(safe))
finish()

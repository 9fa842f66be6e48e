;;; losslint.el --- findings of losslint by eglot  -*- lexical-binding: t -*-

;;; Commentary:

;; Load this after eglot and start `eglot' in a Python buffer; add it to `python-mode-hook' to start it by itself.
;; Eglot runs one server for a mode: where another one is wanted beside losslint, a multiplexer has to run both.

;;; Code:

(require 'eglot)

(add-to-list 'eglot-server-programs '((python-mode python-ts-mode) . ("losslint" "server")))

(provide 'losslint)
;;; losslint.el ends here

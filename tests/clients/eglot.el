;;; A session in Emacs with eglot: findings of another file's change, a hover, fix-all.  -*- lexical-binding: t -*-
(require 'eglot)
(require 'flymake)
(require 'python)
(load (expand-file-name "emacs/losslint.el" (getenv "LOSSLINT_EDITORS")))

(defvar folder (file-name-as-directory (getenv "LOSSLINT_FOLDER")))
(defvar seen nil)

(defun say (name value)
  (push (format "%s=%s" name value) seen))

(defun finish ()
  (with-temp-file (getenv "LOSSLINT_SEEN")
    (insert (mapconcat #'identity (reverse seen) "\n") "\n"))
  (kill-emacs 0))

(defun wait-for (what condition)
  (let ((end (+ (float-time) 60)))
    (while (and (not (funcall condition)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless (funcall condition)
      (say "timeout" what)
      (finish))))

(defun open (name)
  (let ((buffer (find-file-noselect (expand-file-name name folder))))
    (with-current-buffer buffer
      (unless (eglot-managed-p) (apply #'eglot--connect (eglot--guess-contact))))
    buffer))

(defun found-in (buffer)
  (with-current-buffer buffer
    (flymake-start)
    (flymake-diagnostics)))

(setq eglot-sync-connect 60
      eglot-send-changes-idle-time 0.1
      enable-local-variables nil
      flymake-no-changes-timeout 0.1
      project-find-functions (list (lambda (_) (cons 'transient folder))))

(let ((train (open "train.py")) model safe)
  (wait-for "the first findings" (lambda () (= 1 (length (found-in train)))))
  (with-current-buffer train
    (let ((one (car (flymake-diagnostics))))
      (say "first" (car (split-string (flymake-diagnostic-text one) "\n")))
      (say "place" (format "%s:%s" (line-number-at-pos (flymake-diagnostic-beg one))
                           (save-excursion (goto-char (flymake-diagnostic-beg one)) (current-column)))))
    (goto-char (point-min))
    (search-forward "criterion(net")
    (backward-char 3)
    (let ((answer (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                                   (eglot--TextDocumentPositionParams))))
      (say "hover" (car (split-string (plist-get (plist-get answer :contents) :value) "\n")))))
  (setq model (find-file-noselect (expand-file-name "model.py" folder)))
  (with-current-buffer model
    (wait-for "the second file" #'eglot-managed-p)
    (goto-char (point-min))
    (search-forward ".softmax(1)")
    (replace-match "")
    (eglot--signal-textDocument/didChange))
  (wait-for "the mended model" (lambda () (null (found-in train))))
  (say "mended" (length (found-in train)))
  (setq safe (find-file-noselect (expand-file-name "safe.py" folder)))
  (with-current-buffer safe
    (wait-for "findings with safe fixes" (lambda () (= 1 (length (found-in safe)))))
    (let* ((answer (jsonrpc-request
                    (eglot--current-server-or-lose) :textDocument/codeAction
                    (list :textDocument (eglot--TextDocumentIdentifier)
                          :range (list :start (list :line 0 :character 0) :end (list :line 99 :character 0))
                          :context (list :diagnostics [] :only ["source.fixAll"]))))
           (action (aref answer 0)))
      (say "kind" (plist-get action :kind))
      (eglot--apply-workspace-edit (plist-get action :edit))
      (goto-char (point-min))
      (forward-line 4)
      (say "fixed" (string-trim-right (thing-at-point 'line t)))
      (eglot--signal-textDocument/didChange)
      (wait-for "nothing left" (lambda () (null (found-in safe))))
      (say "left" (length (found-in safe)))))
  (finish))

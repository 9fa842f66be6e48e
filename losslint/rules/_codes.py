"""Code and name of every rule, for those who need no more: loading the rules costs more than a run with nothing to do.

Written by the tests with `--bless`.
"""

CODES = (
    ("LL001", "unused-suppression"),
    ("LL101", "softmax-before-cross-entropy"),
    ("LL102", "log-softmax-before-cross-entropy"),
    ("LL103", "sigmoid-before-cross-entropy"),
    ("LL104", "bounded-before-cross-entropy"),
    ("LL105", "single-logit-cross-entropy"),
    ("LL111", "probabilities-into-nll-loss"),
    ("LL112", "logits-into-nll-loss"),
    ("LL121", "logits-into-bce-loss"),
    ("LL122", "sigmoid-before-bce-with-logits"),
    ("LL123", "softmax-before-bce-with-logits"),
    ("LL124", "bce-after-sigmoid"),
    ("LL131", "kl-div-input-not-log"),
    ("LL132", "kl-div-log-target-mismatch"),
    ("LL133", "kl-div-mean-reduction"),
    ("LL134", "kl-div-argument-order"),
    ("LL141", "ctc-input-not-log"),
    ("LL142", "poisson-nll-input"),
    ("LL143", "gaussian-nll-variance"),
    ("LL201", "labels-from-one"),
    ("LL202", "label-out-of-range"),
    ("LL301", "implicit-softmax-dim"),
    ("LL303", "log-of-softmax"),
    ("LL304", "log-of-sigmoid"),
    ("LL305", "repeated-activation"),
    ("LL306", "single-logit-softmax"),
    ("LL307", "single-logit-argmax"),
    ("LL401", "loss-constructor-called-with-tensors"),
    ("LL402", "positional-reduction"),
    ("LL403", "legacy-reduction-arguments"),
    ("LL404", "class-weight-misuse"),
    ("LL405", "misused-ignore-index"),
)

"""Models of the transformers library: one row for all that end alike, whatever the architecture."""

from __future__ import annotations

from losslint.knowledge.object_effects import Bundle, Container, Forget, Network, Part, Returned, Role
from losslint.knowledge.schema import Family, LayerRow, OpRow

_ANY = "*args, **kwargs"
_BUILD = "*args, num_labels=..., **kwargs"
_CALL = "input=None, attention_mask=None, *args, labels=None, start_positions=None, **kwargs"
_MAKERS = ("from_pretrained", "from_config", "_from_config")
_NOT_TORCH = ("TF", "Flax")
_LINEAR = "torch.nn.Linear"
_HEAD = "timm.layers.ClassifierHead"
_CLASSES = (Part("classifier", _HEAD), Part("score", _LINEAR), Part("classification_head", _HEAD), Part("head", _HEAD))
_WORDS = (Part("lm_head", _HEAD), Part("cls", _HEAD), Part("vocab_projector", _LINEAR))

_PER_INPUT = LayerRow(
    names=("transformers.AutoModelForSequenceClassification",),
    params=_BUILD,
    effect=Network(_CLASSES, "num_labels", Returned.WITH_LOSS, ("logits",), anywhere=True, labels="labels"),
    call=_CALL,
)
_PER_TOKEN = LayerRow(
    names=("transformers.AutoModelForTokenClassification",),
    params=_BUILD,
    effect=Network(_CLASSES, "num_labels", Returned.WITH_LOSS, ("logits",), anywhere=True, rank=3, labels="labels"),
    call=_CALL,
)
_PER_WORD = LayerRow(
    names=("transformers.AutoModelForCausalLM",),
    params=_ANY,
    effect=Network(_WORDS, None, Returned.WITH_LOSS, ("logits",), anywhere=True, rank=3, labels="labels"),
    call=_CALL,
)
_PER_CHOICE = LayerRow(
    names=("transformers.AutoModelForMultipleChoice",),
    params=_ANY,
    effect=Network(_CLASSES, None, Returned.WITH_LOSS, ("logits",), anywhere=True, reshaped=True, labels="labels"),
    call=_CALL,
)
_PER_PLACE = LayerRow(
    names=("transformers.AutoModelForQuestionAnswering",),
    params=_ANY,
    effect=Network(
        (Part("qa_outputs", _LINEAR), Part("classifier", _HEAD)),
        None,
        Returned.WITH_LOSS,
        ("start_logits", "end_logits"),
        anywhere=True,
        reshaped=True,
        labels="start_positions",
    ),
    call=_CALL,
)
_PER_PIXEL = LayerRow(
    names=("transformers.AutoModelForSemanticSegmentation",),
    params=_BUILD,
    effect=Network(
        (Part("decode_head", _HEAD), Part("classifier", _HEAD)),
        None,
        Returned.WITH_LOSS,
        ("logits",),
        anywhere=True,
        reshaped=True,
        labels="labels",
    ),
    call=_CALL,
)
_BASE = LayerRow(names=("transformers.PreTrainedModel",), params=_ANY, effect=Container(Role.MODULE), call=_ANY)
_FEATURES = OpRow(
    names=("transformers.AutoModel",), params=_ANY, effect=Forget("hidden features of a pretrained model")
)
_OUTPUT = OpRow(names=("transformers.modeling_outputs.ModelOutput",), params="*args, **kwargs", effect=Bundle())

FAMILIES = (
    Family("transformers", "ForSequenceClassification", _PER_INPUT, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForImageClassification", _PER_INPUT, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForVideoClassification", _PER_INPUT, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForAudioClassification", _PER_INPUT, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForTokenClassification", _PER_TOKEN, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForCausalLM", _PER_WORD, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForMaskedLM", _PER_WORD, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForConditionalGeneration", _PER_WORD, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForSeq2SeqLM", _PER_WORD, _MAKERS, _NOT_TORCH),
    Family("transformers", "LMHeadModel", _PER_WORD, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForMultipleChoice", _PER_CHOICE, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForQuestionAnswering", _PER_PLACE, _MAKERS, _NOT_TORCH),
    Family("transformers", "ForSemanticSegmentation", _PER_PIXEL, _MAKERS, _NOT_TORCH),
    Family("transformers", "PreTrainedModel", _BASE, (), _NOT_TORCH),
    Family("transformers", "Output", _OUTPUT, (), _NOT_TORCH),
    Family("transformers", "OutputWithPast", _OUTPUT, (), _NOT_TORCH),
    Family("transformers", "OutputWithPooling", _OUTPUT, (), _NOT_TORCH),
    Family("transformers", "Model", _FEATURES, _MAKERS, _NOT_TORCH),
)

"""Rows of knowledge are well formed, unique and found; torch itself is not needed here."""

from __future__ import annotations

import dataclasses
import re

import pytest

from losslint.domain.kind import Logits, LogProbs, LogSigmoid, Probs, SigmoidProbs
from losslint.knowledge import data_effects, object_effects, schema, tensor_effects
from losslint.knowledge.aliases import ALIASES
from losslint.knowledge.index import Knowledge, build, gate_terms, load, names_of
from losslint.knowledge.object_effects import Supervise
from losslint.knowledge.schema import LayerRow, LossRow, OpRow, Row
from losslint.knowledge.signature import REQUIRED, Parameter, Written, parameters
from losslint.knowledge.tensor_effects import Make

KNOWLEDGE = load()
ROWS: list[Row] = list({id(row): row for row in KNOWLEDGE.rows.values()}.values())
ACTING = [row for row in ROWS if not isinstance(row, LossRow)]
LOSSES = [row for row in ROWS if isinstance(row, LossRow)]
FAMILY_ROWS = list({id(one.row): one.row for many in KNOWLEDGE.families.values() for one in many}.values())
DOTTED = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$")


def _first(row: Row) -> str:
    return names_of(row)[0]


def _names(params: str) -> set[str]:
    return {one.name for one in parameters(params)}


@pytest.mark.parametrize("row", ROWS, ids=_first)
def test_row_is_well_formed(row: Row) -> None:
    names = names_of(row)
    assert names
    assert len(set(names)) == len(names)
    assert all(DOTTED.match(name) for name in names)
    strings = (row.constructor, row.call, row.function) if isinstance(row, LossRow) else (row.params,)
    for params in strings:
        stated = [one.name for one in parameters(params)]
        assert len(set(stated)) == len(stated)
    hash(row)


@pytest.mark.parametrize("row", ACTING, ids=_first)
def test_an_effect_names_parameters_that_exist(row: OpRow | LayerRow) -> None:
    known = _names(row.params) | (_names(row.call) if isinstance(row, LayerRow) else set())
    match row.effect:
        case tensor_effects.Make(_, dim, _, hard, unless):
            named = {dim, hard, *unless}
        case tensor_effects.Affine(size):
            named = {size}
        case tensor_effects.Fill(str(value)):
            named = {value}
        case object_effects.PassThrough(of) | data_effects.Batches(of) | object_effects.Invoke(of):
            named = {of}
        case object_effects.Supervise(model, loss):
            named = {model, loss, *row.effect.unless}
        case object_effects.Hooks(model):
            named = {model}
        case object_effects.Rehead(classes):
            named = {classes}
        case object_effects.Named(name, _, of):
            named = {name, of}
        case object_effects.Network():
            effect = row.effect
            chosen = {part.last.by for part in effect.parts if part.last is not None}
            options = {name for name, _ in effect.only_with}
            named = {effect.classes, effect.extras, effect.labels, *effect.no_extras, *options, *chosen}
        case _:
            named = set()
    assert named - {None} <= known


@pytest.mark.parametrize("row", ACTING, ids=_first)
def test_a_method_of_tensors_receives_its_tensor_first(row: OpRow | LayerRow) -> None:
    if isinstance(row, OpRow) and any(name.startswith("torch.Tensor.") for name in row.names):
        first = parameters(row.params)[0]
        assert (first.name, first.kind) == ("input", "positional")
    if row.names[0].startswith("torch.nn.Module."):
        assert parameters(row.params)[0].name == "self"


@pytest.mark.parametrize("row", ACTING, ids=_first)
def test_what_makes_a_kind_has_a_verb(row: OpRow | LayerRow) -> None:
    if isinstance(row.effect, Make | tensor_effects.Affine | tensor_effects.Encode):
        assert row.verb


NETWORKS = [row for row in (*ACTING, *FAMILY_ROWS) if isinstance(row.effect, object_effects.Network)]


@pytest.mark.parametrize("row", NETWORKS, ids=_first)
def test_a_network_is_made_of_layers_that_are_known(row: OpRow | LayerRow) -> None:
    assert isinstance(row.effect, object_effects.Network)
    for part in row.effect.parts:
        chosen = [name for _, name, _ in part.last.rows] if part.last is not None else []
        assert all(KNOWLEDGE.layer(name) for name in (part.row, *chosen, *(name for _, name in part.layers)))
        assert "." not in part.attribute
    many = row.effect.returned in (object_effects.Returned.NAMED, object_effects.Returned.WHILE_TRAINING)
    assert not many or len(row.effect.names) == len(row.effect.parts)
    assert (row.effect.labels is not None) is (row.effect.returned is object_effects.Returned.WITH_LOSS)


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("transformers.BertForSequenceClassification", "transformers.AutoModelForSequenceClassification"),
        (
            "transformers.BertForSequenceClassification.from_pretrained",
            "transformers.AutoModelForSequenceClassification",
        ),
        (
            "transformers.models.vit.modeling_vit.ViTForImageClassification",
            "transformers.AutoModelForSequenceClassification",
        ),
        ("transformers.GPT2LMHeadModel.from_pretrained", "transformers.AutoModelForCausalLM"),
        ("transformers.XLMPreTrainedModel", "transformers.PreTrainedModel"),
        ("transformers.BertModel.from_pretrained", "transformers.AutoModel"),
        ("transformers.TFBertForSequenceClassification", None),
        ("transformers.FlaxBertModel.from_pretrained", None),
        ("transformers.BertTokenizer.from_pretrained", None),
        ("transformers.BertForSequenceClassification.config_class", None),
        ("elsewhere.BertForSequenceClassification", None),
    ],
)
def test_one_row_stands_for_a_family(name: str, of: str | None) -> None:
    row = KNOWLEDGE.row(name)
    assert (None if row is None else _first(row)) == of


@pytest.mark.parametrize("row", LOSSES, ids=_first)
def test_a_loss_names_parameters_that_exist(row: LossRow) -> None:
    for params in (row.call if row.classes else None, row.function if row.functions else None):
        if params is not None:
            assert {row.input, row.target} - {None} <= _names(params)
    assert (row.wants_target is schema.WantsTarget.NOTHING) is (row.target is None)
    assert bool(row.classes) or not (row.constructor or row.call)
    assert bool(row.functions) is bool(row.function)


@pytest.mark.parametrize("row", LOSSES, ids=_first)
def test_options_that_turn_a_loss_round_are_parameters(row: LossRow) -> None:
    options = {*(switch.option for switch in row.switches), *row.unless}
    assert options <= _names(row.constructor or row.function)
    for switch in row.switches:
        assert switch.wants is not None or switch.inside is not None
        assert not switch.constant or DOTTED.match(switch.constant)


@pytest.mark.parametrize("row", LOSSES, ids=_first)
def test_the_twin_of_a_loss_wants_logits(row: LossRow) -> None:
    if row.logits_twin is not None:
        found = KNOWLEDGE.loss(row.logits_twin)
        assert found is not None
        assert found[1]
        assert found[0].wants is schema.Wants.LOGITS
        assert row.wants in (schema.Wants.LOG_PROBS, schema.Wants.PROBS)


def test_cases_of_a_transfer_are_unique() -> None:
    for row in ACTING:
        if isinstance(row.effect, tensor_effects.Transfer):
            kinds = [kind for kind, _ in row.effect.cases]
            assert len(set(kinds)) == len(kinds)


def test_rows_are_immutable() -> None:
    for row in ROWS:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(row, dataclasses.fields(row)[0].name, ())


def test_lookup_tells_forms_apart() -> None:
    softmax, linear = KNOWLEDGE.op("torch.softmax"), KNOWLEDGE.layer("torch.nn.Linear")
    assert softmax is KNOWLEDGE.method("softmax")
    assert softmax is KNOWLEDGE.row("torch.Tensor.softmax")
    assert linear is not None
    assert KNOWLEDGE.op("torch.nn.Linear") is None
    assert KNOWLEDGE.layer("torch.softmax") is None
    assert KNOWLEDGE.loss("torch.nn.Linear") is None
    assert KNOWLEDGE.row("torch.nothing") is None
    train = KNOWLEDGE.module_method("train")
    assert train is not None
    assert train.effect == object_effects.Mode(True)


def test_a_loss_is_found_as_class_and_as_function() -> None:
    by_class, by_function = (
        KNOWLEDGE.loss("torch.nn.CrossEntropyLoss"),
        KNOWLEDGE.loss("torch.nn.functional.cross_entropy"),
    )
    assert by_class is not None
    assert by_function is not None
    assert by_class == (by_function[0], True)
    assert by_function[1] is False


def test_two_rows_of_one_name_are_refused() -> None:
    row = OpRow(("torch.softmax",), "input, dim", Make(Probs(), dim="dim"))
    with pytest.raises(ValueError, match=r"two rows are named torch\.softmax"):
        build([*ROWS, row])
    with pytest.raises(ValueError, match="two rows"):
        build([row, row])


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("torch.nn.modules.linear.Linear", "torch.nn.Linear"),
        ("torch.nn.modules.activation.Softmax", "torch.nn.Softmax"),
        ("torch.nn.modules.Softmax", "torch.nn.Softmax"),
        ("torch.nn.modules.loss.NLLLoss", "torch.nn.NLLLoss"),
        ("torch.nn.parameter.Parameter", "torch.nn.Parameter"),
        ("torch.functional.einsum", "torch.einsum"),
        ("torch.utils.data.dataloader.DataLoader", "torch.utils.data.DataLoader"),
        ("torch.nn.functional.softmax", "torch.nn.functional.softmax"),
        ("torch.nn.modules", "torch.nn.modules"),
        ("model.Net", "model.Net"),
        ("torch", "torch"),
        ("", ""),
    ],
)
def test_canonical(name: str, canonical: str) -> None:
    assert KNOWLEDGE.canonical(name) == canonical


def test_canonical_settles() -> None:
    for long, _ in ALIASES:
        once = KNOWLEDGE.canonical(f"{long}.Thing")
        assert KNOWLEDGE.canonical(once) == once
    for name in KNOWLEDGE.rows:
        found = KNOWLEDGE.row(KNOWLEDGE.canonical(name))
        assert found is KNOWLEDGE.row(name), name


def test_canonical_of_a_circle_ends() -> None:
    circle = Knowledge({}, {"a": "b", "b": "a"}, {})
    assert circle.canonical("a.x") in ("a.x", "b.x")


def _speaks_of(row: Row) -> bool:
    if isinstance(row, LossRow):
        return True
    spoken = Probs | LogProbs | SigmoidProbs | LogSigmoid
    return isinstance(row.effect, Make) and isinstance(row.effect.kind, spoken)


def test_the_gate_lets_every_loss_and_activation_through() -> None:
    terms = gate_terms(KNOWLEDGE)
    for row in filter(_speaks_of, ROWS):
        for name in names_of(row):
            written = name.rpartition(".")[2].encode()
            assert any(term in written for term in terms), name
    for name in ("NeuralNetClassifier", "NeuralNetRegressor"):
        assert any(term in name.encode() for term in terms)


def test_the_gate_stays_small_and_shuts_out_what_is_common() -> None:
    terms = gate_terms(KNOWLEDGE)
    assert len(terms) <= 40
    assert len(set(terms)) == len(terms)
    common = [
        b"relu",
        b"ReLU",
        b"tanh",
        b"Linear",
        b"Model",
        b"import torch",
        b"optimizer.step()",
        b"log",
        b"close",
        b"loss",
        b"device",
        b"training",
        b"margin",
    ]
    assert not [(term, word) for term in terms for word in common if term in word]
    assert not [(one, two) for one in terms for two in terms if one != two and one in two], "a term that another covers"


def test_a_trainer_with_a_loss_of_its_own_names_one_we_know() -> None:
    for row in ACTING:
        if isinstance(row.effect, Supervise):
            stated = next(one.default for one in parameters(row.params) if one.name == row.effect.loss)
            assert not isinstance(stated, Written) or KNOWLEDGE.loss(stated.text) is not None
            assert all(KNOWLEDGE.loss(name) is not None for name in row.effect.takes_probs_for)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("", ()),
        ("input", (Parameter("input", REQUIRED, "positional"),)),
        ("input, dim=-1", (Parameter("input", REQUIRED, "positional"), Parameter("dim", -1, "positional"))),
        (
            "*size, dtype=None, **rest",
            (
                Parameter("size", REQUIRED, "star"),
                Parameter("dtype", None, "keyword"),
                Parameter("rest", REQUIRED, "double_star"),
            ),
        ),
        (
            "data, /, *, copy=False, device",
            (
                Parameter("data", REQUIRED, "positional"),
                Parameter("copy", False, "keyword"),
                Parameter("device", REQUIRED, "keyword"),
            ),
        ),
        (
            "a=torch.nn.NLLLoss, b=..., c=(0, 1), d='x', e=1e-05",
            (
                Parameter("a", Written("torch.nn.NLLLoss"), "positional"),
                Parameter("b", ..., "positional"),
                Parameter("c", (0, 1), "positional"),
                Parameter("d", "x", "positional"),
                Parameter("e", 1e-05, "positional"),
            ),
        ),
    ],
)
def test_parameters(params: str, expected: tuple[Parameter, ...]) -> None:
    assert parameters(params) == expected
    assert parameters(params) is parameters(params)


@pytest.mark.parametrize("params", ["input dim", "a=1, b", "*, ", "x: 0) + (lambda"])
def test_what_is_no_parameter_list_is_refused(params: str) -> None:
    with pytest.raises(ValueError, match="not a parameter list"):
        parameters(params)


def test_attributes_are_told_from_methods() -> None:
    transposed = KNOWLEDGE.attribute("T")
    assert transposed is not None
    assert transposed.attribute
    assert KNOWLEDGE.attribute("softmax") is None


def test_an_embedding_is_scores() -> None:
    row = KNOWLEDGE.layer("torch.nn.Embedding")
    assert row is not None
    assert isinstance(row.effect, tensor_effects.Affine)
    assert row.effect.adds
    parameter = KNOWLEDGE.op("torch.nn.Parameter")
    assert parameter is not None
    assert parameter.effect == tensor_effects.Transfer((), otherwise=Logits())

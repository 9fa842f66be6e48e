"""Ready-made datasets: which labels their samples bear, and the transforms that samples go through.

Facts from the source of torchvision 0.29 (each class's `__getitem__` and class list) and from the papers of the datasets. Where versions
differ in a way that matters no end of the range is stated: Flowers102 counted from 1 in 0.12 and counts from 0 since, and labels that
come from the folders on disk have as many classes as there are folders.
"""

from __future__ import annotations

from losslint.knowledge.data_effects import Labelled, Pictured, Through
from losslint.knowledge.object_effects import Invoke
from losslint.knowledge.schema import LayerRow, Row
from losslint.knowledge.tensor_effects import Opaque, Transfer

_PLAIN = "root, train=True, transform=None, target_transform=None, download=False"
_SPLIT = "root, split='train', transform=None, target_transform=None, download=False"
_LOADED = f"{_SPLIT}, loader=..."


def _row(names: tuple[str, ...], params: str, labels: Labelled) -> LayerRow:
    return LayerRow(tuple(f"torchvision.datasets.{name}" for name in names), params, labels, call="*args, **kwargs")


_DIGITS = (
    _row(("MNIST", "FashionMNIST", "KMNIST"), _PLAIN, Labelled(0, 9, holds="targets", classes=10, dtype="int64")),
    _row(
        ("EMNIST",),
        "root, split, *, train=True, transform=None, target_transform=None, download=False",
        Labelled(
            by="split",
            ranges=(
                ("letters", 1, 26),
                ("byclass", 0, 61),
                ("bymerge", 0, 46),
                ("balanced", 0, 46),
                ("digits", 0, 9),
                ("mnist", 0, 9),
            ),
            holds="targets",
            dtype="int64",
        ),
    ),
    _row(
        ("QMNIST",),
        "root, what=None, compat=True, train=True, *, transform=None, target_transform=None, download=False",
        Labelled(0, 9, classes=10, only_with=(("compat", True),)),
    ),
    _row(("USPS",), _PLAIN, Labelled(0, 9, holds="targets")),
    _row(("SVHN",), _SPLIT, Labelled(0, 9, holds="labels", dtype="int64")),
    _row(("SEMEION",), "root, transform=None, target_transform=None, download=True", Labelled(0, 9, holds="labels")),
)

_OBJECTS = (
    _row(("CIFAR10",), _PLAIN, Labelled(0, 9, holds="targets", classes=10)),
    _row(("CIFAR100",), _PLAIN, Labelled(0, 99, holds="targets", classes=100)),
    _row(
        ("STL10",),
        "root, split='train', folds=None, transform=None, target_transform=None, download=False",
        Labelled(by="split", ranges=(("train", 0, 9), ("test", 0, 9)), holds="labels"),
    ),
    _row(("Food101",), _LOADED, Labelled(0, 100, classes=101)),
    _row(("StanfordCars",), _LOADED, Labelled(0, 195, classes=196)),
    _row(("Flowers102",), _LOADED, Labelled(None, None)),
    _row(
        ("FGVCAircraft",),
        "root, split='trainval', annotation_level='variant', transform=None, target_transform=None, download=False, loader=...",
        Labelled(by="annotation_level", ranges=(("variant", 0, 99), ("family", 0, 69))),
    ),
    _row(
        ("OxfordIIITPet",),
        "root, split='trainval', target_types='category', transforms=None, transform=None, target_transform=None, download=False, "
        "loader=...",
        Labelled(0, 36, classes=37, only_with=(("target_types", "category"), ("transforms", None))),
    ),
    _row(
        ("Caltech101",),
        "root, target_type='category', transform=None, target_transform=None, download=False",
        Labelled(0, None, only_with=(("target_type", "category"),)),
    ),
    _row(("Caltech256",), "root, transform=None, target_transform=None, download=False", Labelled(0, None)),
    _row(
        ("FakeData",),
        "size=1000, image_size=..., num_classes=10, transform=None, target_transform=None, random_offset=0",
        Labelled(0, "num_classes"),
    ),
)

_PLACES = (
    _row(
        ("DTD",),
        "root, split='train', partition=1, transform=None, target_transform=None, download=False, loader=...",
        Labelled(0, 46, classes=47),
    ),
    _row(("GTSRB",), _SPLIT, Labelled(0, 42)),
    _row(("Country211",), _LOADED, Labelled(0, 210, classes=211, holds="targets")),
    _row(
        ("EuroSAT",),
        "root, transform=None, target_transform=None, download=False, loader=...",
        Labelled(0, 9, classes=10, holds="targets"),
    ),
    _row(
        ("SUN397",),
        "root, transform=None, target_transform=None, download=False, loader=...",
        Labelled(0, 396, classes=397),
    ),
    _row(
        ("Places365",),
        "root, split='train-standard', small=False, download=False, transform=None, target_transform=None, loader=...",
        Labelled(0, 364, classes=365, holds="targets"),
    ),
    _row(("PCAM",), _SPLIT, Labelled(0, 1)),
    _row(("RenderedSST2",), _LOADED, Labelled(0, 1, classes=2)),
    _row(
        ("Imagenette",),
        "root, split='train', size='full', download=False, transform=None, target_transform=None, loader=...",
        Labelled(0, 9, classes=10),
    ),
)

_FOLDERS = (
    _row(
        ("ImageFolder",),
        "root, transform=None, target_transform=None, loader=..., is_valid_file=None, allow_empty=False",
        Labelled(0, None, holds="targets"),
    ),
    _row(
        ("DatasetFolder",),
        "root, loader, extensions=None, transform=None, target_transform=None, is_valid_file=None, allow_empty=False",
        Labelled(0, None, holds="targets"),
    ),
    _row(
        ("ImageNet",),
        "root, split='train', *, transform=None, target_transform=None, loader=..., is_valid_file=None",
        Labelled(0, None, holds="targets"),
    ),
)

_V1, _V2 = "torchvision.transforms", "torchvision.transforms.v2"

TRANSFORMS = (
    LayerRow((f"{_V1}.Compose", f"{_V2}.Compose"), "transforms", Through("transforms"), call="img"),
    LayerRow((f"{_V1}.Lambda",), "lambd", Invoke("lambd", inputs="img"), call="img"),
    LayerRow((f"{_V1}.ToTensor",), "", Pictured("float32"), call="img"),
    LayerRow((f"{_V1}.PILToTensor",), "", Pictured("uint8"), call="img"),
    LayerRow(
        (f"{_V1}.Normalize", f"{_V2}.Normalize"),
        "mean, std, inplace=False",
        Transfer((), Opaque("normalized")),
        call="input",
        verb="normalize",
    ),
)

DATASETS: tuple[Row, ...] = (*_DIGITS, *_OBJECTS, *_PLACES, *_FOLDERS, *TRANSFORMS)

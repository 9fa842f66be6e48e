"""Arrays and labels made outside of torch: numpy, and what scikit-learn loads, makes up, encodes and splits.

An array is followed like a tensor: `from_numpy` changes nothing of it. Numbers of classes are those of the documented datasets; dtypes are
numpy's defaults on 64 bits.
"""

from __future__ import annotations

from losslint.knowledge.data_effects import (
    ArrayOf,
    Canvas,
    EachSplit,
    Encoded,
    Floats,
    Integers,
    JoinedArrays,
    Picked,
    Recast,
    Table,
)
from losslint.knowledge.object_effects import Forget
from losslint.knowledge.schema import LayerRow, OpRow, Row
from losslint.knowledge.tensor_effects import Count

CARRIERS = frozenset({"numpy", "sklearn"})
"""Packages whose functions carry labels along and lead to no loss by themselves."""

_SCALARS = tuple(
    OpRow((f"numpy.{name}",), "data=0, /", ArrayOf("data", name))
    for name in ("int64", "int32", "int16", "int8", "uint8", "float64", "float32", "float16")
)

NUMPY: tuple[Row, ...] = (
    OpRow(
        ("numpy.array", "numpy.asarray", "numpy.ascontiguousarray"),
        "data, dtype=None, *rest, **kwargs",
        ArrayOf("data"),
    ),
    *_SCALARS,
    OpRow(("numpy.arange",), "start, end=None, step=1, dtype=None, **kwargs", Count(), verb="arange"),
    OpRow(("numpy.zeros", "numpy.empty"), "shape, dtype=None, **kwargs", Canvas(0.0)),
    OpRow(("numpy.ones",), "shape, dtype=None, **kwargs", Canvas(1.0)),
    OpRow(("numpy.full",), "shape, fill_value, dtype=None, **kwargs", Canvas(None)),
    OpRow(("numpy.concatenate", "numpy.hstack"), "arrays, axis=0, **kwargs", JoinedArrays("arrays")),
    OpRow(
        ("numpy.random.randint",),
        "low, high=None, size=None, dtype=None",
        Integers("low", "high", "size"),
        verb="randint",
    ),
    OpRow(("numpy.random.choice",), "a, size=None, replace=True, p=None", Picked("a", "size"), verb="choice"),
    OpRow(("numpy.random.rand", "numpy.random.randn"), "*size", Floats("size")),
    OpRow(("numpy.random.random", "numpy.random.random_sample"), "size=None", Floats("size")),
    OpRow(
        ("numpy.random.normal", "numpy.random.uniform"),
        "loc=0.0, scale=1.0, size=None",
        Floats("size", of=("loc", "scale")),
    ),
    OpRow(("numpy.ndarray.astype",), "input, dtype, **kwargs", Recast("dtype")),
)

_BUNCH = "*, return_X_y=False, as_frame=False"

TABLES: tuple[Row, ...] = (
    OpRow(("sklearn.datasets.load_iris",), _BUNCH, Table(3, (150, 4))),
    OpRow(("sklearn.datasets.load_wine",), _BUNCH, Table(3, (178, 13))),
    OpRow(("sklearn.datasets.load_breast_cancer",), _BUNCH, Table(2, (569, 30))),
    OpRow(
        ("sklearn.datasets.load_digits",),
        "*, n_class=10, return_X_y=False, as_frame=False",
        Table("n_class", (None, 64)),
    ),
    OpRow(
        ("sklearn.datasets.make_classification",),
        "n_samples=100, n_features=20, *, n_informative=2, n_redundant=2, n_repeated=0, n_classes=2, **kwargs",
        Table("n_classes", (None, None), pair=True),
    ),
    OpRow(
        ("sklearn.datasets.make_moons", "sklearn.datasets.make_circles"),
        "n_samples=100, **kwargs",
        Table(2, (None, 2), pair=True),
    ),
    OpRow(
        ("sklearn.datasets.make_blobs",),
        "n_samples=100, n_features=2, *, centers=3, cluster_std=1.0, return_centers=False, **kwargs",
        Table("centers", (None, None), pair=True, unless=("return_centers",)),
    ),
    OpRow(("sklearn.model_selection.train_test_split",), "*arrays, **options", EachSplit("arrays")),
    LayerRow(("sklearn.preprocessing.LabelEncoder",), "", Forget("encodes labels, is never called"), call="*args"),
    OpRow(
        ("sklearn.preprocessing.LabelEncoder.fit_transform", "sklearn.preprocessing.LabelEncoder.transform"),
        "self, y",
        Encoded(),
        verb="LabelEncoder",
    ),
    LayerRow(
        (
            "sklearn.preprocessing.StandardScaler",
            "sklearn.preprocessing.MinMaxScaler",
            "sklearn.preprocessing.RobustScaler",
        ),
        "*args, **kwargs",
        Forget("scales numbers, is never called"),
        call="*args",
    ),
    OpRow(
        tuple(
            f"sklearn.preprocessing.{scaler}.{method}"
            for scaler in ("StandardScaler", "MinMaxScaler", "RobustScaler")
            for method in ("fit_transform", "transform")
        ),
        "self, X, y=None",
        Floats(None, like="X"),
    ),
)

ARRAYS: tuple[Row, ...] = (*NUMPY, *TABLES)

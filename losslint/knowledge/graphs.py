"""Layers of torch_geometric: maps over nodes and edges, and what folds the nodes of each graph."""

from __future__ import annotations

from losslint.domain.kind import Bounded, Logits, NonNegative, Probs, SigmoidProbs
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.knowledge.tensor_effects import OPAQUE, SAME, Affine, Transfer

_CALL = "x, *args, **kwargs"

CONVOLUTIONS = (
    LayerRow(
        names=(
            "torch_geometric.nn.GCNConv",
            "torch_geometric.nn.SAGEConv",
            "torch_geometric.nn.GraphConv",
            "torch_geometric.nn.ChebConv",
            "torch_geometric.nn.TAGConv",
            "torch_geometric.nn.SGConv",
            "torch_geometric.nn.RGCNConv",
            "torch_geometric.nn.conv.GCNConv",
            "torch_geometric.nn.conv.SAGEConv",
            "torch_geometric.nn.conv.GraphConv",
        ),
        params="in_channels, out_channels, *args, **kwargs",
        effect=Affine(size="out_channels"),
        call=_CALL,
        verb="graph convolution",
    ),
    LayerRow(
        names=("torch_geometric.nn.Linear", "torch_geometric.nn.dense.Linear"),
        params="in_channels, out_channels, bias=True, weight_initializer=None, bias_initializer=None",
        effect=Affine(size="out_channels"),
        call="x",
        verb="linear",
    ),
    LayerRow(
        names=(
            "torch_geometric.nn.GATConv",
            "torch_geometric.nn.GATv2Conv",
            "torch_geometric.nn.TransformerConv",
            "torch_geometric.nn.conv.GATConv",
            "torch_geometric.nn.conv.GATv2Conv",
        ),
        params="in_channels, out_channels, heads=1, concat=True, *args, **kwargs",
        effect=Affine(),
        call=_CALL,
        verb="graph attention",
    ),
)

POOLS = (
    OpRow(
        names=("torch_geometric.nn.global_mean_pool", "torch_geometric.nn.pool.global_mean_pool"),
        params="x, batch, size=None",
        effect=Transfer(
            ((Logits, SAME), (NonNegative, SAME), (Bounded, SAME), (SigmoidProbs, SAME), (Probs, SAME)),
            otherwise=OPAQUE,
            resized=None,
        ),
    ),
    OpRow(
        names=("torch_geometric.nn.global_add_pool", "torch_geometric.nn.pool.global_add_pool"),
        params="x, batch, size=None",
        effect=Transfer(((Logits, SAME), (NonNegative, SAME)), otherwise=OPAQUE, resized=None),
    ),
    OpRow(
        names=("torch_geometric.nn.global_max_pool", "torch_geometric.nn.pool.global_max_pool"),
        params="x, batch, size=None",
        effect=Transfer(
            ((Logits, SAME), (NonNegative, SAME), (Bounded, SAME), (SigmoidProbs, SAME)), otherwise=OPAQUE, resized=None
        ),
    ),
)

GRAPHS = (*CONVOLUTIONS, *POOLS)

"""The commonest mistake in the shape in which people make it: the model in one file, the loss in another."""

from __future__ import annotations

PLAIN = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        return self.fc(x)
"""
SOFT = PLAIN.replace("return self.fc(x)", "return torch.softmax(self.fc(x), 1)")
TRAIN = """from torch import nn
from model import Net


def train(x, y):
    loss = nn.CrossEntropyLoss()(Net()(x), y)
    loss.backward()
"""

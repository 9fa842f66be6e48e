"""Tells ten digits apart."""

import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, features: int = 784, classes: int = 10):
        super().__init__()
        self.hidden = nn.Linear(features, 128)
        self.output = nn.Linear(128, classes)

    def forward(self, images):
        hidden = torch.relu(self.hidden(images))
        return torch.softmax(self.output(hidden), dim=1)

"""losslint: static analysis that follows tensors from the layer that makes them to the loss that takes them."""

__version__ = "0.1.0"

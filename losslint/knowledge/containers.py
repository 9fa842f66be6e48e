"""Containers, wrappers, methods of modules and data loading: what holds layers, moves them or feeds them."""

from __future__ import annotations

from losslint.domain.kind import Logits
from losslint.knowledge.data_effects import Batches, Collate, Draws, IsTensor, Joined, Rows, SomeOf, Split
from losslint.knowledge.object_effects import Container, Expect, Forget, Gradients, Invoke, Mode, PassThrough, Role
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.knowledge.tensor_effects import Keep, Transfer

CONTAINERS = (
    LayerRow(("torch.nn.Module",), "*args, **kwargs", Container(Role.MODULE), call="*input, **kwargs"),
    LayerRow(("torch.jit.ScriptModule",), "", Container(Role.MODULE), call="*input, **kwargs"),
    LayerRow(("torch.nn.Sequential",), "*args", Container(Role.SEQUENTIAL)),
    LayerRow(("torch.nn.ModuleList",), "modules=None", Container(Role.MODULE_LIST), call="*input"),
    LayerRow(("torch.nn.ModuleDict",), "modules=None", Container(Role.MODULE_DICT), call="*input"),
    LayerRow(
        ("torch.utils.data.Dataset", "torch.utils.data.IterableDataset"),
        "*args, **kwargs",
        Container(Role.DATASET),
        call="*args, **kwargs",
    ),
)

WRAPPERS = (
    OpRow(("torch.nn.Parameter",), "data=None, requires_grad=True", Transfer((), otherwise=Logits()), verb="parameter"),
    OpRow(
        ("torch.nn.DataParallel", "torch.nn.parallel.DataParallel"),
        "module, device_ids=None, output_device=None, dim=0",
        PassThrough("module"),
    ),
    OpRow(
        ("torch.nn.parallel.DistributedDataParallel",),
        "module, device_ids=None, output_device=None, dim=0, broadcast_buffers=None, init_sync=True, process_group=None, "
        "bucket_cap_mb=None, find_unused_parameters=False, check_reduction=False, gradient_as_bucket_view=False, "
        "static_graph=False, delay_all_reduce_named_params=None, param_to_hook_all_reduce=None, mixed_precision=None, "
        "device_mesh=None, skip_all_reduce_unused_params=False, bucket_cap_mb_list=None, "
        "batched_grad_copy=False, forward_sync_buffers=None",
        PassThrough("module"),
    ),
    OpRow(
        ("torch.compile",),
        "model=None, *, fullgraph=False, dynamic=None, backend=None, mode=None, options=None, name=None, disable=False, "
        "recompile_limit=None, isolate_recompiles=False, shapes_spec=None",
        PassThrough("model"),
    ),
    OpRow(
        ("torch.jit.script",),
        "obj, optimize=None, _frames_up=0, _rcb=None, example_inputs=None",
        PassThrough("obj"),
    ),
    OpRow(
        ("torch.jit.trace",),
        "func, example_inputs=None, optimize=None, check_trace=True, check_inputs=None, check_tolerance=1e-05, strict=True, "
        "_force_outplace=False, _module_class=None, _compilation_unit=..., example_kwarg_inputs=None, _store_inputs=True",
        PassThrough("func"),
    ),
    OpRow(
        ("torch.nn.utils.weight_norm", "torch.nn.utils.parametrizations.weight_norm"),
        "module, name='weight', dim=0",
        PassThrough("module"),
    ),
    OpRow(
        ("torch.nn.utils.spectral_norm", "torch.nn.utils.parametrizations.spectral_norm"),
        "module, name='weight', n_power_iterations=1, eps=1e-12, dim=None",
        PassThrough("module"),
    ),
    OpRow(
        ("torch.nn.SyncBatchNorm.convert_sync_batchnorm",),
        "module, process_group=None",
        PassThrough("module"),
    ),
    OpRow(("copy.deepcopy",), "x, memo=None, _nil=[]", PassThrough("x")),
    OpRow(("copy.copy",), "x", PassThrough("x")),
    OpRow(
        ("tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.notebook.tqdm", "tqdm.std.tqdm"),
        "iterable=None, *args, **kwargs",
        PassThrough("iterable"),
    ),
    OpRow(
        ("torch.utils.checkpoint.checkpoint",),
        "function, *args, use_reentrant=None, context_fn=..., determinism_check='default', debug=False, early_stop=True, "
        "**kwargs",
        Invoke("function"),
    ),
    OpRow(
        ("torch.nn.parallel.data_parallel",),
        "module, inputs, device_ids=None, output_device=None, dim=0, module_kwargs=None",
        Invoke("module", inputs="inputs"),
    ),
    OpRow(
        ("torch.func.functional_call",),
        "module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False",
        Invoke("module", inputs="args"),
    ),
    OpRow(
        ("torch.nn.utils.stateless.functional_call",),
        "module, parameters_and_buffers, args=None, kwargs=None, *, tie_weights=True, strict=False",
        Invoke("module", inputs="args"),
    ),
    OpRow(
        ("torch.utils.checkpoint.checkpoint_sequential",),
        "functions, segments, input, use_reentrant=None, **kwargs",
        Invoke("functions", inputs="input"),
    ),
    OpRow(
        ("torch.optim.swa_utils.AveragedModel",),
        "model, device=None, avg_fn=None, multi_avg_fn=None, use_buffers=False",
        PassThrough("model"),
    ),
    OpRow(("torch.autograd.Variable",), "data=None, requires_grad=False, volatile=False", Keep()),
)

MODULE_METHODS = (
    OpRow(("torch.nn.Module.train",), "self, mode=True", Mode(True)),
    OpRow(("torch.nn.Module.eval",), "self", Mode(False)),
    OpRow(("torch.nn.Module.to",), "self, *args, **kwargs", PassThrough("self")),
    OpRow(("torch.nn.Module.to_empty",), "self, *, device, recurse=True", PassThrough("self")),
    OpRow(
        ("torch.nn.Module.cuda", "torch.nn.Module.xpu", "torch.nn.Module.ipu", "torch.nn.Module.mtia"),
        "self, device=None",
        PassThrough("self"),
    ),
    OpRow(
        (
            "torch.nn.Module.cpu",
            "torch.nn.Module.half",
            "torch.nn.Module.float",
            "torch.nn.Module.double",
            "torch.nn.Module.bfloat16",
            "torch.nn.Module.share_memory",
        ),
        "self",
        PassThrough("self"),
    ),
    OpRow(("torch.nn.Module.type",), "self, dst_type", PassThrough("self")),
    OpRow(("torch.nn.Module.requires_grad_",), "self, requires_grad=True", PassThrough("self")),
    OpRow(("torch.nn.Module.apply",), "self, fn", PassThrough("self")),
    OpRow(("torch.nn.Module.compile",), "self, *args, **kwargs", Forget()),
    OpRow(("torch.nn.Module.zero_grad",), "self, set_to_none=True", Forget()),
    OpRow(("torch.nn.Module.parameters",), "self, recurse=True", Forget()),
    OpRow(
        ("torch.nn.Module.named_parameters",),
        "self, prefix='', recurse=True, remove_duplicate=True",
        Forget(),
    ),
    OpRow(("torch.nn.Module.buffers",), "self, recurse=True", Forget()),
    OpRow(
        ("torch.nn.Module.named_buffers",),
        "self, prefix='', recurse=True, remove_duplicate=True",
        Forget(),
    ),
    OpRow(("torch.nn.Module.state_dict",), "self, *args, destination=None, prefix='', keep_vars=False", Forget()),
    OpRow(("torch.nn.Module.load_state_dict",), "self, state_dict, strict=True, assign=False", Forget()),
    OpRow(("torch.nn.Module.get_parameter", "torch.nn.Module.get_buffer"), "self, target", Forget()),
    OpRow(("torch.nn.Module.extra_repr",), "self", Forget()),
)

CONTEXTS = (
    OpRow(
        (
            "pytest.raises",
            "pytest.warns",
            "unittest.TestCase.assertRaises",
            "unittest.TestCase.assertRaisesRegex",
            "unittest.TestCase.assertWarns",
            "unittest.TestCase.assertWarnsRegex",
        ),
        "*args, **kwargs",
        Expect(),
    ),
    OpRow(
        (
            "unittest.mock.patch",
            "unittest.mock.patch.object",
            "unittest.mock.patch.multiple",
            "mock.patch",
            "mock.patch.object",
            "mock.patch.multiple",
        ),
        "*args, **kwargs",
        Expect(),
    ),
    LayerRow(("torch.no_grad", "torch.autograd.no_grad"), "orig_func=None", Gradients(False), call="func"),
    LayerRow(("torch.inference_mode", "torch.autograd.inference_mode"), "mode=True", Gradients(False), call="func"),
    LayerRow(("torch.enable_grad", "torch.autograd.enable_grad"), "orig_func=None", Gradients(True), call="func"),
)

LOADING = (
    LayerRow(
        ("torch.utils.data.DataLoader",),
        "dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None, "
        "pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None, generator=None, *, "
        "prefetch_factor=None, persistent_workers=False, pin_memory_device='', in_order=True",
        Batches("dataset"),
    ),
    LayerRow(("torch.utils.data.TensorDataset",), "*tensors", Rows("tensors")),
    LayerRow(("torch.utils.data.Subset",), "dataset, indices", SomeOf("dataset", "indices")),
    LayerRow(("torch.utils.data.ConcatDataset", "torch.utils.data.ChainDataset"), "datasets", Joined("datasets")),
    OpRow(
        ("torch.utils.data.random_split",),
        "dataset, lengths, generator=...",
        Split("dataset", "lengths", "torch.utils.data.Subset"),
    ),
    LayerRow(
        ("torch.utils.data.RandomSampler",), "data_source, replacement=False, num_samples=None, generator=None", Draws()
    ),
    LayerRow(("torch.utils.data.SequentialSampler",), "data_source", Draws()),
    LayerRow(
        ("torch.utils.data.WeightedRandomSampler",), "weights, num_samples, replacement=True, generator=None", Draws()
    ),
    LayerRow(
        ("torch.utils.data.DistributedSampler", "torch.utils.data.distributed.DistributedSampler"),
        "dataset, num_replicas=None, rank=None, shuffle=True, seed=0, drop_last=False",
        Draws(),
    ),
    OpRow(("torch.utils.data.default_collate",), "batch", Collate("batch")),
    OpRow(("torch.is_tensor",), "obj, /", IsTensor("obj")),
)

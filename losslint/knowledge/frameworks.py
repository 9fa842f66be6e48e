"""Libraries around torch: base classes that are modules, and trainers that call a loss themselves."""

from __future__ import annotations

from losslint.domain.kind import Logits
from losslint.knowledge.data_effects import Fits, Phase
from losslint.knowledge.object_effects import Container, Forget, Hooks, PassAll, PassThrough, Role, Supervise
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.knowledge.tensor_effects import OPAQUE, SAME, Motion, Move, Opaque, Outputs, Transfer

_ANY = "*args, **kwargs"

_LIGHTNING = ("pytorch_lightning", "lightning", "lightning.pytorch")
_VALIDATION = Phase("validation_step", "val_dataloader", ("val_dataloaders",), gradients=False)

LIGHTNING = (
    LayerRow(
        names=tuple(f"{package}.LightningDataModule" for package in _LIGHTNING),
        params=_ANY,
        effect=Container(Role.DATASET),
        call=_ANY,
    ),
    LayerRow(
        names=(*(f"{package}.Trainer" for package in _LIGHTNING), "pytorch_lightning.trainer.Trainer"),
        params=_ANY,
        effect=Forget("trains models, is never called"),
        call=_ANY,
    ),
    OpRow(
        names=(*(f"{package}.Trainer.fit" for package in _LIGHTNING), "pytorch_lightning.trainer.Trainer.fit"),
        params="self, model, train_dataloaders=None, val_dataloaders=None, datamodule=None, ckpt_path=None, *, train_dataloader=None",
        effect=Fits(
            "model",
            (Phase("training_step", "train_dataloader", ("train_dataloaders", "train_dataloader")), _VALIDATION),
        ),
    ),
    OpRow(
        names=tuple(f"{package}.Trainer.validate" for package in _LIGHTNING),
        params="self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None, *, val_dataloaders=None",
        effect=Fits(
            "model",
            (Phase("validation_step", "val_dataloader", ("val_dataloaders", "dataloaders"), False),),
            stage="validate",
        ),
    ),
    OpRow(
        names=tuple(f"{package}.Trainer.test" for package in _LIGHTNING),
        params="self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None, *, test_dataloaders=None",
        effect=Fits(
            "model", (Phase("test_step", "test_dataloader", ("dataloaders", "test_dataloaders"), False),), stage="test"
        ),
    ),
)

MODULES = (
    LayerRow(
        names=(
            "pytorch_lightning.LightningModule",
            "pytorch_lightning.core.LightningModule",
            "pytorch_lightning.core.lightning.LightningModule",
            "pytorch_lightning.core.module.LightningModule",
            "lightning.LightningModule",
            "lightning.pytorch.LightningModule",
            "lightning.pytorch.core.LightningModule",
            "lightning.pytorch.core.module.LightningModule",
        ),
        params=_ANY,
        effect=Container(Role.MODULE),
        call=_ANY,
    ),
    LayerRow(
        names=(
            "torch_geometric.nn.MessagePassing",
            "torch_geometric.nn.conv.MessagePassing",
            "torch_geometric.nn.conv.message_passing.MessagePassing",
        ),
        params="aggr='sum', *, aggr_kwargs=None, flow='source_to_target', node_dim=-2, decomposed_layers=1",
        effect=Container(Role.MODULE),
        call=_ANY,
    ),
    LayerRow(
        names=(
            "transformers.PreTrainedModel",
            "transformers.modeling_utils.PreTrainedModel",
            "transformers.AlbertPreTrainedModel",
            "transformers.BertPreTrainedModel",
            "transformers.DebertaPreTrainedModel",
            "transformers.DebertaV2PreTrainedModel",
            "transformers.DistilBertPreTrainedModel",
            "transformers.ElectraPreTrainedModel",
            "transformers.GPT2PreTrainedModel",
            "transformers.LongformerPreTrainedModel",
            "transformers.RobertaPreTrainedModel",
            "transformers.ViTPreTrainedModel",
            "transformers.Wav2Vec2PreTrainedModel",
            "transformers.XLMRobertaPreTrainedModel",
            "transformers.models.bert.modeling_bert.BertPreTrainedModel",
            "transformers.models.roberta.modeling_roberta.RobertaPreTrainedModel",
        ),
        params="config, *args, **kwargs",
        effect=Container(Role.MODULE),
        call=_ANY,
    ),
    LayerRow(
        names=(
            "fastai.torch_core.Module",
            "fastai.basics.Module",
            "fastai.vision.all.Module",
            "mmcv.runner.BaseModule",
            "mmengine.model.BaseModule",
            "mmengine.model.BaseModel",
            "allennlp.models.Model",
            "allennlp.models.model.Model",
            "composer.models.ComposerModel",
            "pyro.nn.PyroModule",
            "gpytorch.Module",
        ),
        params=_ANY,
        effect=Container(Role.MODULE),
        call=_ANY,
    ),
)

TRAINERS = (
    OpRow(
        names=("skorch.NeuralNetClassifier", "skorch.classifier.NeuralNetClassifier"),
        params="module, *args, criterion=torch.nn.NLLLoss, train_split=..., classes=None, **kwargs",
        effect=Supervise(
            model="module",
            loss="criterion",
            takes_probs_for=("torch.nn.NLLLoss",),
            steps=("get_loss", "infer", "train_step", "train_step_single", "validation_step"),
        ),
    ),
    OpRow(
        names=("skorch.NeuralNetBinaryClassifier", "skorch.classifier.NeuralNetBinaryClassifier"),
        params="module, *args, criterion=torch.nn.BCEWithLogitsLoss, train_split=..., threshold=0.5, **kwargs",
        effect=Supervise(
            model="module",
            loss="criterion",
            steps=("get_loss", "infer", "train_step", "train_step_single", "validation_step"),
        ),
    ),
    OpRow(
        names=("skorch.NeuralNetRegressor", "skorch.regressor.NeuralNetRegressor"),
        params="module, *args, criterion=torch.nn.MSELoss, **kwargs",
        effect=Supervise(
            model="module",
            loss="criterion",
            steps=("get_loss", "infer", "train_step", "train_step_single", "validation_step"),
        ),
    ),
    OpRow(
        names=("skorch.NeuralNet", "skorch.net.NeuralNet"),
        params=(
            "module, criterion, optimizer=..., lr=0.01, max_epochs=10, batch_size=128, iterator_train=..., "
            "iterator_valid=..., dataset=..., train_split=..., callbacks=None, predict_nonlinearity='auto', "
            "warm_start=False, verbose=1, device='cpu', compile=False, use_caching='auto', torch_load_kwargs=None, **kwargs"
        ),
        effect=Supervise(
            model="module",
            loss="criterion",
            steps=("get_loss", "infer", "train_step", "train_step_single", "validation_step"),
        ),
    ),
    OpRow(
        names=("ignite.engine.create_supervised_trainer", "ignite.engine.supervised_training_step"),
        params=(
            "model, optimizer, loss_fn, device=None, non_blocking=False, prepare_batch=..., model_transform=..., *args, "
            "model_fn=..., **kwargs"
        ),
        effect=Supervise(model="model", loss="loss_fn", unless=("model_transform", "model_fn")),
    ),
    OpRow(
        names=("ignite.engine.create_supervised_evaluator",),
        params="model, metrics=None, device=None, non_blocking=False, *args, **kwargs",
        effect=Forget("calls a model and gives its output to metrics"),
    ),
    OpRow(
        names=(
            "fastai.learner.Learner",
            "fastai.basics.Learner",
            "fastai.vision.all.Learner",
            "fastai.text.all.Learner",
            "fastai.tabular.all.Learner",
        ),
        params="dls, model, loss_func=None, *args, **kwargs",
        effect=Supervise(model="model", loss="loss_func"),
    ),
    OpRow(
        names=(
            "fastai.vision.all.vision_learner",
            "fastai.vision.all.cnn_learner",
            "fastai.vision.all.unet_learner",
            "fastai.vision.learner.vision_learner",
            "fastai.vision.learner.cnn_learner",
            "fastai.vision.learner.unet_learner",
            "fastai.text.all.text_classifier_learner",
            "fastai.text.learner.text_classifier_learner",
        ),
        params="dls, arch, *args, loss_func=None, custom_head=None, y_range=None, **kwargs",
        effect=Supervise(model="arch", loss="loss_func", builds=Logits(), unless=("custom_head", "y_range")),
    ),
    OpRow(
        names=("fastai.tabular.all.tabular_learner", "fastai.tabular.learner.tabular_learner"),
        params="dls, *args, loss_func=None, config=None, y_range=None, **kwargs",
        effect=Supervise(model="dls", loss="loss_func", builds=Logits(), unless=("config", "y_range")),
    ),
    LayerRow(
        names=("catalyst.dl.SupervisedRunner", "catalyst.runners.SupervisedRunner"),
        params=_ANY,
        effect=Forget("trains models, is never called"),
        call=_ANY,
    ),
    OpRow(
        names=("catalyst.dl.SupervisedRunner.train", "catalyst.runners.SupervisedRunner.train"),
        params="self, *, loaders=None, model=None, engine=None, criterion=None, **kwargs",
        effect=Supervise(model="model", loss="criterion"),
    ),
    OpRow(
        names=(
            "transformers.Trainer",
            "transformers.Seq2SeqTrainer",
            "transformers.trainer.Trainer",
            "transformers.trainer_seq2seq.Seq2SeqTrainer",
        ),
        params="model=None, args=None, *rest, **kwargs",
        effect=Hooks(model="model", methods=("compute_loss",)),
    ),
    OpRow(
        names=("poutyne.Model", "poutyne.framework.Model", "poutyne.framework.model.Model"),
        params="network, optimizer, loss_function, *, batch_metrics=None, epoch_metrics=None, device=None",
        effect=Supervise(model="network", loss="loss_function"),
    ),
    OpRow(
        names=("torchbearer.Trial", "torchbearer.trial.Trial"),
        params="model, optimizer=None, criterion=None, *args, **kwargs",
        effect=Supervise(model="model", loss="criterion"),
    ),
)

PREPARERS = (
    LayerRow(
        names=("accelerate.Accelerator", "accelerate.accelerator.Accelerator"),
        params=_ANY,
        effect=Forget("prepares models, is never called"),
        call=_ANY,
    ),
    OpRow(
        names=("accelerate.Accelerator.prepare", "accelerate.accelerator.Accelerator.prepare"),
        params="self, *args, device_placement=None",
        effect=PassAll(),
    ),
    OpRow(
        names=("accelerate.Accelerator.prepare_model", "accelerate.accelerator.Accelerator.prepare_model"),
        params="self, model, device_placement=None, evaluation_mode=False",
        effect=PassThrough("model"),
    ),
    OpRow(
        names=("accelerate.Accelerator.prepare_data_loader", "accelerate.accelerator.Accelerator.prepare_data_loader"),
        params="self, data_loader, device_placement=None, slice_fn_for_dispatch=None",
        effect=PassThrough("data_loader"),
    ),
    OpRow(
        names=("accelerate.Accelerator.unwrap_model", "accelerate.accelerator.Accelerator.unwrap_model"),
        params="self, model, keep_fp32_wrapper=True, keep_torch_compile=False",
        effect=PassThrough("model"),
    ),
    LayerRow(
        names=("lightning.Fabric", "lightning.fabric.Fabric", "lightning_fabric.Fabric"),
        params=_ANY,
        effect=Forget("prepares models, is never called"),
        call=_ANY,
    ),
    OpRow(
        names=(
            "lightning.Fabric.setup",
            "lightning.fabric.Fabric.setup",
            "lightning_fabric.Fabric.setup",
            "lightning.Fabric.setup_dataloaders",
            "lightning.fabric.Fabric.setup_dataloaders",
            "lightning_fabric.Fabric.setup_dataloaders",
        ),
        params="self, *args, **kwargs",
        effect=PassAll(),
    ),
    OpRow(
        names=("ray.train.torch.prepare_model",),
        params="model, move_to_device=True, parallel_strategy='ddp', parallel_strategy_kwargs=None",
        effect=PassThrough("model"),
    ),
    OpRow(
        names=("ray.train.torch.prepare_data_loader",),
        params="data_loader, add_dist_sampler=True, move_to_device=True, auto_transfer=True",
        effect=PassThrough("data_loader"),
    ),
    OpRow(names=("apex.amp.initialize",), params=_ANY, effect=PassAll()),
    OpRow(
        names=("deepspeed.initialize",),
        params="*, model=None, **kwargs",
        effect=Outputs((SAME, OPAQUE, OPAQUE, OPAQUE), ("engine", "optimizer", "dataloader", "scheduler")),
    ),
    OpRow(
        names=("apex.parallel.DistributedDataParallel",),
        params="module, *args, **kwargs",
        effect=PassThrough("module"),
    ),
    OpRow(
        names=("apex.parallel.convert_syncbn_model",),
        params="module, process_group=None, channel_last=False",
        effect=PassThrough("module"),
    ),
)

REARRANGERS = (
    OpRow(names=("einops.rearrange",), params="tensor, pattern, **axes_lengths", effect=Move(Motion.VIEW)),
    OpRow(names=("einops.repeat",), params="tensor, pattern, **axes_lengths", effect=Move(Motion.VIEW)),
    OpRow(
        names=("einops.reduce",),
        params="tensor, pattern, reduction, **axes_lengths",
        effect=Transfer((), Opaque("axes reduced by a pattern")),
    ),
    LayerRow(
        names=("einops.layers.torch.Rearrange",),
        params="pattern, **axes_lengths",
        effect=Move(Motion.VIEW),
        call="input",
    ),
    LayerRow(
        names=("einops.layers.torch.Reduce",),
        params="pattern, reduction, **axes_lengths",
        effect=Transfer((), Opaque("axes reduced by a pattern")),
        call="input",
    ),
)

FRAMEWORKS = (*LIGHTNING, *MODULES, *TRAINERS, *PREPARERS, *REARRANGERS)

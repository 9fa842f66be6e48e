"""Ready-made models of libraries: where they keep their heads, and what calling them gives."""

from __future__ import annotations

from losslint.knowledge.object_effects import Chosen, Named, Network, Part, Rehead, Returned
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.knowledge.tensor_effects import Affine

_LINEAR = "torch.nn.Linear"
_CONV = "torch.nn.Conv2d"
_SEQUENTIAL = "torch.nn.Sequential"
_IDENTITY = "torch.nn.Identity"
_DROPOUT = "torch.nn.Dropout"
_RELU = "torch.nn.ReLU"
_HEAD = "timm.layers.ClassifierHead"

_VISION = "pretrained=None, progress=True, *, weights=None, num_classes=1000, **kwargs"
_VISION_WITH_AUX = "pretrained=None, progress=True, *, weights=None, num_classes=1000, aux_logits=..., **kwargs"
_VISION_MAPS = "pretrained=None, progress=True, num_classes=21, aux_loss=None, *, weights=None, **kwargs"
_KINETICS = "pretrained=None, progress=True, *, weights=None, num_classes=400, **kwargs"

HEADS = (
    LayerRow(
        names=(_HEAD, "timm.layers.classifier.ClassifierHead", "timm.models.layers.ClassifierHead"),
        params="in_features, num_classes, *args, **kwargs",
        effect=Network(
            (Part("fc", _LINEAR), Part("linear", _LINEAR), Part("out_proj", _LINEAR), Part("decoder", _LINEAR)),
            classes="num_classes",
            anywhere=True,
            rank=None,
        ),
        call="x, *args, **kwargs",
    ),
    LayerRow(
        names=("torchvision.models.InceptionAux",),
        params="in_channels, num_classes, *args, **kwargs",
        effect=Network((Part("fc", _LINEAR), Part("fc2", _LINEAR)), classes="num_classes", anywhere=True),
        call="x",
    ),
    LayerRow(
        names=("torchvision.models.segmentation.LRASPPHead",),
        params="low_channels, high_channels, num_classes, inter_channels",
        effect=Network((Part("low_classifier", _CONV), Part("high_classifier", _CONV)), classes="num_classes", rank=4),
    ),
    LayerRow(
        names=("torchvision.models.segmentation.DeepLabHead",),
        params="in_channels, num_classes, atrous_rates=(12, 24, 36)",
        effect=Affine(size="num_classes", axis=1, rank=4),
        verb="DeepLabHead",
    ),
    LayerRow(
        names=("torchvision.models.segmentation.FCNHead",),
        params="in_channels, channels",
        effect=Affine(size="channels", axis=1, rank=4),
        verb="FCNHead",
    ),
)

TORCHVISION = (
    LayerRow(
        names=(
            "torchvision.models.resnet18",
            "torchvision.models.resnet34",
            "torchvision.models.resnet50",
            "torchvision.models.resnet101",
            "torchvision.models.resnet152",
            "torchvision.models.resnext50_32x4d",
            "torchvision.models.resnext101_32x8d",
            "torchvision.models.resnext101_64x4d",
            "torchvision.models.wide_resnet50_2",
            "torchvision.models.wide_resnet101_2",
            "torchvision.models.shufflenet_v2_x0_5",
            "torchvision.models.shufflenet_v2_x1_0",
            "torchvision.models.shufflenet_v2_x1_5",
            "torchvision.models.shufflenet_v2_x2_0",
            "torchvision.models.regnet_y_400mf",
            "torchvision.models.regnet_y_800mf",
            "torchvision.models.regnet_y_1_6gf",
            "torchvision.models.regnet_y_3_2gf",
            "torchvision.models.regnet_y_8gf",
            "torchvision.models.regnet_y_16gf",
            "torchvision.models.regnet_y_32gf",
            "torchvision.models.regnet_y_128gf",
            "torchvision.models.regnet_x_400mf",
            "torchvision.models.regnet_x_800mf",
            "torchvision.models.regnet_x_1_6gf",
            "torchvision.models.regnet_x_3_2gf",
            "torchvision.models.regnet_x_8gf",
            "torchvision.models.regnet_x_16gf",
            "torchvision.models.regnet_x_32gf",
        ),
        params=_VISION,
        effect=Network((Part("fc", _LINEAR),), classes="num_classes"),
        call="x",
    ),
    LayerRow(
        names=(
            "torchvision.models.densenet121",
            "torchvision.models.densenet161",
            "torchvision.models.densenet169",
            "torchvision.models.densenet201",
        ),
        params=_VISION,
        effect=Network((Part("classifier", _LINEAR),), classes="num_classes"),
        call="x",
    ),
    LayerRow(
        names=(
            "torchvision.models.vgg11",
            "torchvision.models.vgg11_bn",
            "torchvision.models.vgg13",
            "torchvision.models.vgg13_bn",
            "torchvision.models.vgg16",
            "torchvision.models.vgg16_bn",
            "torchvision.models.vgg19",
            "torchvision.models.vgg19_bn",
        ),
        params=_VISION,
        effect=Network(
            (
                Part(
                    "classifier",
                    _SEQUENTIAL,
                    (
                        ("0", _LINEAR),
                        ("1", _RELU),
                        ("2", _DROPOUT),
                        ("3", _LINEAR),
                        ("4", _RELU),
                        ("5", _DROPOUT),
                        ("6", _LINEAR),
                    ),
                ),
            ),
            classes="num_classes",
        ),
        call="x",
    ),
    LayerRow(
        names=("torchvision.models.alexnet",),
        params=_VISION,
        effect=Network(
            (
                Part(
                    "classifier",
                    _SEQUENTIAL,
                    (
                        ("0", _DROPOUT),
                        ("1", _LINEAR),
                        ("2", _RELU),
                        ("3", _DROPOUT),
                        ("4", _LINEAR),
                        ("5", _RELU),
                        ("6", _LINEAR),
                    ),
                ),
            ),
            classes="num_classes",
        ),
        call="x",
    ),
    LayerRow(
        names=(
            "torchvision.models.mobilenet_v2",
            "torchvision.models.efficientnet_b0",
            "torchvision.models.efficientnet_b1",
            "torchvision.models.efficientnet_b2",
            "torchvision.models.efficientnet_b3",
            "torchvision.models.efficientnet_b4",
            "torchvision.models.efficientnet_b5",
            "torchvision.models.efficientnet_b6",
            "torchvision.models.efficientnet_b7",
            "torchvision.models.efficientnet_v2_s",
            "torchvision.models.efficientnet_v2_m",
            "torchvision.models.efficientnet_v2_l",
            "torchvision.models.mnasnet0_5",
            "torchvision.models.mnasnet0_75",
            "torchvision.models.mnasnet1_0",
            "torchvision.models.mnasnet1_3",
        ),
        params=_VISION,
        effect=Network((Part("classifier", _SEQUENTIAL, (("0", _DROPOUT), ("1", _LINEAR))),), classes="num_classes"),
        call="x",
    ),
    LayerRow(
        names=("torchvision.models.mobilenet_v3_small", "torchvision.models.mobilenet_v3_large"),
        params=_VISION,
        effect=Network(
            (
                Part(
                    "classifier",
                    _SEQUENTIAL,
                    (("0", _LINEAR), ("1", "torch.nn.Hardswish"), ("2", _DROPOUT), ("3", _LINEAR)),
                ),
            ),
            classes="num_classes",
        ),
        call="x",
    ),
    LayerRow(
        names=(
            "torchvision.models.convnext_tiny",
            "torchvision.models.convnext_small",
            "torchvision.models.convnext_base",
            "torchvision.models.convnext_large",
        ),
        params=_VISION,
        effect=Network(
            (Part("classifier", _SEQUENTIAL, (("0", _IDENTITY), ("1", "torch.nn.Flatten"), ("2", _LINEAR))),),
            classes="num_classes",
            rank=4,
        ),
        call="x",
    ),
    LayerRow(
        names=(
            "torchvision.models.swin_t",
            "torchvision.models.swin_s",
            "torchvision.models.swin_b",
            "torchvision.models.swin_v2_t",
            "torchvision.models.swin_v2_s",
            "torchvision.models.swin_v2_b",
        ),
        params=_VISION,
        effect=Network((Part("head", _LINEAR),), classes="num_classes"),
        call="x",
    ),
    LayerRow(
        names=(
            "torchvision.models.vit_b_16",
            "torchvision.models.vit_b_32",
            "torchvision.models.vit_l_16",
            "torchvision.models.vit_l_32",
            "torchvision.models.vit_h_14",
        ),
        params=_VISION,
        effect=Network((Part("heads", _SEQUENTIAL, (("head", _LINEAR),)),), classes="num_classes"),
        call="x",
    ),
    LayerRow(
        names=("torchvision.models.inception_v3",),
        params=_VISION_WITH_AUX,
        effect=Network(
            (Part("fc", _LINEAR), Part("AuxLogits", "torchvision.models.InceptionAux")),
            classes="num_classes",
            returned=Returned.WHILE_TRAINING,
            names=("logits", "aux_logits"),
            extras="aux_logits",
        ),
        call="x",
    ),
    LayerRow(
        names=("torchvision.models.googlenet",),
        params=_VISION_WITH_AUX,
        effect=Network(
            (
                Part("fc", _LINEAR),
                Part("aux2", "torchvision.models.InceptionAux"),
                Part("aux1", "torchvision.models.InceptionAux"),
            ),
            classes="num_classes",
            returned=Returned.WHILE_TRAINING,
            names=("logits", "aux_logits2", "aux_logits1"),
            extras="aux_logits",
            no_extras=("pretrained", "weights"),
        ),
        call="x",
    ),
    LayerRow(
        names=(
            "torchvision.models.video.r3d_18",
            "torchvision.models.video.mc3_18",
            "torchvision.models.video.r2plus1d_18",
        ),
        params=_KINETICS,
        effect=Network((Part("fc", _LINEAR),), classes="num_classes"),
        call="x",
    ),
    LayerRow(
        names=(
            "torchvision.models.segmentation.deeplabv3_resnet50",
            "torchvision.models.segmentation.deeplabv3_resnet101",
            "torchvision.models.segmentation.deeplabv3_mobilenet_v3_large",
            "torchvision.models.segmentation.fcn_resnet50",
            "torchvision.models.segmentation.fcn_resnet101",
        ),
        params=_VISION_MAPS,
        effect=Network(
            (
                Part(
                    "classifier",
                    _SEQUENTIAL,
                    (("0", _IDENTITY), ("1", _IDENTITY), ("2", _IDENTITY), ("3", _IDENTITY), ("4", _CONV)),
                ),
                Part(
                    "aux_classifier",
                    _SEQUENTIAL,
                    (("0", _IDENTITY), ("1", _IDENTITY), ("2", _IDENTITY), ("3", _IDENTITY), ("4", _CONV)),
                ),
            ),
            classes="num_classes",
            returned=Returned.NAMED,
            names=("out", "aux"),
            rank=4,
        ),
        call="x",
    ),
    LayerRow(
        names=("torchvision.models.segmentation.lraspp_mobilenet_v3_large",),
        params=_VISION_MAPS,
        effect=Network(
            (Part("classifier", "torchvision.models.segmentation.LRASPPHead"),),
            classes="num_classes",
            returned=Returned.NAMED,
            names=("out",),
            rank=4,
        ),
        call="x",
    ),
    LayerRow(
        names=("torchvision.models.__dict__",),
        params=_VISION,
        effect=Network(
            (Part("fc", _LINEAR), Part("classifier", _HEAD), Part("head", _HEAD), Part("heads", _HEAD)),
            classes="num_classes",
            anywhere=True,
        ),
        call="x",
    ),
    OpRow(
        names=("torchvision.models.get_model",),
        params="name, **config",
        effect=Named("name", (("", "torchvision.models."),)),
    ),
    OpRow(
        names=("torch.hub.load",),
        params=(
            "repo_or_dir, model, *args, source='github', trust_repo='check', force_reload=False, verbose=True, "
            "skip_validation=False, **kwargs"
        ),
        effect=Named("model", (("pytorch/vision", "torchvision.models."),), of="repo_or_dir"),
    ),
)

TIMM = (
    LayerRow(
        names=("timm.create_model", "timm.models.create_model", "timm.models.factory.create_model"),
        params="model_name, pretrained=False, *args, num_classes=None, features_only=False, **kwargs",
        effect=Network(
            (
                Part("fc", _LINEAR),
                Part("classifier", _LINEAR),
                Part("head", _HEAD),
                Part("last_linear", _LINEAR),
                Part("classif", _LINEAR),
            ),
            classes="num_classes",
            anywhere=True,
            only_with=(("features_only", False),),
        ),
        call="x, *args, **kwargs",
    ),
    OpRow(
        names=(
            "timm.create_model.reset_classifier",
            "timm.models.create_model.reset_classifier",
            "timm.models.factory.create_model.reset_classifier",
        ),
        params="self, num_classes, global_pool=None, **kwargs",
        effect=Rehead("num_classes"),
    ),
)

OTHERS = (
    LayerRow(
        names=(
            "efficientnet_pytorch.EfficientNet.from_pretrained",
            "efficientnet_pytorch.model.EfficientNet.from_pretrained",
        ),
        params="model_name, weights_path=None, advprop=False, in_channels=3, num_classes=1000, include_top=True, **override_params",
        effect=Network((Part("_fc", _LINEAR),), classes="num_classes", only_with=(("include_top", True),)),
        call="inputs",
    ),
    LayerRow(
        names=(
            "efficientnet_pytorch.EfficientNet.from_name",
            "efficientnet_pytorch.model.EfficientNet.from_name",
        ),
        params="model_name, in_channels=3, num_classes=1000, include_top=True, **override_params",
        effect=Network((Part("_fc", _LINEAR),), classes="num_classes", only_with=(("include_top", True),)),
        call="inputs",
    ),
    LayerRow(
        names=(
            "pretrainedmodels.__dict__",
            "pretrainedmodels.se_resnext50_32x4d",
            "pretrainedmodels.se_resnext101_32x4d",
            "pretrainedmodels.se_resnet50",
            "pretrainedmodels.se_resnet101",
            "pretrainedmodels.se_resnet152",
            "pretrainedmodels.senet154",
            "pretrainedmodels.resnext101_32x4d",
            "pretrainedmodels.resnext101_64x4d",
            "pretrainedmodels.xception",
            "pretrainedmodels.inceptionv4",
            "pretrainedmodels.inceptionresnetv2",
            "pretrainedmodels.nasnetalarge",
            "pretrainedmodels.pnasnet5large",
            "pretrainedmodels.polynet",
            "pretrainedmodels.bninception",
            "pretrainedmodels.resnet18",
            "pretrainedmodels.resnet34",
            "pretrainedmodels.resnet50",
            "pretrainedmodels.resnet101",
            "pretrainedmodels.resnet152",
            "pretrainedmodels.densenet121",
            "pretrainedmodels.densenet161",
        ),
        params="num_classes=1000, pretrained='imagenet'",
        effect=Network((Part("last_linear", _LINEAR),), classes="num_classes"),
        call="input",
    ),
)

_ACTIVATION = Chosen(
    "activation",
    (
        (None, _IDENTITY, ()),
        ("identity", _IDENTITY, ()),
        ("sigmoid", "torch.nn.Sigmoid", ()),
        ("softmax2d", "torch.nn.Softmax", (("dim", 1),)),
        ("softmax", "torch.nn.Softmax", (("dim", 1),)),
        ("logsoftmax", "torch.nn.LogSoftmax", (("dim", 1),)),
        ("tanh", "torch.nn.Tanh", ()),
    ),
)

SEGMENTATION_MODELS = (
    LayerRow(
        names=(
            "segmentation_models_pytorch.Unet",
            "segmentation_models_pytorch.UnetPlusPlus",
            "segmentation_models_pytorch.MAnet",
            "segmentation_models_pytorch.Linknet",
            "segmentation_models_pytorch.FPN",
            "segmentation_models_pytorch.PSPNet",
            "segmentation_models_pytorch.DeepLabV3",
            "segmentation_models_pytorch.DeepLabV3Plus",
            "segmentation_models_pytorch.PAN",
            "segmentation_models_pytorch.UPerNet",
            "segmentation_models_pytorch.Segformer",
            "segmentation_models_pytorch.DPT",
        ),
        params="encoder_name='resnet34', *args, classes=1, activation=None, aux_params=None, **kwargs",
        effect=Network(
            (Part("segmentation_head", _SEQUENTIAL, (("0", _CONV), ("1", _IDENTITY)), _ACTIVATION),),
            classes="classes",
            rank=4,
            only_with=(("aux_params", None),),
        ),
        call="x",
    ),
    LayerRow(
        names=("segmentation_models_pytorch.create_model",),
        params=(
            "arch, encoder_name='resnet34', encoder_weights='imagenet', in_channels=3, classes=1, *, activation=None, "
            "aux_params=None, **kwargs"
        ),
        effect=Network(
            (Part("segmentation_head", _SEQUENTIAL, (("0", _CONV), ("1", _IDENTITY)), _ACTIVATION),),
            classes="classes",
            rank=4,
            only_with=(("aux_params", None),),
        ),
        call="x",
    ),
)

MONAI = (
    LayerRow(
        names=(
            "monai.networks.nets.UNet",
            "monai.networks.nets.Unet",
            "monai.networks.nets.BasicUNet",
            "monai.networks.nets.BasicUnet",
            "monai.networks.nets.AttentionUnet",
            "monai.networks.nets.VNet",
            "monai.networks.nets.UNETR",
            "monai.networks.nets.SwinUNETR",
        ),
        params="*args, out_channels=None, **kwargs",
        effect=Network((Part("out", _CONV),), classes="out_channels", rank=None),
        call="x",
    ),
    LayerRow(
        names=(
            "monai.networks.nets.DenseNet",
            "monai.networks.nets.DenseNet121",
            "monai.networks.nets.DenseNet169",
            "monai.networks.nets.DenseNet201",
            "monai.networks.nets.DenseNet264",
        ),
        params="spatial_dims, in_channels, out_channels, *args, **kwargs",
        effect=Network(
            (
                Part(
                    "class_layers",
                    _SEQUENTIAL,
                    (("relu", _RELU), ("pool", _IDENTITY), ("flatten", _IDENTITY), ("out", _LINEAR)),
                ),
            ),
            classes="out_channels",
        ),
        call="x",
    ),
)

NETWORKS = (*HEADS, *TORCHVISION, *TIMM, *OTHERS, *SEGMENTATION_MODELS, *MONAI)

"""The two families of networks that the page compares, by the field `batchnorm`."""

from pages.kit.language import N_, tr

FAMILIES = {"none": N_("without BatchNorm"), "before": N_("with BatchNorm")}


def spoken() -> dict[str, str]:
    """The families, as a picture names them."""
    return {norm: tr(name) for norm, name in FAMILIES.items()}

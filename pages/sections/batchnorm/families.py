"""The two families of networks that the page compares, by the field `batchnorm`."""

FAMILIES = {"none": "without BatchNorm", "before": "with BatchNorm"}

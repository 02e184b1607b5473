"""The formulas of batch normalization, in LaTeX."""

NORMALIZE = r"\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} \qquad y = \gamma \hat x + \beta"
RUNNING = r"""\bar\mu \leftarrow k\,\bar\mu + (1 - k)\,\mu \qquad
    \bar\sigma^2 \leftarrow k\,\bar\sigma^2 + (1 - k)\,\sigma^2 \qquad
    \text{testing: } \hat x = \frac{x - \bar\mu}{\sqrt{\bar\sigma^2 + \epsilon}}"""

"""The confusion matrix as a picture that can be clicked on."""

import altair as alt
import numpy as np
import pandas as pd

from pages.charts.curves import Spec, without_data
from pages.charts.letters import size
from pages.kit.language import cached, tr
from pages.kit.theme import GRAY


def matrix(counts: np.ndarray, chosen: tuple[int, int] | None = None, height: int = 440) -> tuple[pd.DataFrame, Spec]:
    """The confusion matrix, true class by row and answer by column; a click on a cell is the selection "cell".

    The color tells mistakes apart; what was right, the diagonal, is many times more and stays gray.
    """
    true, said = np.divmod(np.arange(counts.size), len(counts))
    data = pd.DataFrame({"true": true, "said": said, "count": counts.ravel()})
    data["mistakes"] = data["count"].where(true != said, 0)
    data["word"] = [str(count or "") for count in counts.ravel().tolist()]
    data["chosen"] = [pair == chosen for pair in zip(true.tolist(), said.tolist(), strict=True)]
    return data, _matrix(max(2, int(data["mistakes"].max())), height)


@cached(maxsize=300)
def _matrix(most: int, height: int) -> Spec:
    x = alt.X("said:O", title=tr("the network says"), axis=alt.Axis(labelAngle=0, orient="top"))
    y = alt.Y("true:O", title=tr("the digit is"))
    shades = alt.Scale(type="sqrt", domain=[0, most], range=["#FFF1EA", "#F2541B"])
    tips = [
        alt.Tooltip("true:O", title=tr("the digit is")),
        alt.Tooltip("said:O", title=tr("the network says")),
        alt.Tooltip("count:Q", title=tr("count")),
    ]
    frame = alt.Chart().mark_rect(filled=False, stroke=f"{GRAY}44").encode(x, y)
    right = alt.Chart().transform_filter("datum.true == datum.said && datum.count")
    right = right.mark_rect(color="#C3C9D4", stroke=f"{GRAY}44").encode(x, y, tooltip=tips)
    word = alt.Chart().mark_text(fontSize=size(13), color="#1B2230").encode(x, y, text="word:N")
    around = alt.Chart().transform_filter("datum.chosen")
    around = around.mark_rect(filled=False, stroke="#1283E6", strokeWidth=3).encode(x, y)
    pick = alt.selection_point("cell", fields=["true", "said"], empty=False)
    cell = (
        alt.Chart(name="cells")
        .transform_filter("datum.mistakes")
        .mark_rect(cursor="pointer", stroke=f"{GRAY}44")
        .encode(x, y, alt.Color("mistakes:Q", scale=shades, legend=None), tooltip=tips)
        .add_params(pick)
    )
    return without_data(alt.layer(frame, right, cell, word, around).properties(height=height))

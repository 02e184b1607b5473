"""Words write values into templates: numbers as they are read, things counted, Korean particles as they are spoken."""

import math
import string
from typing import Any

from pages.charts.axes import ten

FEW = 5  # powers of ten from which on a number is written by its power
SYLLABLES, CODAS, L = "가힣", 28, 8  # of Hangul in Unicode: the first and last, how many final consonants, which of them is ㄹ
CLOSED = "bcgklmnpt013678"  # letters and digits that Koreans end with a consonant
LIQUID = "l178"  # with ㄹ


class Words(string.Formatter):
    """Numbers have a true minus, no minus before zero, powers of ten where there are many zeros, a dash for what there is none
    of; `{n:update|updates}` counts; `{name:은|는}` takes the first particle after a final consonant."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """
        >>> Words().format("{n:seed|seeds}, {m:seed|seeds}, {x:.2f}, {y:.2f}, {z:.1e}", n=1, m=3, x=-0.001, y=-2.5, z=-4.5e-5)
        '1 seed, 3 seeds, 0.00, −2.50, −4.5·10⁻⁵'
        >>> Words().format("{a:.3g}, {b:.1e}, {c:.1e}, {d:.3g}", a=8271.8, b=0.5, c=1.7, d=1e6)
        '8,270, 0.50, 1.7, 10⁶'
        >>> Words().format("{a:은|는} {b:이|가}", a="Adam", b="경로")
        'Adam은 경로가'
        """
        if value is None:
            return "–"
        if value == math.inf:
            return "∞"
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return (
                f"{value}{particle(value, one, many)}" if isinstance(value, str) else f"{value:,} {one if value == 1 else many}"
            )
        said = super().format_field(value, format_spec)
        if isinstance(value, str):
            return said
        digits, _, power = said.partition("e")
        if power and abs(int(power)) < FEW:
            said = f"{float(said):,.{max(0, len(digits.partition('.')[2]) - int(power))}f}"
        elif power:
            times = digits[:-1] if digits.lstrip("-") == "1" else f"{digits}·"
            said = times + ten(int(power))
        if not said.startswith("-"):
            return said
        return f"−{said[1:]}" if said.strip("-0.%") else said[1:]


def particle(word: str, closed: str, opened: str) -> str:
    """The Korean particle after a word: `closed` after a final consonant, but 로 after ㄹ.

    >>> [particle(word, "으로", "로") for word in ("평균", "신경망의 출력 (tanh)", "스케일", "lr 0.1", "SGD")]
    ['으로', '로', '로', '로', '로']
    """
    last = word.rstrip(" )*`'”’")[-1:].lower()
    coda = (ord(last) - ord(SYLLABLES[0])) % CODAS if last and SYLLABLES[0] <= last <= SYLLABLES[1] else 0
    if closed == "으로" and (coda == L or (last and last in LIQUID)):
        return opened
    return closed if coda or (last and last in CLOSED) else opened


WORDS = Words()

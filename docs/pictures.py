"""Take the pictures of the site, one of every lab at its textbook settings: `python -m docs.pictures`."""

import os
import subprocess
import sys
from tempfile import TemporaryDirectory

from docs.generate import PICTURES, ROOT, TOPICS, shot
from tests.browser.screenshots import SCREENS, train
from tests.browser.serving import CHROMIUM, chromium, served

LOOK = {"viewport": SCREENS["desktop"], "color_scheme": "light", "reduced_motion": "reduce", "device_scale_factor": 1.5}
PICTURE = ".st-key-lab-picture"
SAID_BY_THE_SITE = f"{PICTURE} :is([data-testid=stCaptionContainer], [data-testid=stButton]) {{ display: none }}"
WARM = [sys.executable, "-m", "pages.kit.warm", "--first"]


def main() -> None:
    """While the labs that train nothing are drawn, the others are trained with nobody watching: to watch takes longer."""
    if CHROMIUM is None:
        sys.exit("no Chromium on this machine: apt-get install chromium, or build without pictures: PICTURES=off")
    PICTURES.mkdir(exist_ok=True)
    labs = sorted(((lab, topic.path(lab, {})) for topic in TOPICS for lab in topic.labs), key=lambda pair: not pair[0].find)
    with TemporaryDirectory() as runs, served(RUNS_DIR=runs) as server, chromium() as browser:
        training = subprocess.Popen(WARM, cwd=ROOT, env={**os.environ, "RUNS_DIR": runs})
        page = browser.new_page(**LOOK)
        for lab, path in labs:
            if not lab.find:
                training.wait()
            page.goto(server + path)
            train(page)
            page.locator(PICTURE).screenshot(path=shot(lab), style=SAID_BY_THE_SITE)


if __name__ == "__main__":
    main()

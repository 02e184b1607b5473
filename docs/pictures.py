"""Take the pictures of the site, one of every lab, whose textbook run is trained for it: `python -m docs.pictures`."""

import sys
import time

from docs.generate import PICTURES, shot
from pages.labs import TOPICS
from tests.browser.screenshots import SCREENS, train
from tests.browser.serving import CHROMIUM, chromium, served

LOOK = {"viewport": SCREENS["desktop"], "color_scheme": "light", "reduced_motion": "reduce", "device_scale_factor": 1.5}
PICTURE = ".st-key-lab-picture"
SAID_BY_THE_SITE = f"{PICTURE} :is([data-testid=stCaptionContainer], [data-testid=stButton]) {{ display: none }}"


def main() -> None:
    if CHROMIUM is None:
        sys.exit("no Chromium on this machine: apt-get install chromium, or build without pictures: PICTURES=off")
    PICTURES.mkdir(exist_ok=True)
    with served() as server, chromium() as browser:
        page = browser.new_page(**LOOK)
        for topic in TOPICS:
            for lab in topic.labs:
                began = time.monotonic()
                page.goto(server + topic.path(lab, {}))
                train(page)
                page.locator(PICTURE).screenshot(path=shot(lab), style=SAID_BY_THE_SITE)
                print(f"{lab.id}: {time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()

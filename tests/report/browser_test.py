"""The report in a real browser, headless: it opens in silence, answers to choosing, sorting, keyboard and pointer, and
fits a phone.

Usage: browser_test.py PROGRAM, from the repository's folder.
"""

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from browser import browser, nameless, texts  # noqa: E402

PROGRAM = Path(sys.argv[1]).resolve()
MOST_BYTES = 2_000_000


def run(*arguments):
    ended = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def column(page, place):
    return texts(page, f"#table tbody td:nth-child({place})")


def number(text):
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


def check_opens_in_silence(page, address):
    page.get(address)
    assert page.get_log("browser") == []
    asked = [entry for entry in page.get_log("performance") if '"Network.requestWillBeSent"' in entry["message"]]
    addresses = [entry["message"] for entry in asked if "file://" not in entry["message"] and "data:," not in entry["message"]]
    assert not addresses, addresses
    assert page.title and page.find_element(By.TAG_NAME, "h1").text == page.title
    assert "Largest losses" in page.find_element(By.ID, "summary").text


def check_names_for_screen_readers(page):
    """Everything that can be worked has a name, headings are in order, and tables have heads."""
    assert nameless(page) == []
    levels = [int(name[1]) for name in page.execute_script("return [...document.querySelectorAll('h1,h2,h3')].map((e) => e.tagName)")]
    assert levels[0] == 1 and all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:]))
    assert page.execute_script("return document.documentElement.lang") == "en"
    assert page.execute_script("return [...document.querySelectorAll('th')].every((e) => e.scope === 'col' && e.hasAttribute('aria-sort'))")


def check_sorting(page):
    heads = page.find_elements(By.CSS_SELECTOR, "#table th button")
    place = next(k for k, head in enumerate(heads) if head.text.startswith("welfare, %"))
    heads[place].click()
    falling = [number(text) for text in column(page, place + 1)]
    assert falling == sorted(falling, reverse=True) and falling[0] > falling[-1]
    page.find_elements(By.CSS_SELECTOR, "#table th button")[place].send_keys(Keys.ENTER)  # by keyboard, the other way
    rising = [number(text) for text in column(page, place + 1)]
    assert rising == falling[::-1]
    sort = page.find_elements(By.CSS_SELECTOR, "#table th")[place].get_attribute("aria-sort")
    assert sort == "ascending"
    page.find_elements(By.CSS_SELECTOR, "#table th button")[0].click()
    names = column(page, 1)
    assert names == sorted(names, key=str.lower) and len(names) == 41
    page.find_element(By.ID, "find").send_keys("iran")
    assert column(page, 1) == ["Iran"]
    page.find_element(By.ID, "find").send_keys(Keys.BACKSPACE * 4)


def check_choosing(page):
    Select(page.find_element(By.ID, "country")).select_by_visible_text("Iran")
    assert any(title.startswith("Iran: exports by partner") for title in texts(page, "#panels h3"))
    assert texts(page, "#answer .row.chosen .label") == ["Iran"]
    row = page.find_element(By.CSS_SELECTOR, '#answer [data-code="RUS"]')
    row.send_keys(Keys.ENTER)
    assert texts(page, "#panels h3")[0].startswith("Russia:")
    assert page.execute_script("return document.activeElement.dataset.code") == "RUS"
    assert Select(page.find_element(By.ID, "country")).first_selected_option.text == "Russia"
    before = texts(page, "#answer .value")
    Select(page.find_element(By.ID, "measure")).select_by_index(1)
    assert texts(page, "#answer .value") != before
    Select(page.find_element(By.ID, "shown")).select_by_visible_text("all")
    assert len(texts(page, "#answer .row")) == 41


def check_pointer(page):
    row = page.find_element(By.CSS_SELECTOR, '#answer [data-code="IRN"]')
    ActionChains(page).move_to_element(row).perform()
    tip = page.find_element(By.ID, "tip")
    assert tip.is_displayed() and tip.text.startswith("Iran: ")
    ActionChains(page).send_keys(Keys.ESCAPE).perform()
    assert not tip.is_displayed()


def check_other_results(page):
    names = texts(page, "#choice button")
    assert names == ["minsk.h5", "half.h5", "sweep.h5"]
    heads = texts(page, "#compare th")
    assert len(heads) == 4 and all("welfare" in head for head in heads[1:])
    page.find_elements(By.CSS_SELECTOR, "#choice button")[2].click()
    assert "How sure" in page.find_element(By.TAG_NAME, "h1").text
    assert page.find_elements(By.CSS_SELECTOR, "#answer i.line")
    assert any("depends on" in title for title in texts(page, "#panels h3"))
    assert "Iran" in " ".join(texts(page, "#answer .label"))
    page.find_elements(By.CSS_SELECTOR, "#choice button")[0].click()


def check_phone(page):
    page.set_window_size(390, 844)
    assert page.execute_script("return window.innerWidth") == 390
    assert page.execute_script("return document.documentElement.scrollWidth") <= 390
    assert page.execute_script("return parseFloat(getComputedStyle(document.querySelector('#answer .row')).fontSize)") >= 12
    page.set_window_size(1100, 900)


def check_print(page):
    """On paper: no buttons, and everything that was on the screen."""
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not any(element.is_displayed() for element in page.find_elements(By.CSS_SELECTOR, "nav, .controls, #tip"))
    assert all(element.is_displayed() for element in page.find_elements(By.CSS_SELECTOR, "h1, #answer, #table, #policies, #method"))
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    pdf = base64.b64decode(page.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert pdf.startswith(b"%PDF") and len(pdf) > 20_000
    assert page.find_element(By.CSS_SELECTOR, ".controls").is_displayed()


def check_hostile_texts(page, folder):
    """A scenario's words are words, whatever they look like."""
    scenario = folder / "hostile.toml"
    scenario.write_text(
        'title = "</script><script>document.title=1</script><b>&amp;@DATA@@STYLE@"\nquestion = "<img src=x onerror=alert(1)>"\n'
        'baseline = "eurasia-2021"\n', encoding="utf-8")
    run("run", scenario, "-q", "-o", folder / "hostile.h5")
    run("report", folder / "hostile.h5")
    page.get((folder / "hostile.html").as_uri())
    assert page.get_log("browser") == []
    assert page.find_element(By.TAG_NAME, "h1").text == "</script><script>document.title=1</script><b>&amp;@DATA@@STYLE@"
    assert page.find_element(By.ID, "question").text == "<img src=x onerror=alert(1)>"
    assert not page.find_elements(By.CSS_SELECTOR, "header img")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run("run", "scenarios/minsk-2025.toml", "-q", "-o", folder / "minsk.h5")
        run("run", "scenarios/half-embargo.toml", "-q", "-o", folder / "half.h5")
        run("sweep", "scenarios/studies/minsk-uncertainty.toml", "-q", "--set", "sample.draws=64", "-o", folder / "sweep.h5")
        run("report", folder / "minsk.h5", folder / "half.h5", folder / "sweep.h5", "-o", folder / "all.html")
        assert os.path.getsize(folder / "all.html") < MOST_BYTES
        page = browser()
        try:
            page.set_window_size(1100, 900)
            check_opens_in_silence(page, (folder / "all.html").as_uri())
            for check in (check_names_for_screen_readers, check_sorting, check_choosing, check_pointer, check_other_results, check_phone, check_print):
                check(page)
                assert page.get_log("browser") == [], check.__name__
            check_hostile_texts(page, folder)
        finally:
            page.quit()


main()

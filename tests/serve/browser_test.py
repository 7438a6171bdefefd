"""The page of `entrepot serve` in a real browser, headless: what is moved is solved and drawn, the address restores it,
and the files can be saved.

Usage: browser_test.py PROGRAM, from the repository's folder.
"""

import sys
import tempfile
import urllib.request
from pathlib import Path

import h5py
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from serving import serving

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from browser import browser, nameless, texts  # noqa: E402

PROGRAM = Path(sys.argv[1]).resolve()


class Page:
    def __init__(self, driver):
        self.driver = driver

    def open(self, address):
        self.driver.get(address)

    def control(self, path, kind):
        line = self.driver.find_element(By.CSS_SELECTOR, f'[data-path="{path}"]')
        self.driver.execute_script("for (let e = arguments[0]; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true", line)
        return line.find_element(By.CSS_SELECTOR, kind)

    def state(self):
        return self.driver.find_element(By.ID, "state").text

    def values(self):
        return dict(zip(texts(self.driver, "#answer .label"), texts(self.driver, "#answer .value")))

    def until(self, true):
        try:
            return WebDriverWait(self.driver, 20, 0.02).until(lambda _: true())
        except TimeoutException:
            raise AssertionError(f"in vain; state: {self.state()}; address: {self.driver.current_url}; log: {self.driver.get_log('browser')}") from None

    def until_drawn(self, before):
        self.until(lambda: self.values() != before and "drawn in" in self.state())
        return self.values()

    def silent(self):
        assert self.driver.get_log("browser") == []


def check_opens_in_silence(page, home):
    page.open(home)
    assert page.state() == "As in the file."
    assert nameless(page.driver) == []
    asked = [entry for entry in page.driver.get_log("performance") if '"Network.requestWillBeSent"' in entry["message"]]
    assert all("data:," in entry["message"] or home in entry["message"] for entry in asked)
    sliders = page.driver.find_elements(By.CSS_SELECTOR, "#controls input[type=range]")
    numbers = page.driver.find_elements(By.CSS_SELECTOR, "#controls input[type=number]")
    assert len(sliders) == len(numbers) > 10
    aside, answer = (page.driver.find_element(By.ID, name).rect for name in ("settings", "answer"))
    assert aside["x"] + aside["width"] <= answer["x"], "the results stand beside the sliders"
    assert answer["y"] < 600


def check_sliders(page, home):
    page.open(home)
    before = page.values()
    slider = page.control("policy.free-trade-area.covered", "input[type=range]")
    number = page.control("policy.free-trade-area.covered", "input[type=number]")
    waited = []
    for _ in range(5):
        shown = page.values()
        slider.send_keys(Keys.ARROW_LEFT * 4)
        page.until_drawn(shown)
        waited.append(int(page.driver.find_element(By.ID, "state").get_attribute("data-milliseconds")))
    print("solved and drawn in", waited, "ms")
    assert float(number.get_attribute("value")) == float(slider.get_attribute("value")) < 0.87
    page.until(lambda: "covered" in page.driver.current_url and page.state().startswith("1 changed."))
    after = page.values()
    assert float(after["Russia"]) < float(before["Russia"]), "less of trade freed, less gained"

    number.clear()
    number.send_keys("0.25")
    page.until(lambda: "covered=0.25" in page.driver.current_url and "drawn in" in page.state())
    quarter = page.until_drawn(after)
    assert float(quarter["Russia"]) < float(after["Russia"])
    number.send_keys("9")  # 0.259: more digits are fine; then what no fraction can be
    number.clear()
    number.send_keys("7")
    page.until(lambda: number.get_attribute("aria-invalid") == "true")
    shown = page.values()
    switch = page.control("policy.customs.enabled", "input")
    switch.click()
    without = page.until_drawn(shown)
    closure = Select(page.control("reference.closure", "select"))
    closure.select_by_visible_text("balanced")
    page.until_drawn(without)
    page.until(lambda: "policy.customs.enabled=false" in page.driver.current_url)


def check_link_restores(page, home):
    page.until(lambda: "closure=balanced" in page.driver.current_url)
    link, shown = page.driver.current_url, page.values()
    page.open("about:blank")
    page.open(link)
    page.until(lambda: page.values() == shown)
    assert not page.control("policy.customs.enabled", "input").is_selected()
    assert Select(page.control("reference.closure", "select")).first_selected_option.text == "balanced"
    page.driver.find_element(By.ID, "reset").click()
    page.until(lambda: page.values() != shown)
    page.until(lambda: page.driver.current_url.rstrip("#") == home)
    page.driver.back()
    page.open(link)  # the same page, another fragment
    page.until(lambda: page.values() == shown)


def check_files_to_save(page, home):
    page.open(home + "#policy.customs.days_saved=3.5")
    page.until(lambda: "1 changed" in page.state() and "drawn" in page.state())
    with tempfile.TemporaryDirectory() as folder:
        for link, name in (("save-scenario", "minsk-2025.toml"), ("save-results", "minsk-2025.h5")):
            address = page.driver.find_element(By.ID, link).get_attribute("href")
            with urllib.request.urlopen(address) as answer:
                assert f'filename="{name}"' in answer.headers["Content-Disposition"]
                (Path(folder) / name).write_bytes(answer.read())
        assert "days_saved = 3.5" in (Path(folder) / "minsk-2025.toml").read_text(encoding="utf-8")
        with h5py.File(Path(folder) / "minsk-2025.h5") as file:
            codes = [code.decode() for code in file["country"][:]]
            assert "days_saved = 3.5" in file.attrs["scenario"]
            drawn = float(page.values()["Iran"])
            assert abs(file["welfare"][codes.index("IRN")] - drawn) < 1e-3


def check_wrong_settings(page, home):
    """What does not go together is said, and what was shown stays."""
    page.open(home)
    shown = page.values()
    page.driver.execute_script("location.hash = 'policy.transit.use_rate=7'")
    page.until(lambda: "use_rate" in page.state() and "from before" in page.state())
    assert page.values() == shown
    page.driver.execute_script("location.hash = 'nothing=1'")
    page.until(lambda: page.state().startswith("As in the file"))
    assert [entry for entry in page.driver.get_log("browser") if "400" not in entry["message"]] == []


def check_moved_fast(page, home):
    """Many moves at once: what is drawn at the end is the last one's answer."""
    page.open(home)
    before = page.values()
    slider = page.control("policy.free-trade-area.covered", "input[type=range]")
    page.driver.execute_script(
        """for (let k = 0; k < 40; ++k) {
             arguments[0].value = k / 100;
             arguments[0].dispatchEvent(new Event('input'));
           }""", slider)
    page.until(lambda: page.driver.current_url.endswith("covered=0.39"))
    fast = page.until_drawn(before)
    page.until(lambda: "drawn in" in page.state())
    last = page.driver.current_url
    page.open("about:blank")
    page.open(last)
    page.until(lambda: "1 changed" in page.state() and "drawn" in page.state())
    page.until(lambda: page.values() != before)
    slow = page.values()
    assert slow == fast or page.until(lambda: page.values() == slow)


def check_phone(page, home):
    page.driver.set_window_size(390, 844)
    page.open(home)
    assert page.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    settings = page.driver.find_element(By.ID, "settings").rect
    assert settings["height"] <= 0.5 * 844, "the results are in view below the sliders"
    page.driver.set_window_size(1400, 1000)


def check_after_the_end(page, home):
    slider = page.control("policy.free-trade-area.covered", "input[type=range]")
    slider.send_keys(Keys.ARROW_LEFT)
    page.until(lambda: "does not answer" in page.state())


def main():
    driver = browser()
    try:
        driver.set_window_size(1400, 1000)
        page = Page(driver)
        with serving(PROGRAM, "scenarios/minsk-2025.toml") as port:
            home = f"http://127.0.0.1:{port}/"
            for check in (check_opens_in_silence, check_sliders, check_link_restores, check_files_to_save, check_moved_fast, check_phone):
                check(page, home)
                page.silent()
            check_wrong_settings(page, home)
        check_after_the_end(page, home)
    finally:
        driver.quit()


main()

"""Chromium without a screen, for tests of pages."""

from selenium import webdriver
from selenium.webdriver.chrome.service import Service


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def texts(page, selector):
    """What stands in the elements at this moment."""
    return page.execute_script("return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim())", selector)


def nameless(page):
    """What can be worked and has no name for a screen reader."""
    return page.execute_script(
        """return [...document.querySelectorAll('button, select, input, [tabindex]')].filter((e) =>
             !(e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label')?.textContent.trim()))
             .map((e) => e.outerHTML.slice(0, 80))""")

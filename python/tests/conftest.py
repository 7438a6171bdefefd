"""Tests run in the repository's folder, where the scenarios are, and draw without a screen."""

import os
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, scope="session")
def in_repository():
    os.chdir(ROOT)


def pytest_report_header():
    import entrepot

    return f"entrepot {entrepot.__version__} from {os.path.dirname(entrepot.__file__)}"

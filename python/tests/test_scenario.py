"""Scenarios built and changed in code."""

import datetime
import keyword
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

import entrepot
from entrepot import Scenario, _engine, policies

HALF = "scenarios/half-embargo.toml"


def test_a_scenario_built_in_code_is_that_of_the_file():
    built = Scenario(baseline="eurasia-2021", date=datetime.date(2015, 1, 1), reference={"closure": "balanced"})
    built.add(policies.embargo(senders=["iran_2012_coalition"], targets=["IRN"], direction="both", coverage=0.5))
    numpy.testing.assert_array_equal(built.run().welfare, entrepot.run(HALF).welfare)


def test_parts_are_attributes_and_items():
    scenario = Scenario(HALF)
    assert scenario.title == "Iran under half an embargo"
    assert scenario.date == "2015-01-01"
    assert scenario.policy.keys() == ["embargo"] and list(scenario.policy) == ["embargo"]
    assert scenario.policy.embargo.coverage == scenario["policy.embargo.coverage"] == 0.5
    assert scenario.policy["embargo"]["targets"] == ["IRN"]
    assert "policy.embargo" in scenario and "policy.wall" not in scenario
    scenario.policy.embargo.coverage = 1
    assert scenario["policy.embargo.coverage"] == 1
    scenario.date = datetime.date(2016, 1, 16)
    assert scenario.date == datetime.date(2016, 1, 16)
    scenario["theta.food"] = 4
    assert scenario.theta.food == 4 and scenario.to_dict()["theta"] == {"food": 4}
    del scenario["theta.food"]
    assert len(scenario.theta) == 0
    del scenario["policy.embargo"]
    assert scenario.policy.keys() == []


def test_defaults_are_shown_where_nothing_is_written():
    scenario = Scenario(HALF)
    assert scenario.policy.embargo.enabled is True
    assert Scenario(baseline="eurasia-2021").reference.closure == "fixed"


def test_completion_and_help():
    scenario = Scenario(HALF)
    assert {"title", "policy", "theta", "run", "check"} <= set(dir(scenario))
    assert {"coverage", "senders", "enabled"} <= set(dir(scenario.policy.embargo))
    assert "embargo" in dir(scenario.policy)
    assert "closure" in dir(scenario.reference)
    assert "fraction" in scenario.policy.embargo.help("coverage")
    assert "question it answers" in (Scenario.question.__doc__ or "")
    with pytest.raises(AttributeError, match="did you mean 'coverage'"):
        scenario.policy.embargo.coverge
    with pytest.raises(AttributeError, match="did you mean 'coverage'"):
        scenario.policy.embargo.coverge = 1
    with pytest.raises(AttributeError, match="did you mean 'title'"):
        scenario.titel = "Wrong"
    with pytest.raises(KeyError, match="did you mean 'embargo'"):
        scenario.policy["embrgo"]


def test_policies_get_names_of_their_own():
    scenario = Scenario(baseline="eurasia-2021")
    for _ in range(2):
        scenario.add(policies.tariff(importers=["IRN"], exporters=["BLR"], rate=0.0))
    scenario.add(policies.tariff(name="own", importers=["BLR"], exporters=["IRN"], rate=0.0), in_reference=True)
    assert scenario.policy.keys() == ["tariff", "tariff-2"]
    assert scenario.reference.policy.keys() == ["own"]
    assert scenario.reference.policy.own.rate == 0.0
    scenario.validate()


def test_copies_are_changed_by_themselves():
    scenario = Scenario(HALF)
    other = scenario.copy(policy={"embargo": {"coverage": 1}})
    assert (scenario.policy.embargo.coverage, other.policy.embargo.coverage) == (0.5, 1)


def test_saved_and_read_again(tmp_path):
    scenario = Scenario(HALF, theta={"scale": 2})
    scenario.save(tmp_path / "saved.toml")
    assert Scenario(tmp_path / "saved.toml").text == scenario.text == Scenario.from_text(scenario.text).text


def test_wrong_values_are_told_with_their_place():
    scenario = Scenario(HALF)
    scenario.policy.embargo.coverage = 2
    scenario["policy.embargo.direction"] = "sideways"
    with pytest.raises(entrepot.InputError) as caught:
        scenario.validate()
    assert {problem.key for problem in caught.value.problems} == {"policy.embargo.direction", "policy.embargo.coverage"}
    assert caught.value.problems[0].file.startswith("Scenario['policy.embargo.")


def test_check_says_what_it_means():
    scenario = Scenario(HALF)
    assert "IRN" in scenario.check() and "embargo" in repr(scenario.check())
    assert "food" in scenario.check("IRN:DEU:food")


@pytest.mark.parametrize("instrument", [one["name"] for one in _engine.instruments()])
def test_every_instrument_is_a_function(instrument):
    """The documentation's example of each, written as a call, is the same policy."""
    one = next(one for one in _engine.instruments() if one["name"] == instrument)
    written = Scenario.from_text(one["example"]).to_dict()["policy"]
    table = next(policy for policy in written if policy["instrument"] == instrument)
    arguments = {key + "_" * keyword.iskeyword(key): value for key, value in table.items() if key != "instrument"}
    assert dict(getattr(policies, instrument)(**arguments)) == table
    for parameter in one["parameters"]:
        assert parameter["meaning"] in " ".join(getattr(policies, instrument).__doc__.split())


def test_the_policies_module_is_what_the_engine_says(tmp_path):
    folder = Path("python")
    generated = tmp_path / "policies.py"
    subprocess.run([sys.executable, folder / "packaging" / "generate_policies.py", generated], check=True)
    assert generated.read_text() == (folder / "entrepot" / "policies.py").read_text(), (
        "run python/packaging/generate_policies.py python/entrepot/policies.py"
    )

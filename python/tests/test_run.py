"""Runs, sweeps and files: what Python gets is what the program writes."""

import os
import signal
import threading
import time

import numpy
import pytest
import xarray

import entrepot
from entrepot import Scenario, policies

HALF = "scenarios/half-embargo.toml"
STUDY = "scenarios/studies/minsk-uncertainty.toml"


def test_a_run_is_what_its_file_holds(tmp_path):
    results = entrepot.run(HALF, output=tmp_path / "half.h5")
    with entrepot.open(tmp_path / "half.h5") as kept:
        assert set(kept.variables) == set(results.variables)
        xarray.testing.assert_equal(kept.load(), results)
        for name, variable in results.variables.items():
            for attribute, value in variable.attrs.items():
                assert kept[name].attrs[attribute] == value, (name, attribute)
        assert {name: kept.attrs[name] for name in results.attrs} == results.attrs
    assert results.welfare.attrs["units"] == "percent"
    assert set(results.coords) >= {"country", "country_name", "sector", "sector_name"}
    assert results.country_name.sel(country="IRN") == "Iran"
    assert float(results.welfare.sel(country="IRN")) < -0.05


@pytest.mark.parametrize(
    "overrides",
    [
        {"policy": {"embargo": {"coverage": 0.9}}, "theta": {"scale": 2}},
        {"policy.embargo.coverage": numpy.float64(0.9), "theta.scale": numpy.int64(2)},
    ],
)
def test_overrides_are_those_of_the_command_line(overrides):
    by_hand = Scenario(HALF)
    by_hand.policy.embargo.coverage = 0.9
    by_hand.theta.scale = 2
    first, second = entrepot.run(HALF, **overrides), entrepot.run(by_hand)
    numpy.testing.assert_array_equal(first.welfare, second.welfare)
    assert first.attrs["scenario"] == second.attrs["scenario"]
    assert not numpy.array_equal(first.welfare, entrepot.run(HALF).welfare)


def test_a_run_leaves_the_scenario_as_it_is():
    scenario = Scenario(HALF)
    before = scenario.text
    entrepot.run(scenario, theta={"scale": 2})
    assert scenario.text == before


def test_wrong_input_is_told_in_the_programs_sentences():
    with pytest.raises(entrepot.InputError) as caught:
        entrepot.run(HALF, policy={"embargo": {"coverage": 40, "targets": ["IRQN"]}})
    assert "is 0.4 (40 %) meant?" in str(caught.value)
    assert [problem.key for problem in caught.value.problems] == ["policy.embargo.coverage"]
    with pytest.raises(entrepot.InputError, match="did you mean 'IRN'"):
        entrepot.run(HALF, policy={"embargo": {"targets": ["IRNN"]}})
    with pytest.raises(entrepot.InputError, match="did you mean 'eurasia-2021'"):
        entrepot.run(HALF, baseline="eurasia-2012")
    with pytest.raises(entrepot.InputError, match="not a finite number"):
        entrepot.run(HALF, policy={"embargo": {"coverage": float("nan")}})
    with pytest.raises(entrepot.InputError, match="nothing that a scenario can hold"):
        entrepot.run(HALF, theta={"scale": object()})
    with pytest.raises(entrepot.InputError, match="no-such.toml"):
        entrepot.run("no-such.toml")


def test_no_equilibrium_is_told_with_the_reason():
    autarky = Scenario(baseline="eurasia-2021", title="Nobody sells to anybody")
    autarky.add(policies.embargo(senders=["all"], targets=["all"], coverage=1.0, direction="both"))
    with pytest.raises(entrepot.NoEquilibrium) as caught:
        autarky.run()
    assert caught.value.dataset.attrs["status_sentence"] == str(caught.value)
    assert "welfare" not in caught.value.dataset and "income_base" in caught.value.dataset


def test_doubts_are_warnings():
    scenario = Scenario(baseline="eurasia-2021")
    scenario.add(policies.tariff(importers=["IRN"], exporters=["BLR"], rate=8))
    with pytest.warns(entrepot.PolicyWarning, match="800 %"):
        scenario.run()


def test_files_that_are_none_of_ours(tmp_path):
    (tmp_path / "text.h5").write_text("no HDF5")
    with pytest.raises(entrepot.FileError, match="text.h5"):
        entrepot.open(tmp_path / "text.h5")
    with pytest.raises(entrepot.FileError, match="missing.h5"):
        entrepot.open(tmp_path / "missing.h5")
    xarray.Dataset({"a": 1.0}).to_netcdf(tmp_path / "other.h5", engine="h5netcdf")
    with pytest.raises(entrepot.FileError, match="no results of entrepot"):
        entrepot.open(tmp_path / "other.h5")
    with pytest.raises(OSError):
        entrepot.run(HALF, output=tmp_path / "nowhere" / "half.h5")


def test_a_sweep_in_memory_is_that_of_the_file(tmp_path):
    draws = entrepot.sweep(STUDY, sample={"draws": 24}, progress=False)
    assert draws.sizes["draw"] == 24 and draws.welfare.dims == ("draw", "country")
    kept = entrepot.sweep(STUDY, sample={"draws": 24}, output=tmp_path / "sweep.h5")
    xarray.testing.assert_identical(draws, kept.load())
    kept.close()
    first = draws.isel(draw=3)
    inputs = {str(name): float(value) for name, value in zip(draws.input.values, first.drawn.values)}
    alone = entrepot.run("scenarios/everything.toml", **inputs)
    numpy.testing.assert_allclose(alone.welfare, first.welfare, atol=1e-7)


def test_parts_of_a_sweep_join(tmp_path):
    whole = entrepot.sweep(STUDY, sample={"draws": 64})
    assert entrepot.sweep(STUDY, sample={"draws": 64}, output=tmp_path / "s.h5", part=(1, 2)) is None
    joined = entrepot.sweep(STUDY, sample={"draws": 64}, output=tmp_path / "s.h5", part=(2, 2))
    numpy.testing.assert_array_equal(joined.welfare, whole.welfare)
    joined.close()
    with pytest.raises(entrepot.FileError, match="one shard"):
        entrepot.open(tmp_path / "s.shard-1-of-2.h5")
    with pytest.raises(ValueError, match="needs an output"):
        entrepot.sweep(STUDY, part=(1, 2))


def interrupt_after(seconds):
    threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT)).start()


def test_ctrl_c_ends_a_sweep_which_goes_on(tmp_path):
    wanted = {"sample": {"draws": 3000}, "output": tmp_path / "s.h5", "progress": False}
    interrupt_after(1.5)
    with pytest.raises(KeyboardInterrupt):
        entrepot.sweep(STUDY, **wanted)
    with pytest.raises(entrepot.UnfinishedSweep, match="resume=True"):
        entrepot.sweep(STUDY, **wanted)
    with entrepot.sweep(STUDY, resume=True, **wanted) as resumed:
        assert resumed.sizes["draw"] == 3000


def test_ctrl_c_ends_a_run():
    begin = time.monotonic()
    interrupt_after(0.15)
    with pytest.raises(KeyboardInterrupt):
        while time.monotonic() < begin + 60.0:
            entrepot.run("scenarios/everything.toml", progress=False)
    assert time.monotonic() < begin + 30.0


def test_other_threads_go_on_during_a_run():
    counted = [0]
    done = threading.Event()

    def count():
        while not done.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    begin = time.monotonic()
    entrepot.run("scenarios/everything.toml")
    took = time.monotonic() - begin
    done.set()
    thread.join()
    assert counted[0] > 20 * took


def test_runs_at_the_same_time_do_not_disturb_each_other():
    alone = entrepot.run(HALF).welfare
    found = []
    threads = [threading.Thread(target=lambda: found.append(entrepot.run(HALF, progress=False).welfare)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for welfare in found:
        numpy.testing.assert_array_equal(welfare, alone)


def test_gradients_are_the_slopes_of_runs():
    scenario = entrepot.Scenario("scenarios/half-embargo.toml")
    gradient = scenario.gradient(["welfare[IRN]", "exports[IRN, CHN]"])
    assert list(gradient.measure.values) == ["welfare[IRN]", "exports[IRN]", "exports[CHN]"]
    assert list(gradient.measure_units.values) == ["percent", "million USD", "million USD"]
    step = 1e-3
    runs = {h: entrepot.run(scenario, **{"policy.embargo.coverage": 0.5 + h}) for h in (-step, step)}
    by_coverage = gradient.by_number.sel(number="policy.embargo.coverage")
    for measure, variable, country in (("welfare[IRN]", "welfare", "IRN"), ("exports[CHN]", "exports", "CHN")):
        low, high = (float(runs[h][variable].sel(country=country)) for h in (-step, step))
        assert float(by_coverage.sel(measure=measure)) == pytest.approx((high - low) / (2 * step), rel=1e-4)
    assert gradient.by_tariff.dims == ("measure", "sector", "exporter", "importer")
    with pytest.raises(entrepot.InputError, match="did you mean 'welfare'"):
        scenario.gradient("welfar[IRN]")


def test_effects_are_shared_out_among_policies():
    scenario = "scenarios/iran-snapback-2025.toml"
    shares = entrepot.attribute(scenario, ["welfare_usd[IRN, CHN]", "exports[IRN]"], progress=False, theta={"scale": 1.1})
    whole = entrepot.run(scenario, theta={"scale": 1.1})
    for country in ("IRN", "CHN"):
        together = float(shares.welfare_usd_shapley.sel(welfare_usd_country=country).sum())
        assert together == pytest.approx(float(whole.welfare_usd.sel(country=country)), rel=1e-6)
    assert float(shares.exports_all.item()) == pytest.approx(float(whole.exports.sel(country="IRN")), rel=1e-8)
    with pytest.raises(entrepot.InputError, match="did you mean 'exports'"):
        entrepot.attribute(scenario, "export", progress=False)


def test_several_who_choose_settle_and_a_search_goes_on(tmp_path):
    study, output = "scenarios/optima/eaeu-iran-tariffs.toml", tmp_path / "war.toml"
    wanted = {"output": output, "search": {"starts": 1}, "progress": False}
    interrupt_after(1.0)
    with pytest.raises(KeyboardInterrupt):
        entrepot.best_responses(study, **wanted)
    assert (tmp_path / "war.toml.solved").exists()
    with pytest.raises(entrepot.UnfinishedSweep, match="resume=True"):
        entrepot.best_responses(study, **wanted)
    war = entrepot.best_responses(study, resume=True, **wanted)
    assert war.settled and list(war.players.index) == ["Union", "Iran"]
    assert ((war.choices["value"] > 0.01) & (war.choices["value"] < 0.3)).all()
    whole = entrepot.run(output)
    assert float(whole.welfare_usd.sel(country="IRN")) == pytest.approx(war.players.loc["Iran", "after"], rel=1e-6)
    with pytest.raises(ValueError, match="best_responses"):
        entrepot.optimise(study, search={"starts": 1}, progress=False)


def test_the_best_is_found_and_runs_to_what_it_says(tmp_path):
    (tmp_path / "duty.toml").write_text(
        'baseline = "eurasia-2021"\n[[policy]]\nname = "duty"\ninstrument = "tariff"\nimporters = ["CHN"]\nexporters = ["RUS"]\n'
        'action = "add"\nrate = 0.01\n')
    (tmp_path / "best.toml").write_text(
        'scenario = "duty.toml"\n[[objective]]\nmeasure = "welfare_usd[CHN]"\n[[choose]]\nname = "how high"\npath = "policy.duty.rate"\n'
        "low = 0\nhigh = 1\n")
    best = entrepot.optimise(tmp_path / "best.toml", search={"starts": 2})
    assert best.feasible and best.objective > best.objective_before and best.slope < 1e-3 * best.objective
    assert 0.0 < best.choices["how high"] < 1.0
    assert list(best.starts["objective"]) == sorted(best.starts["objective"], reverse=True) and len(best.starts) == 2
    whole = entrepot.run(best.scenario)
    assert float(whole.welfare_usd.sel(country="CHN")) == pytest.approx(best.objective, rel=1e-6)
    assert best.measures.loc["welfare_usd[CHN]", "after"] == pytest.approx(best.objective)
    assert "how high" in best.text
    assert best.draws.empty
    (tmp_path / "drawn.toml").write_text(
        'scenario = "duty.toml"\n[[vary]]\npath = "theta.scale"\ndistribution = "lognormal"\nmedian = 1\nsd = 0.3\n')
    sure = entrepot.optimise(tmp_path / "best.toml", uncertainty="drawn.toml", search={"starts": 1, "draws": 3})
    assert sure.draws["after"].mean() == pytest.approx(sure.objective) and sure.draws["before"].mean() == pytest.approx(sure.objective_before)
    assert "Means over 3 draws" in sure.text
    worst = entrepot.optimise(
        tmp_path / "best.toml", uncertainty="drawn.toml", search={"starts": 1, "draws": 10, "judged_by": "worst", "confidence": 0.8})
    assert worst.draws["counted"].sum() == 8 and len(worst.draws) == 10
    assert worst.draws.loc[worst.draws["counted"], "after"].min() == pytest.approx(worst.objective)
    entrepot.optimise(tmp_path / "best.toml", output=tmp_path / "found.toml", search={"starts": 1}, progress=False)
    found = entrepot.run(tmp_path / "found.toml")
    assert float(found.welfare_usd.sel(country="CHN")) == pytest.approx(best.objective, rel=1e-6)
    with pytest.raises(ValueError, match="entrepot.optimise"):
        entrepot.best_responses(tmp_path / "best.toml", search={"starts": 1})
    with pytest.raises(entrepot.InputError, match="did you mean 'policy.duty.rate'"):
        entrepot.optimise(tmp_path / "best.toml", **{"choose.how high.path": "policy.duty.rat"})

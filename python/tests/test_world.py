"""The base year, to look at."""

import numpy
import pytest

import entrepot


def test_accounts_add_up():
    world = entrepot.World("eurasia-2021")
    numpy.testing.assert_allclose(world["trade"].sum("importer").transpose("exporter", "sector"), world["output"], rtol=1e-8)
    spent = world["input"].sum("input_sector") + world["value_added"]
    numpy.testing.assert_allclose(spent, world["output"], rtol=1e-8)
    abroad = world["exporter"] != world["importer"]
    border = (world["expenditure"] / (1.0 + world["tariff"] / 100.0)).where(abroad, 0.0)
    numpy.testing.assert_allclose(border.sum(["use", "sector", "importer"]), world["exports"], rtol=1e-8)
    assert (world["tariff"] >= 0.0).all() and 1.0 < float(world["tariff"].sel(importer="IRN").max()) < 300.0
    numpy.testing.assert_allclose(world["imports"] - world["exports"], world["deficit"], atol=1e-3)


def test_it_is_the_base_of_runs():
    world, run = entrepot.World("eurasia-2021"), entrepot.run("scenarios/eaeu-iran-fta.toml", reference={"closure": "fixed"})
    numpy.testing.assert_allclose(world["income"], run.income_base, rtol=1e-9)


def test_sets_and_blocs():
    world = entrepot.World("eurasia-2021")
    assert world.countries["BLR"] == "Belarus" and world.sectors["food"]
    assert "EAEU" in world.blocs and world.members("EAEU", "2014-01-01") == []
    assert "Iran" in str(world["country_name"].values) and "eurasia-2021" in repr(world)
    with pytest.raises(entrepot.InputError, match="did you mean 'EAEU'"):
        world.members("EEAU")
    with pytest.raises(entrepot.InputError, match="cp2015-nafta"):
        entrepot.World("nafta")

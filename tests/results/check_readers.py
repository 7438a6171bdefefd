"""Opens a result file with one Python library and checks that dimensions are named, labels read, units stand everywhere.

Usage: check_readers.py LIBRARY FILE. The file is that of full_run() in small_runs.cpp. Exit status 77: no such library.
"""

import importlib
import sys

COUNTRIES = ["BLR", "IRN", "TUR"]
NAMES = ["Belarus", "Iran", "Türkiye"]
TRADE = ("sector", "exporter", "importer")
DECOMPOSITION = [[0.5, -1.25, 0.125], [0.75, 2.0, -3.0], [1.0, 0.0625, 0.03125]] + [[0.0] * 3] * 4
TITLE = "Iran joins – a test"


def check(variables, labels, dimensions, attributes, values, title):
    """variables: names; the others: functions of a name."""
    assert title == TITLE, title
    assert labels("country") == COUNTRIES, labels("country")
    assert labels("country_name") == NAMES, labels("country_name")
    assert labels("component") == ["terms_of_trade", "volume_of_trade", "iceberg", "ban", "productivity", "rent", "transfer"]
    assert tuple(dimensions("trade")) == TRADE, dimensions("trade")
    assert tuple(dimensions("output")) == ("country", "sector")
    assert values("decomposition_exact").tolist() == DECOMPOSITION
    assert len(variables) > 40, len(variables)
    for name in variables:
        for key in ("units", "long_name", "description"):
            assert attributes(name).get(key), (name, key)
    assert attributes("welfare")["units"] == "percent"
    assert attributes("exports")["units"] == "million USD"


def check_h5py(h5py, path):
    with h5py.File(path, "r") as file:
        def dimensions(name):
            return [dimension[0].name.strip("/") for dimension in file[name].dims]

        check(list(file), lambda name: list(file[name].asstr()[:]), dimensions, lambda name: file[name].attrs,
              lambda name: file[name][:], file.attrs["title"])
        assert file["trade"].compression == "gzip" and file["trade"].shuffle


def check_netcdf4(netcdf4, path):
    with netcdf4.Dataset(path) as file:
        assert file.dimensions["exporter"].size == 3
        check(list(file.variables), lambda name: list(file[name][:]), lambda name: file[name].dimensions,
              lambda name: file[name].__dict__, lambda name: file[name][:], file.title)
        # In the order in which they were written.
        assert list(file.dimensions)[:3] == ["equation", "country", "sector"], list(file.dimensions)


def check_xarray(xarray, path, engine):
    with xarray.open_dataset(path, engine=engine) as data:
        check(list(data.variables), lambda name: list(data[name].values), lambda name: data[name].dims,
              lambda name: data[name].attrs, lambda name: data[name].values, data.attrs["title"])
        # Selecting by label reaches the cell that the position does.
        cell = data.trade.sel(sector="fuel", exporter="IRN", importer="TUR")
        assert float(cell) == float(data.trade[1, 1, 2])
        assert data.attrs["status"] == "solved" and data.attrs["iterations"] == 7


def main(library, path):
    module, _, engine = library.partition(":")
    try:
        loaded = importlib.import_module(module)
        if engine:
            importlib.import_module({"netcdf4": "netCDF4"}.get(engine, engine))
    except ImportError:
        return 77
    if engine:
        check_xarray(loaded, path, engine)
    else:
        {"h5py": check_h5py, "netCDF4": check_netcdf4}[module](loaded, path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))

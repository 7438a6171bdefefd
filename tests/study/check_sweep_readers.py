"""Opens a sweep's file, plain and joined from shards, with one Python library: both must say the same, with units and names.

Usage: check_sweep_readers.py LIBRARY PLAIN JOINED. The files are those of made_up_sweep.hpp.
"""

import sys

import numpy


def with_h5py(path):
    import h5py

    with h5py.File(path) as file:
        return {
            name: ([d[0].name.strip("/") for d in data.dims] if "CLASS" not in data.attrs else [name],
                   data.asstr()[()] if data.dtype.kind == "O" else data[()], dict(data.attrs))
            for name, data in file.items()
        }


def with_netcdf4(path):
    import netCDF4

    with netCDF4.Dataset(path) as file:
        return {name: (list(data.dimensions), data[:], data.__dict__) for name, data in file.variables.items()}


def with_xarray(path, engine):
    import xarray

    with xarray.open_dataset(path, engine=engine) as file:
        return {name: (list(data.dims), data.values, data.attrs) for name, data in file.variables.items()}


READERS = {
    "h5py": with_h5py,
    "netCDF4": with_netcdf4,
    "xarray-netcdf4": lambda path: with_xarray(path, "netcdf4"),
    "xarray-h5netcdf": lambda path: with_xarray(path, "h5netcdf"),
}


def check_storage(path):
    """Draws by whatever a measure has are compressed, some rows together."""
    import h5py

    with h5py.File(path) as file:
        data = file["welfare"]
        assert data.compression == "gzip" and data.shuffle and 1 < data.chunks[0] <= data.shape[0], data.chunks


def main(library, plain, joined):
    if library == "h5py":
        check_storage(plain)
    expected, found = READERS[library](plain), READERS[library](joined)
    assert list(expected) == list(found)
    for name, (dimensions, values, attributes) in expected.items():
        assert found[name][0] == dimensions, name
        if values.dtype.kind == "f":
            values, other = (numpy.ma.filled(v, numpy.nan) for v in (values, found[name][1]))
            numpy.testing.assert_array_equal(other, values)
        else:
            assert (found[name][1] == values).all(), name
        for key in ("units", "long_name", "description"):
            assert attributes[key], (name, key)
    dimensions, welfare, attributes = expected["welfare"]
    assert dimensions == ["draw", "country"] and welfare.shape == (1200, 3) and attributes["units"] == "percent"
    if library != "h5py":  # which shows the file as it is
        missing = numpy.isnan(numpy.ma.filled(welfare, numpy.nan))
        assert 20 < missing[:, 0].sum() < 120, missing.sum()
        assert (missing.all(axis=1) == (numpy.asarray(expected["status"][1]) != 0)).all()


if __name__ == "__main__":
    main(*sys.argv[1:])

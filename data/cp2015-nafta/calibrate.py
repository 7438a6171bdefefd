#!/usr/bin/env python3
"""Makes this folder's accounts from the published figures of Caliendo & Parro (2015).

    python3 data/cp2015-nafta/calibrate.py FOLDER_OF_FIGURES [FOLDER]

Writes the accounts to FOLDER, by default here, and the tariffs of 2005 to scenarios/known (to FOLDER where one is named).

The figures do not balance: recorded expenditure and the use of it differ by 3.7 %, and 185 final uses are zero where
intermediate use exceeds recorded spending. What the model rests on is kept exactly: trade shares at 1993 tariffs, cost
shares of inputs and value added, shares of final spending, and each country's total value added. The levels of output,
spending and deficits are those that these shares imply, by the linear system X = Γ Y + α I, Y = Σ π X / (1 + τ),
Σ_j γ^V Y = V, I = V + tariff revenue + D.
"""

import csv
import sys
from pathlib import Path

import numpy as np

COUNTRIES = """ARG AUS AUT BRA CAN CHL CHN DNK FIN FRA DEU GRC HUN IND IDN IRL ITA JPN KOR MEX NLD NZL NOR PRT ZAF ESP SWE
TUR GBR USA ROW""".split()
SECTORS = """agriculture mining food textile wood paper petroleum chemicals plastic minerals basic_metals metal_products
machinery office electrical communication medical auto other_transport other electricity construction retail hotels
land_transport water_transport air_transport aux_transport post finance real_estate renting_machinery computer
research_development other_business public education health other_services private""".split()
GOODS = SECTORS[:20]  # the paper's sectors with trade in goods; the other twenty are services
NAMES = {"Korea": "Republic of Korea", "UK": "United Kingdom", "USA": "United States", "Row": "Rest of the world",
         "Real State": "Real estate", "Renting Mach": "Renting of machinery", "R&D": "Research and development",
         "Auto": "Motor vehicles", "Petroleum": "Refined petroleum", "Aux Transport": "Auxiliary transport",
         "Machinery n.e.c": "Machinery n.e.c.", "Office": "Office machinery", "Private": "Private households",
         "Other": "Other manufacturing", "Retail": "Wholesale and retail trade"}
MILLION = 1e6


def rows(path):
    with open(path, newline="") as file:
        yield from csv.DictReader(file)


def write(path, header, lines):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def main(figures, folder, scenarios):
    regions = [row["region"] for row in rows(figures / "regions.csv")]
    sectors = [row["sector"] for row in rows(figures / "sectors.csv")]
    assert len(regions) == len(COUNTRIES) and len(sectors) == len(SECTORS)
    n, s = len(regions), len(sectors)
    at_region = {name: k for k, name in enumerate(regions)}
    at_sector = {name: k for k, name in enumerate(sectors)}

    spent = np.zeros((s, n, n))  # sector, exporter, importer: purchasers' prices
    tariff, tariff_2005 = np.zeros((s, n, n)), np.zeros((s, n, n))
    for row in rows(figures / "trade.csv"):
        place = at_sector[row["sector"]], at_region[row["exporter"]], at_region[row["importer"]]
        tariff[place] = float(row["tariff"])
        tariff_2005[place] = float(row["tariff_cfl"])
        spent[place] = float(row["value"]) / MILLION * (1 + tariff[place])
    inputs = np.zeros((n, s, s))  # country, input, user
    for row in rows(figures / "intermediate_consumption.csv"):
        value = max(float(row["value"]), 0.0)  # one is negative: Canada's basic metals use -9.5 million of "Other"
        inputs[at_region[row["region"]], at_sector[row["input"]], at_sector[row["sector"]]] = value / MILLION
    value_added, final = np.zeros((n, s)), np.zeros((n, s))
    for row in rows(figures / "value_added.csv"):
        value_added[at_region[row["region"]], at_sector[row["sector"]]] = float(row["value"]) / MILLION
    for row in rows(figures / "final_consumption.csv"):
        final[at_region[row["region"]], at_sector[row["sector"]]] = float(row["value"]) / MILLION

    total = spent.sum(axis=1, keepdims=True)
    share = np.divide(spent, total, out=np.zeros_like(spent), where=total > 0)
    cost = inputs.sum(axis=1) + value_added
    input_share = np.divide(inputs, cost[:, None, :], out=np.zeros_like(inputs), where=cost[:, None, :] > 0)
    labour_share = np.divide(value_added, cost, out=np.zeros_like(cost), where=cost > 0)
    final_share = final / final.sum(axis=1, keepdims=True)

    # Unknowns: Y (country × sector), then I (country). Producers: Y − Σ_m net_mi (Γ_m Y_m + α_m I_m) = 0.
    # Factors: Σ_j γ^V Y = V. Demand is linear in both, so the system is square.
    net = share / (1 + tariff)  # sector, exporter, importer
    size = n * s
    system, right = np.zeros((size + n, size + n)), np.zeros(size + n)
    for k in range(s):
        for m in range(n):
            system[np.arange(n) * s + k, m * s:(m + 1) * s] -= np.outer(net[k, :, m], input_share[m, k, :])
            system[np.arange(n) * s + k, size + m] -= net[k, :, m] * final_share[m, k]
    system[np.arange(size), np.arange(size)] += 1
    for m in range(n):
        system[size + m, m * s:(m + 1) * s] = labour_share[m]
        right[size + m] = value_added[m].sum()
    solution = np.linalg.solve(system, right)
    output, income = solution[:size].reshape(n, s), solution[size:]
    assert output.min() > -1e-6 and income.min() > 0
    output = np.where(cost > 0, np.maximum(output, 0), 0)

    inputs = input_share * output[:, None, :]
    value_added = labour_share * output
    final = final_share * income[:, None]
    spending = inputs.sum(axis=2) + final  # country × sector
    spent = share * spending.T[:, None, :]
    revenue = (spent * tariff / (1 + tariff)).sum(axis=(0, 1))
    deficit = income - value_added.sum(axis=1) - revenue
    deficit -= deficit.sum() * value_added.sum(axis=1) / value_added.sum()

    def number(value):
        return repr(float(value))

    name = lambda label: NAMES.get(label, label)
    theta = {row["sector"]: row["value"] for row in rows(figures / "theta.csv")}
    write(folder / "countries.csv", ["code", "name", "members"], [[c, name(r), ""] for c, r in zip(COUNTRIES, regions)])
    write(folder / "sectors.csv", ["code", "name", "theta", "kind"],
          [[c, name(r), theta[r], "goods" if c in GOODS else "services"] for c, r in zip(SECTORS, sectors)])
    write(folder / "trade.csv", ["sector", "exporter", "importer", "value", "tariff"],
          [[SECTORS[k], COUNTRIES[i], COUNTRIES[m], number(spent[k, i, m]), number(tariff[k, i, m])]
           for k in range(s) for i in range(n) for m in range(n) if spent[k, i, m] > 0])
    write(folder / "input_output.csv", ["country", "input", "sector", "value"],
          [[COUNTRIES[m], SECTORS[k], SECTORS[j], number(inputs[m, k, j])]
           for m in range(n) for j in range(s) for k in range(s) if inputs[m, k, j] > 0])
    write(folder / "accounts.csv", ["country", "sector", "value_added", "final_use"],
          [[COUNTRIES[m], SECTORS[j], number(value_added[m, j]), number(final[m, j])] for m in range(n) for j in range(s)])
    write(folder / "deficits.csv", ["country", "value"], [[COUNTRIES[m], number(deficit[m])] for m in range(n)])
    write(scenarios / "nafta-tariffs-2005.csv", ["sector", "exporter", "importer", "rate"],
          [[SECTORS[k], COUNTRIES[i], COUNTRIES[m], number(tariff_2005[k, i, m])]
           for k in range(s) for i in range(n) for m in range(n)
           if tariff_2005[k, i, m] != tariff[k, i, m] and spent[k, i, m] > 0])


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    here = Path(__file__).resolve().parent
    if len(sys.argv) == 3:
        main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]), here, here.parents[1] / "scenarios" / "known")

#!/usr/bin/env python3
"""Writes published.csv, the figures that `entrepot baseline show` sets beside the base year's own.

    python3 data/eurasia-2021/published.py FOLDER_OF_RAW_TABLES [FILE]

From the raw tables: GDP, goods trade in all and with the five largest partners as each country itself reports it, services
exports, product shares of 5 % and more. Rows of published_by_hand.csv come first and take the place of a raw figure for
the same thing. remarks.csv says why the base year differs from a figure; `*` stands for all countries.
"""

import csv
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ["country", "figure", "of", "value", "unit", "year", "mark", "source", "remark"]
PARTNERS = 5
LEAST_SHARE = 5  # %
# Sectors that hold the same goods as some of WITS's product groups, but for a little.
FAMILIES = {
    "agriculture food": ["Animal", "Vegetable", "Food Products"],
    "mining refined_petroleum": ["Fuels", "Minerals"],
    "chemicals plastics": ["Chemicals", "Plastic or Rubber"],
    "textiles": ["Hides and Skins", "Textiles and Clothing", "Footwear"],
    "wood paper": ["Wood"],
    "metals minerals": ["Metals", "Stone and Glass"],
    "machinery electrical": ["Mach and Elec"],
    "vehicles": ["Transportation"],
}


def table(file):
    with open(file, newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def comtrade(file, names, year):
    """(reporter, partner) → million USD, both ISO codes; partner "world" is the reporter's total."""
    trade = {}
    for row in table(file):
        if row["date"][:4] == str(year):
            pair = names["un_comtrade", row["reporter"]], names["un_comtrade", row["partner"]]
            trade[pair] = trade.get(pair, 0) + float(row["value"]) / 1e6
    return trade


def main(raw, output):
    recipe = tomllib.loads((HERE / "recipe.toml").read_text(encoding="utf-8"))
    year, files = recipe["year"], recipe["raw"]
    countries = [c["code"] for c in recipe["country"] if "members" not in c and "kind" not in c]
    names = {(row["source"], row["name"]): row["code"] for row in table(HERE / "country_names.csv")}
    rows = table(HERE / "published_by_hand.csv")
    taken = {(row["country"], row["figure"], row["of"]) for row in rows}

    def add(country, figure, of, value, unit, when, mark, source):
        if (country, figure, of) not in taken:
            rows.append({"country": country, "figure": figure, "of": of, "value": f"{value:.6g}", "unit": unit,
                         "year": when, "mark": mark, "source": source})

    for row in table(raw / files["gdp"]):
        code = names["world_bank", row["reporter"]]
        if row["date"][:4] == str(year) and code in countries:
            add(code, "gdp", "", float(row["gdp"]) / 1e6, "million USD", year, "measured", "World Bank, WDI")
    for flow, total, pair, valuation in (("goods_exports", "goods_exports", "exports_to", "fob"),
                                         ("goods_imports", "goods_imports", "imports_from", "cif")):
        trade = comtrade(raw / files[flow], names, year)
        for code in countries:
            source = f"UN Comtrade, as {code} reports, {valuation}"
            if (code, "world") in trade:
                add(code, total, "", trade[code, "world"], "million USD", year, "measured", source)
            largest = sorted((-trade.get((code, other), 0), other) for other in countries if other != code)
            for value, other in largest[:PARTNERS]:
                if value < 0:
                    add(code, pair, other, -value, "million USD", year, "measured", source)
    for row in table(raw / files["services_exports"]):
        if row["partner"] == "WLD" and row["reporter"] in countries:
            add(row["reporter"], "services_exports", "", float(row["value_musd"]), "million USD", 2019, "proxy",
                "OECD, Trade in Services, 2019")
    profile = {}
    for row in table(raw / files["product_profile"]):
        if row["measure"] == "export_share_pct":
            profile.setdefault(row["iso3"], {})[row["product_group"]] = float(row["value"]), row["year"]
    for code in countries:
        for sectors, groups in FAMILIES.items():
            known = [profile[code][group] for group in groups if group in profile.get(code, {})]
            share = sum(value for value, _ in known)
            if share >= LEAST_SHARE:
                add(code, "goods_export_share", sectors, share, "%", known[0][1], "proxy",
                    "World Bank, WITS: " + " + ".join(groups))

    remarks = table(HERE / "remarks.csv")
    for row in rows:
        for remark in remarks:
            if all(remark[key] in ("*", row[key]) for key in ("country", "figure", "of")):
                row["remark"] = remark["remark"]
        row.setdefault("remark", "")
    order = {code: k for k, code in enumerate(countries)}
    rows.sort(key=lambda row: order[row["country"]])
    with open(output, "w", newline="", encoding="utf-8") as out:
        out.write("# Figures published about the countries of this base year, for `entrepot baseline show`. Written by\n"
                  "# published.py from the raw tables, published_by_hand.csv and remarks.csv; edit those. Imports are cif.\n")
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "published.csv")

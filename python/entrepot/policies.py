"""Policies to add to a scenario, one function for each instrument.

This file is written by generate_policies.py from the tables that scenario files are checked against.

>>> from entrepot import policies
>>> policies.embargo(senders=["EU"], targets=["IRN"], coverage=0.5)["instrument"]
'embargo'
"""

from __future__ import annotations

import datetime
from typing import Any, Literal, Mapping, Optional, Sequence, Union


class Policy(dict[str, Any]):
    """One policy of a scenario; see :meth:`entrepot.Scenario.add`."""


def _policy(instrument: str, arguments: dict[str, Any]) -> Policy:
    # Python's own words end in an underscore here: from_.
    given = {key.rstrip("_"): value for key, value in arguments.items() if value is not None}
    name = {"name": given.pop("name")} if "name" in given else {}
    return Policy({**name, "instrument": instrument, **given})


def tariff(
    *,
    importers: Optional[Union[str, Sequence[str]]] = None,
    exporters: Optional[Union[str, Sequence[str]]] = None,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    action: Optional[Literal["set", "add", "multiply", "table"]] = None,
    rate: Optional[float] = None,
    file: Optional[str] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Changes the duty that importers levy on goods from exporters; trade within a country bears none.

    Compiles to τ'.

    Parameters
    ----------
    importers
        who buys; needed unless the action is table (a list of country codes, blocs or "all"; by default 'all')
    exporters
        who sells; needed unless the action is table (a list of country codes, blocs or "all"; by default 'all')
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of importers and exporters (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    action
        set: the tariff becomes the rate; add: the rate is added to it; multiply: it is multiplied by the rate; table:
        it becomes what a CSV file says, flow by flow (one of 'set', 'add', 'multiply', 'table'; by default 'set')
    rate
        ad valorem; set: above -1 and at most 10; add: between -1 and 10; multiply: a factor, at least 0 (a number
        (fraction))
    file
        with action table: CSV with the columns sector,exporter,importer,rate beside the scenario file; cells may name
        blocs, "goods", "services" or "all", later rows win (text)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("tariff", locals())


def free_trade_agreement(
    *,
    members: Union[str, Sequence[str]],
    partners: Optional[Union[str, Sequence[str]]] = None,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    cut: Optional[Union[float, Mapping[str, float]]] = None,
    covered: Optional[Union[float, Mapping[str, float]]] = None,
    use_rate: Optional[float] = None,
    origin_cost: Optional[float] = None,
    phase_in: Optional[Mapping[str, Any]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Ends duties among members, or between members and partners, as far as goods are covered and traders claim it.

    Compiles to τ' = τ (1 − cut × claimed), d̂ × (1 + claimed × origin_cost (1 + τ − cut τ)/(1 + τ')), claimed = covered
    × use_rate × the part in force.

    Parameters
    ----------
    members
        who opens to each other (a list of country codes, blocs or "all")
    partners
        the other side; the members then open to these and these to the members, not within a side (a list of country
        codes, blocs or "all")
    sectors
        the sectors it covers; by default goods, or all where the baseline does not mark them (a list of sector codes,
        "goods", "services" or "all")
    exclude
        taken out of members and partners (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    cut
        share of the duty that ends, in all sectors or by sector (a number between 0 and 1 (fraction), or a table of
        them; by default 1)
    covered
        share of trade in goods that are not left out as sensitive, in all sectors or by sector (a number between 0 and
        1 (fraction), or a table of them; by default 1)
    use_rate
        share of covered trade that claims the preference; 1 is the most it can do (a number between 0 and 1 (fraction);
        by default 1)
    origin_cost
        ad valorem cost of meeting the rules of origin, which melts; trade whose duty saved is less goes on paying the
        duty (a number between 0 and 1 (fraction); by default 0)
    phase_in
        share of the cuts in force from each year on, { 2025 = 0.5, 2030 = 1 }, read at the scenario's `date`; by
        default all of them (a table)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("free_trade_agreement", locals())


def customs_union(
    *,
    members: Union[str, Sequence[str]],
    external_tariff: Union[Union[float, Mapping[str, float]], Literal["average", "lead"]],
    exclude_partners: Optional[Union[str, Sequence[str]]] = None,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    lead: Optional[str] = None,
    cut: Optional[Union[float, Mapping[str, float]]] = None,
    phase_in: Optional[Mapping[str, Any]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Ends duties between its members and gives them one tariff towards everybody else.

    Compiles to τ' = τ (1 − cut) between members, τ' = external_tariff towards others; before it is all phased in, that
    part of the way.

    Parameters
    ----------
    members
        who forms it (a list of country codes, blocs or "all")
    external_tariff
        duty towards outsiders, in all sectors or by sector: a rate; "average", the members' average in the sector,
        weighted by imports before duty; "lead", what the lead levies on each outsider, or on average where it buys
        nothing. In sectors that a table leaves out members keep their own (a number between 0 and 10 (fraction) or
        'average', 'lead', or a table of them)
    exclude_partners
        outsiders towards whom members keep the duties they have, such as partners of a free-trade area (a list of
        country codes or blocs)
    sectors
        the sectors it covers; by default goods, or all where the baseline does not mark them (a list of sector codes,
        "goods", "services" or "all")
    exclude
        taken out of members (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    lead
        the member whose tariff the others take (text)
    cut
        share of the duties between members that ends, in all sectors or by sector (a number between 0 and 1 (fraction),
        or a table of them; by default 1)
    phase_in
        share of the changes in force from each year on, { 2025 = 0.5, 2030 = 1 }, read at the scenario's `date`; by
        default all of them (a table)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("customs_union", locals())


def export_tax(
    *,
    importers: Optional[Union[str, Sequence[str]]] = None,
    exporters: Optional[Union[str, Sequence[str]]] = None,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    action: Optional[Literal["set", "add", "multiply", "table"]] = None,
    rate: Optional[float] = None,
    file: Optional[str] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Changes the tax (negative: the subsidy) that exporters put on goods for importers.

    Compiles to e'.

    Parameters
    ----------
    importers
        who buys; needed unless the action is table (a list of country codes, blocs or "all"; by default 'all')
    exporters
        who sells; needed unless the action is table (a list of country codes, blocs or "all"; by default 'all')
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of importers and exporters (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    action
        set: the export tax becomes the rate; add: the rate is added to it; multiply: it is multiplied by the rate;
        table: it becomes what a CSV file says, flow by flow (one of 'set', 'add', 'multiply', 'table'; by default
        'set')
    rate
        ad valorem; set: above -1 and at most 10; add: between -1 and 10; multiply: a factor, at least 0 (a number
        (fraction))
    file
        with action table: CSV with the columns sector,exporter,importer,rate beside the scenario file; cells may name
        blocs, "goods", "services" or "all", later rows win (text)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("export_tax", locals())


def ntb(
    *,
    importers: Union[str, Sequence[str]],
    exporters: Union[str, Sequence[str]],
    cost: float,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Makes trade dearer (or, negative, cheaper) by a non-tariff cost that nobody receives: a barrier, paperwork, a
    corridor.

    Compiles to d̂ × (1 + cost).

    Parameters
    ----------
    importers
        who buys (a list of country codes, blocs or "all")
    exporters
        who sells (a list of country codes, blocs or "all")
    cost
        ad valorem equivalent of the change in trade cost (a number above -1 and at most 100 (fraction))
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of importers and exporters (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("ntb", locals())


def customs_cooperation(
    *,
    members: Union[str, Sequence[str]],
    days_saved: float,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    cost_of_day: Optional[Union[float, Mapping[str, float]]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Saves days at the borders between its members: papers recognised, one inspection, green lanes.

    Compiles to d̂ × (1 + cost_of_day)^−days_saved.

    Parameters
    ----------
    members
        between whose borders time is saved (a list of country codes, blocs or "all")
    days_saved
        time saved on each shipment (a number between 0 and 365 (days))
    exclude
        taken out of members (a list of country codes or blocs)
    sectors
        the sectors it covers; by default goods, or all where the baseline does not mark them (a list of sector codes,
        "goods", "services" or "all")
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    cost_of_day
        what a day costs, ad valorem, in all sectors or by sector; Hummels and Schaur (2013) find 0.006 to 0.021, and
        the default is the least of it (a number between 0 and 0.2 (fraction), or a table of them; by default 0.006)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("customs_cooperation", locals())


def corridor(
    *,
    from_: Union[str, Sequence[str]],
    to: Union[str, Sequence[str]],
    days_now: float,
    days_corridor: float,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    use_rate: Optional[float] = None,
    fee: Optional[float] = None,
    cost_of_day: Optional[Union[float, Mapping[str, float]]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Opens a faster way for the trade between two ends, such as the International North-South Corridor.

    Compiles to d̂ × (1 − use_rate (1 − (1 + cost_of_day)^−days)) × (1 + use_rate × fee), days = days_now −
    days_corridor.

    Parameters
    ----------
    from_
        the countries at one end (a list of country codes, blocs or "all")
    to
        the countries at the other; goods go either way (a list of country codes, blocs or "all")
    days_now
        time of the way that goods take now (a number between 0 and 365 (days))
    days_corridor
        time through the corridor (a number between 0 and 365 (days))
    exclude
        taken out of both ends (a list of country codes or blocs)
    sectors
        the sectors it covers; by default goods, or all where the baseline does not mark them (a list of sector codes,
        "goods", "services" or "all")
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    use_rate
        share of the trade that goes through it; 1 is the most it can do (a number between 0 and 1 (fraction); by
        default 1)
    fee
        what the corridor costs more than the way now, ad valorem, such as transshipment (a number between -0.5 and 10
        (fraction); by default 0)
    cost_of_day
        what a day costs, ad valorem, in all sectors or by sector; Hummels and Schaur (2013) find 0.006 to 0.021, and
        the default is the least of it (a number between 0 and 0.2 (fraction), or a table of them; by default 0.006)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("corridor", locals())


def embargo(
    *,
    senders: Union[str, Sequence[str]],
    targets: Union[str, Sequence[str]],
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    direction: Optional[Literal["exports", "imports", "both"]] = None,
    coverage: Optional[Union[float, Mapping[str, float]]] = None,
    enforcement: Optional[float] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Outlaws a share of the varieties traded between senders and targets.

    Compiles to s × (1 − coverage × enforcement).

    Parameters
    ----------
    senders
        who imposes it (a list of country codes, blocs or "all")
    targets
        whom it is imposed on (a list of country codes, blocs or "all")
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of senders and targets (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    direction
        the senders' exports to the targets, their imports from them, or both (one of 'exports', 'imports', 'both'; by
        default 'both')
    coverage
        share of each flow's varieties outlawed, in all sectors or by sector; 1 is a full ban (a number between 0 and 1
        (fraction), or a table of them; by default 1)
    enforcement
        share of what is outlawed that is really stopped; the rest is traded as before, at no extra cost (a number
        between 0 and 1 (fraction); by default 1)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("embargo", locals())


def financial_sanctions(
    *,
    senders: Union[str, Sequence[str]],
    targets: Union[str, Sequence[str]],
    cost: Union[float, Mapping[str, float]],
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    spillover: Optional[float] = None,
    deficit_closed: Optional[float] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Cuts the targets off from the senders' banks and insurers: paying for their trade is dearer with everybody, and
    their deficits can no longer be financed.

    Compiles to d̂ × (1 + cost) between targets and senders; d̂ × (1 + cost × spillover × exposure) between targets and
    third countries, exposure the share of a third country's trade that is with the senders; of a target's D > 0 the
    share deficit_closed is taken over by all others in proportion to their factor income.

    Parameters
    ----------
    senders
        whose banks refuse (a list of country codes, blocs or "all")
    targets
        who is cut off (a list of country codes, blocs or "all")
    cost
        what trade between a target and a sender costs more, ad valorem, in all sectors or by sector: slower and dearer
        payments, insurance, no trade credit (a number between 0 and 100 (fraction), or a table of them)
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of senders and targets (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    spillover
        share of the cost that a third country all of whose trade is with the senders bears in its trade with a target;
        others bear less in proportion. By default all of it, as a bank that needs the senders' clearing is as wary as
        theirs (a number between 0 and 1 (fraction); by default 1)
    deficit_closed
        share of each target's trade deficit that nobody finances any more; a surplus stays as it is (a number between 0
        and 1 (fraction); by default 1)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("financial_sanctions", locals())


def secondary_sanctions(
    *,
    senders: Union[str, Sequence[str]],
    targets: Union[str, Sequence[str]],
    response: Literal["comply", "defy"],
    third_countries: Optional[Union[str, Sequence[str]]] = None,
    threshold: Optional[float] = None,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    direction: Optional[Literal["exports", "imports", "both"]] = None,
    coverage: Optional[Union[float, Mapping[str, float]]] = None,
    cost: Optional[Union[float, Mapping[str, float]]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Threatens third countries that go on trading with the targets: they comply and join the embargo, or defy it and
    lose access to the senders.

    Compiles to comply: s × (1 − coverage) between third countries and targets; defy: s × (1 − coverage) and d̂ × (1 +
    cost) between third countries and senders.

    Parameters
    ----------
    senders
        who threatens (a list of country codes, blocs or "all")
    targets
        with whom trade is threatened (a list of country codes, blocs or "all")
    response
        what the third countries do, all of them the same: comply or defy (one of 'comply', 'defy')
    third_countries
        who is threatened; senders and targets never are (a list of country codes, blocs or "all")
    threshold
        in place of names: everybody whose share of the targets' trade in the reference world, in these sectors and this
        direction, is above this; a region of the baseline counts as one. `check` names those found, as far as it can be
        seen before the reference world is solved (a number between 0 and 1 (fraction))
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of senders, targets and third countries, as by a waiver (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    direction
        comply: the third countries' exports to the targets, their imports from them, or both; defy: the senders'
        exports to the third countries, their imports, or both (one of 'exports', 'imports', 'both'; by default 'both')
    coverage
        share of each flow's varieties outlawed, in all sectors or by sector; 1 is a full ban; with defy it may be left
        out (a number between 0 and 1 (fraction), or a table of them)
    cost
        with defy: what trade with the senders costs more, ad valorem, in all sectors or by sector, such as dearer
        payments and insurance (a number between 0 and 100 (fraction), or a table of them)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("secondary_sanctions", locals())


def evasion(
    *,
    hubs: Union[str, Sequence[str]],
    premium: Union[float, Mapping[str, float]],
    importers: Optional[Union[str, Sequence[str]]] = None,
    exporters: Optional[Union[str, Sequence[str]]] = None,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    route_elasticity: Optional[float] = None,
    margin: Optional[float] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Outlawed trade goes on through hubs, at a premium. Covers what the policies before it in the file outlaw.

    Compiles to s = (1 − b) + b Q^(θ/ϑ); the evaded share of the flow e = b Q^(θ/ϑ)/s passes through the hubs in
    proportion to q_h = (1 + premium)^−ϑ / (1 + Σ (1 + premium)^−ϑ), Q = Σ q_h; of the value that passes, margin ×
    premium / (1 + premium) is the hub's rent.

    Parameters
    ----------
    hubs
        through whom; a hub whose own trade with the buyer or the seller is outlawed too is only as open as that trade
        (a list of country codes, blocs or "all")
    premium
        what a detour costs more than the outlawed direct way, ad valorem, through every hub or by hub; inf closes the
        way (a number between 0 and 10, or inf (fraction), or a table of them)
    importers
        whose purchases (a list of country codes, blocs or "all"; by default 'all')
    exporters
        whose sales (a list of country codes, blocs or "all"; by default 'all')
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of hubs, importers and exporters (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    route_elasticity
        ϑ, how readily routes replace each other, at least the trade elasticity of every sector; by default each
        sector's own, as in AA22 (a number above 0 (elasticity))
    margin
        share of the premium that the hub keeps as a rent; the rest is a real cost, of longer ways and hidden papers.
        Nobody has measured it, so that it is nothing unless given (a number between 0 and 1 (fraction); by default 0)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("evasion", locals())


def price_cap(
    *,
    exporters: Union[str, Sequence[str]],
    buyers: Union[str, Sequence[str]],
    sectors: Union[str, Sequence[str]],
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    price_cap: Optional[float] = None,
    base_price: Optional[float] = None,
    limit: Optional[Union[float, Mapping[str, float]]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Lets an exporter have no more than a highest price from the buyers who agree on it; where it binds, these buyers
    keep the difference to what the goods are worth to them as a rent. A cap needs a price that can fall: where labour
    is as mobile as it is by default, hardly any can, and a cap much below the price chokes the trade instead, which is
    reported as an embargo; set the exporter's labour_mobility under [model] to a number near 1.

    Compiles to the condition 0 ≤ r ⟂ ĉ(1+e')/(1+e) ≤ limit, where r goes to the buying country: solved together with
    the equilibrium, and without effect to the last bit where the price keeps below the cap by itself.

    Parameters
    ----------
    exporters
        whose goods are under the cap (a list of country codes, blocs or "all")
    buyers
        who imposes it (a list of country codes, blocs or "all")
    sectors
        the sectors it covers, each with one price; a good that is a part of its sector moves that price by its share,
        so a limit nearer to 1 stands for it (a list of sector codes, "goods", "services" or "all")
    exclude
        taken out of exporters and buyers (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    price_cap
        the highest price at the exporter's border (a number above 0 (USD a unit, such as a barrel))
    base_price
        the exporter's price at its border in the reference world (the base year unless the scenario makes another),
        which the cap is read against (a number above 0 (USD a unit, the same as price_cap's))
    limit
        in place of the two: their ratio, in all sectors or by sector; 0.85 lets the exporter have 85 % of its price in
        the reference world, both in units of world factor income (a number above 0 and at most 10 (ratio to the price
        in the reference world), or a table of them)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("price_cap", locals())


def economic_zone(
    *,
    host: str,
    sectors: Union[str, Sequence[str]],
    share: Union[float, Mapping[str, float]],
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    duty_suspension: Optional[float] = None,
    home_duty: Optional[Union[Union[float, Mapping[str, float]], Literal["product", "inputs"]]] = None,
    customs_territory: Optional[Union[str, Sequence[str]]] = None,
    tax_advantage: Optional[float] = None,
    productivity: Optional[float] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Splits a share of some sectors off a country into a zone with suspended duties on its inputs, duties on its sales
    to the rest of the country and, where wanted, lower taxes and higher productivity.

    Compiles to one more location, called by the policy's name, with the share of the host's producers; on its inputs τ'
    = τ (1 − duty_suspension), on its sales to the host and its customs territory τ' = home_duty; 1 + e' is multiplied
    by 1 − tax_advantage × γ^V on all its sales; Â × (1 + productivity) there. Applied after all other policies, which
    reach a zone as they reach its host.

    Parameters
    ----------
    host
        the country it lies in, whose workers and budget it shares (text)
    sectors
        the sectors it has producers of (a list of sector codes, "goods", "services" or "all")
    share
        share of the host's producers that are in the zone, in all its sectors or by sector; below 1, also with the
        host's other zones. Sectors that a table leaves out have none (a number above 0 and at most 1 (fraction), or a
        table of them)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    duty_suspension
        share of the host's duties on foreign goods that the zone's firms do not pay on their inputs; all of them in a
        customs-free zone (a number between 0 and 1 (fraction); by default 1)
    home_duty
        duty on what the zone sells to its host, in all sectors or by sector: a rate on its value; "product", what the
        host levies on foreign goods of the sector, on average where it levies any (customs take the zone for abroad);
        "inputs", what was suspended on the inputs in them, at base-year shares. Sectors that a table leaves out pay
        none (a number between 0 and 10 (fraction) or 'product', 'inputs', or a table of them; by default 'product')
    customs_territory
        who else charges home_duty on what the zone sells there, where the host's own goods do not pay more: the other
        members of its customs union (a list of country codes or blocs)
    tax_advantage
        taxes that the host waives, as a share of the zone's value added, below 1; its budget pays. 0: customs
        privileges only (a number between 0 and 1 (fraction); by default 0)
    productivity
        how much more productive value added is in the zone, by better roads or less paperwork; 0: as in the host (a
        number above -1 and at most 100 (fraction); by default 0)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("economic_zone", locals())


def productivity(
    *,
    countries: Union[str, Sequence[str]],
    change: float,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Changes the productivity of value added in the sectors of some countries, as by investment or damage.

    Compiles to Â × (1 + change).

    Parameters
    ----------
    countries
        where (a list of country codes, blocs or "all")
    change
        relative change of productivity (a number above -1 and at most 100 (fraction))
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of countries (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("productivity", locals())


def investment(
    *,
    host: str,
    investors: Union[str, Sequence[str]],
    amount_million_usd: float,
    annual_return: float,
    sectors: Optional[Union[str, Sequence[str]]] = None,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    exclude_sectors: Optional[Union[str, Sequence[str]]] = None,
    stage: Optional[Literal["construction", "operation"]] = None,
    repatriated: Optional[float] = None,
    capital_share: Optional[float] = None,
    productivity: Optional[float] = None,
    split: Optional[Literal["factor_income", "equal"]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Builds capacity in some sectors of a host with investors' money, as a joint venture does: the money goes in while
    it is built, output and profits come while it works.

    Compiles to in construction D' + amount for the host, − amount for the investors; in operation Â × k^capital_share,
    k = 1 + amount × annual_return / (capital_share × value added of the sectors), and D' − repatriated × profits for
    the host, + the same for the investors, profits = amount × annual_return × k^(capital_share − 1).

    Parameters
    ----------
    host
        the country where it is built (text)
    investors
        who pays and owns it (a list of country codes, blocs or "all")
    amount_million_usd
        what is invested, at base-year world GDP; spread over the sectors in proportion to their value added (a number
        at least 0 (million USD))
    annual_return
        what capital earns a year in these sectors before, depreciation included (a number between 0 and 1 (fraction))
    sectors
        the sectors it covers (a list of sector codes, "goods", "services" or "all"; by default 'all')
    exclude
        taken out of investors (a list of country codes or blocs)
    exclude_sectors
        taken out of the sectors (a list of sector codes, "goods" or "services")
    stage
        construction: the whole amount moves within the year, nothing is made yet; operation: capacity is there and
        profits flow (one of 'construction', 'operation'; by default 'operation')
    repatriated
        share of the profits that flows to the investors; the host keeps the rest (a number between 0 and 1 (fraction);
        by default 1)
    capital_share
        capital's share of value added, how fast returns fall as capital is added; 1: not at all. Gollin (2002) finds
        labour shares of 0.65 to 0.80, and the default is within what they leave (a number above 0 and at most 1
        (fraction); by default 0.3)
    productivity
        relative change of productivity in operation, where it is known, in place of what amount and return imply;
        profits are then amount × annual_return (a number above -1 and at most 100 (fraction))
    split
        how several countries on one side share it: by factor income or equally (one of 'factor_income', 'equal'; by
        default 'factor_income')
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("investment", locals())


def transfer(
    *,
    from_: Union[str, Sequence[str]],
    to: Union[str, Sequence[str]],
    amount_million_usd: float,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    split: Optional[Literal["factor_income", "equal"]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Moves income every year from some countries to others: aid, seized assets, burden sharing.

    Compiles to D' ± amount.

    Parameters
    ----------
    from_
        who gives (a list of country codes, blocs or "all")
    to
        who receives (a list of country codes, blocs or "all")
    amount_million_usd
        the whole amount a year, at base-year world GDP (a number at least 0 (million USD))
    exclude
        taken out of givers and receivers (a list of country codes or blocs)
    split
        how several countries on one side share it: by factor income or equally (one of 'factor_income', 'equal'; by
        default 'factor_income')
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("transfer", locals())


def asset_freeze(
    *,
    owners: Union[str, Sequence[str]],
    holders: Union[str, Sequence[str]],
    assets_million_usd: float,
    annual_return: float,
    exclude: Optional[Union[str, Sequence[str]]] = None,
    split: Optional[Literal["factor_income", "equal"]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Keeps the yearly income of assets abroad from those who own them; those who hold the assets keep it.

    Compiles to D' − assets × annual_return for the owners, + the same for the holders.

    Parameters
    ----------
    owners
        whose assets are frozen (a list of country codes, blocs or "all")
    holders
        where the assets lie (a list of country codes, blocs or "all")
    assets_million_usd
        the assets frozen, a stock, at base-year world GDP (a number at least 0 (million USD))
    annual_return
        what they earn a year; 1 stands for assets that are seized and spent within the year (a number between 0 and 1
        (fraction))
    exclude
        taken out of owners and holders (a list of country codes or blocs)
    split
        how several countries on one side share it: by factor income or equally (one of 'factor_income', 'equal'; by
        default 'factor_income')
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("asset_freeze", locals())


def burden_sharing(
    *,
    members: Union[str, Sequence[str]],
    exclude: Optional[Union[str, Sequence[str]]] = None,
    name: Optional[str] = None,
    enabled: Optional[bool] = None,
) -> Policy:
    """Shares what all policies of the scenario cost a coalition: transfers among its members give each the same change
    in real income, in per cent.

    Compiles to the condition that Î_n/P̂_n be the same for all members, met by D'_n + T_n with ΣT = 0, solved together
    with the equilibrium (Chowdhry, Hinz, Kamin and Wanner 2024).

    Parameters
    ----------
    members
        who shares; no country in two such policies (a list of country codes, blocs or "all")
    exclude
        taken out of the members (a list of country codes or blocs)
    name
        what results and `--set policy.<name>.<key>` call it (text)
    enabled
        false leaves the policy out, as if the file did not have it (true or false; by default True)
    """
    return _policy("burden_sharing", locals())

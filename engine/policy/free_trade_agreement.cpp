#include "by_sector.hpp"
#include "phase_in.hpp"

namespace entrepot {

namespace {

Effect compile_agreement(const Policy& policy, const Context& context, Shock& shock) {
  const World& world = context.world;
  Effect effect;
  const std::vector<Index> members = resolve_countries(policy, context, "members", effect);
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  FlowSet flows(world);
  if (policy.arguments.has("partners")) {
    const std::vector<Index> partners = resolve_countries(policy, context, "partners", effect);
    flows.add_both_ways(members, partners, sectors);
  } else {
    flows.add(members, members, sectors);
  }
  expect_flows(policy, context, effect, flows);
  const Vector cut = numbers_by_sector(policy, context, "cut", sectors, flows),
               covered = numbers_by_sector(policy, context, "covered", sectors, flows);
  const double part = part_in_force(policy, context, "the cuts", effect), cost = policy.arguments.number("origin_cost"),
               used = policy.arguments.number("use_rate") * part;
  if (shock.tariff.empty()) shock.tariff = world.tariff;
  allocate(shock.tariff, world, 0.0);
  if (cost > 0.0) allocate(shock.iceberg, world, 1.0);
  flows.for_each(world, [&](Index m, Index i, Index j) {
    double& tariff = shock.tariff(m, i, j);
    const double preferential = tariff * (1.0 - cut(j));
    if ((1.0 + preferential) * (1.0 + cost) >= 1.0 + tariff) return;  // not worth the papers
    const double claimed = covered(j) * used;
    tariff += claimed * (preferential - tariff);
    // What is paid on average is the mean of those who claim, (1 + preferential)(1 + cost), and those who do not.
    if (cost > 0.0) shock.iceberg(m, i, j) *= 1.0 + claimed * cost * (1.0 + preferential) / (1.0 + tariff);
  });
  effect.changes.push_back({Channel::kTariff, flows});
  if (cost > 0.0) effect.changes.push_back({Channel::kIceberg, std::move(flows)});
  return effect;
}

}  // namespace

/// τ' = τ − a·cut·τ, a = covered × use_rate × the part in force: the share of trade that claims the preference τ_p =
/// τ(1 − cut). None does where the duty saved would not pay for the proof of origin. d̂ is such that (1+τ')d̂ is the mean
/// of what is paid with and without the claim, (1 − a)(1 + τ) + a (1 + τ_p)(1 + origin_cost): it falls steadily with a.
const Instrument kFreeTradeAgreementInstrument{
    .name = "free_trade_agreement",
    .meaning =
        "Ends duties among members, or between members and partners, as far as goods are covered and traders "
        "claim it.",
    .compiles_to =
        "τ' = τ (1 − cut × claimed), d̂ × (1 + claimed × origin_cost (1 + τ − cut τ)/(1 + τ')), claimed = covered × "
        "use_rate × the "
        "part in force",
    .parameters =
        {country_list("members", "who opens to each other"),
         {.name = "partners",
          .type = ValueType::kTextList,
          .meaning = "the other side; the members then open to these and these to the members, not within a side",
          .unit = "country codes, blocs or \"all\""},
         goods_list(),
         country_exclusions("members and partners"),
         sector_exclusions(),
         by_sector(fraction("cut", "share of the duty that ends, in all sectors or by sector", "1")),
         by_sector(fraction("covered",
                            "share of trade in goods that are not left out as sensitive, in all sectors or by sector",
                            "1")),
         fraction("use_rate", "share of covered trade that claims the preference; 1 is the most it can do", "1"),
         fraction("origin_cost",
                  "ad valorem cost of meeting the rules of origin, which melts; trade whose duty saved is less goes on "
                  "paying the duty",
                  "0"),
         phase_in("the cuts")},
    .example = R"([[policy]]
name = "agreement"
instrument = "free_trade_agreement"
members = ["EAEU"]
partners = ["IRN"]
covered = { food = 0.8, all = 0.95 }
use_rate = 0.9
origin_cost = 0.02
phase_in = { 2025 = 0.5, 2030 = 1 }
)",
    .check = check_phase_in,
    .compile = compile_agreement};

}  // namespace entrepot

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "name_hint.hpp"
#include "scenario.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

template <class Named>
Index index_of(const std::vector<Named>& all, const TomlValue& value, const char* what, const std::string& key,
               Problems& problems) {
  const Index found = position_of(all, value.key);
  if (found < 0)
    problems.add(value.key_where, key,
                 fmt::format("there is no {} '{}' in this baseline{}", what, value.key,
                             name_hint(value.key, all, codes_of(all))));
  return found;
}

/// A number for all, or one for each code in a table; the others stay as they are.
template <class Named>
void write_values(const Arguments& model, const char* name, const std::vector<Named>& all, const char* what,
                  Vector& values, Problems& problems) {
  if (!model.has(name)) return;
  const auto number = [](const TomlValue& value) {  // the only text allowed is "mobile"
    return value.kind == TomlValue::Kind::kText ? std::numeric_limits<double>::infinity() : value.number;
  };
  const TomlValue& given = model.at(name);
  if (given.kind != TomlValue::Kind::kTable) {
    values.setConstant(number(given));
    return;
  }
  for (const TomlValue& value : given.children) {
    const Index k = index_of(all, value, what, model.key(name) + "." + value.key, problems);
    if (k >= 0) values(k) = number(value);
  }
}

/// Replaces θ by that of another source, which the base year holds by name.
void choose_set(World& world, const TomlValue& value, Problems& problems) {
  std::vector<std::string> names;
  for (const ThetaSet& set : world.theta_sets) {
    if (set.name == value.text) {
      world.theta = set.theta;
      return;
    }
    names.push_back(set.name);
  }
  problems.add(value.where, "theta.set",
               "there are no elasticities '" + value.text + "' in this baseline" + suggestion(value.text, names));
}

}  // namespace

BlocTable apply_blocs(BlocTable blocs, const Scenario& scenario, const World& world) {
  Problems problems;
  std::vector<std::string> known = codes_of(world.countries);
  for (const Country& country : world.countries)
    known.insert(known.end(), country.members.begin(), country.members.end());
  std::vector<std::string> taken = known;  // what a new bloc can't be called
  for (const std::string& sector : codes_of(world.sectors)) taken.push_back(sector);
  taken.insert(taken.end(), {"all", "goods", "services"});
  for (const TomlValue& bloc : scenario.blocs) {
    if (const TomlValue* made = bloc.find(kNewBloc); made != nullptr && made->boolean) {
      if (blocs.has(bloc.key) || std::find(taken.begin(), taken.end(), bloc.key) != taken.end()) {
        problems.add(made->key_where, "bloc." + bloc.key + "." + kNewBloc,
                     fmt::format("'{}' is there already; give a new bloc another name", bloc.key));
        continue;
      }
      blocs.add(bloc.key);
    }
    if (!blocs.has(bloc.key)) {
      const std::string meant = suggestion(bloc.key, blocs.names());
      problems.add(
          bloc.key_where, "bloc." + bloc.key,
          fmt::format(
              "there is no bloc '{}'{}", bloc.key,
              meant.starts_with("; did you mean") ? meant : fmt::format("{}; {} = true makes one", meant, kNewBloc)));
      continue;
    }
    for (const TomlValue& country : bloc.children) {
      if (country.key == kNewBloc) continue;
      const Index whole = position_of(world.countries, country.key);
      if (std::find(known.begin(), known.end(), country.key) == known.end())
        problems.add(
            country.key_where, "bloc." + bloc.key + "." + country.key,
            fmt::format("there is no country '{}' in this baseline{}", country.key, suggestion(country.key, known)));
      else if (whole < 0)
        blocs.set_member(bloc.key, country.key, country.boolean);
      else
        for (const std::string& code : stands_for(world.countries[at(whole)]))
          blocs.set_member(bloc.key, code, country.boolean);
    }
  }
  problems.throw_if_any();
  return blocs;
}

World apply_model_options(World world, const Scenario& scenario) {
  Problems problems;
  double scale = 1.0;
  for (const TomlValue& value : scenario.theta)
    if (value.key == "set") choose_set(world, value, problems);
  for (const TomlValue& value : scenario.theta)
    if (value.key == "all") world.theta.setConstant(value.number);
  for (const TomlValue& value : scenario.theta) {
    if (value.key == "scale") scale = value.number;
    if (value.key == "all" || value.key == "scale" || value.key == "set") continue;
    const Index j = index_of(world.sectors, value, "sector", "theta." + value.key, problems);
    if (j >= 0) world.theta(j) = value.number;
  }
  world.theta *= scale;
  write_values(scenario.model, "value_added_elasticity", world.sectors, "sector", world.value_added_elasticity,
               problems);
  write_values(scenario.model, "input_elasticity", world.sectors, "sector", world.input_elasticity, problems);
  write_values(scenario.model, "labour_mobility", world.countries, "country", world.labour_mobility, problems);
  problems.throw_if_any();
  return world;
}

}  // namespace entrepot

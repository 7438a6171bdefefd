#include "recipe/recipe.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <functional>
#include <set>

namespace entrepot {

namespace {

const std::vector<std::string> kRawRoles = {"input_output_table", "goods_exports",    "goods_imports",
                                            "goods_trade_before", "services_exports", "gdp",
                                            "product_profile",    "elasticities"};
const std::vector<std::string> kTableRoles = {"country_names", "donors",  "product_groups",
                                              "estimates",     "tariffs", "blocs"};
const std::vector<std::string> kStages = {"raw", "intermediate", "consumer", "capital"};

/// One table of the file; every value asked for is checked, and what was never asked for is an unknown key.
class Section {
 public:
  Section(const toml::table& table, std::string path, const std::string& file, Problems& problems)
      : table_(table), path_(std::move(path)), file_(file), problems_(problems) {}

  std::string text(const std::string& key) {
    const toml::node* node = required(key);
    if (node == nullptr) return {};
    if (const auto* value = node->as_string()) return value->get();
    expected(*node, key, "a text");
    return {};
  }
  double number(const std::string& key, double least) {
    const toml::node* node = required(key);
    if (node == nullptr) return least;
    const auto value = node->value<double>();
    if (value && *value >= least) return *value;
    expected(*node, key, "a number that is at least " + std::to_string(least));
    return least;
  }
  bool flag(const std::string& key) {
    const toml::node* node = optional(key);
    if (node == nullptr) return false;
    if (const auto* value = node->as_boolean()) return value->get();
    expected(*node, key, "true or false");
    return false;
  }
  std::vector<std::string> texts(const std::string& key, bool must) {
    const toml::node* node = must ? required(key) : optional(key);
    std::vector<std::string> result;
    if (node == nullptr) return result;
    const toml::array* list = node->as_array();
    if (list == nullptr) {
      expected(*node, key, "a list of texts");
      return result;
    }
    for (const toml::node& item : *list) {
      if (const auto* value = item.as_string()) {
        result.push_back(value->get());
      } else {
        expected(item, key, "a list of texts");
      }
    }
    return result;
  }
  std::string optional_text(const std::string& key) { return table_.contains(key) ? text(key) : (optional(key), ""); }
  /// Calls `read` for the table under `key`, or for each table of the list under it.
  void each(const std::string& key, const std::function<void(Section&)>& read) {
    const toml::node* node = required(key);
    if (node == nullptr) return;
    const auto enter = [&](const toml::node& item) {
      if (const toml::table* table = item.as_table()) {
        Section section(*table, path_.empty() ? key : path_ + "." + key, file_, problems_);
        read(section);
        section.report_unknown();
      } else {
        expected(item, key, "a table");
      }
    };
    if (const toml::array* list = node->as_array()) {
      for (const toml::node& item : *list) enter(item);
    } else {
      enter(*node);
    }
  }
  void report_unknown() {
    for (const auto& [key, node] : table_) {
      const std::string name(key.str());
      if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
        problems_.add(where(node.source()), full(name), "there is no such key" + suggestion(name, known_));
      }
    }
  }
  void problem(const std::string& key, const std::string& sentence) {
    const toml::node* node = table_.get(key);
    problems_.add(where(node != nullptr ? node->source() : table_.source()), full(key), sentence);
  }

 private:
  const toml::node* optional(const std::string& key) {
    known_.push_back(key);
    return table_.get(key);
  }
  const toml::node* required(const std::string& key) {
    const toml::node* node = optional(key);
    if (node == nullptr) problems_.add(where(table_.source()), full(key), "this key is missing");
    return node;
  }
  void expected(const toml::node& node, const std::string& key, const std::string& what) {
    problems_.add(where(node.source()), full(key), "expected " + what);
  }
  SourceLocation where(const toml::source_region& source) const {
    return {file_, source.begin.line, source.begin.column};
  }
  std::string full(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

  const toml::table& table_;
  std::string path_;
  const std::string& file_;
  Problems& problems_;
  std::vector<std::string> known_;
};

toml::table parse(const std::filesystem::path& file) {
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    throw InputError({file.string(), begin.line, begin.column}, "", std::string(error.description()));
  }
}

void read_countries(Section& top, Recipe& recipe) {
  std::set<std::string> codes, members;
  Index rests = 0;
  top.each("country", [&](Section& section) {
    RecipeCountry country;
    country.code = section.text("code");
    country.name = section.text("name");
    country.rest = section.flag("rest");
    country.members = section.texts("members", false);
    if (country.members.empty() && !country.rest) country.members = {country.code};
    if (!codes.insert(country.code).second) section.problem("code", "the country " + country.code + " is named twice");
    for (const std::string& member : country.members) {
      if (!members.insert(member).second) section.problem("members", member + " belongs to two countries");
    }
    if (country.rest) ++rests;
    recipe.countries.push_back(std::move(country));
  });
  if (rests != 1) top.problem("country", "exactly one country must be the rest of the world (rest = true)");
}

void read_sectors(Section& top, Recipe& recipe) {
  std::set<std::string> codes, industries;
  top.each("sector", [&](Section& section) {
    RecipeSector sector;
    sector.code = section.text("code");
    sector.name = section.text("name");
    sector.industries = section.texts("industries", true);
    sector.elasticities = section.texts("elasticities", false);
    sector.stage = section.optional_text("stage");
    if (!codes.insert(sector.code).second) section.problem("code", "the sector " + sector.code + " is named twice");
    for (const std::string& industry : sector.industries) {
      if (!industries.insert(industry).second) section.problem("industries", industry + " belongs to two sectors");
    }
    if (sector.is_good() && std::find(kStages.begin(), kStages.end(), sector.stage) == kStages.end()) {
      section.problem("stage", "there is no stage '" + sector.stage + "'" + suggestion(sector.stage, kStages));
    }
    recipe.sectors.push_back(std::move(sector));
  });
}

}  // namespace

Recipe read_recipe(const std::filesystem::path& file) {
  Recipe recipe;
  recipe.file = file;
  const std::string name = file.string();
  if (!std::filesystem::is_regular_file(file)) throw InputError({name, 0, 0}, "", "this file can't be read");
  const toml::table root = parse(file);
  Problems problems;
  Section top(root, "", name, problems);
  recipe.info.name = std::filesystem::absolute(file).lexically_normal().parent_path().filename().string();
  recipe.info.title = top.text("title");
  recipe.info.year = static_cast<int>(top.number("year", 1900));
  recipe.info.licence = top.text("licence");
  recipe.info.sources = top.texts("sources", true);
  recipe.info.notes = top.texts("notes", true);
  top.each("raw", [&](Section& section) {
    for (const std::string& role : kRawRoles) recipe.raw[role] = section.text(role);
  });
  top.each("tables", [&](Section& section) {
    for (const std::string& role : kTableRoles) recipe.tables[role] = section.text(role);
  });
  read_sectors(top, recipe);
  read_countries(top, recipe);
  top.each("parameters", [&](Section& section) {
    recipe.reference_date = section.text("reference_date");
    recipe.cif_fob_factor = section.number("cif_fob_factor", 1.0);
    recipe.drop_below = section.number("drop_below", 0.0);
    recipe.least_home_share = section.number("least_home_share", 0.0);
    recipe.wits_exporters = section.texts("wits_exporters", false);
    recipe.no_trade = section.texts("no_trade", false);
    for (const std::string& code : recipe.wits_exporters) {
      if (recipe.find_country(code) < 0)
        section.problem("wits_exporters", "there is no country '" + code + "'" + suggestion(code, recipe.country_codes()));
    }
    for (const std::string& code : recipe.no_trade) {
      if (recipe.find_sector(code) < 0)
        section.problem("no_trade", "there is no sector '" + code + "'" + suggestion(code, recipe.sector_codes()));
    }
  });
  top.report_unknown();
  problems.throw_if_any();
  return recipe;
}

std::vector<std::string> Recipe::country_codes() const {
  std::vector<std::string> codes;
  for (const RecipeCountry& country : countries) codes.push_back(country.code);
  return codes;
}

std::vector<std::string> Recipe::sector_codes() const {
  std::vector<std::string> codes;
  for (const RecipeSector& sector : sectors) codes.push_back(sector.code);
  return codes;
}

Index Recipe::find_country(const std::string& code) const noexcept {
  for (std::size_t k = 0; k < countries.size(); ++k)
    if (countries[k].code == code) return static_cast<Index>(k);
  return -1;
}

Index Recipe::find_sector(const std::string& code) const noexcept {
  for (std::size_t k = 0; k < sectors.size(); ++k)
    if (sectors[k].code == code) return static_cast<Index>(k);
  return -1;
}

Index Recipe::region_of(const std::string& iso3) const noexcept {
  for (std::size_t k = 0; k < countries.size(); ++k) {
    const auto& members = countries[k].members;
    if (std::find(members.begin(), members.end(), iso3) != members.end()) return static_cast<Index>(k);
  }
  return rest();
}

Index Recipe::rest() const noexcept {
  for (std::size_t k = 0; k < countries.size(); ++k)
    if (countries[k].rest) return static_cast<Index>(k);
  return -1;
}

std::filesystem::path Recipe::table(const std::string& role) const {
  return (file.parent_path() / tables.at(role)).lexically_normal();
}

}  // namespace entrepot

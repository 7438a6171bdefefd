#include "recipe/recipe.hpp"

#include <algorithm>
#include <set>

#include "text/schema.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

const std::vector<std::string> kRawRoles = {"input_output_table", "goods_exports",    "goods_imports",
                                            "goods_trade_before", "services_exports", "gdp",
                                            "product_profile",    "elasticities"};
const std::vector<std::string> kTableRoles = {"country_names", "donors",     "product_groups", "estimates",
                                              "tariffs",       "agreements", "blocs"};

Schema texts(const std::vector<std::string>& names, const std::string& meaning) {
  Schema schema;
  for (const std::string& name : names) schema.push_back({.name = name, .meaning = meaning, .required = true});
  return schema;
}

const Schema& recipe_schema() {
  static const Schema schema = {
      {.name = "title", .meaning = "what the base year is", .required = true},
      {.name = "year", .type = ValueType::kInteger, .meaning = "base year", .required = true},
      {.name = "licence", .meaning = "terms of the sources", .required = true},
      {.name = "sources", .type = ValueType::kTextList, .meaning = "where the figures come from", .required = true},
      {.name = "notes", .type = ValueType::kTextList, .meaning = "what is measured, proxy, estimate", .required = true},
      {.name = "raw", .type = ValueType::kTable, .meaning = "files in the folder of raw tables", .required = true},
      {.name = "tables", .type = ValueType::kTable, .meaning = "files beside the recipe", .required = true},
      {.name = "parameters", .type = ValueType::kTable, .meaning = "numbers and choices", .required = true},
      {.name = "sector", .type = ValueType::kTableList, .meaning = "the sectors", .required = true},
      {.name = "country", .type = ValueType::kTableList, .meaning = "the countries and regions", .required = true},
  };
  return schema;
}

const Schema& parameter_schema() {
  static const Schema schema = {
      {.name = "reference_date", .type = ValueType::kDate, .meaning = "day of bloc membership", .required = true},
      {.name = "cif_fob_factor",
       .type = ValueType::kNumber,
       .meaning = "imports (cif) over exports (fob) of one flow (ratio)",
       .required = true,
       .range = {.lower = 1.0}},
      {.name = "drop_below",
       .type = ValueType::kNumber,
       .meaning = "flows between countries below this are dropped",
       .unit = "million USD",
       .required = true,
       .range = {.lower = 0.0}},
      {.name = "least_home_share",
       .type = ValueType::kNumber,
       .meaning = "of home goods in a sector's use before balancing",
       .unit = "fraction",
       .required = true,
       .range = {.lower = 0.0, .upper = 1.0, .above_lower = true}},
      {.name = "uses",
       .type = ValueType::kInteger,
       .meaning = "1, or 2: trade shares of intermediate and final use apart",
       .range = {.lower = 1.0, .upper = 2.0}},
      {.name = "importer_figures", .type = ValueType::kTextList, .meaning = "ISO codes whose own imports are used"},
      {.name = "wits_exporters", .type = ValueType::kTextList, .meaning = "countries with products from WITS"},
      {.name = "plain_importers", .type = ValueType::kTextList, .meaning = "countries importing each origin's mix"},
      {.name = "no_trade", .type = ValueType::kTextList, .meaning = "sectors without trade between countries"},
  };
  return schema;
}

const Schema& country_schema() {
  static const Schema schema = {
      {.name = "code", .meaning = "short name in files", .required = true},
      {.name = "name", .meaning = "name in tables", .required = true},
      {.name = "members", .type = ValueType::kTextList, .meaning = "ISO 3166 alpha-3 codes"},
      {.name = "kind", .meaning = "rest: everything no other region names", .choices = {"rest"}},
  };
  return schema;
}

const Schema& sector_schema() {
  static const Schema schema = {
      {.name = "code", .meaning = "short name in files", .required = true},
      {.name = "name", .meaning = "name in tables", .required = true},
      {.name = "industries", .type = ValueType::kTextList, .meaning = "of the world table", .required = true},
      {.name = "elasticities", .type = ValueType::kTextList, .meaning = "GTAP sectors"},
      {.name = "stage",
       .meaning = "WITS stage of processing; a service has none",
       .choices = {"raw", "intermediate", "consumer", "capital"}},
  };
  return schema;
}

std::vector<std::string> list_of(const Arguments& arguments, const std::string& name) {
  std::vector<std::string> result;
  for (const LocatedText& each : arguments.list(name)) result.push_back(each.text);
  return result;
}

/// Reports what stands twice, in one list or across several.
class Once {
 public:
  Once(std::string sentence, Problems& problems) : sentence_(std::move(sentence)), problems_(problems) {}
  void expect(const std::string& text, const SourceLocation& where, const std::string& key) {
    if (!seen_.insert(text).second) problems_.add(where, key, text + " " + sentence_);
  }

 private:
  std::string sentence_;
  Problems& problems_;
  std::set<std::string> seen_;
};

void read_countries(const TomlValue& list, Recipe& recipe, Problems& problems) {
  Once codes("names two countries", problems), members("belongs to two countries", problems);
  Index rests = 0;
  for (const TomlValue& table : list.children) {
    const Arguments arguments = read_table(table, country_schema(), "country", problems);
    if (!arguments.has("code") || !arguments.has("name")) continue;
    RecipeCountry country{arguments.text("code"), arguments.text("name"), list_of(arguments, "members"),
                          arguments.has("kind")};
    if (country.members.empty() && !country.rest) country.members = {country.code};
    codes.expect(country.code, arguments.where("code"), "country.code");
    for (const std::string& member : country.members)
      members.expect(member, arguments.where("members"), "country.members");
    if (country.rest) ++rests;
    recipe.countries.push_back(std::move(country));
  }
  if (rests != 1)
    problems.add(list.where, "country", "exactly one country must be the rest of the world (kind = \"rest\")");
}

void read_sectors(const TomlValue& list, Recipe& recipe, Problems& problems) {
  Once codes("names two sectors", problems), industries("belongs to two sectors", problems);
  for (const TomlValue& table : list.children) {
    const Arguments arguments = read_table(table, sector_schema(), "sector", problems);
    if (!arguments.has("code") || !arguments.has("name")) continue;
    RecipeSector sector{arguments.text("code"), arguments.text("name"), list_of(arguments, "industries"),
                        list_of(arguments, "elasticities"), arguments.has("stage") ? arguments.text("stage") : ""};
    codes.expect(sector.code, arguments.where("code"), "sector.code");
    for (const std::string& industry : sector.industries)
      industries.expect(industry, arguments.where("industries"), "sector.industries");
    recipe.sectors.push_back(std::move(sector));
  }
}

void read_parameters(const TomlValue& table, Recipe& recipe, Problems& problems) {
  const Arguments arguments = read_table(table, parameter_schema(), "parameters", problems);
  const auto number = [&](const char* name) { return arguments.has(name) ? arguments.number(name) : 0.0; };
  if (arguments.has("reference_date")) recipe.reference_date = arguments.text("reference_date");
  recipe.cif_fob_factor = number("cif_fob_factor");
  recipe.drop_below = number("drop_below");
  recipe.least_home_share = number("least_home_share");
  recipe.uses = arguments.has("uses") ? static_cast<Index>(arguments.number("uses")) : 1;
  recipe.importer_figures = list_of(arguments, "importer_figures");
  recipe.wits_exporters = list_of(arguments, "wits_exporters");
  recipe.plain_importers = list_of(arguments, "plain_importers");
  recipe.no_trade = list_of(arguments, "no_trade");
  for (const char* key : {"wits_exporters", "plain_importers"}) {
    for (const LocatedText& each : arguments.list(key)) {
      if (recipe.find_country(each.text) < 0)
        problems.add(each.where, arguments.key(key),
                     "there is no country '" + each.text + "'" + suggestion(each.text, recipe.country_codes()));
    }
  }
  for (const LocatedText& each : arguments.list("no_trade")) {
    if (recipe.find_sector(each.text) < 0)
      problems.add(each.where, "parameters.no_trade",
                   "there is no sector '" + each.text + "'" + suggestion(each.text, recipe.sector_codes()));
  }
}

void read_files(const Arguments& top, const std::string& key, const std::vector<std::string>& roles,
                std::map<std::string, std::string>& files, Problems& problems) {
  if (!top.has(key)) return;
  const Arguments arguments = read_table(top.at(key), texts(roles, "a file"), key, problems);
  for (const std::string& role : roles)
    if (arguments.has(role)) files[role] = arguments.text(role);
}

}  // namespace

Recipe read_recipe(const std::filesystem::path& file) {
  Recipe recipe;
  recipe.file = file;
  const TomlValue document = parse_toml(read_text(file), file.string());
  Problems problems;
  const Arguments top = read_table(document, recipe_schema(), "", problems);
  const auto text = [&](const char* key) { return top.has(key) ? top.text(key) : std::string(); };
  recipe.info.name = std::filesystem::absolute(file).lexically_normal().parent_path().filename().string();
  recipe.info.title = text("title");
  recipe.info.year = top.has("year") ? static_cast<int>(top.number("year")) : 0;
  recipe.info.licence = text("licence");
  recipe.info.sources = list_of(top, "sources");
  recipe.info.notes = list_of(top, "notes");
  read_files(top, "raw", kRawRoles, recipe.raw, problems);
  read_files(top, "tables", kTableRoles, recipe.tables, problems);
  if (top.has("sector")) read_sectors(top.at("sector"), recipe, problems);
  if (top.has("country")) read_countries(top.at("country"), recipe, problems);
  if (top.has("parameters")) read_parameters(top.at("parameters"), recipe, problems);
  problems.throw_if_any();
  return recipe;
}

std::vector<std::string> Recipe::country_codes() const { return codes_of(countries); }

std::vector<std::string> Recipe::sector_codes() const { return codes_of(sectors); }

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
